import { html, useState } from '../web/html.js';
import { patch, remove } from '../web/api.js';
import { duration } from '../web/format.js';
import { useAction, useLoad } from './load.js';
import { useEvents } from './live.js';
import { Ago, Button, ConfirmTyped, Facts, Refusal, Section, SelectField, Switch, TextField, toast } from './ui.js';
import { go } from './router.js';
import { useSession } from './session.js';

/** What an agent is called, whether it is on, who reaches it, and how much it sends. */

const INBOUND = [['blacklist', 'Everybody but whom a rule blocks'], ['whitelist', 'Only whom a rule allows']];
const address = (agent) => `/api/v1/identities/${agent.agent_handle}`;

export function AgentSettings({ agent, onChange }) {
  const { admin } = useSession();
  const [change, { busy, error }] = useAction(async (body) => onChange(await patch(address(agent), body)));
  return html`
    <${Names} agent=${agent} onChange=${onChange} />
    <${Section} title="Reach">
      <div class="settings">
        <${Switch} label="On" hint="People can connect, and texts go either way. What comes while it is off is kept for admins alone." checked=${agent.imessage_enabled}
          disabled=${busy} onChange=${(on) => change({ imessage_enabled: on })} testid="agent-on" />
        <${Switch} label="Tell who it is" hint="Its contact card shows its name and description; else its handle and number alone." checked=${agent.contact_sharing_enabled}
          disabled=${busy} onChange=${(on) => change({ contact_sharing_enabled: on })} testid="agent-sharing" />
        ${admin && html`
          <div class="settings-row"><${SelectField} label="Who may write to it" value=${agent.phone_inbound_filter_mode} options=${INBOUND} disabled=${busy}
            onChange=${(mode) => change({ phone_inbound_filter_mode: mode })} testid="agent-inbound" /></div>
          <div class="settings-row"><${SelectField} label="Whom it may write to" value=${agent.phone_outbound_filter_mode} options=${INBOUND} disabled=${busy}
            onChange=${(mode) => change({ phone_outbound_filter_mode: mode })} testid="agent-outbound" /></div>`}
      </div>
      <${Refusal} error=${error} />
    <//>
    <${Usage} agent=${agent} />
    <${Section} title="For your program">
      <${Facts} of=${[
        ['Id', html`<code>${agent.id}</code>`],
        agent.imessage_number && ['Number of its own', agent.imessage_number.number],
        ['Made', html`<${Ago} at=${agent.created_at} />`],
      ]} />
    <//>
    ${admin && html`<${Ending} agent=${agent} />`}`;
}

function Names({ agent, onChange }) {
  const { admin } = useSession();
  const [draft, setDraft] = useState({});
  const edit = (name) => (value) => setDraft((before) => ({ ...before, [name]: value }));
  const value = (name) => draft[name] ?? agent[name] ?? '';
  const [save, { busy, error }] = useAction(async () => {
    const changed = await patch(address(agent), { ...draft, ...('description' in draft && { description: draft.description.trim() || null }) });
    setDraft({});
    onChange(changed);
    toast('Saved');
    if (changed.agent_handle !== agent.agent_handle) go(`/agents/${changed.agent_handle}`, { replace: true });
  });
  const changed = Object.keys(draft).some((name) => draft[name] !== (agent[name] ?? ''));
  return html`
    <form class="form names" onSubmit=${(event) => { event.preventDefault(); save(); }}>
      <${TextField} label="Name" value=${value('display_name')} onInput=${edit('display_name')} maxlength="255" testid="agent-name" />
      ${admin && html`<${TextField} label="Handle" value=${value('agent_handle')} onInput=${edit('agent_handle')} required maxlength="64" testid="agent-handle" dir="ltr"
        hint=${'agent_handle' in draft ? 'People must text the new handle from then on; who is connected stays so.' : null} />`}
      <${TextField} label="What it is for" multiline value=${value('description')} onInput=${edit('description')} maxlength="4000" testid="agent-description" />
      <${Refusal} error=${error} />
      ${changed && html`<div class="form-end">
        <${Button} onClick=${() => setDraft({})}>Undo<//>
        <${Button} type="submit" kind="primary" busy=${busy} testid="agent-save">Save<//>
      </div>`}
    </form>`;
}

export function Usage({ agent }) {
  const usage = useLoad(`${address(agent)}/usage`);
  useEvents((event) => event.event_type === 'imessage.sent' && event.agent_identity?.id === agent.id && usage.reload());
  if (!usage.data) return null;
  const { sends_24h: sent, limit, resets_at: resets } = usage.data;
  return html`
    <${Section} title="In the last 24 hours" testid="usage">
      <${Gauge} label="Messages sent" count=${sent} limit=${limit} />
      ${limit !== null && resets && html`<p class="hint">The oldest of them leaves the count in ${duration(Math.max(0, (Date.parse(resets) - Date.now()) / 1000))}.</p>`}
    <//>`;
}

function Gauge({ label, count, limit }) {
  const full = limit && count >= limit;
  return html`
    <div class="gauge">
      <p><span>${label}</span><span class=${full ? 'gauge-full' : 'muted'}>${count.toLocaleString()}${limit ? ` of ${limit.toLocaleString()}` : ', no cap'}</span></p>
      ${limit ? html`<progress class=${full ? 'full' : ''} value=${Math.min(count, limit)} max=${limit} aria-label=${`${label}: ${count} of ${limit}`}></progress>` : null}
    </div>`;
}

function Ending({ agent }) {
  const [asking, setAsking] = useState(false);
  const end = async () => {
    await remove(address(agent));
    toast(`@${agent.agent_handle} is deleted`);
    go('/agents');
  };
  return html`
    <${Section} title="Delete" hint="Ends its connections and subscriptions, revokes its keys, deletes its rules and files. What was said stays readable for admins. Nobody else can take the handle for 180 days."
        actions=${html`<${Button} kind="danger" onClick=${() => setAsking(true)} testid="agent-delete">Delete the agent<//>`}>
      ${asking && html`
        <${ConfirmTyped} title=${`Delete @${agent.agent_handle}?`} word=${agent.agent_handle} action="Delete the agent" onConfirm=${end} onClose=${() => setAsking(false)}>
          <p>People who are connected with it are disconnected. This cannot be undone.</p>
        <//>`}
    <//>`;
}
