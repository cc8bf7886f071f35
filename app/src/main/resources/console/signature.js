import { html, useEffect, useState } from '../web/html.js';
import { post, request } from '../web/api.js';
import { useAction, useLoad } from './load.js';
import { beside } from './router.js';
import { Ago, Button, ConfirmTyped, CopyButton, Copyable, Dialog, Failure, Loading, Section, SelectField } from './ui.js';

/** The key that an agent's webhooks are signed with: since when, and a new one, which is shown once. */
export function SigningKey({ agent }) {
  const path = agent && `/api/v1/identities/${agent.agent_handle}/signing-key`;
  const status = useLoad(path ?? null);
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState(null);
  if (!agent) return null;
  const rotate = async () => setMade(await post(path));
  const since = status.data?.created_at;
  return html`
    <${Section} title="Signing key" hint=${`One for all webhooks of @${agent.agent_handle}. It was shown when it was made.`}
        actions=${html`<${Button} onClick=${() => setAsking(true)} testid="signing-rotate">Make a new one<//>`}>
      ${status.data && html`<p>${since ? html`Made <${Ago} at=${since} />.` : 'There is none yet.'}</p>`}
      ${asking && html`
        <${ConfirmTyped} title="Make a new signing key?" word=${agent.agent_handle} action="Make it" onConfirm=${rotate} onClose=${() => setAsking(false)}>
          Posts are signed with it from then on. The old one stops at once, unless the operator lets it sign along for a while: have the place ready where your program reads it.
        <//>`}
      ${made && html`
        <${Dialog} title="The new signing key" onClose=${() => { setMade(null); status.reload(); }} testid="signing-made">
          <p>It is shown now and never again.</p>
          <${Copyable} text=${made.signing_key} secret testid="signing-key" />
        <//>`}
    <//>`;
}

const LANGUAGES = { python: 'Python', typescript: 'TypeScript (Node)', java: 'Java', sh: 'Shell' };
const FENCE = /```(\w+) signatures\.\w+\n(.*?)\n```/gis;

/** Code that checks a signature, as the guide for receivers has it. */
export function SignatureCode() {
  const [state, setState] = useState({ codes: null, error: null });
  const [language, setLanguage] = useState('python');
  useEffect(() => {
    const load = async () => {
      const guide = await (await request('GET', '/docs/receiving.md', { accept: 'text/markdown' })).text();
      setState({ codes: Object.fromEntries([...guide.matchAll(FENCE)].map(([, name, code]) => [name, code])), error: null });
    };
    load().catch((error) => setState({ codes: null, error }));
  }, []);
  if (state.error) return html`<${Failure} error=${state.error} />`;
  if (!state.codes) return html`<${Loading} />`;
  const options = Object.entries(LANGUAGES).filter(([name]) => state.codes[name]);
  return html`
    <${Section} title="Check it" hint=${html`Check one of the two signatures over the raw body, before anything else. <a href=${beside('docs/receiving')} target="_blank">The guide</a> tells more.`}
        actions=${html`<${SelectField} label="Language" value=${language} options=${options} onChange=${setLanguage} testid="signature-language" />`}>
      <div class="json">
        <div class="json-head"><h3>${LANGUAGES[language]}</h3><${CopyButton} text=${state.codes[language]} /></div>
        <pre class="code tall" tabindex="0" aria-label=${`Code in ${LANGUAGES[language]}`}><code data-testid="signature-code">${state.codes[language]}</code></pre>
      </div>
    <//>`;
}
