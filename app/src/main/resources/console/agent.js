import { html } from '../web/html.js';
import { useLoad } from './load.js';
import { Badge, Empty, Loaded, Page, Tabs } from './ui.js';
import { goQuery, to, usePlace } from './router.js';
import { useSession } from './session.js';
import { AgentKeys } from './agentkeys.js';
import { AgentSettings } from './agentsettings.js';
import { CardActions, ConnectCard, useConnect } from './card.js';
import { SignatureCode, SigningKey } from './signature.js';

/** `/agents/:handle`: one agent, its keys, how its webhooks are signed, and its card. */
export function Agent({ handle }) {
  const { admin } = useSession();
  const { query } = usePlace();
  const agent = useLoad(`/api/v1/identities/${handle}`);
  const tabs = [['overview', 'Overview'], admin && ['keys', 'Keys'], ['signing', 'Signing'], ['card', 'Connect card']].filter(Boolean);
  const tab = tabs.some(([name]) => name === query.get('tab')) ? query.get('tab') : 'overview';
  const Shown = VIEWS[tab];
  if (agent.error?.code === 'identity_not_found') return html`<${Missing} handle=${handle} />`;
  const title = agent.data?.display_name ?? agent.data?.agent_handle ?? handle;
  return html`
    <${Page} title=${title} lead=${html`@${handle} ${agent.data && html`<${Badge} tone=${agent.data.imessage_enabled ? 'good' : 'warn'} testid="agent-state">${agent.data.imessage_enabled ? 'On' : 'Off'}<//>`}`}
        actions=${agent.data && html`<${Elsewhere} agent=${agent.data} />`}>
      <${Tabs} items=${tabs} value=${tab} onChange=${(name) => goQuery({ tab: name === 'overview' ? null : name })} label="About this agent" />
      <div class="tab-page" role="tabpanel" aria-label=${tabs.find(([name]) => name === tab)[1]}>
        <${Loaded} of=${agent} what="Asking for the agent">${(found) => html`<${Shown} agent=${found} onChange=${(changed) => agent.set(() => changed)} />`}<//>
      </div>
    <//>`;
}

const Missing = ({ handle }) => html`
  <${Page} title=${`@${handle}`}>
    <${Empty} title="No such agent">It is deleted, it has another handle now, or this key may not see it. <a href=${to('/agents')}>All agents</a><//>
  <//>`;

/** What there is of this agent on other pages. */
function Elsewhere({ agent }) {
  const { admin } = useSession();
  return html`
    <a class="button" href=${to(admin ? `/conversations?agent=${agent.agent_handle}` : '/conversations')}>Conversations</a>
    ${admin && html`<a class="button" href=${to(`/rules?agent=${agent.agent_handle}`)}>Rules</a>`}`;
}

function Card({ agent }) {
  const connect = useConnect(agent);
  return html`
    <div class="actions"><${CardActions} agent=${agent} connect=${connect.data} />
      <a class="button quiet" href=${to(`/agents/${agent.agent_handle}/card`)}>As a page of its own</a></div>
    <div class="card-page"><${ConnectCard} agent=${agent} connect=${connect} /></div>`;
}

const Signing = ({ agent }) => html`<${SigningKey} agent=${agent} /><${SignatureCode} />`;

const VIEWS = { overview: AgentSettings, keys: AgentKeys, signing: Signing, card: Card };
