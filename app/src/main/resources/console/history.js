import { useCallback, useEffect, useRef, useState } from '../web/html.js';
import { get, page, withQuery } from '../web/api.js';
import { usePolling } from './load.js';
import { useEvents } from './live.js';

/**
 * A stretch of one conversation's messages, oldest first, however long it is: more of it is loaded at either end, and
 * what is far away is dropped. What happens meanwhile comes in by events; what has none, such as the agent's own
 * tapbacks, by looking again.
 */

const PAGE = 50;
const MOST = 250;
const AGAIN_SECONDS = 10;
const MESSAGES = '/api/v1/imessage/messages';
const EMPTY = { messages: [], begun: false, ended: false, busy: true, error: null };

const path = (id, more) => withQuery(MESSAGES, { conversation_id: id, limit: PAGE, ...more });

async function newest(id) {
  const { rows, next } = await page(path(id));
  return { messages: rows.reverse(), begun: !next, ended: true };
}

async function around(id, at) {
  const [before, message, after] = await Promise.all([page(path(id, { cursor: at })), get(`${MESSAGES}/${at}`), page(path(id, { after: at }))]);
  return { messages: [...before.rows.reverse(), message, ...after.rows], begun: !before.next, ended: !after.next };
}

/** `known` with what `found` has newer; `found` may go beyond its end. */
function merge(state, found) {
  const known = new Map(state.messages.map((message) => [message.id, message]));
  const last = state.messages.at(-1)?.id ?? '';
  const first = state.begun ? '' : state.messages[0]?.id ?? '';
  let changed = false;
  for (const message of found) {
    const before = known.get(message.id);
    if (before ? JSON.stringify(before) === JSON.stringify(message) : message.id < first || (message.id > last && !state.ended)) continue;
    known.set(message.id, message);
    changed = true;
  }
  return changed ? { ...state, messages: [...known.values()].sort((one, other) => (one.id < other.id ? -1 : 1)) } : state;
}

/** At most so many: those at the far end go. */
function cut(state, far) {
  const { messages } = state;
  if (messages.length <= MOST) return state;
  return far === 'newer' ? { ...state, messages: messages.slice(0, MOST), ended: false } : { ...state, messages: messages.slice(-MOST), begun: false };
}

/** `atEnd` is a reference: whether the reader is at the end, so that what comes there is wanted. */
export function useHistory(id, at, atEnd) {
  const [state, setState] = useState(EMPTY);
  const now = useRef(EMPTY);
  const turn = useRef(0);
  const change = (next) => {
    now.current = { ...now.current, ...next };
    setState(now.current);
  };
  const load = useCallback(async (work) => {
    const mine = ++turn.current;
    change({ busy: true, error: null });
    try {
      const next = await work();
      if (mine === turn.current) change({ ...next, busy: false });
    } catch (error) {
      if (mine === turn.current) change({ error, busy: false });
    }
  }, []);
  const toEnd = useCallback(() => load(async () => {
    const found = await newest(id);
    atEnd.current = true;
    return found;
  }), [id]);
  const start = useCallback(() => load(() => (at ? around(id, at).catch((error) => (error.status === 404 ? newest(id) : Promise.reject(error))) : newest(id))), [id, at]);
  useEffect(() => {
    if (!at || !now.current.messages.some((message) => message.id === at)) start();
  }, [id, at]);

  const older = useCallback(() => {
    const { busy, begun, messages, error } = now.current;
    if (busy || begun || error || messages.length === 0) return;
    load(async () => {
      const { rows, next } = await page(path(id, { cursor: messages[0].id }));
      return cut({ ...now.current, messages: [...rows.reverse(), ...now.current.messages], begun: !next }, 'newer');
    });
  }, [id]);
  const newer = useCallback(() => {
    const { busy, ended, messages, error } = now.current;
    if (busy || ended || error || messages.length === 0) return;
    load(async () => {
      const { rows, next } = await page(path(id, { after: messages.at(-1).id }));
      return cut({ ...now.current, messages: [...now.current.messages, ...rows], ended: !next }, 'older');
    });
  }, [id]);

  /** Takes messages as they are now. */
  const put = useCallback((found) => {
    const merged = merge(now.current, found);
    if (merged !== now.current) change(atEnd.current ? cut(merged, 'older') : cut(merged, 'newer'));
  }, []);
  const again = useCallback(async () => {
    if (now.current.error?.away) return start();
    if (now.current.busy || !now.current.ended) return undefined;
    const found = await newest(id).catch(() => null);
    if (!found || now.current.busy) return undefined;
    const last = now.current.messages.at(-1);
    const apart = last && !found.begun && found.messages[0].id > last.id;
    if (apart) return atEnd.current ? change(found) : change({ ended: false });
    return put(found.messages);
  }, [id, start]);
  usePolling(again, AGAIN_SECONDS);
  useEvents(({ event_type: type, data }) => {
    if (type === 'live') return again();
    const { message, reaction } = data;
    if (message?.conversation_id === id) return put([told(now.current.messages, message)]);
    if (reaction?.conversation_id === id) return get(`${MESSAGES}/${reaction.target_message_id}`).then((found) => put([found]), () => {});
    return undefined;
  });
  return { ...state, older, newer, toEnd, put, retry: start };
}

/** An event has its message as it was then, without what only answers say. */
function told(known, message) {
  const before = known.find((one) => one.id === message.id);
  if (!before) return { is_blocked: false, ...message };
  return message.updated_at > before.updated_at ? { ...before, ...message, reactions: before.reactions ?? message.reactions } : before;
}
