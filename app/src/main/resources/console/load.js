import { useCallback, useEffect, useRef, useState } from '../web/html.js';
import { get, page, withQuery } from '../web/api.js';
import { useEvents, useLiveState } from './live.js';

/** What pages ask the server for, and how that goes. */

/**
 * `{ data, error, loading, reload, set }` of one GET; null as `path` asks for nothing. What was shown stays while it is
 * asked again. When the server was away, it asks by itself once it is back.
 */
export function useLoad(path) {
  const [state, setState] = useState({ path: null, data: null, error: null, loading: true });
  const asked = useRef(0);
  const reload = useCallback(async () => {
    if (!path) return;
    const turn = ++asked.current;
    try {
      const data = await get(path);
      if (turn === asked.current) setState({ path, data, error: null, loading: false });
    } catch (error) {
      if (turn === asked.current) setState((before) => ({ path, data: before.path === path ? before.data : null, error, loading: false }));
    }
  }, [path]);
  useEffect(() => {
    setState((before) => (before.path === path ? before : { path, data: null, error: null, loading: Boolean(path) }));
    reload();
  }, [path]);
  useEvents((event) => event.event_type === 'live' && reload());
  const set = useCallback((change) => setState((before) => ({ ...before, data: change(before.data) })), []);
  return { ...state, reload, set };
}

/**
 * `{ items, error, loading, more, end, reload, refresh, set }` of a list that is loaded page by page: `more()` asks for
 * the next, `refresh()` for what is new at its beginning. `rows` finds the rows in an answer, `key` names a row;
 * `offset` is for lists without a link to their next page, and is the `limit` that `path` asks for.
 */
export function useList(path, { rows, key = (row) => row.id, offset } = {}) {
  const [state, setState] = useState({ path: null, items: [], next: path, error: null, loading: true });
  const asked = useRef(0);
  const current = useRef(state);
  current.current = state;

  const load = useCallback(async (from, before) => {
    const turn = ++asked.current;
    setState((old) => ({ ...old, loading: true, error: null }));
    try {
      const { rows: found, next: linked } = await page(from, { rows });
      if (turn !== asked.current) return;
      const next = linked ?? (offset && found.length === offset ? withQuery(path, { offset: before.length + offset }) : null);
      const known = new Set(before.map(key));
      setState({ path, items: [...before, ...found.filter((row) => !known.has(key(row)))], next, error: null, loading: false });
    } catch (error) {
      if (turn === asked.current) setState((old) => ({ ...old, path, error, loading: false }));
    }
  }, [path]);

  useEffect(() => {
    setState({ path, items: [], next: path, error: null, loading: Boolean(path) });
    if (path) load(path, []);
  }, [path]);
  const reload = useCallback(() => path && load(path, []), [path]);
  const refresh = useCallback(async () => {
    if (!path || current.current.loading) return undefined;
    const turn = asked.current;
    const { rows: found } = await page(path, { rows }).catch(() => ({ rows: [] }));
    if (turn !== asked.current) return undefined;
    const newest = new Map(found.map((row) => [key(row), row]));
    const known = new Set(current.current.items.map(key));
    const fresh = found.filter((row) => !known.has(key(row)));
    // More than a page is new: what is between is not known.
    if (known.size > 0 && fresh.length > 0 && fresh.length === found.length) return reload();
    setState((before) => ({ ...before, items: [...fresh, ...before.items.map((row) => newest.get(key(row)) ?? row)] }));
    return undefined;
  }, [path]);
  const more = useCallback(() => {
    const { next, loading, items } = current.current;
    if (next && !loading) load(next, items);
  }, [load]);
  useEvents((event) => event.event_type === 'live' && current.current.error && reload());
  const set = useCallback((change) => setState((before) => ({ ...before, items: change(before.items) })), []);
  return { ...state, end: !state.next && !state.loading, more, reload, refresh, set };
}

/** The time now, again every `seconds`, for what says how long ago something was. */
export function useNow(seconds = 30) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}

/** Asks again every `seconds` while the tab is seen and the server is there. */
export function usePolling(reload, seconds) {
  const live = useLiveState();
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), seconds * 1000);
    return () => clearInterval(timer);
  }, [reload, seconds, live]);
}

/** `[run, { busy, error }]`: runs something that somebody asked for, once at a time; a refusal is kept to be shown. */
export function useAction(work) {
  const [state, setState] = useState({ busy: false, error: null });
  const busy = useRef(false);
  const run = async (...given) => {
    if (busy.current) return undefined;
    busy.current = true;
    setState({ busy: true, error: null });
    try {
      const result = await work(...given);
      setState({ busy: false, error: null });
      return result;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    } finally {
      busy.current = false;
    }
  };
  return [run, state];
}
