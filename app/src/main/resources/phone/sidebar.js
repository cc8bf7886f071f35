import { html, useState } from '../web/html.js';
import { PANE } from './pane.js';
import { People } from './people.js';
import { Threads } from './threads.js';

/** Beside the thread: who holds the phone, its conversations, and its switches. */

const CONNECTIONS = { connecting: 'Connecting…', live: 'Live', full: 'Too many phones', reconnecting: 'Reconnecting…' };
const SERVICES = { imessage: 'iMessage', rcs: 'RCS', sms: 'SMS' };

export function Sidebar({ person, phone, connection, listed, line, lines, isUnread, open, begin, change, choose, onLeave }) {
  return html`
    <section class="sidebar" aria-label="Phone">
      <header class="sidebar-head">
        <h1>Messages</h1>
        <span class="connection" role="status" data-state=${connection} data-testid="connection">${CONNECTIONS[connection]}</span>
        ${lines.router && html`
          <button class="round" type="button" aria-label="New message to Partyline" title="New message to Partyline"
              onClick=${() => open(lines.router)} data-testid="compose">
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5H7a3 3 0 0 0-3 3v9a3 3 0 0 0 3 3h9a3 3 0 0 0 3-3v-5"/><path d="m10 14 .6-3L18 3.6l2.4 2.4L13 13.4z"/></svg>
          </button>`}
      </header>
      <${People} person=${person} threads=${phone?.threads.length ?? 0} onChoose=${choose} />
      <nav class="threads" aria-label="Conversations">
        <${Threads} threads=${listed} open=${line} router=${lines.router} isUnread=${isUnread} onOpen=${open} />
        ${phone?.threads.length === 0 && lines.router && html`<${FirstUse} onBegin=${() => begin('connect @echo')} />`}
      </nav>
      ${phone && html`<${Settings} phone=${phone} onChange=${change} onLeave=${onLeave} />`}
    </section>`;
}

const FirstUse = ({ onBegin }) => html`
  <div class="first-use" data-testid="first-use">
    <span class="first-use-art" aria-hidden="true">👋</span>
    <strong>No conversations yet</strong>
    <p>Text <code>connect @echo</code> to Partyline to meet your first agent.</p>
    <button class="primary" type="button" onClick=${onBegin} data-testid="first-use-button">Text Partyline</button>
    <p class="fine">@echo comes with the demo. Any other agent answers to its own handle.</p>
  </div>`;

function Settings({ phone, onChange, onLeave }) {
  const [open] = useState(() => PANE === null && matchMedia('(min-height: 700px)').matches);
  const toggle = (name, label) => html`
    <label><span>${label}</span><input class="switch" type="checkbox" role="switch" checked=${phone[name]}
      onChange=${(event) => onChange({ [name]: event.target.checked })} data-testid=${`${name}-toggle`} /></label>`;
  return html`
    <details class="settings" open=${open} data-testid="settings">
      <summary>This phone</summary>
      ${toggle('online', 'Online')}
      ${toggle('reads', 'Read receipts')}
      <label><span>Service</span>
        <select value=${phone.service} onChange=${(event) => onChange({ service: event.target.value })} data-testid="service-select">
          ${Object.entries(SERVICES).map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
        </select>
      </label>
      ${PANE === null && html`<button class="link" type="button" onClick=${onLeave} data-testid="forget-key">Forget the key</button>`}
    </details>`;
}
