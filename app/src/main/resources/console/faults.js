import { html, useState } from '../web/html.js';
import { post } from '../web/api.js';
import { useAction } from './load.js';
import { Refusal } from './ui.js';

/** Buttons that let the next thing on a simulated line go wrong: what, and what comes of it. */

const LATE_MILLIS = 10_000;
const FAULTS = [
  ['The next text of an agent', [
    ['refuse', 'is refused', 'The line never takes it, and the agent hears that it failed.'],
    ['not_sent', 'has to wait', 'The line does not take it now, as when its service answers 500. It is tried again.'],
    ['delay', 'comes late', 'It arrives ten seconds later.'],
    ['fail', 'fails afterwards', 'The line takes it, and later says that it failed.'],
    ['fail_no_imessage', 'finds no iMessage', 'The line takes it, and later says that this person has no iMessage.'],
    ['unknown_sent', 'gets no answer, but goes', 'The line cannot tell whether it took it. It did, and it must not go twice.'],
    ['unknown_lost', 'gets no answer, and is lost', 'The line cannot tell whether it took it. It did not, and it must go again.'],
    ['repeat_id', 'gets an old id', 'The line answers with the id of the text before it.'],
  ]],
  ['The next news for an agent', [
    ['drop_receipt', 'loses a receipt', 'Something is delivered or read, and nobody says so.'],
    ['duplicate_inbound', 'comes twice', 'What a person does next is told twice. The agent must hear it once.'],
  ]],
];

export function Faults() {
  const [armed, setArmed] = useState(null);
  const [arm, { busy, error }] = useAction(async (kind, words) => {
    await post('/simulator/faults', { kind, times: 1, ...(kind === 'delay' && { delay_ms: LATE_MILLIS }) });
    setArmed((before) => ({ kind, words, times: before?.kind === kind ? before.times + 1 : 1 }));
  });
  return html`
    <details class="faults" data-testid="faults">
      <summary>Let something go wrong</summary>
      ${FAULTS.map(([title, faults]) => html`
        <fieldset key=${title}>
          <legend>${title}</legend>
          ${faults.map(([kind, label, words]) => html`
            <button key=${kind} type="button" class="button fault" title=${words} disabled=${busy} onClick=${() => arm(kind, words)}
              data-testid=${`fault-${kind}`}>${label}</button>`)}
        </fieldset>`)}
      <p class="hint" role="status" data-testid="fault-armed">${armed ? `${armed.words}${armed.times > 1 ? ` ${armed.times} times.` : ''}`
        : 'Each press counts once. A phone that is offline has a switch of its own, under “This phone”.'}</p>
      <${Refusal} error=${error} />
    </details>`;
}
