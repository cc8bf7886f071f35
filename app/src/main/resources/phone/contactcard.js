import { el } from './dom.js';
import { initials, prettyNumber, tint } from './format.js';

/** A vCard drawn as a contact card. Only the name, the first number and the note are of interest on a phone. */

const LINE = /^(?:[\w-]+\.)?([A-Za-z-]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)$/;

const unescape = (value) => value.replace(/\\([nN,;:\\])/g, (_, letter) => (/n/i.test(letter) ? '\n' : letter));

export function parseCard(text) {
  const card = {};
  // A vCard folds long lines: a break followed by one space or tab is no break at all.
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) ?? [];
    const key = name?.toUpperCase();
    if (['FN', 'TEL', 'NOTE'].includes(key)) card[key] ??= unescape(value).trim();
  }
  const number = card.TEL?.replace(/^tel:/i, '').replace(/;.*$/, '').replace(/[^\d+]/g, '');
  return { name: card.FN || 'Contact', number: number || null, note: card.NOTE || null };
}

export function contactCard(text, onMessage) {
  const { name, number, note } = parseCard(text);
  const button = number && el('button', { type: 'button', className: 'card-button', data: { testid: 'contact-message' } }, 'Message');
  button?.addEventListener('click', (event) => {
    event.stopPropagation();
    onMessage(number);
  });
  return el(
    'div',
    { className: 'card', data: { testid: 'contact-card' } },
    el('div', { className: 'card-head' },
      el('span', { className: 'avatar', data: { tint: tint(number ?? name) }, ariaHidden: 'true' }, initials(name) || '@'),
      el('div', {},
        el('strong', {}, name),
        number && el('span', { className: 'card-number' }, prettyNumber(number)))),
    note && el('p', { className: 'card-note' }, note),
    button,
  );
}
