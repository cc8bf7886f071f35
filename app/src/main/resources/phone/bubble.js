import { contactCard } from './contactcard.js';
import { el, setText } from './dom.js';
import { EFFECTS, clockTime, isJumbo, tapbackGlyph } from '../web/format.js';

/**
 * One bubble with what belongs to it: the time above, tapbacks on it, the effect and the state below. Its text and
 * media never change, so they are made once; `update` touches the rest.
 */
export class BubbleRow {
  #separator = el('time', { className: 'separator', hidden: true });
  #badges = el('span', { className: 'badges' });
  #status = el('div', { className: 'status', hidden: true, data: { testid: 'status' } });
  #badgesKey = '';

  constructor(bubble, who, { onMessage, onEffect }) {
    const jumbo = !bubble.media && !bubble.contact_card && isJumbo(bubble.text);
    this.node = el(
      'article',
      {
        className: `bubble${jumbo ? ' jumbo' : ''}${bubble.contact_card ? ' has-card' : ''}`,
        tabIndex: -1,
        ariaLabel: `${bubble.mine ? 'You' : who}, ${clockTime(bubble.at)}`,
        title: clockTime(bubble.at),
        data: { testid: 'bubble', mine: String(Boolean(bubble.mine)), id: bubble.id },
      },
      ...mediaOf(bubble).map(media),
      bubble.text ? el('span', { className: 'text', dir: 'auto', data: { testid: 'bubble-text' } }, ...linked(bubble.text)) : null,
      bubble.contact_card ? contactCard(bubble.contact_card, onMessage) : null,
      this.#badges,
    );
    if (this.node.querySelector('.media')) this.node.classList.add('has-media');
    const effect = EFFECTS[bubble.send_style];
    this.root = el(
      'div',
      { className: `row ${bubble.mine ? 'mine' : 'theirs'}`, data: { service: bubble.service ?? 'imessage' } },
      this.#separator,
      this.node,
      effect ? this.#effect(`sent with ${effect}`, onEffect) : null,
      this.#status,
    );
    if (bubble.send_style === 'invisible') this.root.classList.add('invisible-ink');
  }

  update(bubble, { separator, endsGroup, status }) {
    this.bubble = bubble;
    this.root.classList.toggle('ends-group', endsGroup);
    this.#separator.hidden = !separator;
    setText(this.#separator, separator ?? '');
    this.#status.hidden = !status;
    setText(this.#status, status ?? '');
    this.#drawBadges(bubble.tapbacks ?? []);
  }

  #effect(label, onEffect) {
    const button = el('button', { type: 'button', className: 'effect', title: 'Show it again', data: { testid: 'effect' } }, label);
    button.addEventListener('click', () => onEffect(this));
    return button;
  }

  #drawBadges(tapbacks) {
    const key = JSON.stringify(tapbacks);
    if (key === this.#badgesKey) return;
    this.#badgesKey = key;
    this.#badges.replaceChildren(...tapbacks.map((tapback) =>
      el('span', {
        className: 'badge',
        role: 'img',
        ariaLabel: `${tapback.mine ? 'You' : 'They'} reacted: ${tapback.custom_emoji ?? tapback.reaction}`,
        data: { testid: 'badge', mine: String(Boolean(tapback.mine)), reaction: tapback.reaction },
      }, tapbackGlyph(tapback))));
    this.root.classList.toggle('has-badges', tapbacks.length > 0);
  }
}

export const mediaOf = (bubble) =>
  [bubble.media ?? []].flat().map((item) => (typeof item === 'string' ? { url: item } : item)).filter((item) => item?.url);

/** Web addresses become links; what ends a sentence is no part of them. */
const linked = (text) =>
  text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'’”])/).map((part, index) => (index % 2 === 1 ? address(part) : part));

const address = (url) => el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', data: { testid: 'link' } }, url);

const KINDS = {
  img: /^(png|jpe?g|gif|webp|avif|svg|bmp|heic)$/i,
  audio: /^(mp3|m4a|wav|ogg|oga|opus|caf|amr)$/i,
  video: /^(mp4|m4v|mov|webm)$/i,
};
const PLAYERS = { img: 'Picture', audio: 'Sound', video: 'Film' };

/** What a list calls it. */
export const mediaName = ({ url, content_type: type }) => PLAYERS[kind(url, type)] ?? 'File';

/** A picture or a player if it may be one, else a link. What turns out to be nothing of the kind becomes a link. */
function media({ url, content_type: type }) {
  const tag = kind(url, type);
  if (!tag) return link(url);
  const how = tag === 'img' ? { decoding: 'async', draggable: false, alt: PLAYERS.img } : { controls: true, preload: 'metadata' };
  const shown = el(tag, { className: 'media', src: url, ariaLabel: PLAYERS[tag], data: { testid: PLAYERS[tag].toLowerCase() }, ...how });
  shown.addEventListener('error', () => shown.replaceWith(link(url)), { once: true });
  return shown;
}

/** The element that shows it; undefined when none does. An address without an ending may be a picture. */
function kind(url, type) {
  if (/^data:/i.test(url)) return /^data:image\//i.test(url) ? 'img' : undefined;
  if (!isWebAddress(url)) return undefined;
  if (type) return { image: 'img', audio: 'audio', video: 'video' }[type.split('/')[0]];
  const ending = /\.([a-z0-9]{2,5})$/i.exec(new URL(url, location.href).pathname)?.[1];
  return ending ? Object.keys(KINDS).find((tag) => KINDS[tag].test(ending)) : 'img';
}

function isWebAddress(url) {
  return URL.canParse(url, location.href) && /^https?:$/.test(new URL(url, location.href).protocol);
}

function link(url) {
  if (!isWebAddress(url)) return el('span', { className: 'attachment' }, 'Attachment');
  const address = new URL(url, location.href);
  const name = address.pathname.split('/').pop() || address.host;
  return el('a', {
    className: 'attachment', href: address.href, target: '_blank', rel: 'noopener noreferrer', data: { testid: 'attachment' },
  }, name);
}
