import { html, useState } from '../web/html.js';
import { bytes, duration } from '../web/format.js';
import { useLoad, usePolling } from './load.js';
import { Loaded, Page, Section } from './ui.js';
import { AgentHome } from './agenthome.js';
import { EventChart } from './eventchart.js';
import { MadeAgent, NewAgent } from './newagent.js';
import { Problems } from './problems.js';
import { to } from './router.js';
import { useSession } from './session.js';

/** `/`: what is wrong first, then how much happens; after a first start the way to a first agent. */

export const Home = () => (useSession().admin ? html`<${ServerHome} />` : html`<${AgentHome} />`);

const SECONDS = 10;
/** The agent of `--demo`. */
const DEMO = 'echo';

function ServerHome() {
  const { operator } = useSession();
  const server = useLoad('/api/v1/server');
  const lines = useLoad(operator ? '/api/v1/lines' : null);
  const agents = useLoad('/api/v1/identities');
  usePolling(server.reload, SECONDS);
  usePolling(lines.reload, SECONDS);
  return html`
    <${Page} title="Home" lead=${server.data && `Partyline ${server.data.version}, up for ${duration(server.data.uptime_seconds)}.`}>
      <${Loaded} of=${server} what="Asking how it goes">${(found) => html`
        <${Problems} server=${found} lines=${lines.data} />
        ${agents.data && html`<${FirstAgent} agents=${agents.data} />`}
        <${Section} title="Events"><${EventChart} counts=${found.events_per_minute} /><//>
        <${Section} title="Now"><${Figures} server=${found} agents=${agents.data} /><//>`}<//>
    <//>`;
}

/** Stays once the agent is made, since its key is shown only then. */
function FirstAgent({ agents }) {
  const [first] = useState(() => agents.every((agent) => agent.agent_handle === DEMO));
  const [made, setMade] = useState(null);
  if (!first) return null;
  return html`
    <section class="card first-agent" data-testid="first-agent">
      ${made
        ? html`<h2>@${made.agent.agent_handle} is there</h2><${MadeAgent} made=${made} />`
        : html`<h2>Make your first agent</h2>
          <p class="hint">People text with it in the Messages app that they have. Your program speaks for it with a key.</p>
          <${NewAgent} onMade=${setMade} />`}
    </section>`;
}

function Figures({ server, agents }) {
  const { operator, subscriptions } = server;
  const lines = operator?.lines;
  const known = lines && lines.up + lines.degraded + lines.down + lines.unknown;
  return html`
    <ul class="figures">
      <${Figure} name="Messages waiting" ...${waiting(server.messages_waiting)} />
      <${Figure} name="Webhooks waiting" ...${waiting(server.webhooks_waiting)} place="/webhooks" />
      <${Figure} name="Webhook subscriptions" value=${(subscriptions.active + subscriptions.failing + subscriptions.paused).toLocaleString()}
        more=${unwell(subscriptions)} place="/webhooks" />
      <${Figure} name="Agents" value=${agents ? agents.length.toLocaleString() : '…'} more=${agents && `${agents.filter((agent) => agent.imessage_enabled).length.toLocaleString()} on`} place="/agents" />
      ${lines && html`<${Figure} name="Lines up" value=${`${lines.up} of ${known}`} more=${lines.unknown > 0 ? `${lines.unknown} not heard of yet` : null} place="/lines" />`}
      ${operator && html`
        <${Figure} name="Disk free" value=${bytes(operator.disk_free_bytes)} />
        <${Figure} name="Database" value=${bytes(operator.database_bytes)} more=${`and ${bytes(operator.log_bytes)} of log`} />`}
    </ul>`;
}

const MOST = 1000;
const waiting = ({ count, oldest_seconds: seconds }) => ({
  value: count >= MOST ? `${MOST.toLocaleString()} or more` : count.toLocaleString(),
  more: seconds === null ? null : `the oldest for ${duration(seconds)}`,
});

const unwell = ({ failing, paused }) => [failing > 0 && `${failing} failing`, paused > 0 && `${paused} paused`].filter(Boolean).join(', ') || 'all well';

function Figure({ name, value, more, place }) {
  const inner = html`<span class="figure-name">${name}</span><span class="figure-value">${value}</span><span class="hint">${more || '\u00a0'}</span>`;
  return html`<li>${place ? html`<a class="figure" href=${to(place)}>${inner}</a>` : html`<div class="figure">${inner}</div>`}</li>`;
}
