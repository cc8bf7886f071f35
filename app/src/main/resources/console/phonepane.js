import { html, useEffect, useState } from '../web/html.js';
import { Faults } from './faults.js';
import { Icon } from './icons.js';
import { beside } from './router.js';
import { useSession } from './session.js';
import { Button } from './ui.js';

/** Simulated phones beside the page, each in a frame of its own and with a person of its own. */

const MOST = 3;
const KEPT = 'partyline.phones';

let show = () => {};
export const openPhones = () => show();
/** Whoever draws the pane says here how it is opened. */
export const onOpenPhones = (open) => { show = open; };

/** Opens the phones, where there are any. */
export function PhoneButton() {
  const { operator, server } = useSession();
  return operator && server.simulator ? html`<${Button} onClick=${openPhones} testid="phone-open"><${Icon} of="phone" size=${16} />Text from the phone here<//>` : null;
}

export function PhonePane({ onClose }) {
  const [phones, setPhones] = useState(() => JSON.parse(sessionStorage.getItem(KEPT) ?? '[0]'));
  useEffect(() => sessionStorage.setItem(KEPT, JSON.stringify(phones)), [phones]);
  const add = () => setPhones([...phones, [...Array(MOST).keys()].find((phone) => !phones.includes(phone))]);
  const drop = (phone) => (phones.length === 1 ? onClose() : setPhones(phones.filter((other) => other !== phone)));
  return html`
    <aside class="phone-pane" aria-label="Phones" data-testid="phone-pane">
      <header class="pane-head">
        <h2>Phones <span class="badge warn" title="Nothing here reaches a real phone" data-testid="simulator-label">Simulator</span></h2>
        <${Button} kind="quiet" onClick=${add} disabled=${phones.length === MOST} testid="phone-add">Another<//>
        <button type="button" class="icon-button" aria-label="Close the phones" onClick=${onClose}><${Icon} of="close" size=${16} /></button>
      </header>
      <div class="phones">
        ${phones.map((phone) => html`
          <div key=${phone} class="phone-frame" data-testid="phone-frame">
            ${phones.length > 1 && html`
              <header key="head">Phone ${phone + 1}
                <button type="button" class="icon-button" aria-label=${`Put phone ${phone + 1} away`} onClick=${() => drop(phone)}><${Icon} of="close" size=${14} /></button>
              </header>`}
            <iframe key="phone" title=${`Phone ${phone + 1}`} src=${`${beside('phone')}?pane=${phone}`}></iframe>
          </div>`)}
      </div>
      <${Faults} />
    </aside>`;
}
