import { html, useEffect, useRef, useState } from '../web/html.js';

/** Asks for the key. */
export function SignIn({ message, onKey }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(null);
  const field = useRef(null);
  useEffect(() => {
    field.current.value = '';
    field.current.focus();
  }, [message]);
  const submit = async (event) => {
    event.preventDefault();
    const key = field.current.value.trim();
    // A header cannot carry anything else.
    if (!/^[\x21-\x7e]+$/.test(key)) return setWrong('That is no key. It starts with ApiKey_.');
    setWrong(null);
    setBusy(true);
    await onKey(key);
    return setBusy(false);
  };
  return html`
    <main class="signin">
      <form class="signin-card" aria-busy=${busy} onSubmit=${submit}>
        <img class="signin-icon" src="web/icon.svg" alt="" width="72" height="72" />
        <h1>Partyline phone</h1>
        <p>A pretend phone for trying your agents. It needs the admin key that the server printed at its first start.</p>
        <label for="key">Admin key</label>
        <input id="key" type="password" ref=${field} autocomplete="off" spellcheck=${false} required placeholder="ApiKey_…"
          aria-describedby="signin-error" data-testid="key-input" />
        <p id="signin-error" class="signin-error" role="alert" data-testid="key-error">${busy ? '' : wrong ?? message}</p>
        <button type="submit" class="primary" data-testid="key-submit">Open the phone</button>
        <p class="fine">The key stays in this tab and is forgotten when you close it.</p>
      </form>
    </main>`;
}
