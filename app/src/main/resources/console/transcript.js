import { html, useCallback, useEffect, useLayoutEffect, useRef, useState } from '../web/html.js';
import { prettyNumber } from '../web/format.js';
import { Bubbles } from './bubbles.js';
import { Composer } from './composer.js';
import { useHistory } from './history.js';
import { useKeptPlace } from './keptplace.js';
import { useLoad } from './load.js';
import { useEvents } from './live.js';
import { useSession } from './session.js';
import { TalkHead } from './talkhead.js';
import { useTypers } from './typers.js';
import { Button, Failure, Loading, useTitle } from './ui.js';

/** One conversation as it goes on: its head, its bubbles, and what may be said in it. */

const NEAR_PIXELS = 900;

export function Transcript({ id, at, names }) {
  const session = useSession();
  const talk = useLoad(`/api/v1/imessage/conversations/${id}`);
  useEvents(({ event_type: type, data }) => type.startsWith('connection.') && data.assignment.remote_number === talk.data?.remote_number && talk.reload());
  const atEnd = useRef(true);
  const history = useHistory(id, at, atEnd);
  const agent = session.agent ?? names.byId.get(talk.data?.agent_identity_id) ?? null;
  const sent = (message) => {
    if (!history.ended) return history.toEnd();
    atEnd.current = true;
    return history.put([message]);
  };
  useTitle(talk.data ? prettyNumber(talk.data.remote_number) : 'Conversation');
  if (talk.error && !talk.data) {
    return html`<section class="talk" aria-label="Conversation"><${TalkHead} />
      <${Failure} error=${talk.error} onRetry=${talk.reload} /></section>`;
  }
  return html`
    <section class="talk" aria-label="Conversation" data-testid="transcript">
      <${TalkHead} talk=${talk.data} agent=${agent} messages=${history.messages} onRead=${history.put} />
      <${Stage} history=${history} at=${at} atEnd=${atEnd} agent=${agent} talk=${talk.data} />
      ${talk.data && html`<${Composer} talk=${talk.data} agent=${agent} onSent=${sent} />`}
    </section>`;
}

function Stage({ history, at, atEnd, agent, talk }) {
  const { messages, begun, ended, busy, error, put } = history;
  const change = useCallback((message) => put([message]), [put]);
  const [far, setFar] = useState(false);
  const [unseen, setUnseen] = useState(false);
  const onMove = ({ fromTop, fromEnd }) => {
    if (fromTop < NEAR_PIXELS) history.older();
    if (fromEnd < NEAR_PIXELS) history.newer();
    setFar(!atEnd.current);
    if (atEnd.current) setUnseen(false);
  };
  const { box, list, note, toRow, toEnd } = useKeptPlace({ atEnd, ended, items: messages, onMove });
  const aimed = useRef(null);
  useLayoutEffect(() => {
    if (!at || aimed.current === at) return;
    const row = [...list.current.children].find((child) => child.dataset.row === at);
    if (!row) return;
    aimed.current = at;
    toRow(row);
  }, [at, messages]);
  const newest = messages.at(-1)?.id;
  const before = useRef({ newest, ended });
  useEffect(() => {
    const came = before.current.ended && ended && newest > before.current.newest;
    if (came && !atEnd.current) setUnseen(true);
    before.current = { newest, ended };
  }, [newest, ended]);
  const typing = useTypers().has(talk?.id);
  const who = talk ? prettyNumber(talk.remote_number) : 'They';
  const goEnd = async () => {
    if (!ended) await history.toEnd();
    toEnd();
  };
  return html`
    <div class="talk-stage">
      <div ref=${box} class="talk-scroll" role="log" aria-label="Messages" aria-busy=${busy} tabindex="-1" onScroll=${note} data-testid="bubbles">
        <div class="talk-edge">${busy && !begun ? html`<${Loading} />` : begun && !error ? (messages.length > 0 ? 'The conversation begins here' : 'Nothing of it is kept any more') : ''}</div>
        <div ref=${list}><${Bubbles} messages=${messages} agent=${agent} talk=${talk} aim=${at} onChange=${change} /></div>
        ${error && html`<${Failure} error=${error} onRetry=${history.retry} />`}
        ${typing && html`<p class="talk-typing" role="status" data-testid="typing"><i></i><i></i><i></i><span class="hidden">${who} is typing</span></p>`}
      </div>
      ${(far || !ended) && messages.length > 0 && html`
        <div class="talk-newest"><${Button} onClick=${goEnd} testid="to-end">${unseen ? 'New messages ↓' : 'To the newest ↓'}<//></div>`}
    </div>`;
}
