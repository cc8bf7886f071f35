import { html, useEffect, useRef } from '../web/html.js';
import { page, withQuery } from '../web/api.js';
import { fullTime, listTime, plural, prettyNumber } from '../web/format.js';
import { LongList } from './list.js';
import { useList, usePolling } from './load.js';
import { useEvents } from './live.js';
import { go, to } from './router.js';
import { useSession } from './session.js';
import { useTypers } from './typers.js';
import { Avatar, Empty, Loading } from './ui.js';

/** The conversations, liveliest first, and in that order also while one looks. */

const ROW_PIXELS = 78;
const REFRESH_MILLIS = 600;
const MOVES = /^(imessage\.(received|sent|delivery_failed)|message\.|connection\.)/;

/** The place of a conversation, with the filters that are set. */
export function placeOf(id, query, more = {}) {
  const kept = Object.fromEntries([...query].filter(([name]) => name !== 'at' && name !== 'search'));
  return withQuery(`/conversations/${id}`, { ...kept, ...more });
}

export function TalkList({ query, names, open }) {
  const session = useSession();
  const narrowed = session.admin && query.get('agent');
  const agent = narrowed && names.byHandle.get(narrowed);
  const path = narrowed && !agent ? null : withQuery('/api/v1/imessage/conversations', {
    limit: 50,
    agent_identity_id: agent?.id,
    remote_number: query.get('number'),
    unread: query.has('unread') ? true : null,
    is_blocked: session.admin ? query.has('blocked') : null,
  });
  const list = useList(path);
  const refresh = useRefresh(list, path);
  useEvents(({ event_type: type }) => (type === 'live' || MOVES.test(type)) && refresh());
  usePolling(refresh, 15);
  const typers = useTypers();
  return html`
    <${LongList} of=${list} height=${ROW_PIXELS} label="Conversations" testid="talk-list" empty=${names.loading ? html`<${Loading} />` : html`<${Nothing} query=${query} />`}
      row=${(talk) => html`<${Row} talk=${talk} query=${query} agent=${session.admin ? names.byId.get(talk.agent_identity_id) : null} open=${talk.id === open} types=${typers.has(talk.id)} />`} />`;
}

/** Looks at the head of the list again, soon and not too often: what moved comes to its place. */
function useRefresh({ items, set, reload }, path) {
  const state = useRef({ timer: null, asks: false });
  const current = useRef(null);
  current.current = { items, path };
  useEffect(() => () => clearTimeout(state.current.timer), []);
  const look = async () => {
    state.current.timer = null;
    const asked = current.current.path;
    if (!asked) return;
    const { rows: head, next } = await page(asked).catch(() => ({}));
    if (!head || asked !== current.current.path) return;
    const ids = new Set(head.map((talk) => talk.id));
    const meets = current.current.items.some((talk) => ids.has(talk.id));
    if (!meets && next) return reload();
    const last = head.at(-1)?.latest_message_at ?? '';
    set((before) => (next ? [...head, ...before.filter((talk) => !ids.has(talk.id) && talk.latest_message_at <= last)] : head));
  };
  return () => {
    state.current.timer ??= setTimeout(look, REFRESH_MILLIS);
  };
}

function Row({ talk, query, agent, open, types }) {
  const unread = talk.unread_count > 0;
  const words = talk.latest_text ?? (talk.latest_has_media ? 'A file' : 'No words');
  return html`
    <a class=${`row-link talk-row${unread ? ' talk-unread' : ''}`} href=${to(placeOf(talk.id, query))} aria-current=${open ? 'true' : undefined} data-testid="talk" data-id=${talk.id}>
      <${Avatar} name="" of=${talk.remote_number} />
      <span class="row-main">
        <span class="talk-top"><span class="talk-who" data-testid="talk-who">${prettyNumber(talk.remote_number)}</span>
          ${talk.latest_message_at && html`<time class="talk-time" datetime=${talk.latest_message_at} title=${fullTime(talk.latest_message_at)}>${listTime(talk.latest_message_at)}</time>`}</span>
        ${types
          ? html`<span class="talk-last talk-types" data-testid="talk-last">typing …</span>`
          : html`<span class="talk-last" dir="auto" data-testid="talk-last">${talk.latest_direction === 'outbound' && html`<span class="hidden">Agent: </span><span aria-hidden="true">↩ </span>`}${words}</span>`}
        <span class="talk-foot">${agent && html`<span class="talk-agent">@${agent.agent_handle}</span>`}
          <span class="talk-state" data-state=${talk.assignment_status}>${talk.assignment_status === 'active' ? 'connected' : 'released'}</span></span>
      </span>
      ${unread && html`<span class="talk-count" data-testid="talk-unread"><span aria-hidden="true">${talk.unread_count > 99 ? '99+' : talk.unread_count}</span><span class="hidden">${plural(talk.unread_count, 'unread message')}</span></span>`}
    </a>`;
}

function Nothing({ query }) {
  if (['agent', 'number', 'unread', 'blocked'].some((name) => query.has(name))) {
    return html`<${Empty} title="Nothing fits">${query.has('unread') ? 'Everything is read. ' : ''}
      <button type="button" class="button quiet" onClick=${() => go('/conversations')} data-testid="all">Show all conversations</button><//>`;
  }
  return html`<${Empty} title="Nobody has written yet">A conversation begins with a person's first text: they text <code>connect @agent</code> to the router, then talk.<//>`;
}
