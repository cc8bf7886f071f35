import { useEffect, useRef, useState } from '../web/html.js';
import { follow } from '../web/stream.js';

/**
 * What happens, as it happens: one event stream for the whole tab. Pages listen with [useEvents] and draw what they
 * show from the API; an event only says what to look at again.
 */

const TYPES = ['imessage.received', 'imessage.reaction_received', 'imessage.sent', 'imessage.delivered', 'imessage.delivery_failed',
  'imessage.reaction_removed', 'imessage.read', 'imessage.typing', 'message.updated', 'message.edited', 'message.unsent',
  'connection.created', 'connection.released', 'conversation.paused', 'subscription.paused', 'line.up', 'line.down'];
const KEPT = 2000;

export const EVENT_TYPES = TYPES;

const listeners = new Set();
const states = new Set();
let state = 'connecting';
/**
 * The newest events since the tab was opened, oldest first: `{ turn, seq, event }`, where `turn` counts them. Where some
 * were missed there is one of the type `gap`, with `words` in its data.
 */
export const recent = [];
let turns = 0;

function keep(seq, event) {
  recent.push({ turn: ++turns, seq, event });
  if (recent.length > KEPT) recent.splice(0, recent.length - KEPT);
  listeners.forEach((listener) => listener(event));
}

function setState(next) {
  state = next;
  states.forEach((listener) => listener(next));
}

const lastSeq = () => recent.at(-1)?.seq ?? 0;

/** All that is shown is asked for again: after something of which no event tells. */
export const lookAgain = () => listeners.forEach((listener) => listener({ event_type: 'live', data: {} }));

/** Begins to listen; the function that it returns ends it. */
export function startLive({ onRefused }) {
  return follow(() => `/api/v1/imessage/events?types=${TYPES.join(',')}`, {
    onState: setState,
    // Whoever was away may have missed something.
    onOpen: lookAgain,
    onRefused,
    rests: true,
    onFrame: ({ id, data }) => keep(id ? Number(id) : lastSeq(), JSON.parse(data)),
    onGap: ({ message, detail }) => keep(detail.next, {
      id: `gap-${detail.next}`, event_type: 'gap', timestamp: new Date().toISOString(), agent_identity: null, data: { words: message },
    }),
  });
}

/** Calls `listener(event)` for each event, and with `event_type: 'live'` when everything is to be looked at again. */
export function useEvents(listener) {
  const current = useRef(listener);
  current.current = listener;
  useEffect(() => {
    const call = (event) => current.current(event);
    listeners.add(call);
    return () => listeners.delete(call);
  }, []);
}

/** `connecting`, `live`, `full` or `reconnecting`. */
export function useLiveState() {
  const [shown, setShown] = useState(state);
  useEffect(() => {
    states.add(setShown);
    return () => states.delete(setShown);
  }, []);
  return shown;
}
