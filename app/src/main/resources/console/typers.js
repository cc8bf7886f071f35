import { useEffect, useRef, useState } from '../web/html.js';
import { useEvents } from './live.js';

/** In which conversations the person is typing: that they stopped is told by their message, or by silence. */

const SILENCE_MILLIS = 12_000;

export function useTypers() {
  const [typers, setTypers] = useState(() => new Set());
  const timers = useRef(new Map());
  const stop = (id) => {
    if (!timers.current.has(id)) return;
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setTypers(new Set(timers.current.keys()));
  };
  useEvents(({ event_type: type, data }) => {
    if (type === 'imessage.received') stop(data.message.conversation_id);
    const id = type === 'imessage.typing' && data.typing.conversation_id;
    if (!id) return;
    clearTimeout(timers.current.get(id));
    timers.current.set(id, setTimeout(stop, SILENCE_MILLIS, id));
    setTypers(new Set(timers.current.keys()));
  });
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  return typers;
}
