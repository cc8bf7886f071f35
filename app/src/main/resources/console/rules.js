import { html } from '../web/html.js';
import { useAgents } from './agentnames.js';
import { Blocked } from './blocked.js';
import { Consents } from './consents.js';
import { goQuery, usePlace } from './router.js';
import { RuleList } from './rulelist.js';
import { useSession } from './session.js';
import { Failure, Loading, Page, SelectField, Tabs } from './ui.js';
import { AskReach } from './verdict.js';

/** Who may text with which agent: rules, what they come to, what they kept out, and who said STOP. */

const TABS = [['rules', 'Rules'], ['reach', 'Would it get through?'], ['blocked', 'Blocked texts'], ['consents', 'STOP and START']];
const FOR_AGENTS = ['rules', 'reach'];

export function Rules() {
  const { admin } = useSession();
  const { query } = usePlace();
  const agents = useAgents();
  const items = TABS.filter(([tab]) => admin || FOR_AGENTS.includes(tab));
  const tab = items.some(([item]) => item === query.get('tab')) ? query.get('tab') : 'rules';
  const agent = admin ? agents.byHandle.get(query.get('agent')) : agents.agents[0];
  const options = [['', 'All agents'], ...agents.agents.map(({ agent_handle: handle }) => [handle, `@${handle}`])];
  const choose = admin && (tab === 'rules' || tab === 'blocked') && html`
    <${SelectField} label="Agent" value=${agent?.agent_handle ?? ''} options=${options} onChange=${(handle) => goQuery({ agent: handle, rule: null, message: null })} testid="rules-agent" />`;
  return html`
    <${Page} title="Rules" lead="Who may text with an agent, and whom it may text." actions=${choose} wide>
      <${Tabs} items=${items} value=${tab} label="Rules" onChange=${(next) => goQuery({ tab: next === 'rules' ? null : next, rule: null, message: null })} />
      ${agents.loading ? html`<${Loading} />` : agents.error ? html`<${Failure} error=${agents.error} />` : html`
        ${tab === 'rules' && html`<${RuleList} key=${agent?.id} agent=${agent} agents=${agents} />`}
        ${tab === 'reach' && html`<${AskReach} agent=${agent} agents=${agents} />`}
        ${tab === 'blocked' && html`<${Blocked} key=${agent?.id} agent=${agent} agents=${agents} />`}
        ${tab === 'consents' && html`<${Consents} agents=${agents} />`}`}
    <//>`;
}
