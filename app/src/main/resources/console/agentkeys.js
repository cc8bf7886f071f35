import { html, useEffect, useState } from '../web/html.js';
import { get, post } from '../web/api.js';
import { useAction } from './load.js';
import { useEvents } from './live.js';
import { Ago, Badge, Button, Copyable, Dialog, Empty, Loaded, Refusal, Section, SelectField, TextField, toast } from './ui.js';

/** The keys of an agent: made, shown once, revoked. */

const LIFETIMES = [['', 'Never'], ['1', 'In a day'], ['30', 'In 30 days'], ['90', 'In 90 days'], ['365', 'In a year']];
const PAGE = 200;

/** What `useLoad` gives, of all keys of one agent: the list of the API is that of the organization. */
function useKeysOf(agent) {
  const [state, setState] = useState({ data: null, error: null });
  const reload = async () => {
    try {
      const all = [];
      for (let offset = 0, rows; offset === 0 || rows.length === PAGE; offset += PAGE) {
        rows = await get(`/api/v1/api-keys?limit=${PAGE}&offset=${offset}`);
        all.push(...rows);
      }
      setState({ data: all.filter((key) => key.scoped_identity_id === agent.id), error: null });
    } catch (error) {
      setState((before) => ({ ...before, error }));
    }
  };
  useEffect(() => { reload(); }, [agent.id]);
  useEvents((event) => event.event_type === 'live' && reload());
  return { ...state, reload };
}

export function AgentKeys({ agent }) {
  const keys = useKeysOf(agent);
  const [making, setMaking] = useState(false);
  return html`
    <${Section} title="Keys" hint=${html`Send one in the header <code>X-API-Key</code>: it sees this agent and nothing else.`}
        actions=${html`<${Button} kind="primary" onClick=${() => setMaking(true)} testid="key-new">New key<//>`}>
      <${Loaded} of=${keys} what="Asking for the keys">${(rows) => rows.length === 0
        ? html`<${Empty} title="No key yet">Your program needs one to speak for @${agent.agent_handle}.<//>`
        : html`<ul class="rows">${[...rows].sort((one, other) => (one.status > other.status) - (one.status < other.status)).map((key) => html`<${Key} key=${key.id} of=${key} onChange=${keys.reload} />`)}</ul>`}<//>
      ${making && html`<${NewKey} agent=${agent} onMade=${keys.reload} onClose=${() => setMaking(false)} />`}
    <//>`;
}

function Key({ of, onChange }) {
  const [asking, setAsking] = useState(false);
  const expired = of.expires_at && Date.parse(of.expires_at) < Date.now();
  const ended = of.status === 'revoked' || expired;
  return html`
    <li class="plain-row" data-testid="key-row">
      <span class="row-main">
        <strong dir="auto" class=${ended ? 'muted' : ''}>${of.label}</strong>
        <span class="hint"><code>${of.display_prefix}…${of.last4}</code> · made <${Ago} at=${of.created_at} /> · ${of.last_used_at ? html`used <${Ago} at=${of.last_used_at} />` : 'never used'}
          ${of.expires_at && !ended ? html` · ends <${Ago} at=${of.expires_at} />` : null}</span>
      </span>
      <span class="row-end">
        ${ended
          ? html`<${Badge} testid="key-state">${of.status === 'revoked' ? 'Revoked' : 'Expired'}<//>`
          : html`<${Button} kind="danger" onClick=${() => setAsking(true)} testid="key-revoke">Revoke<//>`}
      </span>
      ${asking && html`<${Revoke} of=${of} onDone=${onChange} onClose=${() => setAsking(false)} />`}
    </li>`;
}

function Revoke({ of, onDone, onClose }) {
  const [revoke, { busy, error }] = useAction(async () => {
    await post(`/api/v1/api-keys/${of.id}/revoke`);
    toast('Revoked');
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title="Revoke this key?" onClose=${onClose} testid="revoke">
      <p>“<span dir="auto">${of.label}</span>” is refused from its very next request on, and its streams end. This cannot be undone.</p>
      <${Refusal} error=${error} />
      <div class="form-end"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="danger" busy=${busy} onClick=${revoke} testid="revoke-go">Revoke<//></div>
    <//>`;
}

function NewKey({ agent, onMade, onClose }) {
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('');
  const [key, setKey] = useState(null);
  const [make, { busy, error }] = useAction(async () => {
    const until = days ? new Date(Date.now() + days * 86_400_000).toISOString() : null;
    setKey((await post('/api/v1/api-keys', { label: label.trim(), scoped_identity_id: agent.id, expires_at: until })).api_key);
    onMade();
  });
  if (key) {
    return html`
      <${Dialog} title="The new key" onClose=${onClose} testid="new-key">
        <p>Shown once, so keep it now.</p>
        <${Copyable} text=${key} secret testid="key-text" />
        <div class="form-end"><${Button} kind="primary" onClick=${onClose} testid="key-kept">I have it<//></div>
      <//>`;
  }
  return html`
    <${Dialog} title=${`New key for @${agent.agent_handle}`} onClose=${onClose} testid="new-key">
      <form class="form" onSubmit=${(event) => { event.preventDefault(); make(); }}>
        <${TextField} label="What it is for" value=${label} onInput=${setLabel} required maxlength="255" placeholder="Laptop" testid="key-label" autofocus=${true} />
        <${SelectField} label="Ends" value=${days} options=${LIFETIMES} onChange=${setDays} testid="key-days" />
        <${Refusal} error=${error} />
        <div class="form-end"><${Button} onClick=${onClose}>Cancel<//><${Button} type="submit" kind="primary" busy=${busy} testid="key-make">Make the key<//></div>
      </form>
    <//>`;
}
