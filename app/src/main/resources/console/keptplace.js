import { useCallback, useEffect, useLayoutEffect, useRef } from '../web/html.js';

/**
 * Keeps what is read where it is while the transcript grows at either end, and at the end who is at the end. Tells
 * `onMove({ fromTop, fromEnd })` how far the ends are.
 */

const NEAR_PIXELS = 60;

/** The first row that is seen, and where it lies. */
function firstSeen(box, list) {
  const rows = list.children;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].offsetTop + rows[middle].offsetHeight > box.scrollTop) high = middle;
    else low = middle + 1;
  }
  return rows[low] ? { row: rows[low], top: rows[low].offsetTop } : null;
}

/** `atEnd` is a reference that says whether the reader is there; `ended`: whether what is shown reaches the newest. */
export function useKeptPlace({ atEnd, ended, items, onMove }) {
  const box = useRef(null);
  const list = useRef(null);
  const place = useRef(null);
  const end = useRef(0);
  const latest = useRef(null);
  latest.current = { ended, onMove };

  const note = useCallback(() => {
    if (list.current.childElementCount === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const fromEnd = scrollHeight - scrollTop - clientHeight;
    // A picture may have grown since we went to the end: only who scrolls up leaves it.
    atEnd.current = latest.current.ended && (fromEnd < NEAR_PIXELS || (atEnd.current && scrollTop >= end.current));
    place.current = firstSeen(box.current, list.current);
    latest.current.onMove({ fromTop: scrollTop, fromEnd });
  }, []);
  const keep = useCallback(() => {
    if (atEnd.current) {
      box.current.scrollTop = box.current.scrollHeight;
      end.current = box.current.scrollTop;
    } else if (place.current?.row.isConnected) {
      const { row, top } = place.current;
      if (row.offsetTop !== top) box.current.scrollTop += row.offsetTop - top;
    }
    note();
  }, []);
  const toRow = useCallback((row) => {
    atEnd.current = false;
    row.scrollIntoView({ block: 'center' });
    note();
  }, []);
  const toEnd = useCallback(() => {
    atEnd.current = true;
    keep();
  }, []);
  useLayoutEffect(keep, [items]);
  useEffect(() => {
    const watcher = new ResizeObserver(keep);
    watcher.observe(box.current);
    watcher.observe(list.current);
    return () => watcher.disconnect();
  }, []);
  return { box, list, note, toRow, toEnd };
}
