import { html, useEffect, useState } from '../web/html.js';
import { Faults } from './faults.js';
import { Icon } from './icons.js';
import { beside } from './router.js';
import { useSession } from './session.js';
import { Button } from './ui.js';

/** Simulated phones beside the page, each in a frame of its own and with a person of its own. */

const MOST = 3;
const KEPT = 'partyline.phones';

const kept = () => JSON.parse(sessionStorage.getItem(KEPT) ?? '[0]');
let show = () => {};

/** Opens the phones. The first of them gets `words`, if there are any, ready to be sent to the router. */
export function openPhones(words) {
  if (words) sessionStorage.setItem(`partyline.begin.${kept()[0]}`, words);
  show();
}

/** Whoever draws the pane says here how it is opened. */
export const onOpenPhones = (open) => { show = open; };

/** Whether this key may hold simulated phones, and there are some. */
export const hasPhones = ({ operator, server }) => operator && server.simulator;

export function PhoneButton({ words, onOpen }) {
  const open = () => {
    onOpen?.();
    openPhones(words);
  };
  return hasPhones(useSession()) ? html`<${Button} onClick=${open} testid="phone-open"><${Icon} of="phone" size=${16} />Text from the phone here<//>` : null;
}

export function PhonePane({ onClose }) {
  const [phones, setPhones] = useState(kept);
  useEffect(() => sessionStorage.setItem(KEPT, JSON.stringify(phones)), [phones]);
  const add = () => setPhones([...phones, [...Array(MOST).keys()].find((phone) => !phones.includes(phone))]);
  const drop = (phone) => (phones.length === 1 ? onClose() : setPhones(phones.filter((other) => other !== phone)));
  return html`
    <aside class="phone-pane" aria-label="Phones" data-testid="phone-pane">
      <header class="pane-head">
        <h2>Phones <span class="badge warn" title="Nothing here reaches a real phone" data-testid="simulator-label">Simulator</span></h2>
        <${Button} kind="quiet" onClick=${add} disabled=${phones.length === MOST} testid="phone-add">Another<//>
        <button type="button" class="icon-button" aria-label="Close the phones" data-testid="phone-close" onClick=${onClose}><${Icon} of="close" size=${16} /></button>
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
