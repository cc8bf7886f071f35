import { html, useEffect, useRef, useState } from '../web/html.js';
import { ROOT, post } from '../web/api.js';
import { useAction } from './load.js';
import { ConnectCard, useConnect } from './card.js';
import { Button, Code, Copyable, Field, Refusal, TextField } from './ui.js';
import { PhoneButton, hasPhones, openPhones } from './phonepane.js';
import { beside, to } from './router.js';
import { useSession } from './session.js';

/** A new agent in one small form: the agent and its first key, and what to do with them. */

/** A handle out of a name: `My Agent` becomes `my-agent`. */
const handleOf = (name) => name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63);

/** Calls `onMade({ agent, key })`, where `key` is the text of its first key, null if that was refused. */
export function NewAgent({ onMade, onCancel, autofocus }) {
  const [name, setName] = useState('');
  const [ownHandle, setOwnHandle] = useState(null);
  const handle = ownHandle ?? handleOf(name);
  const [make, { busy, error }] = useAction(async () => {
    const agent = await post('/api/v1/identities', { agent_handle: handle, display_name: name.trim() || null, imessage_enabled: true });
    const first = post('/api/v1/api-keys', { label: 'First key', scoped_identity_id: agent.id });
    onMade({ agent, key: await first.then((answer) => answer.api_key, () => null) });
  });
  return html`
    <form class="form" onSubmit=${(event) => { event.preventDefault(); make(); }}>
      <div class="form-columns">
      <${TextField} label="Name" hint="What people read on its contact card." value=${name} onInput=${setName} placeholder="My Agent" maxlength="255" testid="agent-name" autofocus=${autofocus} />
      <${Field} label="Handle" hint=${`People text “connect @${handle || 'my-agent'}”.`} error=${error?.message}>${(given) => html`
        <div class="handle-input"><span aria-hidden="true">@</span>
          <input type="text" required minlength="3" maxlength="63" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="my-agent" value=${handle}
            onInput=${(event) => setOwnHandle(event.target.value.replace(/^@/, '').toLowerCase() || null)} data-testid="agent-handle" ...${given} /></div>`}<//>
      </div>
      <div class="form-end">
        ${onCancel && html`<${Button} onClick=${onCancel}>Cancel<//>`}
        <${Button} type="submit" kind="primary" busy=${busy} testid="agent-make">Make the agent<//>
      </div>
    </form>`;
}

/** What somebody needs next: the key, which is shown once, and how people connect. */
export function MadeAgent({ made, onDone }) {
  const { agent, key } = made;
  const session = useSession();
  const connect = useConnect(agent);
  const place = useRef(null);
  // The form that had the focus is gone.
  useEffect(() => place.current.focus({ preventScroll: true }), []);
  const words = connect.data?.connect_command;
  // The phone stands beside the page, where there is room for both and no dialog over them.
  useEffect(() => {
    if (words && !onDone && hasPhones(session) && innerWidth > 1180) openPhones(words);
  }, [words]);
  return html`
    <div class="made" ref=${place} tabindex="-1" role="group" aria-label=${`@${agent.agent_handle} is there`} data-testid="made">
      <div class="made-steps">
        <h3>1. Its key</h3>
        ${key
          ? html`<p class="hint">Shown once, so keep it now. It is all that your program needs.</p><${Copyable} text=${key} secret testid="made-key" />`
          : html`<${Refusal} error=${{ message: 'No key was made. The keys of the agent have a button for it.' }} />`}
        <h3>2. Hear what people write</h3>
        <p class="hint">Each call waits until something happens. <a href=${beside('docs/first-agent')} target="_blank">Your first agent in five minutes</a> goes on from here.</p>
        <${Code} label="A command that waits for events">${`curl '${ROOT.href}api/v1/imessage/events?wait=50' \\\n  -H 'Accept: application/json' -H 'X-API-Key: ${key ?? 'ApiKey_…'}'`}<//>
        <h3>3. Connect</h3>
        <p class="hint">Text these words to the router, from any phone that the lines reach.</p>
        ${words && html`<${Copyable} text=${words} />`}
        <div class="actions"><${PhoneButton} words=${words} onOpen=${onDone} /><a class="button" href=${to(`/agents/${agent.agent_handle}/card`)}>Share or print the card</a></div>
      </div>
      <${ConnectCard} agent=${agent} connect=${connect} />
      ${onDone && html`<div class="form-end made-end"><${Button} kind="primary" onClick=${onDone} testid="made-done">Go to the agent<//></div>`}
    </div>`;
}
