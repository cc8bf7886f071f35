import { html } from '../web/html.js';
import { fullTime, listTime, prettyNumber } from '../web/format.js';
import { Icon } from './icons.js';
import { LongList } from './list.js';
import { useAction, useList, useLoad } from './load.js';
import { useEvents } from './live.js';
import { decide, reachPath } from './reach.js';
import { goQuery, to, usePlace } from './router.js';
import { Button, Empty, Facts, Loaded, Refusal, toast } from './ui.js';
import { Verdict } from './verdict.js';

/** What people wrote whom the rules keep out, for admins alone: what it was, why, and the way to let them in. */

const ROW = 58;

export function Blocked({ agent, agents }) {
  const { query } = usePlace();
  const list = useList(`/api/v1/imessage/messages?is_blocked=true&limit=50${agent ? `&agent_identity_id=${agent.id}` : ''}`);
  useEvents((event) => event.event_type === 'live' && list.refresh());
  const chosen = query.get('message');
  const opened = list.items.find((message) => message.id === chosen);
  return html`
    <div class=${`split${opened ? ' opened' : ''}`}>
      <section class="split-list" aria-label="Blocked texts">
        <${LongList} of=${list} height=${ROW} label="Blocked texts" testid="blocked"
          row=${(message) => html`<${Row} message=${message} agents=${agents} current=${message.id === chosen} />`}
          empty=${html`<${Empty} title="Nothing was blocked">What people write whom a rule or a mode keeps out is kept here; the agent never hears of it.<//>`} />
      </section>
      ${opened && html`<section class="split-open" aria-label="The blocked text"><${Opened} key=${opened.id} message=${opened} agents=${agents} /></section>`}
    </div>`;
}

function Row({ message, agents, current }) {
  const href = to(`/rules?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(location.search)), message: message.id })}`);
  return html`
    <a class="row-link" href=${href} aria-current=${current ? 'true' : undefined} data-testid="blocked-text">
      <span class="row-main"><span>${prettyNumber(message.remote_number)} <span class="muted">to ${agents.nameOf(message.agent_identity_id)}</span></span>
        <span class="hint"><bdi>${wordsOf(message)}</bdi></span></span>
      <span class="row-end"><time datetime=${message.created_at} title=${fullTime(message.created_at)}>${listTime(message.created_at)}</time></span>
    </a>`;
}

const wordsOf = (message) => message.content || (message.media?.length ? 'A file' : 'Nothing that is kept');

function Opened({ message, agents }) {
  const agent = agents.byId.get(message.agent_identity_id);
  const reach = useLoad(agent ? reachPath(agent.agent_handle, message.remote_number) : null);
  return html`
    <header class="open-head"><h2>${prettyNumber(message.remote_number)}</h2><span class="spacer"></span>
      <button type="button" class="icon-button" aria-label="Close the text" onClick=${() => goQuery({ message: null })}><${Icon} of="close" size=${16} /></button></header>
    <div class="open-body">
      <blockquote class="blocked-words" dir="auto" data-testid="blocked-words">${wordsOf(message)}</blockquote>
      <${Facts} of=${[
        ['To', agents.nameOf(message.agent_identity_id)],
        ['When', fullTime(message.created_at)],
        ['More', html`<a href=${to(`/conversations/${message.conversation_id}?at=${message.id}`)}>The conversation</a> · <a href=${to(`/people/${message.remote_number}`)}>The person</a>`],
      ]} />
      <h3>What this number gets now</h3>
      ${agent ? html`<${Loaded} of=${reach} what="Asking">${(now) => html`<${Verdict} reach=${now} handle=${agent.agent_handle} />
        <${WayIn} reach=${now} agent=${agent} onDone=${reach.reload} />`}<//>` : html`<p class="hint">The agent is gone.</p>`}
    </div>`;
}

/** How the number is let in: by the rule that keeps it out, by a new one, or elsewhere. */
function WayIn({ reach, agent, onDone }) {
  const [allow, { busy, error }] = useAction(async () => {
    await decide(agent.agent_handle, reach.number, 'allow', reach.matched_rule_id);
    toast('Allowed: what comes from now on goes to the agent');
    onDone();
  });
  if (reach.allowed) return html`<p class="hint">What it wrote before stays here; what comes from now on goes to the agent.</p>`;
  if (reach.reason === 'identity_disabled') return html`<p class="hint"><a href=${to(`/agents/${agent.agent_handle}`)}>Switch the agent on</a> to let texts through.</p>`;
  if (reach.reason === 'hidden') return html`<p class="hint">An admin closed this contact to the agent in the address book, so no rule opens it.</p>`;
  return html`
    <div class="actions"><${Button} kind="primary" onClick=${allow} busy=${busy} testid="blocked-allow">Allow this number<//></div>
    <${Refusal} error=${error} />`;
}
