import { useCallback, useEffect, useRef, useState } from '../web/html.js';
import { get, withQuery } from '../web/api.js';
import { EVENT_TYPES, recent, useEvents } from './live.js';

/**
 * The events of the page of that name: what the tab's stream told, and before that what the long poll still has.
 * Numbers grow with gaps, so what is earlier is looked for in stretches of numbers, longer ones where little is found.
 */

export const KEPT = 2000;
const STRETCH = 300;
const PAGE = 200;
const PATH = '/api/v1/imessage/events';
/** So often at most it is drawn anew, however much happens. */
const MILLIS = 150;

/** `text` is what is searched in, made when it is first needed. */
class Row {
  constructor(seq, turn, event) {
    Object.assign(this, { id: event.id, seq, turn, event });
  }

  get text() {
    this.lower ??= JSON.stringify(this.event).toLowerCase();
    return this.lower;
  }
}

/** As webhooks and the stream tell it: the long poll adds the number. */
const withoutSeq = ({ seq, ...event }) => event;

const fits = (event, { types, agent_identity_id: agent }) => types.split(',').includes(event.event_type) && (!agent || event.agent_identity?.id === agent);

const newestFirst = (one, other) => other.seq - one.seq || other.turn - one.turn;

/** Everything known, and down to which number that is all there is. Kept while the page is shown. */
class Log {
  rows = new Map();
  /** Of the tab's stream, which were taken. */
  turn = 0;
  /** All is known from here on; with the filter's eyes, from `oldest` on. Nothing before the first answer. */
  whole = Infinity;
  oldest = Infinity;
  newest = 0;
  /** The number of the oldest event that the server has; a place before it may be none. */
  first = 0;
  firstEvent = null;
  busy = false;

  add(seq, turn, event) {
    this.newest = Math.max(this.newest, seq);
    if (!this.rows.has(event.id)) this.rows.set(event.id, new Row(seq, turn, event));
  }

  sorted() {
    const all = [...this.rows.values()].sort(newestFirst);
    for (const row of all.splice(KEPT)) {
      this.rows.delete(row.id);
      this.whole = Math.max(this.whole, row.seq + 1);
      this.oldest = Math.max(this.oldest, row.seq + 1);
    }
    return all;
  }

  /** The place of now: what is earlier is looked for behind it. */
  async start() {
    const types = EVENT_TYPES.join(',');
    const [{ next }, { answer: { events: [oldest] } }] = await Promise.all([get(withQuery(PATH, { types })), pageAfter(0, { limit: 1, types })]);
    this.first = oldest?.seq ?? next;
    this.firstEvent = oldest && withoutSeq(oldest);
    this.newest = Math.max(this.newest, next);
    this.whole = next + 1;
    this.oldest = next + 1;
  }

  /** What came after the newest that is known: the stream may have begun, or begun again, behind it. */
  async catchUp() {
    if (this.oldest === Infinity) return;
    const { events } = await between(this.newest, Infinity, { types: EVENT_TYPES.join(',') });
    events.forEach((event) => this.add(event.seq, 0, withoutSeq(event)));
  }

  /** Another filter: what was found for the one before is no more whole. */
  forgetFound() {
    for (const [id, row] of this.rows) if (row.seq < this.whole) this.rows.delete(id);
    this.oldest = this.whole;
  }

  get begun() {
    return this.oldest === 0 || this.rows.size >= KEPT;
  }
}

/** `{ rows, begun, loading, error, earlier, paused, held, pause, goOn }`; `filter` is `{ type, agent }`, by id. */
export function useEventLog({ type, agent }) {
  const [state, setState] = useState({ rows: [], begun: false, loading: true, error: null });
  const [paused, setPaused] = useState(false);
  const [held, setHeld] = useState(0);
  const now = useRef(null);
  now.current ??= { log: new Log(), timer: null, paused: false };
  const { log } = now.current;

  const draw = (change = {}) => setState((before) => ({ ...before, rows: log.sorted(), begun: log.begun, ...change }));
  const takeRecent = () => {
    now.current.timer = null;
    const fresh = recent.filter(({ turn }) => turn > log.turn);
    if (now.current.paused) return setHeld(fresh.length);
    if (fresh.length === 0) return undefined;
    fresh.forEach((each) => log.add(each.seq, each.turn, each.event));
    log.turn = fresh.at(-1).turn;
    return draw();
  };
  useEvents((event) => {
    if (event.event_type === 'live') log.catchUp().then(() => !now.current.paused && draw(), () => {});
    else now.current.timer ??= setTimeout(takeRecent, MILLIS);
  });
  useEffect(() => () => clearTimeout(now.current.timer), []);

  /** Looks for what was before the oldest that is known. */
  const earlier = useCallback(async () => {
    if (log.busy || log.begun) return;
    log.busy = true;
    draw({ loading: true, error: null });
    try {
      if (log.oldest === Infinity) await log.start();
      const types = type ? [type] : EVENT_TYPES;
      await findEarlier(log, { types: types.join(','), agent_identity_id: agent });
      if (!type && !agent) log.whole = log.oldest;
      draw({ loading: false });
    } catch (error) {
      draw({ loading: false, error });
    }
    log.busy = false;
  }, [type, agent]);

  useEffect(() => {
    log.forgetFound();
    takeRecent();
    earlier();
  }, [earlier]);

  const pause = () => {
    now.current.paused = true;
    setPaused(true);
  };
  const goOn = () => {
    now.current.paused = false;
    setPaused(false);
    setHeld(0);
    takeRecent();
  };
  return { ...state, earlier, pause, goOn, paused, held };
}

/** Goes back, in stretches of numbers, until something was found or there is nothing more. */
async function findEarlier(log, query) {
  let stretch = STRETCH;
  let found = 0;
  while (found === 0 && log.oldest > 0) {
    const from = Math.max(log.first, log.oldest - 1 - stretch);
    const rows = await between(from, log.oldest, query, stretch > STRETCH);
    if (rows) {
      rows.events.forEach((event) => log.add(event.seq, 0, withoutSeq(event)));
      found = rows.events.length;
      if (rows.from <= log.first && log.firstEvent && fits(log.firstEvent, query)) log.add(log.first, 0, log.firstEvent);
      log.oldest = rows.begun || rows.from <= log.first ? 0 : rows.from + 1;
      stretch *= 4;
    } else {
      stretch /= 4;
    }
  }
}

/**
 * `{ answer, after, begun }`: the page after that number. What the server has forgotten is no place any more, and
 * numbers between two of its starts never were one: it says where to go on.
 */
async function pageAfter(after, query) {
  try {
    return { answer: await get(withQuery(PATH, { after, ...query })), after, begun: false };
  } catch (error) {
    const { next } = error.detail;
    if (error.status !== 410 || next === after) throw error;
    return { ...(await pageAfter(next, query)), begun: error.code === 'events_expired' };
  }
}

/**
 * The events after number `from` and before `end`, and from where on they are all; null when they are more than a page
 * and `onePage` was asked for.
 */
async function between(from, end, query, onePage) {
  const events = [];
  const first = await pageAfter(from, { limit: PAGE, ...query });
  let { answer } = first;
  for (;;) {
    const before = answer.events.filter(({ seq }) => seq < end);
    events.push(...before);
    // A page may be short where events are large; with the last one the place is that of now.
    if (answer.events.length === 0 || before.length < answer.events.length || answer.next >= end - 1) break;
    if (onePage) return null;
    ({ answer } = await pageAfter(answer.next, { limit: PAGE, ...query }));
  }
  return { events, begun: first.begun, from: Math.min(from, first.after) };
}
