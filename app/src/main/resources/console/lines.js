import { html } from '../web/html.js';
import { duration, plural, prettyNumber } from '../web/format.js';
import { useLoad, usePolling } from './load.js';
import { Ago, Badge, Empty, Facts, Loaded, Page } from './ui.js';
import { useEvents } from './live.js';

/** The lines and how they are; what is wrong comes first. */

const TONES = { up: 'good', degraded: 'warn', down: 'bad', unknown: '' };
const ORDER = ['down', 'degraded', 'unknown', 'up'];

export function Lines() {
  const lines = useLoad('/api/v1/lines');
  useEvents((event) => event.event_type.startsWith('line.') && lines.reload());
  usePolling(lines.reload, 15);
  return html`
    <${Page} title="Lines" lead="Where texts come in and go out. Numbers of pool lines are told to nobody.">
      <${Loaded} of=${lines} what="Asking the lines">${(rows) => rows.length === 0
        ? html`<${Empty} title="No lines">Name some in the configuration, under <code>lines</code>.<//>`
        : html`<ul class="cards">${[...rows].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state))
          .map((line) => html`<${Line} key=${line.id} line=${line} />`)}</ul>`}<//>
    <//>`;
}

function Line({ line }) {
  const dropped = Object.entries(line.dropped);
  return html`
    <li class="card" data-testid="line">
      <header class="card-head">
        <h2>${line.id}</h2><${Badge} tone=${TONES[line.state]} testid="line-state">${line.state}<//>
      </header>
      ${line.detail && html`<p class=${line.state === 'up' ? 'hint' : 'warning'}>${line.detail}</p>`}
      <${Facts} of=${[
        ['Number', line.number ? prettyNumber(line.number) : 'hidden'],
        ['For', line.dedicated ? `${line.dedicated} alone` : line.roles.join(', ')],
        ['Driver', line.driver],
        ['Last text in', html`<${Ago} at=${line.last_inbound_at} />`],
        ['Last delivered', html`<${Ago} at=${line.last_delivered_at} />`],
        ['Waiting', line.oldest_queued_seconds === null ? 'nothing' : `for ${duration(line.oldest_queued_seconds)}`],
        ['Pace', paceWords(line.pace)],
        line.failures_in_a_row > 0 && ['Failed in a row', plural(line.failures_in_a_row, 'send')],
        dropped.length > 0 && ['Left out', dropped.map(([what, count]) => `${what}: ${count}`).join(', ')],
      ]} />
    </li>`;
}

function paceWords({ sends_per_minute: sends, new_people_per_hour: hour, new_people_per_day: day }) {
  const bounds = [sends > 0 && `${plural(sends, 'send')} a minute`, hour > 0 && `${plural(hour, 'new person', 'new people')} an hour`, day > 0 && `${plural(day, 'new person', 'new people')} a day`];
  return bounds.filter(Boolean).join(', ') || 'no bound';
}
