import { html, useEffect, useMemo } from '../web/html.js';
import { fullTime, plural, prettyNumber } from '../web/format.js';
import { useAgents } from './agentnames.js';
import { KEPT, useEventLog } from './eventlog.js';
import { eventWords } from './eventwords.js';
import { Icon } from './icons.js';
import { Json } from './json.js';
import { LongList } from './list.js';
import { EVENT_TYPES } from './live.js';
import { goQuery, to, usePlace } from './router.js';
import { useSession } from './session.js';
import { Button, Empty, Page, SelectField, TextField } from './ui.js';

/** What happens, as it happens, and what happened before: the event log, each event with its JSON. */

const ROW = 37;
/** So many fill the place; with fewer, earlier ones are looked for. */
const ENOUGH = 30;

export function Events() {
  const { admin, operator } = useSession();
  const { path, query } = usePlace();
  const agents = useAgents();
  const type = query.get('type');
  const agent = agents.byHandle.get(query.get('agent'));
  const words = query.get('words') ?? '';
  const chosen = query.get('event');
  const log = useEventLog({ type, agent: agent?.id });
  const shown = useMemo(() => log.rows.filter(matches(type, query.get('agent'), words)), [log.rows, type, query.get('agent'), words]);
  const opened = chosen && log.rows.find((row) => row.id === chosen);
  const filtered = Boolean(type || query.get('agent') || words);
  const list = { items: shown, more: log.earlier, end: log.begun, loading: log.loading || !log.begun, error: log.error, reload: log.earlier };
  useEffect(() => {
    if (shown.length < ENOUGH && !log.begun && !log.loading && !log.error) log.earlier();
  });
  const types = EVENT_TYPES.filter((each) => operator || !each.startsWith('line.'));
  const linkTo = (row) => to(`${path}?${withEvent(query, row.id)}`);
  return html`
    <${Page} title="Events" wide actions=${html`
        <span class="hint" data-testid="events-count">${plural(shown.length, 'event')}${log.rows.length >= KEPT ? ', the newest' : ''}</span>
        <${Button} onClick=${log.paused ? log.goOn : log.pause} testid="events-pause">${log.paused ? (log.held ? `Go on, ${log.held.toLocaleString()} new` : 'Go on') : 'Pause'}<//>`}>
      <div class="filters">
        <${SelectField} label="Type" value=${type ?? ''} options=${[['', 'All types'], ...types.map((each) => [each, each])]} onChange=${(next) => goQuery({ type: next })} testid="events-type" />
        ${admin && html`<${SelectField} label="Agent" value=${query.get('agent') ?? ''} options=${[['', 'All agents'], ...agents.agents.map(({ agent_handle: handle }) => [handle, `@${handle}`])]}
          onChange=${(next) => goQuery({ agent: next })} testid="events-agent" />`}
        <${TextField} label="Words" type="search" value=${words} onInput=${(next) => goQuery({ words: next })} placeholder="In its JSON" testid="events-words" />
      </div>
      <div class=${`split${opened ? ' opened' : ''}`}>
        <section class="split-list" aria-label="Events">
          <${LongList} of=${list} height=${ROW} label="Events, newest first" testid="events"
            row=${(row) => html`<${Row} row=${row} href=${linkTo(row)} current=${row.id === chosen} />`}
            empty=${html`<${Empty} title=${filtered ? 'No such event' : 'Nothing happened yet'}>${filtered ? 'It is shown here as soon as it happens.' : 'Text an agent, and it is here at once.'}<//>`} />
        </section>
        ${opened && html`<section class="split-open" aria-label="The event"><${Opened} row=${opened} /></section>`}
      </div>
    <//>`;
}

function withEvent(query, id) {
  const next = new URLSearchParams(query);
  next.set('event', id);
  return next;
}

const matches = (type, handle, words) => {
  const wanted = words.toLowerCase();
  return (row) => row.event.event_type === 'gap' || ((!type || row.event.event_type === type)
    && (!handle || row.event.agent_identity?.agent_handle === handle) && (!wanted || row.text.includes(wanted)));
};

const seconds = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });

function Row({ row: { event }, href, current }) {
  if (event.event_type === 'gap') return html`<p class="gap-row" title=${event.data.words} data-testid="events-gap">${event.data.words}</p>`;
  return html`
    <a class="row-link event-row" href=${href} aria-current=${current ? 'true' : undefined} data-testid="event">
      <time datetime=${event.timestamp} title=${fullTime(event.timestamp)}>${seconds.format(new Date(event.timestamp))}</time>
      <span class="row-main"><span><span class=${BAD.test(event.event_type) ? 'bad-words' : ''}>${event.event_type}</span> <span class="muted">${inShort(event)}</span></span></span>
      <span class="row-end">${event.agent_identity?.agent_handle && `@${event.agent_identity.agent_handle}`}</span>
    </a>`;
}

/** What somebody may have to look after. */
const BAD = /failed$|paused$|down$/;

/** What is in it, in a few words, of which each reads its own way. */
function inShort({ data }) {
  const { message, reaction, assignment, conversation, subscription, line } = data;
  const words = message?.content ?? reaction?.custom_emoji ?? reaction?.reaction ?? subscription?.url ?? (line && `${line.id} ${line.detail ?? ''}`);
  const number = (message ?? reaction ?? assignment ?? conversation ?? data.typing)?.remote_number;
  return html`${number && prettyNumber(number)} <bdi>${words}</bdi>`;
}

function Opened({ row: { seq, event } }) {
  return html`
    <header class="open-head"><h2>${event.event_type}</h2><span class="spacer"></span>
      <button type="button" class="icon-button" aria-label="Close the event" onClick=${() => goQuery({ event: null })} data-testid="event-close"><${Icon} of="close" size=${16} /></button></header>
    <div class="open-body">
      <p class="hint">${eventWords(event.event_type)}, ${fullTime(event.timestamp)}. Number ${seq}.</p>
      <${Json} label="As it is told" value=${event} testid="event-json" />
    </div>`;
}
