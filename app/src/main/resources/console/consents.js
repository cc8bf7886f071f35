import { html } from '../web/html.js';
import { fullTime, listTime, prettyNumber } from '../web/format.js';
import { LongList } from './list.js';
import { useList } from './load.js';
import { to } from './router.js';
import { Badge, Empty } from './ui.js';

/** Who said STOP or START, when, with which words, and to whom. */

const PAGE = 200;

export function Consents({ agents }) {
  const list = useList(`/api/v1/imessage/consents?limit=${PAGE}`, { offset: PAGE });
  return html`
    <${LongList} of=${list} height=${45} label="STOP and START" testid="consents"
      row=${(consent) => html`<${Row} consent=${consent} agents=${agents} />`}
      empty=${html`<div class="pane-scroll"><${Empty} title="Nobody said STOP">Who texts STOP to an agent hears no more of it; to the router, of none. START takes it back.<//></div>`} />`;
}

function Row({ consent, agents }) {
  const stopped = consent.change === 'stopped';
  return html`
    <a class="row-link rule-row" href=${to(`/people/${consent.remote_number}`)} data-testid="consent">
      <${Badge} tone=${stopped ? 'bad' : 'good'}>${stopped ? 'Stopped' : 'Started'}<//>
      <span class="row-main"><span>${prettyNumber(consent.remote_number)} <span class="muted" dir="auto">“${consent.words}”</span></span></span>
      <span class="row-end"><span>${consent.agent_identity_id ? agents.nameOf(consent.agent_identity_id) : 'all agents, to the router'}</span>
        <time datetime=${consent.created_at} title=${fullTime(consent.created_at)}>${listTime(consent.created_at)}</time></span>
    </a>`;
}
