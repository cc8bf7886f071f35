import { html, useCallback, useState } from '../web/html.js';
import { dayAndTime } from '../web/format.js';
import { Bubble } from './bubble.js';

/** All bubbles that are in the page. Arrows walk them; Enter or a press opens what there is to know of one. */

const PAUSE_MILLIS = 60 * 60_000;
const GROUP_MILLIS = 60_000;

const gap = (earlier, later) => Date.parse(later.created_at) - Date.parse(earlier.created_at);
const day = (message) => new Date(message.created_at).toDateString();

/** The status is told below the newest of the agent's, and wherever it is not the usual one. */
const tells = (message, newest) => message.direction === 'outbound' && (message === newest || ['queued', 'accepted', 'declined', 'error'].includes(message.status));

function around(messages, index, newest) {
  const message = messages[index];
  const [before, next] = [messages[index - 1], messages[index + 1]];
  return {
    separator: !before || day(before) !== day(message) || gap(before, message) > PAUSE_MILLIS ? dayAndTime(message.created_at) : null,
    ends: !next || next.direction !== message.direction || gap(message, next) > GROUP_MILLIS,
    status: tells(message, newest),
  };
}

export function Bubbles({ messages, agent, talk, aim, onChange }) {
  const [chosen, setChosen] = useState(null);
  const [focus, setFocus] = useState(null);
  const choose = useCallback((id) => setChosen((now) => (now === id ? null : id)), []);
  const newest = messages.findLast((message) => message.direction === 'outbound');
  const stop = messages.some((message) => message.id === focus) ? focus : messages.at(-1)?.id;
  // Nothing is kept from one drawing to the next: in a stretch that slides, what Preact keeps of a row leads to the rows
  // that were beside it, and from those to the ones before.
  return messages.map((message, index) => {
    const props = { message, agent, talk, onChange, ...around(messages, index, newest), chosen: chosen === message.id, aimed: aim === message.id, stop: stop === message.id };
    return html`
      <div key=${message.id} data-row=${message.id} class=${`bubble-row ${message.direction}${props.ends ? ' ends' : ''}`}
          onKeyDown=${(event) => walk(event, choose)} onFocusIn=${() => setFocus(message.id)}>
        <${Bubble} ...${props} onChoose=${() => choose(message.id)} />
      </div>`;
  });
}

function walk(event, choose) {
  const bubble = event.target.closest('[data-bubble]');
  if (!bubble || event.target !== bubble) return;
  const all = [...event.currentTarget.parentElement.querySelectorAll('[data-bubble]')];
  const at = all.indexOf(bubble);
  const next = { ArrowUp: all[at - 1], ArrowDown: all[at + 1], Home: all[0], End: all.at(-1) }[event.key];
  if (event.key === 'Enter' || event.key === ' ') choose(bubble.dataset.bubble);
  else if (!next) return;
  event.preventDefault();
  next?.focus();
}
