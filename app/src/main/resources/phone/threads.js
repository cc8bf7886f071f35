import { html, useLayoutEffect, useRef } from '../web/html.js';
import { EFFECTS, initials, listTime, prettyNumber, tint } from '../web/format.js';
import { mediaName } from '../web/media.js';

/** The list of conversations, newest first, and then of the numbers that may be texted. */

const lastBubble = (thread) => thread.bubbles?.at(-1);
const time = (thread) => Date.parse(lastBubble(thread)?.at ?? 0);

export const unreadBubble = (thread) => thread.bubbles?.findLast((bubble) => !bubble.mine && !bubble.read_at);

/** What a thread is called: as the person's address book says, else by the agent whose own number it is. */
export const nameOf = ({ line, name }, { router, own }) => (line === router ? 'Partyline' : name || own.get(line) || prettyNumber(line));

export const Face = ({ name, line, router }) => html`
  <span class="avatar" data-tint=${line === router ? 'router' : tint(line)} aria-hidden="true">${line === router ? '☎︎' : initials(name) || '☺︎'}</span>`;

export function Threads({ threads, open, router, isUnread, onOpen }) {
  const list = useRef(null);
  // A row that moves up keeps the focus that it had.
  const held = list.current?.contains(document.activeElement) && document.activeElement;
  useLayoutEffect(() => {
    if (held && document.activeElement !== held) held.focus({ preventScroll: true });
  });
  return html`
    <ul ref=${list}>
      ${[...threads].sort((one, other) => time(other) - time(one)).map((thread) => {
        const last = lastBubble(thread);
        return html`
          <li key=${thread.line}>
            <button type="button" class="thread-row" aria-current=${String(thread.line === open)} onClick=${() => onOpen(thread.line)}
                data-testid="thread" data-line=${thread.line}>
              <${Face} ...${thread} router=${router} />
              <span class="thread-title" dir="auto" data-testid="thread-title">${thread.name}</span>
              <time class="thread-time">${last && listTime(last.at)}</time>
              <span class="thread-preview" dir="auto" data-testid="thread-preview">${thread.typing ? 'typing…' : last && preview(last)}</span>
              ${isUnread(thread) && html`<span class="unread" role="img" aria-label="Unread"></span>`}
            </button>
          </li>`;
      })}
    </ul>`;
}

const preview = ({ text, contact_card: card, media, send_style: style }) =>
  text || (card && 'Contact card') || (media && mediaName({ url: media })) || EFFECTS[style];
