import { html, useState } from '../web/html.js';
import { post } from '../web/api.js';
import { Icon } from './icons.js';
import { beside } from './router.js';
import { useAction } from './load.js';
import { Button, Refusal, SelectField, toast } from './ui.js';

/** Simulated phones beside the page, each in a frame of its own, and the buttons that let the next thing go wrong. */

const FAULTS = [
  ['drop_receipt', 'Lose a receipt'],
  ['duplicate_inbound', 'Double a text'],
  ['refuse', 'Refuse a send'],
  ['fail', 'Fail after sending'],
  ['fail_no_imessage', 'No iMessage'],
  ['unknown_sent', 'Silence, but sent'],
  ['unknown_lost', 'Silence, and lost'],
];
const MOST = 3;

export function PhonePane({ onClose }) {
  const [phones, setPhones] = useState([0]);
  const add = () => setPhones([...phones, Math.max(...phones) + 1]);
  const drop = (phone) => (phones.length === 1 ? onClose() : setPhones(phones.filter((other) => other !== phone)));
  return html`
    <aside class="phone-pane" aria-label="Phones" data-testid="phone-pane">
      <header class="pane-head">
        <h2>Phones</h2>
        <${Button} kind="quiet" onClick=${add} disabled=${phones.length === MOST} testid="phone-add">Another<//>
        <button type="button" class="icon-button" aria-label="Close the phones" onClick=${onClose}><${Icon} of="close" size=${16} /></button>
      </header>
      <div class="phones">
        ${phones.map((phone) => html`
          <div key=${phone} class="phone-frame">
            <iframe title=${`Phone ${phone + 1}`} src=${`${beside('phone')}?pane=${phone}`}></iframe>
            ${phones.length > 1 && html`<button type="button" class="icon-button phone-drop" aria-label=${`Put phone ${phone + 1} away`} onClick=${() => drop(phone)}><${Icon} of="close" size=${16} /></button>`}
          </div>`)}
      </div>
      <${Faults} />
    </aside>`;
}

function Faults() {
  const [kind, setKind] = useState('drop_receipt');
  const [arm, { busy, error }] = useAction(async () => {
    await post('/simulator/faults', { kind, times: 1 });
    toast(`Next: ${FAULTS.find(([name]) => name === kind)[1].toLowerCase()}`);
  });
  return html`
    <form class="faults" onSubmit=${(event) => { event.preventDefault(); arm(); }}>
      <${SelectField} label="Let the next thing go wrong" value=${kind} options=${FAULTS} onChange=${setKind} testid="fault-kind" />
      <${Button} type="submit" busy=${busy} testid="fault-arm">Arm<//>
      <${Refusal} error=${error} />
    </form>`;
}
