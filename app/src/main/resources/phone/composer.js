import { html, useEffect, useLayoutEffect, useRef, useState } from '../web/html.js';
import { EFFECTS, SERVICES } from '../web/format.js';
import { placeNear } from './screen.js';

/** Where the person writes. `drafts` keeps what was begun in each thread; `handle` takes `{ focus, write }`. */

const TYPING_REPEAT_MILLIS = 4000;
const TYPING_IDLE_MILLIS = 8000;
const EMPTY = { text: '', media: '', style: '' };

export function Composer({ handle, line, drafts, service, onSend, onTyping, onFile }) {
  const [, redraw] = useState();
  const field = useRef(null);
  const draft = () => ({ ...EMPTY, ...drafts.get(line) });
  const { text, media, style } = draft();
  const empty = !text.trim() && !media.trim();
  const typing = useTyping(onTyping);
  const write = (changes) => {
    drafts.set(line, { ...draft(), ...changes });
    redraw({});
  };
  handle.current = { write, focus: () => field.current.focus() };
  useLayoutEffect(() => {
    if (CSS.supports('field-sizing: content')) return;
    field.current.style.height = 'auto';
    if (text) field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);

  const send = async (event) => {
    event.preventDefault();
    if (empty) return;
    typing.stop();
    write(EMPTY);
    const sent = await onSend({ to: line, text: text.trim() ? text : undefined, media_url: media.trim() || undefined, send_style: style || undefined });
    if (!sent && !draft().text) write({ text, media, style });
  };
  const extras = [media.trim() && 'With a picture or file', EFFECTS[style]].filter(Boolean);
  return html`
    <form class="composer" data-service=${service} onSubmit=${send}>
      <button class="round plus" type="button" popovertarget="extras" aria-label="Picture and effect" title="Picture and effect" data-testid="extras-button">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v14M5 12h14"/></svg>
      </button>
      <div class="field">
        ${extras.length > 0 && html`<div class="chips" data-testid="extras-chips">${extras.map((label) => html`<span key=${label} class="chip">${label}</span>`)}</div>`}
        <label class="hidden" for="composer">Message</label>
        <textarea id="composer" ref=${field} rows="1" dir="auto" value=${text} placeholder=${SERVICES[service]} data-testid="composer"
          onInput=${(event) => { write({ text: event.target.value }); typing.typed(event.target.value); }}
          onPaste=${(event) => event.clipboardData.files[0] && (event.preventDefault(), onFile(event.clipboardData.files[0]))}
          onKeyDown=${(event) => event.key === 'Enter' && !event.shiftKey && !event.isComposing && send(event)}></textarea>
      </div>
      <button class="round send" type="submit" disabled=${empty} aria-label="Send" title="Send" data-testid="send">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5M6 11l6-6 6 6"/></svg>
      </button>
    </form>
    <${Extras} media=${media} style=${style} onChange=${write} onFile=${onFile} onClose=${() => field.current?.focus()} />`;
}

/** A file, chosen or by its address, and the effect that it is sent with. */
function Extras({ media, style, onChange, onFile, onClose }) {
  const box = useRef(null);
  const address = useRef(null);
  const toggled = ({ newState }) => {
    if (newState !== 'open') return onClose();
    placeNear(box.current, document.querySelector('[popovertarget=extras]').getBoundingClientRect());
    return address.current.focus();
  };
  const choose = async ({ target }) => {
    await onFile(target.files[0]);
    target.value = '';
  };
  return html`
    <div id="extras" ref=${box} class="menu extras" popover="auto" role="dialog" aria-label="Picture and effect" onToggle=${toggled}>
      <label for="media-file">Picture or file</label>
      <input id="media-file" type="file" onChange=${choose} data-testid="media-file" />
      <label for="media-url">or its address</label>
      <input id="media-url" ref=${address} type="url" placeholder="https://…" autocomplete="off" value=${media} data-testid="media-url"
        onInput=${(event) => onChange({ media: event.target.value })} onKeyDown=${(event) => event.key === 'Enter' && box.current.hidePopover()} />
      <label for="send-style">Send with</label>
      <select id="send-style" value=${style} onChange=${(event) => onChange({ style: event.target.value })} data-testid="send-style">
        <option value="">No effect</option>
        ${Object.entries(EFFECTS).map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>
    </div>`;
}

/** Tells `tell(true)` while somebody writes, and `tell(false)` when they stop, send, look away or leave. */
function useTyping(tell) {
  const since = useRef(0);
  const idle = useRef(null);
  const stop = () => {
    clearTimeout(idle.current);
    if (since.current) tell(false);
    since.current = 0;
  };
  const typed = (text) => {
    if (text === '') return stop();
    clearTimeout(idle.current);
    idle.current = setTimeout(stop, TYPING_IDLE_MILLIS);
    if (Date.now() - since.current < TYPING_REPEAT_MILLIS) return undefined;
    since.current = Date.now();
    return tell(true);
  };
  useEffect(() => {
    const away = () => document.hidden && stop();
    document.addEventListener('visibilitychange', away);
    return () => {
      document.removeEventListener('visibilitychange', away);
      stop();
    };
  }, []);
  return { typed, stop };
}
