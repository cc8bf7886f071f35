import { useEffect, useState } from '../web/html.js';
import { PANE } from './pane.js';

/** How much room there is, and whether anybody looks. */

function useWatched(target, type, look) {
  const [seen, setSeen] = useState(look);
  useEffect(() => {
    const change = () => setSeen(look());
    target.addEventListener(type, change);
    return () => target.removeEventListener(type, change);
  }, []);
  return seen;
}

const slim = matchMedia('(max-width: 759px)');

/** The list and the thread take turns. */
export const useNarrow = () => useWatched(slim, 'change', () => PANE !== null || slim.matches);

export const useVisible = () => useWatched(document, 'visibilitychange', () => document.visibilityState === 'visible');

/** Puts an open popover above a rectangle, or below when there is no room, inside the window. */
export function placeNear(popover, rectangle, align = 'start') {
  const margin = 8;
  const { offsetWidth: width, offsetHeight: height } = popover;
  const wanted = align === 'end' ? rectangle.right - width : rectangle.left;
  const above = rectangle.top - height - margin;
  const top = above >= margin ? above : Math.min(rectangle.bottom + margin, innerHeight - height - margin);
  popover.style.left = `${Math.max(margin, Math.min(wanted, innerWidth - width - margin))}px`;
  popover.style.top = `${Math.max(margin, top)}px`;
}
