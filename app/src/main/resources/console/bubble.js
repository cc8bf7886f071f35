import { html } from '../web/html.js';
import { EFFECTS, SERVICES, clockTime, fullTime, isJumbo, prettyNumber, tapbackGlyph } from '../web/format.js';
import { linkParts } from '../web/media.js';
import { BubbleFacts } from './bubblefacts.js';
import { MediaFile } from './mediafile.js';

/** One bubble, with what there is to say about it below. All of its words come from outside, and are text. */

export function Bubble({ message, agent, talk, separator, status, chosen, aimed, stop, onChoose, onChange }) {
  const { content, media, unsent_at: unsent, is_blocked: blocked } = message;
  const outbound = message.direction === 'outbound';
  const who = outbound ? (agent ? `@${agent.agent_handle}` : 'Agent') : prettyNumber(message.remote_number);
  const press = (event) => {
    if (!event.target.closest('a, audio, video, button') && !getSelection().toString()) onChoose();
  };
  const kind = `${media ? ' with-media' : ''}${!media && isJumbo(content) ? ' jumbo' : ''}${blocked ? ' blocked' : ''}${aimed ? ' aimed' : ''}${message.reactions ? ' with-tapbacks' : ''}`;
  return html`
    ${separator && html`<p class="talk-day"><time datetime=${message.created_at}>${separator}</time></p>`}
    <article class=${`talk-bubble${kind}`} tabindex=${stop ? 0 : -1} data-bubble=${message.id} data-testid="bubble" data-direction=${message.direction}
        aria-label=${`${who}, ${clockTime(message.created_at)}`} title=${fullTime(message.created_at)} onClick=${press}>
      ${(media ?? []).map((item) => html`<${MediaFile} key=${item.url} item=${item} />`)}
      ${content !== null && html`<span class="bubble-text" dir="auto" data-testid="bubble-text">${linkParts(content).map((part, index) => (index % 2 === 1
        ? html`<a href=${part} target="_blank" rel="noopener noreferrer" data-testid="link">${part}</a>` : part))}</span>`}
      ${content === null && !media && html`<span class="bubble-gone">${unsent ? 'Taken back by the person' : 'The words are not kept any more'}</span>`}
      ${message.reactions && html`<span class="bubble-tapbacks">${message.reactions.map((tapback) => html`
        <span key=${tapback.id} role="img" class="bubble-tapback" data-testid="badge" data-direction=${tapback.direction}
          aria-label=${`${tapback.direction === 'outbound' ? 'The agent' : 'The person'} reacted: ${tapback.custom_emoji ?? tapback.reaction}`}>${tapbackGlyph(tapback)}</span>`)}</span>`}
    </article>
    <${Notes} message=${message} status=${status} />
    ${chosen && html`<${BubbleFacts} message=${message} talk=${talk} onChange=${onChange} />`}`;
}

/** What is not as usual, in words, and how far it got. */
function Notes({ message, status }) {
  const [recipient] = message.recipients ?? [];
  const notes = [
    message.is_blocked && ['Blocked: the agent does not see it', 'bad'],
    message.sent_by === 'admin' && ['By an admin'],
    EFFECTS[message.send_style] && [`Sent with ${EFFECTS[message.send_style]}`],
    message.was_downgraded && [`Went as ${SERVICES[recipient?.service ?? message.service] ?? message.service}, since iMessage could not reach them`, 'warn'],
    message.degraded?.includes('effect') && ['Its effect was left out on the way', 'warn'],
    message.degraded?.includes('media') && ['Its file was left out on the way', 'warn'],
    message.media_error && [message.media_error.message, 'warn'],
    message.edited_at && !message.unsent_at && [`Edited ${clockTime(message.edited_at)}`],
  ].filter(Boolean);
  return (status || notes.length > 0) && html`
    <p class="bubble-notes">
      ${notes.map(([words, tone]) => html`<span key=${words} class=${tone} data-testid="note">${words}</span>`)}
      ${status && html`<span key="status" class="bubble-status" data-status=${message.status} data-testid="status">${statusWords(message)}</span>`}
    </p>`;
}

function statusWords({ status, read_at: read, recipients, error_detail: detail, error_message: words }) {
  const [{ sent_at: sent, delivered_at: delivered } = {}] = recipients ?? [];
  const at = (time) => (time ? ` ${clockTime(time)}` : '');
  if (status === 'declined' || status === 'error') return `${words ?? 'Not delivered'}${detail ? `: ${detail}` : ''}`;
  if (read) return `Read${at(read)}`;
  return { queued: 'Waits to be sent', accepted: 'On its way', sent: `Sent${at(sent)}`, delivered: `Delivered${at(delivered)}` }[status] ?? status;
}
