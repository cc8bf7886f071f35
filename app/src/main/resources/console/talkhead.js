import { html, useState } from '../web/html.js';
import { post } from '../web/api.js';
import { fullTime, prettyNumber } from '../web/format.js';
import { BlockDialog, ReleaseDialog } from './talkdialogs.js';
import { Icon } from './icons.js';
import { lookAgain } from './live.js';
import { useAction, useLoad } from './load.js';
import { Menu } from './menu.js';
import { reachPath } from './reach.js';
import { to, usePlace } from './router.js';
import { useSession } from './session.js';
import { Avatar, Badge, Button, toast } from './ui.js';

const nameOf = (contact) => contact && (contact.preferred_name || [contact.given_name, contact.family_name].filter(Boolean).join(' ') || contact.company_name);

/** Who talks with whom, whether they are connected, and what can be done about it. */
export function TalkHead({ talk, agent, messages = [], onRead }) {
  const session = useSession();
  const { query } = usePlace();
  const [asked, setAsked] = useState(null);
  const contacts = useLoad(talk && `/api/v1/contacts/lookup?phone=${encodeURIComponent(talk.remote_number)}`);
  const reach = useLoad(session.admin && talk && agent ? reachPath(agent.agent_handle, talk.remote_number) : null);
  const name = nameOf(contacts.data?.[0]);
  const blocked = reach.data && !reach.data.allowed;
  const active = talk?.assignment_status === 'active';
  const kept = [...query].filter(([key]) => key !== 'at');
  const back = `/conversations${kept.length ? `?${new URLSearchParams(kept)}` : ''}`;
  const unread = messages.some((message) => message.direction === 'inbound' && !message.is_read && !message.is_blocked);
  const [markRead, { busy }] = useAction(async () => {
    const { updated_count: count } = await post('/api/v1/imessage/mark-read', { conversation_id: talk.id });
    onRead(messages.filter((message) => message.direction === 'inbound' && !message.is_blocked).map((message) => ({ ...message, is_read: true })));
    lookAgain();
    toast(count === 1 ? 'One message marked read' : `${count} messages marked read`);
  });
  return html`
    <header class="talk-head">
      <a class="icon-button talk-back" href=${to(back)} aria-label="All conversations" data-testid="back"><${Icon} of="back" /></a>
      ${talk && html`<${Avatar} name=${name ?? ''} of=${talk.remote_number} />`}
      <div class="talk-title">
        <h1 tabindex="-1" dir="auto" data-testid="talk-title">${talk ? name ?? prettyNumber(talk.remote_number) : 'Conversation'}</h1>
        ${talk && html`<p class="talk-sub">
          <span class="talk-state" data-state=${talk.assignment_status} data-testid="talk-state" title=${fullTime(talk.updated_at)}>${active ? 'connected' : 'released'}</span>
          ${blocked && html`<${Badge} tone="bad" testid="talk-blocked" title=${reach.data.sentence}>blocked<//>`}
          ${agent && html`<span>with @${agent.agent_handle}</span>`}
          ${name && html`<span>${prettyNumber(talk.remote_number)}</span>`}</p>`}
      </div>
      ${talk && html`<div class="actions">
        ${unread && active && !blocked && html`<${Button} onClick=${markRead} busy=${busy} testid="mark-read">Mark read<//>`}
        ${session.admin && html`<${Menu} label="More" testid="talk-more" items=${[
          { label: 'The person', href: to(`/people/${encodeURIComponent(talk.remote_number)}`), testid: 'talk-person' },
          agent && { label: 'The agent', href: to(`/agents/${agent.agent_handle}`) },
          active && { label: 'Release …', onChoose: () => setAsked('release'), testid: 'release' },
          agent && { label: 'Rules and blocked mail', href: to(`/rules?agent=${agent.agent_handle}`), testid: 'talk-rules' },
          agent && !blocked && { label: 'Block …', danger: true, onChoose: () => setAsked('block'), testid: 'block' },
        ]} />`}
      </div>`}
      ${asked === 'release' && html`<${ReleaseDialog} talk=${talk} agent=${agent} onClose=${() => setAsked(null)} />`}
      ${asked === 'block' && html`<${BlockDialog} talk=${talk} agent=${agent} onClose=${() => setAsked(null)} />`}
    </header>`;
}
