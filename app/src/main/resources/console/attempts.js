import { html, useEffect } from '../web/html.js';
import { clockTime, fullTime, listTime } from '../web/format.js';
import { Attempt } from './attempt.js';
import { LongList } from './list.js';
import { useList, usePolling } from './load.js';
import { goQuery, to, usePlace } from './router.js';
import { Badge, Empty, Switch } from './ui.js';

/** Every attempt of a webhook, newest first, and the one that is opened beside them. */

const ROW = 45;
const rows = (body) => body.deliveries;

/** How an attempt ended: `[tone, words]`. */
export function outcome({ response_status: status }) {
  if (status === null) return ['bad', 'No answer'];
  return [status >= 200 && status < 300 ? 'good' : 'bad', String(status)];
}

/** Whether it was made up: a test says so in its body. */
export const isTest = ({ request_payload: body }) => /"test":\s*true/.test(body) && JSON.parse(body).test === true;

export const took = (millis) => (millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`);

export function Attempts({ hook }) {
  const { path, query } = usePlace();
  const failed = query.get('failed') === 'yes';
  const chosen = query.get('attempt');
  const list = useList(`/api/v1/webhooks/deliveries?subscription_id=${hook.id}&limit=50${failed ? '&success=false' : ''}`, { rows });
  usePolling(list.refresh, 3);
  const opened = list.items.find((attempt) => attempt.id === chosen);
  // It was reached by a link: it may be new, or further down.
  useEffect(() => {
    if (!chosen || opened || list.loading) return;
    if (list.items.length > 0 && chosen > list.items[0].id) list.refresh();
    else list.more();
  }, [chosen, opened, list.items, list.loading]);
  const linkTo = (attempt) => to(`${path}?${new URLSearchParams({ ...(failed && { failed: 'yes' }), attempt: attempt.id })}`);
  return html`
    <div class=${`split${chosen ? ' opened' : ''}`}>
      <section class="split-list" aria-label="Attempts">
        <${Switch} label="Failed ones alone" checked=${failed} onChange=${(on) => goQuery({ failed: on ? 'yes' : null })} testid="attempts-failed" />
        <${LongList} of=${list} height=${ROW} label="Attempts" testid="attempts"
          row=${(attempt) => html`<${Row} attempt=${attempt} href=${linkTo(attempt)} current=${attempt.id === chosen} />`}
          empty=${html`<${Empty} title=${failed ? 'Nothing failed' : 'Nothing was posted yet'}>${failed ? 'Every post was taken.' : 'Send a test, or text the agent.'}<//>`} />
      </section>
      ${chosen && html`<section class="split-open" aria-label="The attempt">
        <${Attempt} attempt=${opened} missing=${list.end} onClose=${() => goQuery({ attempt: null })} onMade=${(made) => { list.refresh(); goQuery({ attempt: made.id }, { replace: false }); }} />
      </section>`}
    </div>`;
}

function Row({ attempt, href, current }) {
  const [tone, words] = outcome(attempt);
  return html`
    <a class="row-link attempt-row" href=${href} aria-current=${current ? 'true' : undefined} data-testid="attempt">
      <${Badge} tone=${tone} testid="attempt-outcome">${words}<//>
      <span class="row-main"><span>${attempt.event_type}</span></span>
      ${(attempt.is_replay || isTest(attempt)) && html`<span class="muted small">${isTest(attempt) ? 'test' : 'by hand'}</span>`}
      <span class="row-end"><span class="took">${took(attempt.duration_ms)}</span>
        <time datetime=${attempt.created_at} title=${fullTime(attempt.created_at)}>${timeOf(attempt.created_at)}</time></span>
    </a>`;
}

const seconds = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });

/** To the second today, else the day and the minute. */
function timeOf(at) {
  const day = listTime(at);
  return day === clockTime(at) ? seconds.format(new Date(at)) : `${day} ${clockTime(at)}`;
}
