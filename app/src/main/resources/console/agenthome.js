import { html } from '../web/html.js';
import { useLoad } from './load.js';
import { useEvents } from './live.js';
import { Badge, Loaded, Page, Section } from './ui.js';
import { CardActions, ConnectCard, useConnect } from './card.js';
import { Usage } from './agentsettings.js';
import { to } from './router.js';
import { useSession } from './session.js';

/** `/` with an agent's key: that agent, alone. */
export function AgentHome() {
  const { agent } = useSession();
  const found = useLoad(`/api/v1/identities/${agent.agent_handle}`);
  const connect = useConnect(found.data);
  return html`
    <${Page} title=${found.data?.display_name ?? `@${agent.agent_handle}`}
        lead=${html`@${agent.agent_handle} ${found.data && html`<${Badge} tone=${found.data.imessage_enabled ? 'good' : 'warn'}>${found.data.imessage_enabled ? 'On' : 'Off'}<//>`}`}
        actions=${html`<a class="button" href=${to(`/agents/${agent.agent_handle}`)} data-testid="agent-settings">Settings</a>`}>
      <${Loaded} of=${found} what="Asking for the agent">${(shown) => html`
        ${!shown.imessage_enabled && html`<p class="warning">It is off: nobody can connect, and no text goes either way. The settings have the switch.</p>`}
        <${Unhealthy} />
        <${Usage} agent=${shown} />
        <${Section} title="How people connect" actions=${connect.data && html`<${CardActions} agent=${shown} connect=${connect.data} />`}>
          <div class="card-page"><${ConnectCard} agent=${shown} connect=${connect} /></div>
        <//>`}<//>
    <//>`;
}

/** Webhook subscriptions that are paused: the agent hears nothing there. */
function Unhealthy() {
  const hooks = useLoad('/api/v1/webhooks/subscriptions?scope=identity');
  useEvents((event) => event.event_type === 'subscription.paused' && hooks.reload());
  const paused = (hooks.data?.subscriptions ?? []).filter((subscription) => subscription.paused_at);
  return paused.length > 0 && html`
    <ul class="problems" aria-label="What is wrong">
      ${paused.map((subscription) => html`
        <li key=${subscription.id} class="problem bad" data-testid="problem">
          <div><strong>A webhook is paused</strong><p>${subscription.paused_reason} <code>${subscription.url}</code></p></div>
          <a class="button" href=${to('/webhooks')}>Mend and resume</a>
        </li>`)}
    </ul>`;
}
