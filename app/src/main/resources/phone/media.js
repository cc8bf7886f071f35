import { html, useState } from '../web/html.js';
import { PLAYERS, fileName, isWebAddress, mediaKind } from '../web/media.js';

/** Files in bubbles: a picture or a player if it may be one, else a link. What turns out to be nothing of the kind becomes a link. */
export function Media({ url }) {
  const [broken, setBroken] = useState(false);
  const tag = broken ? undefined : mediaKind({ url });
  if (!tag) return html`<${Attachment} url=${url} />`;
  const how = tag === 'img' ? { decoding: 'async', draggable: false, alt: PLAYERS.img } : { controls: true, preload: 'metadata', 'aria-label': PLAYERS[tag] };
  return html`<${tag} class="media" src=${url} ...${how} onError=${() => setBroken(true)} data-testid=${PLAYERS[tag].toLowerCase()} />`;
}

function Attachment({ url }) {
  if (!isWebAddress(url)) return html`<span class="attachment">Attachment</span>`;
  return html`<a class="attachment" href=${new URL(url, location.href).href} target="_blank" rel="noopener noreferrer" data-testid="attachment">${fileName(url)}</a>`;
}
