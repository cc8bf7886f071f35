import { html, useEffect, useState } from '../web/html.js';
import { beside } from './router.js';
import { Button, Field } from './ui.js';

export function SignIn({ failure, onKey }) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Partyline';
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    await onKey(key.trim());
    setBusy(false);
  };
  return html`
    <main class="lone">
      <form class="signin" onSubmit=${submit}>
        <img src=${beside('web/icon.svg')} alt="" width="56" height="56" />
        <h1>Partyline</h1>
        <p class="lead">Paste a key to look around. The admin key was printed at the server's first start; an agent's key shows that agent alone.</p>
        <${Field} label="Key" error=${failure?.message} hint="It stays in this tab and is forgotten when you close it.">${(given) => html`
          <input type="password" autocomplete="off" spellcheck="false" required placeholder="ApiKey_…" value=${key} autofocus
            onInput=${(event) => setKey(event.target.value)} data-testid="key-input" ...${given} />`}<//>
        <${Button} type="submit" kind="primary" busy=${busy} testid="key-submit">Open the console<//>
        <p class="hint">No key at hand? On the server, <code>partyline admin-key create</code> makes one.</p>
      </form>
    </main>`;
}
