import { html, useState } from '../web/html.js';
import { patch } from '../web/api.js';
import { EventTypes } from './eventwords.js';
import { useAction, useLoad } from './load.js';
import { Button, Dialog, Loaded, Refusal, SelectField, TextField, toast } from './ui.js';

const CHANGED = 'subscription_changed';

/** Changes a webhook, unless somebody else did meanwhile: nobody's change is overwritten unseen. */
export function ChangeWebhook({ hook, onClose, onChanged }) {
  const catalog = useLoad('/api/v1/webhooks/catalog');
  return html`
    <${Dialog} title="Change the webhook" onClose=${onClose} testid="change-webhook">
      <${Loaded} of=${catalog} what="Asking what can be posted">${({ event_types: types }) => html`
        <${Form} hook=${hook} types=${types} onClose=${onClose} onChanged=${onChanged} />`}<//>
    <//>`;
}

function Form({ hook, types, onClose, onChanged }) {
  const [from, setFrom] = useState(hook);
  const [url, setUrl] = useState(hook.url);
  const [chosen, setChosen] = useState(hook.event_types);
  const [tokenWish, setTokenWish] = useState('keep');
  const [token, setToken] = useState('');
  const [save, { busy, error }] = useAction(async () => {
    const wish = {
      url: url.trim(), event_types: chosen, expected_revision: from.revision,
      ...(tokenWish === 'set' && { auth_token: token }), ...(tokenWish === 'drop' && { auth_token: null }),
    };
    try {
      await patch(`/api/v1/webhooks/subscriptions/${hook.id}?scope=identity`, wish);
    } finally {
      await onChanged();
    }
    toast('Changed');
    onClose();
  });
  const stale = hook.revision > from.revision && !busy;
  const takeOver = () => {
    setFrom(hook);
    setUrl(hook.url);
    setChosen(hook.event_types);
  };
  const submit = (event) => {
    event.preventDefault();
    save();
  };
  const wishes = [['keep', hook.has_auth_token ? 'Keep the one it has' : 'None'], ['set', hook.has_auth_token ? 'Another one' : 'Set one'], hook.has_auth_token && ['drop', 'Take it away']].filter(Boolean);
  return html`
    <form class="form" onSubmit=${submit}>
      <${TextField} label="Address" value=${url} onInput=${setUrl} type="url" inputmode="url" required testid="webhook-url" />
      <${EventTypes} types=${types} chosen=${chosen} onChange=${setChosen} />
      <${SelectField} label="Bearer token" value=${tokenWish} options=${wishes} onChange=${setTokenWish} />
      ${tokenWish === 'set' && html`<${TextField} label="Token" value=${token} onInput=${setToken} required hint="Never shown again." />`}
      ${stale
        ? html`<div class="warning" role="alert" data-testid="webhook-conflict">
            <p>Somebody changed this webhook while you did. Look at what it is now, then change it again.</p>
            <${Button} kind="quiet" onClick=${takeOver}>Show what it is now<//></div>`
        : error?.code !== CHANGED && html`<${Refusal} error=${error} />`}
      <div class="form-end">
        <${Button} onClick=${onClose}>Cancel<//>
        <${Button} type="submit" kind="primary" busy=${busy} disabled=${stale || !url.trim() || chosen.length === 0} testid="webhook-save">Save<//>
      </div>
    </form>`;
}
