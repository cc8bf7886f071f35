import { html } from '../web/html.js';
import { request } from '../web/api.js';
import { prettyNumber } from '../web/format.js';
import { save, useFile } from './blob.js';
import { useLoad } from './load.js';
import { Avatar, Button, Empty, Failure, Loaded, Loading, Page, toast } from './ui.js';
import { to } from './router.js';

/** The card that tells people how to connect with an agent. */

/** How people reach the agent: what `useLoad` gives of the router's number, the words and the link. */
export const useConnect = (agent) => useLoad(agent && !agent.imessage_number ? `/api/v1/imessage/triage-number?agent_identity_id=${agent.id}` : null);

const qrPath = (agent) => `/api/v1/identities/${agent.agent_handle}/connect-card.svg`;

export function ConnectCard({ agent, connect }) {
  const own = agent.imessage_number?.number;
  if (!own && !connect.data) {
    if (connect.error?.code === 'router_not_found') {
      return html`<${Empty} title="No router line">People connect by a text to the router. Give a line of the configuration the role <code>router</code>.<//>`;
    }
    return connect.error ? html`<${Failure} error=${connect.error} onRetry=${connect.reload} />` : html`<${Loading} what="Writing the card" />`;
  }
  const shared = agent.contact_sharing_enabled;
  const name = (shared && agent.display_name) || `@${agent.agent_handle}`;
  const number = own ?? connect.data.number;
  return html`
    <article class="connect-card" data-testid="connect-card" aria-label=${`How to connect with @${agent.agent_handle}`}>
      <header>
        <${Avatar} name=${name} of=${agent.agent_handle} size="large" />
        <p class="connect-name" dir="auto">${name}</p>
        ${shared && agent.description && html`<p class="connect-about" dir="auto">${agent.description}</p>`}
      </header>
      ${!own && html`<${Code} agent=${agent} />`}
      <p class="connect-how">${own ? html`Text <b>${prettyNumber(own)}</b>` : html`Text <b data-testid="connect-words">${connect.data.connect_command}</b> to <b class="connect-number">${prettyNumber(number)}</b>`}</p>
      <a class="button primary" href=${own ? `sms:${own}` : connect.data.sms_link} data-testid="connect-link">Open Messages</a>
    </article>`;
}

function Code({ agent }) {
  const file = useFile(qrPath(agent));
  if (file.error) return null;
  return html`<div class="connect-code">${file.url
    ? html`<img src=${file.url} alt="QR code that opens Messages with the words filled in" width="200" height="200" data-testid="connect-qr" />`
    : html`<${Loading} what="Drawing the code" />`}</div>`;
}

/** `/agents/:handle/card`: the card alone, to share or print. */
export function CardPage({ handle }) {
  const agent = useLoad(`/api/v1/identities/${handle}`);
  const connect = useConnect(agent.data);
  return html`
    <${Page} title="Connect card" lead=${html`<a href=${to(`/agents/${handle}`)}>@${handle}</a> · to share or to print`}
        actions=${agent.data && html`<${CardActions} agent=${agent.data} connect=${connect.data} />`}>
      <${Loaded} of=${agent} what="Asking for the agent">${(found) => html`
        ${!found.imessage_enabled && html`<p class="warning">This agent is off: whoever texts these words is told that there is no such agent.</p>`}
        <div class="card-page"><${ConnectCard} agent=${found} connect=${connect} /></div>`}<//>
    <//>`;
}

/** What can be done with the card. */
export function CardActions({ agent, connect }) {
  const words = connect && `Text “${connect.connect_command}” to ${prettyNumber(connect.number)}`;
  const copy = () => navigator.clipboard.writeText(words).then(() => toast('Copied: paste it anywhere'), () => toast('The browser allows no copying here'));
  const share = () => navigator.share({ title: agent.display_name ?? agent.agent_handle, text: words }).catch(() => {});
  const keep = () => request('GET', qrPath(agent), { accept: '*/*' }).then((response) => response.blob())
    .then((blob) => save(blob, `connect-${agent.agent_handle}.svg`), (error) => toast(error.message));
  return html`
    ${words && html`
      <${Button} onClick=${copy}>Copy the words<//>
      ${navigator.share && html`<${Button} onClick=${share}>Share<//>`}
      <${Button} onClick=${keep}>Save the code<//>`}
    <${Button} kind="primary" onClick=${() => print()}>Print<//>`;
}
