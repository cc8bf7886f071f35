import { html, useState } from '../web/html.js';
import { initials, prettyNumber, tint } from '../web/format.js';

/** A vCard drawn as a contact card. Only the name, the first number, the note and the picture are of interest on a phone. */

const LINE = /^(?:[\w-]+\.)?([A-Za-z-]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)$/;

const unescape = (value) => value.replace(/\\([nN,;:\\])/g, (_, letter) => (/n/i.test(letter) ? '\n' : letter));

function parseCard(text) {
  const card = {};
  // A vCard folds long lines: a break followed by one space or tab is no break at all.
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) ?? [];
    const key = name?.toUpperCase();
    if (['FN', 'TEL', 'NOTE', 'PHOTO'].includes(key)) card[key] ??= unescape(value).trim();
  }
  const number = card.TEL?.replace(/^tel:/i, '').replace(/;.*$/, '').replace(/[^\d+]/g, '');
  return { name: card.FN || 'Contact', number, note: card.NOTE, picture: /^https?:/i.test(card.PHOTO ?? '') && card.PHOTO };
}

export function ContactCard({ text, onMessage }) {
  const { name, number, note, picture } = parseCard(text);
  // What an agent showed then may be gone.
  const [shown, setShown] = useState(false);
  return html`
    <div class="card" data-testid="contact-card">
      <div class="card-head">
        <span class="avatar" data-tint=${tint(number || name)} aria-hidden="true">
          ${picture && html`<img src=${picture} alt="" hidden=${!shown} onLoad=${() => setShown(true)} data-testid="contact-picture" />`}
          ${!shown && (initials(name) || '@')}
        </span>
        <div><strong dir="auto">${name}</strong>${number && html`<span class="card-number">${prettyNumber(number)}</span>`}</div>
      </div>
      ${note && html`<p class="card-note" dir="auto">${note}</p>`}
      ${number && html`<button type="button" class="card-button" onClick=${() => onMessage(number)} data-testid="contact-message">Message</button>`}
    </div>`;
}
