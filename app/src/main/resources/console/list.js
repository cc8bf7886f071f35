import { html, useEffect, useLayoutEffect, useRef, useState } from '../web/html.js';
import { Failure, Loading } from './ui.js';

/**
 * A list of any length in rows of one height: only what is seen is in the page, and the next page of it is asked for
 * when its end comes near. `of` is what `useList` gives; `row(item, index)` draws one, as a link or a button, so that
 * Tab and `j`/`k` reach it. What is seen stays where it is while others come
 * before it.
 */
const AHEAD = 12;

/** How many rows those that are seen moved down, as the first of them that is still there did. */
function moved(before, after, from, keyOf) {
  for (let index = from; index < Math.min(from + AHEAD, before.length); index++) {
    const now = after.findIndex((item) => keyOf(item) === keyOf(before[index]));
    if (now >= 0) return now - index;
  }
  return 0;
}

export function LongList({ of, height, row, label, empty, keyOf = (item) => item.id, testid, className = '' }) {
  const box = useRef(null);
  const [seen, setSeen] = useState({ from: 0, to: 40 });
  const { items, more, end, loading, error } = of;

  const look = () => {
    const { scrollTop, clientHeight } = box.current;
    const from = Math.max(0, Math.floor(scrollTop / height) - AHEAD);
    const last = Math.ceil((scrollTop + clientHeight) / height) + AHEAD;
    setSeen((before) => (before.from === from && before.to === last ? before : { from, to: last }));
    if (last >= items.length) more();
  };
  // Rows that come in above leave those that are seen where they are, and the focus on its row.
  const drawn = useRef(items);
  const focused = box.current?.contains(document.activeElement) ? document.activeElement.closest('li') : null;
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = items;
    if (!box.current) return;
    const from = Math.round(box.current.scrollTop / height);
    if (from > 0 && before !== items) box.current.scrollTop += height * moved(before, items, from, keyOf);
    if (focused && document.activeElement === document.body) focused.querySelector('.row-link')?.focus({ preventScroll: true });
    look();
  }, [items, height]);
  useEffect(() => {
    if (!box.current) return undefined;
    const watcher = new ResizeObserver(look);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, [items.length > 0]);

  if (items.length === 0) {
    if (error) return html`<${Failure} error=${error} onRetry=${of.reload} />`;
    return loading ? html`<${Loading} />` : empty;
  }
  const shown = items.slice(seen.from, seen.to);
  return html`
    <div ref=${box} class=${`long-list ${className}`} onScroll=${look} data-testid=${testid} tabindex="-1">
      <ul aria-label=${label} style=${{ height: `${items.length * height + (end ? 0 : height)}px` }}>
        ${shown.map((item, index) => html`
          <li key=${keyOf(item)} aria-posinset=${seen.from + index + 1} aria-setsize=${end ? items.length : -1}
            style=${{ transform: `translateY(${(seen.from + index) * height}px)`, height: `${height}px` }}>${row(item, seen.from + index)}</li>`)}
        ${!end && html`<li key="more" class="list-end" style=${{ transform: `translateY(${items.length * height}px)`, height: `${height}px` }}>
          ${error ? html`<button type="button" class="button quiet" onClick=${more}>${error.message} Try again</button>` : html`<${Loading} />`}</li>`}
      </ul>
    </div>`;
}
