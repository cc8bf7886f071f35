import { html, useState } from '../web/html.js';
import { plural } from '../web/format.js';
import { useLoad } from './load.js';
import { Avatar, Badge, Button, Dialog, Empty, Loaded, Page } from './ui.js';
import { MadeAgent, NewAgent } from './newagent.js';
import { go, goQuery, to, usePlace } from './router.js';

/** The agents of the organization, and the way to another one. */

const LISTED = 1000;

export function Agents() {
  const { query } = usePlace();
  const [made, setMade] = useState(null);
  const agents = useLoad('/api/v1/identities');
  const words = query.get('search') ?? '';
  const shutNew = () => {
    goQuery({ new: null });
    if (made) go(`/agents/${made.agent.agent_handle}`);
  };
  const found = (rows) => rows.filter((agent) =>
    `${agent.agent_handle} ${agent.display_name ?? ''} ${agent.description ?? ''}`.toLowerCase().includes(words.toLowerCase()));
  const add = html`<${Button} kind="primary" onClick=${() => goQuery({ new: 'yes' })} testid="agent-new">New agent<//>`;
  return html`
    <${Page} title="Agents" lead="Who people may text with." actions=${add}>
      <${Loaded} of=${agents} what="Asking for the agents">${(rows) => rows.length === 0
        ? html`<${Empty} title="No agent yet"><p>An agent has a handle that people text, and a key that your program uses.</p>${add}<//>`
        : html`
          <div class="list-tools">
            <input type="search" aria-label="Find an agent" placeholder="Find by handle, name or description" dir="auto" value=${words}
              onInput=${(event) => goQuery({ search: event.target.value })} data-testid="agent-search" />
            <p class="hint" role="status">${plural(found(rows).length, 'agent')}${rows.length === LISTED ? ', the newest' : ''}</p>
          </div>
          ${found(rows).length === 0
            ? html`<${Empty} title="Nobody by that name">Try other words, or fewer.<//>`
            : html`<ul class="rows" aria-label="Agents">${found(rows).map((agent) => html`<${Row} key=${agent.id} agent=${agent} />`)}</ul>`}`}<//>
      ${query.get('new') && html`
        <${Dialog} title=${made ? `@${made.agent.agent_handle} is there` : 'New agent'} onClose=${shutNew} testid="new-agent" wide=${Boolean(made)}>
          ${made
            ? html`<${MadeAgent} made=${made} onDone=${shutNew} />`
            : html`<${NewAgent} onMade=${(result) => { setMade(result); agents.reload(); }} onCancel=${shutNew} autofocus />`}
        <//>`}
    <//>`;
}

function Row({ agent }) {
  const name = agent.display_name ?? agent.agent_handle;
  return html`
    <li><a class="row-link" href=${to(`/agents/${agent.agent_handle}`)} data-testid="agent-row">
      <${Avatar} name=${name} of=${agent.agent_handle} />
      <span class="row-main">
        <span><strong dir="auto">${name}</strong> <span class="muted">@${agent.agent_handle}</span></span>
        ${agent.description && html`<span class="hint" dir="auto">${agent.description}</span>`}
      </span>
      <span class="row-end">
        ${agent.phone_inbound_filter_mode === 'whitelist' && html`<${Badge}>Invited only<//>`}
        ${!agent.imessage_enabled && html`<${Badge} tone="warn">Off<//>`}
      </span>
    </a></li>`;
}
