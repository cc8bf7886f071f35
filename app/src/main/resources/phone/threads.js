import { byId, el, setText } from './dom.js';
import { EFFECTS, initials, listTime, prettyNumber, tint } from '../web/format.js';
import { mediaName, mediaOf } from './bubble.js';

/** The list of conversations, newest first, and then of the numbers that may be texted. */

const list = byId('threads');

export const lastBubble = (thread) => thread?.bubbles?.at(-1);

export const newestFirst = (threads) =>
  [...threads].sort((one, other) => Date.parse(lastBubble(other)?.at ?? 0) - Date.parse(lastBubble(one)?.at ?? 0));

export function fillAvatar(node, name, line, isRouter) {
  node.dataset.tint = isRouter ? 'router' : tint(line);
  setText(node, isRouter ? '☎︎' : initials(name) || '☺︎');
}

/** Rows are kept by line, so the focus stays where it is while the list reorders. */
export function showThreads(threads, { open, isRouter, nameOf, isUnread, onOpen }) {
  const rows = new Map([...list.children].map((row) => [row.dataset.line, row]));
  let before = null;
  for (const thread of newestFirst(threads)) {
    const row = rows.get(thread.line) ?? makeRow(thread.line, onOpen);
    rows.delete(thread.line);
    const place = before ? before.nextSibling : list.firstChild;
    if (place !== row) list.insertBefore(row, place);
    before = row;
    fill(row, thread, { name: nameOf(thread), router: isRouter(thread), open: open === thread.line, unread: isUnread(thread) });
  }
  for (const row of rows.values()) row.remove();
}

function makeRow(line, onOpen) {
  const button = el('button', { type: 'button', className: 'thread-row', data: { testid: 'thread', line } },
    el('span', { className: 'avatar', ariaHidden: 'true' }),
    el('span', { className: 'thread-title', dir: 'auto', data: { testid: 'thread-title' } }),
    el('time', { className: 'thread-time' }),
    el('span', { className: 'thread-preview', dir: 'auto', data: { testid: 'thread-preview' } }),
    el('span', { className: 'unread', role: 'img', ariaLabel: 'Unread', hidden: true }));
  button.addEventListener('click', () => onOpen(line));
  return el('li', { data: { line } }, button);
}

function fill(row, thread, { name, router, open, unread }) {
  const button = row.firstElementChild;
  const part = (selector) => button.querySelector(selector);
  const last = lastBubble(thread);
  button.setAttribute('aria-current', String(open));
  fillAvatar(part('.avatar'), name, thread.line, router);
  setText(part('.thread-title'), name);
  setText(part('.thread-time'), last ? listTime(last.at) : '');
  setText(part('.thread-preview'), thread.typing ? 'typing…' : preview(last));
  part('.unread').hidden = !unread;
}

function preview(bubble) {
  if (!bubble) return '';
  if (bubble.text) return bubble.text;
  if (bubble.contact_card) return 'Contact card';
  const [media] = mediaOf(bubble);
  if (media) return mediaName(media);
  return EFFECTS[bubble.send_style] ?? '';
}

/** `agent` is the handle of an agent that has this number for itself. */
export const displayName = (thread, isRouter, agent) => (isRouter ? 'Partyline' : thread?.name || agent || prettyNumber(thread.line));
