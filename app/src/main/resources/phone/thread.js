import { html, useEffect, useRef, useState } from '../web/html.js';
import { post, upload } from '../web/api.js';
import { prettyNumber } from '../web/format.js';
import { Composer } from './composer.js';
import { Face } from './threads.js';
import { Transcript } from './transcript.js';

/** The open conversation: with whom, what was said, and where one writes. */
export function Thread({ person, phone, thread, lines, drafts, takesFocus, send, attempt, open, close }) {
  const { line, name } = thread;
  const heading = useRef(null);
  const composer = useRef(null);
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    if (takesFocus) (matchMedia('(pointer: fine)').matches ? composer : heading).current.focus();
  }, []);
  const hint = line === lines.router ? 'Text “connect @handle” to meet an agent, or “help” to see what else Partyline knows.'
    : lines.own.has(line) ? `This number is ${lines.own.get(line)}’s own: just write.` : null;

  const attach = async (file) => {
    const media = file && await attempt(upload(file));
    if (media) composer.current.write({ media });
  };
  const drag = (event, over) => {
    event.preventDefault();
    setDropping(over);
  };
  return html`
    <div class=${`open-thread${dropping ? ' dropping' : ''}`} onDragOver=${(event) => drag(event, true)} onDragLeave=${() => setDropping(false)}
        onDrop=${(event) => { drag(event, false); attach(event.dataTransfer.files[0]); }}>
      <header class="thread-head">
        <button class="back" type="button" aria-label="Back to conversations" onClick=${close} data-testid="back">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m15 4-8 8 8 8"/></svg>
        </button>
        <div class="thread-who">
          <${Face} name=${name} line=${line} router=${lines.router} />
          <h2 id="thread-name" ref=${heading} tabindex="-1" dir="auto" data-testid="thread-name">${name}</h2>
          <span class="thread-number">${prettyNumber(line)}</span>
        </div>
      </header>
      <p class="offline" role="status">${!phone.online && 'This phone is offline: what it sends and gets waits until it is online again.'}</p>
      <${Transcript} thread=${thread} online=${phone.online} hint=${hint} onMessage=${open}
        onTapback=${(tapback) => attempt(post('/simulator/tapbacks', { from: person, ...tapback }))} />
      <${Composer} handle=${composer} line=${line} drafts=${drafts} service=${phone.service} onFile=${attach} onSend=${send}
        onTyping=${(typing) => post('/simulator/typing', { from: person, to: line, typing }).catch(() => {})} />
    </div>`;
}
