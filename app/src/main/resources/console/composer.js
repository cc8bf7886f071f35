import { html, useEffect, useRef, useState } from '../web/html.js';
import { post, upload } from '../web/api.js';
import { EFFECTS, bytes } from '../web/format.js';
import { Icon } from './icons.js';
import { useAction } from './load.js';
import { useSession } from './session.js';
import { Button, Refusal } from './ui.js';

/** What is said as the agent. A draft stays with its conversation; what nobody answered for is sent again as the same. */

const LONGEST = 18_996;
const drafts = new Map();

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export function Composer({ talk, agent, onSent }) {
  const session = useSession();
  const [text, setText] = useState(() => drafts.get(talk.id) ?? '');
  const [effect, setEffect] = useState('');
  const [file, setFile] = useState(null);
  const active = talk.assignment_status === 'active';
  const area = useRef(null);
  const picker = useRef(null);
  const tried = useRef({ body: null, key: null });
  useEffect(() => {
    if (text) drafts.set(talk.id, text);
    else drafts.delete(talk.id);
    if (!area.current) return;
    area.current.style.height = 'auto';
    area.current.style.height = `${area.current.scrollHeight + 2}px`;
  }, [text, active]);
  const [send, { busy, error }] = useAction(async () => {
    const url = file && (file.url ??= await upload(file.file));
    const body = { conversation_id: talk.id, text: text.trim() || null, media_urls: url ? [url] : null, send_style: effect || null };
    const said = JSON.stringify(body);
    if (tried.current.body !== said) tried.current = { body: said, key: newKey() };
    const { message } = await post('/api/v1/imessage/messages', body, { headers: { 'Idempotency-Key': tried.current.key } });
    tried.current = { body: null, key: null };
    setText('');
    setEffect('');
    setFile(null);
    onSent(message);
    area.current?.focus();
  });
  const handle = agent ? `@${agent.agent_handle}` : 'the agent';
  const empty = !text.trim() && !file;
  const submit = (event) => {
    event.preventDefault();
    if (!empty) send();
  };
  const press = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches) return;
    submit(event);
  };
  if (!active) return html`<p class="talk-closed" data-testid="closed">Not connected: ${handle} can write again once the person texts <code>connect ${handle}</code>.</p>`;
  return html`
    <form class="composer" onSubmit=${submit} data-testid="composer-form">
      <p class="composer-as" data-testid="composer-as">${session.admin ? `Sent as ${handle} by an admin` : `Sent as ${handle}`}</p>
      <textarea ref=${area} class="composer-text" rows="1" dir="auto" maxlength=${LONGEST} aria-label=${`Message as ${handle}`} placeholder="Message" value=${text}
        onInput=${(event) => setText(event.target.value)} onKeyDown=${press} data-testid="composer"></textarea>
      ${file && html`<p class="composer-file" data-testid="composer-file"><span dir="auto">${file.file.name}</span> <span class="muted">${bytes(file.file.size)}</span>
        <button type="button" class="icon-button" aria-label="Take the file out" onClick=${() => setFile(null)}><${Icon} of="close" size=${14} /></button></p>`}
      <${Refusal} error=${error} />
      <div class="composer-end">
        <input ref=${picker} type="file" hidden aria-label="File" data-testid="composer-pick" onChange=${(event) => { const [chosen] = event.target.files; setFile(chosen ? { file: chosen } : null); event.target.value = ''; }} />
        <button type="button" class="icon-button" aria-label="Add a file" onClick=${() => picker.current.click()}><${Icon} of="attach" /></button>
        <select aria-label="Effect" value=${effect} onChange=${(event) => setEffect(event.target.value)} data-testid="composer-effect">
          <option value="" selected=${!effect}>No effect</option>
          ${Object.entries(EFFECTS).map(([name, words]) => html`<option key=${name} value=${name} selected=${effect === name}>${words}</option>`)}
        </select>
        <${Button} type="submit" kind="primary" busy=${busy} disabled=${empty} testid="send">Send<//>
      </div>
    </form>`;
}
