import { html } from '../web/html.js';
import { bytes, duration, plural } from '../web/format.js';
import { to } from './router.js';
import { useSession } from './session.js';

/** What is wrong, the worst first, each with the way out. */

const LATE_SECONDS = 60;
const LITTLE_BYTES = 1_000_000_000;

const late = ({ count, oldest_seconds: seconds }, one, many) => `${plural(count, one, many)}${count === 1 ? '' : ', the oldest'} for ${duration(seconds)}`;

/** `{ tone, title, more, way, place }` each, from what the server says of itself. */
function problemsOf({ quarantine, operator, messages_waiting: messages, webhooks_waiting: webhooks, subscriptions }, lines) {
  const found = [];
  const add = (tone, title, more, way) => found.push({ tone, title, more, ...way });
  if (quarantine) {
    add('warn', 'In quarantine', 'This server was restored to be looked at: nothing is sent to any line and no webhook is posted until somebody gives the command resume.', {});
  }
  if (operator && operator.database !== 'writable') {
    add('bad', operator.database === 'damaged' ? 'The database is damaged' : 'The database refuses writes',
      operator.database === 'damaged' ? 'Stop the server and restore a backup into a new data folder.' : 'Nothing is taken in or sent until it can write again. Look for room on the disk and for who owns the data folder.', {});
  }
  for (const line of lines ?? []) {
    if (line.state === 'down') add('bad', `Line ${line.id} is down`, line.detail, { way: 'Look at the lines', place: '/lines' });
  }
  if (operator && !lines && operator.lines.down > 0) add('bad', `${plural(operator.lines.down, 'line')} down`, null, { way: 'Look at the lines', place: '/lines' });
  if (operator && operator.disk_free_bytes < LITTLE_BYTES) {
    add(operator.disk_free_bytes < LITTLE_BYTES / 5 ? 'bad' : 'warn', `${bytes(operator.disk_free_bytes)} are free on the disk`,
      'When it is full, nothing can be taken in. Make room, keep files for a shorter time (retention), or move the data folder.', {});
  }
  if (subscriptions.paused > 0) {
    add('bad', `${plural(subscriptions.paused, 'webhook subscription is', 'webhook subscriptions are')} paused`,
      'Its receiver did not take events for long, or said that it is gone. What happens meanwhile waits for it.', { way: 'Mend and resume', place: '/webhooks' });
  }
  if (subscriptions.failing > 0) {
    add('warn', `${plural(subscriptions.failing, 'webhook subscription is', 'webhook subscriptions are')} failing`,
      'Its last attempts were not answered with success. They are tried again for hours, later each time.', { way: 'See the attempts', place: '/webhooks' });
  }
  if (messages.oldest_seconds > LATE_SECONDS) {
    add('warn', late(messages, 'message waits', 'messages wait'), 'They are to be sent. A line is down or slow, or it keeps to its pace.',
      operator ? { way: 'Look at the lines', place: '/lines' } : { way: 'See the conversations', place: '/conversations' });
  }
  if (webhooks.oldest_seconds > LATE_SECONDS && subscriptions.failing + subscriptions.paused === 0) {
    add('warn', late(webhooks, 'webhook waits', 'webhooks wait'), 'A receiver is slow.', { way: 'See the attempts', place: '/webhooks' });
  }
  for (const line of lines ?? []) {
    if (line.state === 'degraded') add('warn', `Line ${line.id} does not work in all`, line.detail, { way: 'Look at the lines', place: '/lines' });
  }
  return found;
}

export function Problems({ server, lines }) {
  const { operator } = useSession();
  const problems = problemsOf(server, operator ? lines : null);
  if (problems.length === 0) return html`<p class="all-well" data-testid="all-well">All is well.</p>`;
  return html`
    <ul class="problems" aria-label="What is wrong">
      ${problems.map(({ tone, title, more, way, place }) => html`
        <li key=${title} class=${`problem ${tone}`} data-testid="problem">
          <div><strong>${title}</strong>${more && html`<p>${more}</p>`}</div>
          ${place && html`<a class="button" href=${to(place)}>${way}</a>`}
        </li>`)}
    </ul>`;
}
