import { html, useState } from '../web/html.js';
import { bytes } from '../web/format.js';
import { PLAYERS, fileName, isWebAddress, mediaKind } from '../web/media.js';

/** A picture or a player if it may be one, else a link. What turns out to be nothing of the kind becomes a link. */
export function MediaFile({ item }) {
  const [failed, setFailed] = useState(false);
  const kind = failed ? null : mediaKind(item);
  const shown = { class: 'bubble-media', src: item.url, 'data-testid': kind && PLAYERS[kind].toLowerCase(), onError: () => setFailed(true) };
  if (kind === 'img') return html`<img ...${shown} alt=${PLAYERS.img} decoding="async" loading="lazy" draggable=${false} />`;
  if (kind === 'audio') return html`<audio ...${shown} controls preload="metadata" aria-label=${PLAYERS.audio}></audio>`;
  if (kind === 'video') return html`<video ...${shown} controls preload="metadata" aria-label=${PLAYERS.video}></video>`;
  if (!isWebAddress(item.url)) return html`<span class="bubble-file" data-testid="attachment">Attachment</span>`;
  return html`<a class="bubble-file" href=${new URL(item.url, location.href).href} target="_blank" rel="noopener noreferrer" data-testid="attachment">
    ${item.name ?? fileName(item.url)}${item.size ? html` <span class="muted">${bytes(item.size)}</span>` : ''}</a>`;
}
