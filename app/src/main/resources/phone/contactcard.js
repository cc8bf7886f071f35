import { el } from './dom.js';
import { initials, prettyNumber, tint } from '../web/format.js';

/** A vCard drawn as a contact card. Only the name, the first number, the note and the picture are of interest on a phone. */

const LINE = /^(?:[\w-]+\.)?([A-Za-z-]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)$/;

const unescape = (value) => value.replace(/\\([nN,;:\\])/g, (_, letter) => (/n/i.test(letter) ? '\n' : letter));

export function parseCard(text) {
  const card = {};
  // A vCard folds long lines: a break followed by one space or tab is no break at all.
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) ?? [];
    const key = name?.toUpperCase();
    if (['FN', 'TEL', 'NOTE', 'PHOTO'].includes(key)) card[key] ??= unescape(value).trim();
  }
  const number = card.TEL?.replace(/^tel:/i, '').replace(/;.*$/, '').replace(/[^\d+]/g, '');
  const picture = /^https?:/i.test(card.PHOTO ?? '') ? card.PHOTO : null;
  return { name: card.FN || 'Contact', number: number || null, note: card.NOTE || null, picture };
}

export function contactCard(text, onMessage) {
  const { name, number, note, picture } = parseCard(text);
  const button = number && el('button', { type: 'button', className: 'card-button', data: { testid: 'contact-message' } }, 'Message');
  button?.addEventListener('click', (event) => {
    event.stopPropagation();
    onMessage(number);
  });
  // What an agent showed then may be gone.
  const face = el('span', { className: 'avatar', data: { tint: tint(number ?? name) }, ariaHidden: 'true' }, initials(name) || '@');
  if (picture) {
    const image = el('img', { alt: '', data: { testid: 'contact-picture' } });
    image.addEventListener('load', () => face.replaceChildren(image), { once: true });
    image.src = picture;
  }
  return el(
    'div',
    { className: 'card', data: { testid: 'contact-card' } },
    el('div', { className: 'card-head' },
      face,
      el('div', {},
        el('strong', {}, name),
        number && el('span', { className: 'card-number' }, prettyNumber(number)))),
    note && el('p', { className: 'card-note' }, note),
    button,
  );
}
