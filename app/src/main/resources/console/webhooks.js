import { html, useState } from '../web/html.js';
import { plural } from '../web/format.js';
import { useAgents } from './agentnames.js';
import { useEvents } from './live.js';
import { useLoad, usePolling } from './load.js';
import { NewWebhook } from './newwebhook.js';
import { to } from './router.js';
import { useSession } from './session.js';
import { Ago, Badge, Button, Empty, Loaded, Page } from './ui.js';

/** Where events are posted; receivers that do badly come first. */

const ORDER = ['paused', 'failing', 'active'];

/** How a receiver does, as the server says it. */
export const healthOf = (hook) => (hook.paused_at ? 'paused' : hook.failing_since ? 'failing' : 'active');

export function Health({ hook }) {
  const health = healthOf(hook);
  const [tone, words] = { paused: ['bad', 'Paused'], failing: ['warn', 'Failing'], active: ['good', 'Fine'] }[health];
  return html`<${Badge} tone=${tone} testid="webhook-health">${words}<//>`;
}

/** What it still has to be told, such as `3 events wait`. */
export function waitingWords({ waiting }) {
  if (!waiting?.count) return null;
  const count = waiting.count >= 1000 ? '1,000 or more events' : plural(waiting.count, 'event');
  return `${count} ${waiting.count === 1 ? 'waits' : 'wait'}`;
}

/** An address without what every one begins with. */
export const shortUrl = (url) => url.replace(/^https?:\/\//, '');

export function Webhooks() {
  const session = useSession();
  const hooks = useLoad('/api/v1/webhooks/subscriptions?scope=identity');
  const agents = useAgents();
  const [making, setMaking] = useState(false);
  useEvents((event) => event.event_type === 'subscription.paused' && hooks.reload());
  usePolling(hooks.reload, 10);
  const can = agents.agents.length > 0;
  const make = html`<${Button} kind="primary" onClick=${() => setMaking(true)} disabled=${!can} testid="webhook-new">New webhook<//>`;
  return html`
    <${Page} title="Webhooks" lead="Events of an agent are posted to an address of yours, signed, until it takes them." actions=${make}>
      <${Loaded} of=${hooks} what="Asking for the webhooks">${({ subscriptions }) => subscriptions.length === 0
        ? html`<${Empty} title="No webhooks yet">
            ${can ? 'Make one to have an agent’s events posted to your program. ' : agents.loading ? '' : html`Make <a href=${to('/agents')}>an agent</a> first. `}
            Programs without an address of their own can <a href=${to('/events')}>listen</a> instead.<//>`
        : html`<ul class="rows" aria-label="Webhooks">${inOrder(subscriptions).map((hook) => html`<${Row} key=${hook.id} hook=${hook} agents=${agents} />`)}</ul>`}<//>
      ${making && html`<${NewWebhook} agents=${agents.agents} own=${session.agent} onClose=${() => setMaking(false)} />`}
    <//>`;
}

const inOrder = (hooks) => [...hooks].sort((one, other) => ORDER.indexOf(healthOf(one)) - ORDER.indexOf(healthOf(other)));

function Row({ hook, agents }) {
  const why = hook.paused_at ? hook.paused_reason : hook.failing_since ? html`Only failures since <${Ago} at=${hook.failing_since} />` : null;
  const told = [waitingWords(hook) ?? plural(hook.event_types.length, 'event type'), why].filter(Boolean);
  return html`
    <li><a class="row-link" href=${to(`/webhooks/${hook.id}`)} data-testid="webhook">
      <span class="row-main">
        <span class="webhook-url" dir="ltr">${shortUrl(hook.url)}</span>
        <span class="hint">${agents.nameOf(hook.agent_identity_id)}${told.map((words) => html` · ${words}`)}</span>
      </span>
      <span class="row-end"><${Health} hook=${hook} /></span>
    </a></li>`;
}
