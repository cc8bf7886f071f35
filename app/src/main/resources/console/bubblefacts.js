import { html } from '../web/html.js';
import { get, post, remove } from '../web/api.js';
import { SERVICES, TAPBACKS, fullTime } from '../web/format.js';
import { useAction } from './load.js';
import { to } from './router.js';
import { Facts, Refusal } from './ui.js';

/** What is known of one message, with its times, and the agent's tapback on it. */
export function BubbleFacts({ message, talk, onChange }) {
  const [recipient] = message.recipients ?? [];
  const [react, { busy, error }] = useAction(async (reaction) => {
    const own = mine(message);
    if (own?.reaction === reaction) await remove(`/api/v1/imessage/reactions/${own.id}`);
    else await post('/api/v1/imessage/reactions', { message_id: message.id, reaction });
    onChange(await get(`/api/v1/imessage/messages/${message.id}`));
  });
  const times = [
    ['Written', message.occurred_at], ['Here', message.created_at], ['Sent', recipient?.sent_at], ['Delivered', recipient?.delivered_at], ['Read', message.read_at],
    ['Failed', recipient?.failed_at], ['Edited', message.edited_at], ['Taken back', message.unsent_at],
  ];
  const reacts = talk?.assignment_status === 'active' && !message.is_blocked && !message.unsent_at && !['declined', 'error', 'queued'].includes(message.status);
  return html`
    <div class="bubble-facts" data-testid="facts">
      ${reacts && html`<div class="bubble-react" role="group" aria-label="React as the agent">
        ${Object.entries(TAPBACKS).map(([name, glyph]) => html`<button type="button" key=${name} aria-label=${name} title=${name} aria-pressed=${mine(message)?.reaction === name}
          disabled=${busy} onClick=${() => react(name)} data-testid=${`react-${name}`}>${glyph}</button>`)}</div>`}
      <${Refusal} error=${error} />
      <${Facts} of=${[
        ...times.filter(([, at]) => at).map(([name, at]) => [name, html`<time datetime=${at}>${fullTime(at)}</time>`]),
        ['On', SERVICES[recipient?.service ?? message.service] ?? message.service],
        message.error_code && ['Why', html`<code>${message.error_code}</code>`],
        ['Id', html`<a href=${to(`/conversations/${message.conversation_id}?at=${message.id}`)}><code>${message.id}</code></a>`],
      ]} />
    </div>`;
}

const mine = (message) => message.reactions?.find((tapback) => tapback.direction === 'outbound' && tapback.part_index === 0);
