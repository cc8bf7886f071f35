import { html, useEffect, useMemo, useRef, useState } from '../web/html.js';
import { EFFECTS, clockTime, isJumbo, tapbackGlyph } from '../web/format.js';
import { linkParts } from '../web/media.js';
import { ContactCard } from './contactcard.js';
import { play } from './effects.js';
import { Media } from './media.js';

/**
 * One bubble with what belongs to it: the time above, tapbacks on it, the effect and the state below. It is drawn again
 * when something of it changed. `arrives` and `plays` tell what moves when it is first shown.
 */
export function Row({ bubble, who, separator, endsGroup, status, tabbable, arrives, plays, stage, onMessage }) {
  const row = useRef(null);
  const [arrived] = useState(arrives);
  const show = () => play(bubble.send_style, stage.current, row.current.querySelector('.bubble'));
  useEffect(() => {
    if (plays) show();
  }, []);
  return useMemo(() => {
    const { mine, text, media, contact_card: card, tapbacks = [], send_style: style } = bubble;
    const rowClass = ['row', mine ? 'mine' : 'theirs', endsGroup && 'ends-group', tapbacks.length > 0 && 'has-badges', arrived && 'arrives',
      style === 'invisible' && 'invisible-ink'];
    const bubbleClass = ['bubble', !media && !card && isJumbo(text) && 'jumbo', card && 'has-card', media && 'has-media'];
    return html`
      <div ref=${row} class=${rowClass.filter(Boolean).join(' ')} data-service=${bubble.service}>
        ${separator && html`<time class="separator">${separator}</time>`}
        <article class=${bubbleClass.filter(Boolean).join(' ')} tabindex=${tabbable ? 0 : -1} aria-label=${`${mine ? 'You' : who}, ${clockTime(bubble.at)}`}
            data-testid="bubble" data-mine=${String(mine)} data-id=${bubble.id}>
          ${media && html`<${Media} url=${media} />`}
          ${text && html`<span class="text" dir="auto" data-testid="bubble-text">${linked(text)}</span>`}
          ${card && html`<${ContactCard} text=${card} onMessage=${onMessage} />`}
          <span class="badges">${tapbacks.map((tapback) => html`<${Badge} key=${tapback.mine} ...${tapback} />`)}</span>
          <time class="when" aria-hidden="true">${clockTime(bubble.at)}</time>
        </article>
        ${EFFECTS[style] && html`
          <button type="button" class="effect" title="Show it again" onClick=${show} data-testid="effect">sent with ${EFFECTS[style]}</button>`}
        ${status && html`<div class=${`status${status.bad ? ' bad' : ''}`} data-testid="status">${status.words}</div>`}
      </div>`;
  }, [JSON.stringify([bubble, who, separator, endsGroup, status, tabbable])]);
}

const Badge = (tapback) => html`
  <span class="badge" role="img" aria-label=${`${tapback.mine ? 'You' : 'They'} reacted: ${tapback.custom_emoji ?? tapback.reaction}`}
    data-testid="badge" data-mine=${String(tapback.mine)} data-reaction=${tapback.reaction}>${tapbackGlyph(tapback)}</span>`;

/** Web addresses become links. */
const linked = (text) => linkParts(text).map((part, index) => (index % 2 === 1
  ? html`<a href=${part} target="_blank" rel="noopener noreferrer" data-testid="link">${part}</a>` : part));
