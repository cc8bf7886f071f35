import { html, useEffect } from '../web/html.js';
import { withQuery } from '../web/api.js';
import { fullTime, listTime, prettyNumber } from '../web/format.js';
import { LongList } from './list.js';
import { useList } from './load.js';
import { to } from './router.js';
import { useSession } from './session.js';
import { placeOf } from './talklist.js';
import { Badge, Empty, Loading } from './ui.js';

/** The messages that say what is searched for, newest first; each opens its conversation there. */

const ROW_PIXELS = 78;

export function TalkSearch({ query, names }) {
  const session = useSession();
  const narrowed = session.admin && query.get('agent');
  const agent = narrowed && names.byHandle.get(narrowed);
  const path = narrowed && !agent ? null : withQuery('/api/v1/imessage/messages', {
    q: query.get('q'),
    limit: 50,
    agent_identity_id: agent?.id,
    is_blocked: query.has('blocked') && session.admin ? true : null,
  });
  const hits = useList(path);
  const { error, reload } = hits;
  const waits = error?.code === 'search_not_ready';
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(reload, (error.retryAfter ?? 5) * 1000);
    return () => clearTimeout(timer);
  }, [error]);

  if (waits) return html`<${Loading} what=${`Reading all messages for the first search, ${error.detail.indexed_percent} % done`} />`;
  return html`
    <${LongList} of=${hits} height=${ROW_PIXELS} label="Messages found" testid="hits"
      empty=${html`<${Empty} title="No message says that">All words must occur, in any order; words in quotes follow each other.<//>`}
      row=${(hit) => html`<${Hit} hit=${hit} query=${query} agent=${session.admin ? names.byId.get(hit.agent_identity_id) : null} />`} />`;
}

function Hit({ hit, query, agent }) {
  const who = hit.direction === 'inbound' ? prettyNumber(hit.remote_number) : html`${agent ? `@${agent.agent_handle}` : 'Agent'} <span class="muted">to ${prettyNumber(hit.remote_number)}</span>`;
  return html`
    <a class="row-link talk-row talk-hit" href=${to(placeOf(hit.conversation_id, query, { at: hit.id }))} aria-current=${query.get('at') === hit.id ? 'true' : undefined} data-testid="hit">
      <span class="row-main">
        <span class="talk-top"><span class="talk-who">${who}${hit.is_blocked && html` <${Badge} tone="bad">blocked<//>`}</span>
          <time class="talk-time" datetime=${hit.created_at} title=${fullTime(hit.created_at)}>${listTime(hit.created_at)}</time></span>
        <span class="talk-snippet" dir="auto" data-testid="snippet">${hit.snippet.map((part) => (part.match ? html`<mark>${part.text}</mark>` : part.text))}</span>
      </span>
    </a>`;
}
