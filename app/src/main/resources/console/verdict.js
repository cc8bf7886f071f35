import { html, useState } from '../web/html.js';
import { prettyNumber } from '../web/format.js';
import { useLoad } from './load.js';
import { reachPath } from './reach.js';
import { goQuery, to, usePlace } from './router.js';
import { asNumber } from './rule.js';
import { Badge, Button, Empty, Loaded, SelectField, TextField } from './ui.js';

/** What a number would get: the server decides as it does for a text, and says why. */

const WAYS = [['inbound', 'Writes to the agent'], ['outbound', 'Is written to by the agent']];

export function AskReach({ agent, agents }) {
  const { query } = usePlace();
  const shown = agent ?? agents.agents[0];
  const asked = query.get('number');
  const way = query.get('way') ?? 'inbound';
  const [number, setNumber] = useState(asked ?? '');
  const answer = useLoad(shown && asked ? reachPath(shown.agent_handle, asked, way) : null);
  const submit = (event) => {
    event.preventDefault();
    const wanted = asNumber(number);
    if (wanted === asked) answer.reload();
    goQuery({ number: wanted, agent: agent && shown.agent_handle }, { replace: false });
  };
  if (!shown) return html`<div class="pane-scroll"><${Empty} title="No agents yet">Make <a href=${to('/agents')}>an agent</a> first.<//></div>`;
  const options = agents.agents.map(({ agent_handle: handle }) => [handle, `@${handle}`]);
  return html`
    <div class="pane-scroll">
      <form class="reach-form" onSubmit=${submit}>
        <${TextField} label="Number" value=${number} onInput=${setNumber} type="tel" inputmode="tel" required placeholder="+12025550140" testid="reach-number" />
        ${options.length > 1 && html`<${SelectField} label="Agent" value=${shown.agent_handle} options=${options} onChange=${(handle) => goQuery({ agent: handle })} testid="reach-agent" />`}
        <${SelectField} label="Which way" value=${way} options=${WAYS} onChange=${(next) => goQuery({ way: next })} testid="reach-way" />
        <${Button} type="submit" kind="primary" testid="reach-ask">Ask<//>
      </form>
      ${asked && html`<${Loaded} of=${answer} what="Asking">${(reach) => html`<${Verdict} reach=${reach} handle=${shown.agent_handle} />`}<//>`}
    </div>`;
}

/** The answer: yes or no, why, and the rule that decided. */
export function Verdict({ reach, handle }) {
  return html`
    <div class="card verdict" role="status" data-testid="reach-answer">
      <header class="card-head"><h2>${prettyNumber(reach.number)} and @${handle}</h2><${Badge} tone=${reach.allowed ? 'good' : 'bad'} testid="reach-allowed">${reach.allowed ? 'Gets through' : 'Kept out'}<//></header>
      <p data-testid="reach-sentence">${reach.sentence}</p>
      ${reach.matched_rule_id && html`<p class="hint"><a href=${to(`/rules?agent=${handle}&rule=${reach.matched_rule_id}`)} data-testid="reach-rule">Show the rule</a></p>`}
    </div>`;
}
