import { useEffect } from '../web/html.js';

/** What single keys do, wherever nobody is typing. */

const typing = (target) => target.matches?.('input, textarea, select, [contenteditable]') || target.closest?.('dialog');

export function useKeys(actions) {
  useEffect(() => {
    const press = (event) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

/** Moves the focus among the rows of the list that is shown. */
export function walkRows(step) {
  const rows = [...document.querySelectorAll('main .row-link')];
  if (rows.length === 0) return;
  const focused = rows.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.ariaCurrent);
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
