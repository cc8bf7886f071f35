import { html, useState } from '../web/html.js';

/** Files in bubbles: a picture or a player if it may be one, else a link. What turns out to be nothing of the kind becomes a link. */

const KINDS = {
  img: /^(png|jpe?g|gif|webp|avif|svg|bmp|heic)$/i,
  audio: /^(mp3|m4a|wav|ogg|oga|opus|caf|amr)$/i,
  video: /^(mp4|m4v|mov|webm)$/i,
};
const NAMES = { img: 'Picture', audio: 'Sound', video: 'Film' };

/** What a list calls it. */
export const mediaName = (url) => NAMES[kind(url)] ?? 'File';

export function Media({ url }) {
  const [broken, setBroken] = useState(false);
  const tag = broken ? undefined : kind(url);
  if (!tag) return html`<${Attachment} url=${url} />`;
  const how = tag === 'img' ? { decoding: 'async', draggable: false, alt: NAMES.img } : { controls: true, preload: 'metadata', 'aria-label': NAMES[tag] };
  return html`<${tag} class="media" src=${url} ...${how} onError=${() => setBroken(true)} data-testid=${NAMES[tag].toLowerCase()} />`;
}

/** The element that shows it; undefined when none does. An address without an ending may be a picture. */
function kind(url) {
  if (/^data:/i.test(url)) return /^data:image\//i.test(url) ? 'img' : undefined;
  if (!isWebAddress(url)) return undefined;
  const ending = /\.([a-z0-9]{2,5})$/i.exec(new URL(url, location.href).pathname)?.[1];
  return ending ? Object.keys(KINDS).find((tag) => KINDS[tag].test(ending)) : 'img';
}

const isWebAddress = (url) => URL.canParse(url, location.href) && /^https?:$/.test(new URL(url, location.href).protocol);

function Attachment({ url }) {
  if (!isWebAddress(url)) return html`<span class="attachment">Attachment</span>`;
  const address = new URL(url, location.href);
  return html`<a class="attachment" href=${address.href} target="_blank" rel="noopener noreferrer" data-testid="attachment">${
    address.pathname.split('/').pop() || address.host}</a>`;
}
