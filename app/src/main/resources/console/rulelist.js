import { html, useState } from '../web/html.js';
import { prettyNumber } from '../web/format.js';
import { LongList } from './list.js';
import { useList } from './load.js';
import { goQuery, to, usePlace } from './router.js';
import { useSession } from './session.js';
import { Rule } from './rule.js';
import { Badge, Button, Empty } from './ui.js';

/** The rules of one agent or of all, newest first, under what the agents do without any. */

const PAGE = 200;
const ROW = 45;
export const DIRECTIONS = { both: 'both ways', inbound: 'what the person writes', outbound: 'what the agent writes' };
export const contactName = (contact) => contact && (contact.preferred_name ?? [contact.given_name, contact.family_name].filter(Boolean).join(' '));

export function RuleList({ agent, agents }) {
  const { admin } = useSession();
  const { query } = usePlace();
  const [making, setMaking] = useState(false);
  const path = admin
    ? `/api/v1/imessage/contact-rules?limit=${PAGE}${agent ? `&agent_identity_id=${agent.id}` : ''}`
    : agent && `/api/v1/imessage/identities/${agent.agent_handle}/contact-rules?limit=${PAGE}`;
  const list = useList(path, { offset: PAGE });
  const opened = list.items.find((rule) => rule.id === query.get('rule'));
  const close = () => {
    setMaking(false);
    goQuery({ rule: null });
  };
  const owner = opened && agents.byId.get(opened.agent_identity_id);
  return html`
    <div class="bar"><${Modes} of=${agent ? [agent] : agents.agents} admin=${admin} />
      ${admin && agents.agents.length > 0 && html`<${Button} kind="primary" onClick=${() => setMaking(true)} testid="rule-new">New rule<//>`}</div>
    <${LongList} of=${list} height=${ROW} label="Rules" testid="rules"
      row=${(rule) => html`<${Row} rule=${rule} whose=${agent ? '' : agents.nameOf(rule.agent_identity_id)} />`}
      empty=${html`<div class="pane-scroll"><${Empty} title="No rules">The mode above decides for everybody.${admin ? ' A rule decides otherwise for one number.' : ''}<//></div>`} />
    ${making && html`<${Rule} agent=${agent} agents=${agents.agents} onClose=${close} onDone=${list.reload} />`}
    ${opened && owner && html`<${Rule} key=${opened.id} rule=${opened} agent=${owner} agents=${agents.agents} onClose=${close} onDone=${list.reload} />`}`;
}

function Row({ rule, whose }) {
  const name = contactName(rule.contact);
  return html`
    <a class="row-link rule-row" href=${to(`/rules?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(location.search)), rule: rule.id })}`)} data-testid="rule">
      <${Badge} tone=${rule.status === 'paused' ? '' : rule.action === 'allow' ? 'good' : 'bad'}>${rule.action === 'allow' ? 'Allow' : 'Block'}<//>
      <span class="row-main"><span dir="auto">${prettyNumber(rule.match_target)}${name ? html` <span class="muted">${name}</span>` : ''}</span></span>
      <span class="row-end"><span class="wide-only">${DIRECTIONS[rule.direction]}</span>${rule.status === 'paused' && html`<${Badge}>Switched off<//>`}${whose && html`<span>${whose}</span>`}</span>
    </a>`;
}

/** What happens to whom no rule names. */
function Modes({ of, admin }) {
  if (of.length === 1) {
    const [agent] = of;
    const { phone_inbound_filter_mode: inbound, phone_outbound_filter_mode: outbound } = agent;
    return html`
      <p class="hint" data-testid="filter-mode"><strong>@${agent.agent_handle}</strong>: ${SENTENCE[inbound === outbound ? inbound : `${inbound}-${outbound}`]}
        ${admin && html` <a href=${to(`/agents/${agent.agent_handle}`)}>Change the mode</a>`}</p>`;
  }
  const strict = of.filter((agent) => agent.phone_inbound_filter_mode === 'whitelist' || agent.phone_outbound_filter_mode === 'whitelist');
  const some = strict.slice(0, 3).map((agent) => `@${agent.agent_handle}`).join(', ');
  return html`<p class="hint" data-testid="filter-mode">${strict.length === 0
    ? 'Without a rule, everybody may text with every agent.'
    : `Without a rule, nobody may text with ${some}${strict.length > 3 ? ` and ${strict.length - 3} more` : ''}, and everybody with all others.`}</p>`;
}

const SENTENCE = {
  blacklist: 'everybody but whom a rule blocks.',
  whitelist: 'nobody but whom a rule allows.',
  'blacklist-whitelist': 'everybody may write to it but whom a rule blocks; it writes to nobody but whom a rule allows.',
  'whitelist-blacklist': 'nobody may write to it but whom a rule allows; it writes to everybody but whom a rule blocks.',
};
