import { useEffect, useState } from '../web/html.js';
import { PANE, memory } from './pane.js';

/**
 * Which thread is open. It stands in the address, so that going back closes it and a reload keeps it. A pane remembers
 * it instead: back is the console's there.
 */

const remembered = memory('line');
const opened = () => (PANE === null ? location.hash.slice(1) || null : remembered.get());
const forget = () => (PANE === null ? history.replaceState(null, '', location.pathname) : remembered.set(null));

/** `{ line, open, close, forget }`: the line of the open thread; `forget` closes it without a step back. */
export function usePlace() {
  const [line, setLine] = useState(opened);
  useEffect(() => {
    const look = () => setLine(opened());
    addEventListener('popstate', look);
    return () => removeEventListener('popstate', look);
  }, []);
  const open = (next) => {
    if (PANE !== null) remembered.set(next);
    else if (opened() === null) history.pushState({ opened: true }, '', `#${next}`);
    else history.replaceState(history.state, '', `#${next}`);
    setLine(next);
  };
  const drop = () => {
    forget();
    setLine(null);
  };
  return { line, open, close: () => (PANE === null && history.state?.opened ? history.back() : drop()), forget: drop };
}
