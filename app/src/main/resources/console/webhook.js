import { html, useState } from '../web/html.js';
import { post, remove } from '../web/api.js';
import { fullTime, plural } from '../web/format.js';
import { useAgents } from './agentnames.js';
import { Attempts } from './attempts.js';
import { ChangeWebhook } from './changewebhook.js';
import { eventWords } from './eventwords.js';
import { useEvents } from './live.js';
import { useAction, useLoad, usePolling } from './load.js';
import { ReplayFailed } from './replayfailed.js';
import { go, goQuery, to, usePlace } from './router.js';
import { SignatureCode, SigningKey } from './signature.js';
import { Ago, Button, ConfirmTyped, Facts, Loaded, Page, Refusal, Section, Tabs, toast } from './ui.js';
import { Health, healthOf, shortUrl, waitingWords } from './webhooks.js';

/** One webhook: how its receiver does, every attempt, what it is set to, and how its signature is checked. */

const TABS = [['attempts', 'Attempts'], ['settings', 'Settings'], ['signature', 'Signature']];

export function Webhook({ id }) {
  const { query } = usePlace();
  const hook = useLoad(`/api/v1/webhooks/subscriptions/${encodeURIComponent(id)}`);
  const agents = useAgents();
  const [open, setOpen] = useState(null);
  useEvents((event) => event.event_type === 'subscription.paused' && hook.reload());
  usePolling(hook.reload, 5);
  const [test, testing] = useAction(async () => {
    const attempt = await post(`/api/v1/webhooks/subscriptions/${id}/test`);
    hook.reload();
    goQuery({ tab: null, failed: null, attempt: attempt.id });
  });
  const tab = query.get('tab') ?? 'attempts';
  const actions = hook.data && html`
    <${Button} onClick=${() => setOpen('replay')} testid="webhook-replay">Post again …<//>
    <${Button} onClick=${() => setOpen('change')} testid="webhook-change">Change<//>
    <${Button} kind="primary" onClick=${test} busy=${testing.busy} testid="webhook-test">Send a test<//>`;
  const title = hook.data ? shortUrl(hook.data.url) : 'Webhook';
  const lead = hook.data && html`<a href=${to('/webhooks')}>Webhooks</a> · ${agents.nameOf(hook.data.agent_identity_id)} · <${Health} hook=${hook.data} />`;
  return html`
    <${Page} title=${title} lead=${lead} actions=${actions} wide>
      <${Loaded} of=${hook} what="Asking for the webhook">${(data) => html`
        <${Trouble} hook=${data} onMended=${hook.reload} />
        <${Refusal} error=${testing.error} />
        <${Tabs} items=${TABS} value=${tab} label="About this webhook" onChange=${(next) => goQuery({ tab: next === 'attempts' ? null : next, attempt: null })} />
        ${tab === 'attempts' && html`<${Attempts} hook=${data} />`}
        ${tab === 'settings' && html`<${Settings} hook=${data} agents=${agents} onDelete=${() => setOpen('delete')} />`}
        ${tab === 'signature' && html`<div class="pane-scroll">
          <${SigningKey} agent=${agents.byId.get(data.agent_identity_id)} /><${SignatureCode} /></div>`}
        ${open === 'replay' && html`<${ReplayFailed} hook=${data} onClose=${() => setOpen(null)} />`}
        ${open === 'change' && html`<${ChangeWebhook} hook=${data} onClose=${() => setOpen(null)} onChanged=${hook.reload} />`}
        ${open === 'delete' && html`<${DeleteWebhook} hook=${data} onClose=${() => setOpen(null)} />`}`}<//>
    <//>`;
}

/** What is wrong with it and the ways out; nothing while all is well. */
function Trouble({ hook, onMended }) {
  const [resume, { busy, error }] = useAction(async () => {
    await post(`/api/v1/webhooks/subscriptions/${hook.id}/resume`);
    onMended();
    toast('It goes on, with what waited first');
  });
  const health = healthOf(hook);
  const waits = waitingWords(hook);
  if (health === 'active') return null;
  return html`
    <div class=${`trouble ${health}`} role="status" data-testid="trouble">
      <p>${health === 'paused'
        ? html`<strong>Paused <${Ago} at=${hook.paused_at} />.</strong> ${hook.paused_reason} Nothing is posted until you resume it${waits ? `; ${waits}` : ''}.`
        : html`<strong>Only failures since <${Ago} at=${hook.failing_since} />.</strong> ${waits
          ? `${waits}, and what failed is tried again by itself.`
          : 'What was refused is not tried again.'} Mend the receiver, or its address here; then post again what it missed.`}</p>
      ${health === 'paused' && html`<${Button} onClick=${resume} busy=${busy} testid="webhook-resume">Resume<//>`}
      <${Refusal} error=${error} />
    </div>`;
}

function Settings({ hook, agents, onDelete }) {
  return html`
    <div class="pane-scroll">
      <${Facts} of=${[
        ['Address', html`<code>${hook.url}</code>`],
        ['Agent', html`<a href=${to(`/agents/${agents.byId.get(hook.agent_identity_id)?.agent_handle ?? ''}`)}>${agents.nameOf(hook.agent_identity_id)}</a>`],
        ['Events', html`<ul class="plain">${hook.event_types.map((type) => html`<li key=${type}>${eventWords(type)}${eventWords(type) !== type && html` <code class="muted">${type}</code>`}</li>`)}</ul>`],
        ['Bearer token', hook.has_auth_token ? 'goes along; it is never shown' : 'none'],
        ['History', historyWords(hook.context_config)],
        ['Made', fullTime(hook.created_at)],
        ['Changed', `${fullTime(hook.updated_at)}, revision ${hook.revision}`],
      ]} />
      <${Section} title="End it" hint="Nothing more is posted, also nothing that waits.">
        <${Button} kind="danger" onClick=${onDelete} testid="webhook-delete">Delete this webhook<//>
      <//>
    </div>`;
}

function historyWords(config) {
  const texts = config?.texts;
  if (!texts) return 'none: events alone';
  return texts.mode === 'count' ? `the last ${plural(texts.count, 'text')} go along` : `texts of the last ${plural(texts.hours, 'hour')} go along`;
}

function DeleteWebhook({ hook, onClose }) {
  const end = async () => {
    await remove(`/api/v1/webhooks/subscriptions/${hook.id}?scope=identity`);
    toast('The webhook is gone');
    go('/webhooks');
  };
  return html`
    <${ConfirmTyped} title="Delete this webhook?" word="delete" action="Delete it" onConfirm=${end} onClose=${onClose}>
      <code>${hook.url}</code> hears nothing more, and what waits for it is dropped. What was posted stays in the log.
    <//>`;
}
