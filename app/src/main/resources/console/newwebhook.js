import { html, useState } from '../web/html.js';
import { post } from '../web/api.js';
import { EventTypes, happensHere } from './eventwords.js';
import { useAction, useLoad } from './load.js';
import { go } from './router.js';
import { Button, Copyable, Dialog, Loaded, Refusal, SelectField, TextField } from './ui.js';

/** Makes a webhook, and shows the agent's signing key if this made its first. */
export function NewWebhook({ agents, own, onClose }) {
  const catalog = useLoad('/api/v1/webhooks/catalog');
  const [made, setMade] = useState(null);
  if (made) return html`<${Made} made=${made} onClose=${() => go(`/webhooks/${made.id}`)} />`;
  return html`
    <${Dialog} title="New webhook" onClose=${onClose} testid="new-webhook">
      <${Loaded} of=${catalog} what="Asking what can be posted">${({ event_types: types }) => html`
        <${Form} agents=${agents} own=${own} types=${types} onClose=${onClose}
          onMade=${(hook) => (hook.signing_key ? setMade(hook) : go(`/webhooks/${hook.id}`))} />`}<//>
    <//>`;
}

function Form({ agents, own, types, onMade, onClose }) {
  const [agent, setAgent] = useState(own?.id ?? agents[0]?.id ?? '');
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState(types.filter(happensHere));
  const [token, setToken] = useState('');
  const [make, { busy, error }] = useAction(async () => onMade(await post('/api/v1/webhooks/subscriptions?scope=identity', {
    agent_identity_id: agent, url: url.trim(), event_types: chosen, ...(token && { auth_token: token }),
  })));
  const submit = (event) => {
    event.preventDefault();
    make();
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <${SelectField} label="Agent" value=${agent} options=${agents.map(({ id, agent_handle: handle }) => [id, `@${handle}`])} onChange=${setAgent} testid="webhook-agent" />
      <${TextField} label="Address" value=${url} onInput=${setUrl} type="url" inputmode="url" required placeholder="https://agent.example/hook" autofocus=${true}
        hint="https, and public; the operator’s own may also be on this machine, such as http://127.0.0.1:9000/hook." testid="webhook-url" />
      <${EventTypes} types=${types} chosen=${chosen} onChange=${setChosen} />
      <${TextField} label="Bearer token (optional)" value=${token} onInput=${setToken} hint="Goes along as Authorization, and is never shown again." testid="webhook-token" />
      <${Refusal} error=${error} />
      <div class="form-end">
        <${Button} onClick=${onClose}>Cancel<//>
        <${Button} type="submit" kind="primary" busy=${busy} disabled=${!url.trim() || chosen.length === 0} testid="webhook-make">Make it<//>
      </div>
    </form>`;
}

function Made({ made, onClose }) {
  return html`
    <${Dialog} title="Made" onClose=${onClose} testid="webhook-made">
      <p>This is the agent’s signing key. Your program checks with it that a post is from this server. It is shown now and never again.</p>
      <${Copyable} text=${made.signing_key} secret testid="signing-key" />
      <p class="hint">Code that checks a signature is on the webhook’s page, under Signature.</p>
      <div class="form-end"><${Button} kind="primary" onClick=${onClose} testid="webhook-made-done">I have it<//></div>
    <//>`;
}
