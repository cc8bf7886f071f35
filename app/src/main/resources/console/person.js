import { html, useState } from '../web/html.js';
import { remove, request } from '../web/api.js';
import { bytes, plural, prettyNumber } from '../web/format.js';
import { save } from './blob.js';
import { useAction, useLoad } from './load.js';
import { useEvents } from './live.js';
import { Ago, Badge, Button, ConfirmTyped, Empty, Facts, Loaded, Page, Refusal, Section, toast } from './ui.js';
import { Reach } from './reach.js';
import { go, to } from './router.js';
import { useSession } from './session.js';

/** `/people/:number`: one person over all agents of the organization. */
export function Person({ number }) {
  const { operator } = useSession();
  const person = useLoad(`/api/v1/people/${encodeURIComponent(number)}`);
  useEvents((event) => event.data?.remote_number === number && person.reload());
  const name = person.data?.contact?.name;
  return html`
    <${Page} title=${name ?? prettyNumber(number)} lead=${html`${name && `${prettyNumber(number)} · `}<a href=${to('/people')}>People</a>`}
        actions=${operator && person.data && html`<${Leaving} number=${number} />`}>
      ${person.error?.code === 'person_not_found'
        ? html`<${Empty} title="Nobody of that number">No agent of this organization has talked with ${prettyNumber(number)}, or what there was is erased.<//>`
        : html`<${Loaded} of=${person} what="Asking who that is">${(found) => html`<${Known} person=${found} />`}<//>`}
    <//>`;
}

function Known({ person }) {
  const { messages, media, media_bytes: size, events } = person.kept;
  return html`
    ${person.stopped_at && html`<p class="warning" data-testid="stopped">Said STOP to everybody <${Ago} at=${person.stopped_at} />: no agent can write until the person texts START to the router.</p>`}
    <${Section} title="Agents">
      ${person.connections.length === 0
        ? html`<${Empty} title="No conversation">This person has talked with no agent yet.<//>`
        : html`<ul class="cards">${person.connections.map((connection) => html`<${Connection} key=${connection.agent_identity_id} of=${connection} number=${person.number} />`)}</ul>`}
    <//>
    <${Section} title="What is kept" hint="Of the conversations with agents of this organization.">
      <${Facts} of=${[
        ['Messages', messages.toLocaleString()],
        ['Files', `${media.toLocaleString()}${media > 0 ? `, ${bytes(size)}` : ''}`],
        ['Events', events === null ? 'not counted: there are too many' : events.toLocaleString()],
      ]} />
    <//>
    <${Section} title="Consent" hint="What the person said about being written to.">
      ${person.consents.length === 0
        ? html`<p class="muted">Neither STOP nor START so far.</p>`
        : html`<ul class="rows">${person.consents.map((consent) => html`<${Consent} key=${consent.id} of=${consent} connections=${person.connections} />`)}</ul>`}
    <//>`;
}

function Connection({ of, number }) {
  return html`
    <li class="card" data-testid="connection">
      <header class="card-head">
        <h3><a href=${to(`/agents/${of.agent_handle}`)}>@${of.agent_handle}</a></h3>
        <${Badge} tone=${of.status === 'active' ? 'good' : ''} testid="connection-state">${of.status === 'active' ? 'Connected' : 'Not connected'}<//>
      </header>
      <${Facts} of=${[
        ['Messages', `${of.messages.toLocaleString()}${of.unread > 0 ? `, ${of.unread} unread` : ''}`],
        of.media > 0 && ['Files', of.media.toLocaleString()],
        ['Connected', html`<${Ago} at=${of.connected_at} />`],
        of.released_at && of.status !== 'active' && ['Released', html`<${Ago} at=${of.released_at} />`],
        ['Last message', html`<${Ago} at=${of.latest_message_at} />`],
      ]} />
      <${Reach} handle=${of.agent_handle} number=${number} />
      ${of.conversation_id && html`<a href=${to(`/conversations/${of.conversation_id}`)}>Read the conversation</a>`}
    </li>`;
}

function Consent({ of, connections }) {
  const agent = connections.find((connection) => connection.agent_identity_id === of.agent_identity_id);
  return html`
    <li class="plain-row">
      <${Badge} tone=${of.change === 'stopped' ? 'bad' : 'good'}>${of.change === 'stopped' ? 'Stopped' : 'Started'}<//>
      <span class="row-main"><span>“<span dir="auto">${of.words}</span>”</span></span>
      <span class="row-end">${of.agent_identity_id ? `to ${agent ? `@${agent.agent_handle}` : 'an agent'}` : 'to the router, so to all'} · <${Ago} at=${of.created_at} /></span>
    </li>`;
}

/** All that is kept, as a file; or forgotten. Both reach over all organizations, as the operator's commands do. */
function Leaving({ number }) {
  const [asking, setAsking] = useState(false);
  const path = `/api/v1/people/${encodeURIComponent(number)}`;
  const [exported, { busy, error }] = useAction(async () => {
    const response = await request('GET', `${path}/export`);
    save(await response.blob(), `partyline-${number}.json`);
  });
  const erase = async () => {
    const { rows, scrubbed } = await remove(`${path}?confirm=${encodeURIComponent(number)}`);
    toast(scrubbed ? `Erased: ${plural(rows, 'row')}` : 'Erased, but the file of the database still has traces: there is no room to copy it. Erase again later.');
    go('/people');
  };
  return html`
    <${Button} busy=${busy} onClick=${exported} testid="person-export">Export<//>
    <${Button} kind="danger" onClick=${() => setAsking(true)} testid="person-erase">Erase<//>
    <${Refusal} error=${error} />
    ${asking && html`
      <${ConfirmTyped} title=${`Erase ${prettyNumber(number)}?`} word=${number} action="Erase the person" onConfirm=${erase} onClose=${() => setAsking(false)}>
        <p>Everything that is kept about this number is forgotten, in all organizations: messages, files, connections, contacts, and rules that name it, blocks too. Only a STOP is still heeded. This cannot be undone.</p>
      <//>`}`;
}
