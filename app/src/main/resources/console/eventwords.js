import { html } from '../web/html.js';

/** What each type of event means, in a few words. */
const WORDS = {
  'imessage.received': 'A person wrote',
  'imessage.reaction_received': 'A person reacted',
  'imessage.sent': 'The agent’s message was sent',
  'imessage.delivered': 'The agent’s message arrived',
  'imessage.delivery_failed': 'The agent’s message failed',
  'imessage.reaction_removed': 'A reaction was taken back',
  'imessage.read': 'The person read it',
  'imessage.typing': 'The person types',
  'message.updated': 'A late file joined',
  'message.edited': 'A message was edited',
  'message.unsent': 'A message was taken back',
  'connection.created': 'A person connected',
  'connection.released': 'A connection ended',
  'conversation.paused': 'A conversation rests',
  'subscription.paused': 'A webhook was paused',
  'line.up': 'A line is back',
  'line.down': 'A line is down',
};

export const eventWords = (type) => WORDS[type] ?? type;

/** Whether it happens on this server; names of other families are accepted and never come. */
export const happensHere = (type) => type.startsWith('imessage.');

/** Checkboxes for the types that a webhook may name. `chosen` is a list; `types` is the server's catalog. */
export function EventTypes({ types, chosen, onChange, error }) {
  const here = types.filter(happensHere);
  const others = types.filter((type) => !happensHere(type));
  const set = (type, on) => onChange(types.filter((each) => (each === type ? on : chosen.includes(each))));
  const box = (type) => html`
    <label key=${type} class="check">
      <input type="checkbox" checked=${chosen.includes(type)} onChange=${(event) => set(type, event.target.checked)} data-testid=${`type-${type}`} />
      <span>${WORDS[type] && happensHere(type) ? html`${WORDS[type]} <code class="muted">${type}</code>` : html`<code>${type}</code>`}</span>
    </label>`;
  return html`
    <fieldset class="checks" aria-invalid=${error ? 'true' : undefined}>
      <legend>Events</legend>
      ${here.map(box)}
      ${others.length > 0 && html`
        <details class="more-types" open=${others.some((type) => chosen.includes(type))}>
          <summary>Mail, calls and the like: accepted, and never come here</summary>
          ${others.map(box)}
        </details>`}
      ${error && html`<p class="field-error">${error}</p>`}
    </fieldset>`;
}
