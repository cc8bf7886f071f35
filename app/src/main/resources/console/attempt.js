import { html } from '../web/html.js';
import { post } from '../web/api.js';
import { fullTime } from '../web/format.js';
import { isTest, outcome, took } from './attempts.js';
import { Icon } from './icons.js';
import { Json } from './json.js';
import { useAction } from './load.js';
import { Badge, Button, Facts, Loading, Refusal } from './ui.js';

/** One attempt: what was posted, what came back, and what the server does next. */

export function Attempt({ attempt, missing, onClose, onMade }) {
  const [resend, { busy, error }] = useAction(async () => onMade(await post(`/api/v1/webhooks/deliveries/${attempt.id}/replay`)));
  const close = html`<button type="button" class="icon-button" aria-label="Close the attempt" onClick=${onClose} data-testid="attempt-close"><${Icon} of="close" size=${16} /></button>`;
  if (!attempt) {
    return html`<header class="open-head"><h2>Attempt</h2>${close}</header>
      ${missing ? html`<p class="state">This attempt is not in the list: the log may have forgotten it, or the list shows failed ones alone.</p>` : html`<${Loading} />`}`;
  }
  const [tone, words] = outcome(attempt);
  return html`
    <header class="open-head"><h2>${attempt.event_type}</h2><${Badge} tone=${tone} testid="opened-outcome">${words}<//>
      <span class="spacer"></span>
      <${Button} onClick=${resend} busy=${busy} disabled=${!attempt.replayable} testid="attempt-resend">Send it again<//>${close}</header>
    <div class="open-body">
      <${Refusal} error=${error} />
      ${!attempt.replayable && html`<p class="hint">${WHY_NOT[attempt.replay_unavailable_reason]}</p>`}
      <p class=${tone === 'good' ? 'hint' : 'warning'} data-testid="attempt-words">${inWords(attempt)}</p>
      <${Facts} of=${[
        ['When', fullTime(attempt.created_at)],
        ['To', html`<code>${attempt.url}</code>`],
        ['Took', took(attempt.duration_ms)],
        (attempt.is_replay || isTest(attempt)) && ['Asked for', isTest(attempt) ? 'by hand: a test' : 'by hand'],
      ]} />
      ${attempt.response_body && html`<${Json} label="Its answer" value=${attempt.response_body} testid="attempt-answer" />`}
      ${attempt.response_status !== null && !attempt.response_body && html`<p class="hint">It answered without a body, or this key may not see it.</p>`}
      <${Json} label="What was posted" value=${attempt.request_payload} exact=${attempt.request_payload} testid="attempt-body" />
      <${Headers} attempt=${attempt} />
    </div>`;
}

const WHY_NOT = {
  subscription_deleted: 'It cannot be sent again: the webhook is gone.',
  event_not_subscribed: 'It cannot be sent again: the webhook does not name this event any more.',
};

/** What came of it and what the server does now, as `docs/guides/receiving.md` has it. */
function inWords(attempt) {
  const { response_status: status, error_detail: detail } = attempt;
  const byHand = attempt.is_replay || isTest(attempt);
  if (status === null) return `${detail ? sentence(detail) : 'No whole answer came.'}${byHand ? '' : ' It is tried again, for a day.'}`;
  if (status >= 200 && status < 300) return 'The receiver took it.';
  const said = `The receiver answered ${status}${MEANING[status] ? `: ${MEANING[status]}` : ''}.`;
  if (byHand) return said;
  if (status === 410) return `${said} So the webhook was paused.`;
  if (status === 404 || (status >= 300 && status < 400)) return `${said} It is tried again for an hour: proxies answer so while what is behind them starts.`;
  if ([408, 425, 429].includes(status) || status >= 500) return `${said} It is tried again, for a day.`;
  return `${said} It is not tried again: the same post would be refused again. Mend the receiver, then send it again here.`;
}

const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;

const MEANING = {
  400: 'it did not understand the post', 401: 'it wants another token or signature', 403: 'it refuses this caller', 404: 'nothing is at this address',
  405: 'it takes no posts at this address', 410: 'it is gone for good', 413: 'the post is too large for it', 429: 'it is too busy', 500: 'it failed inside',
  502: 'what is behind its proxy is away', 503: 'it is too busy or not ready', 504: 'what is behind its proxy does not answer',
};

/** The signature is made anew for each attempt and kept nowhere, so only what goes along is told. */
function Headers({ attempt }) {
  return html`
    <details class="headers"><summary>Headers that went along</summary>
      <${Facts} of=${[
        ['Content-Type', html`<code>application/json</code>`],
        ['webhook-id', html`<code>${attempt.event_id}</code>`],
        ['webhook-timestamp', 'seconds since 1970, as X-Inkbox-Timestamp'],
        ['webhook-signature', 'of Standard Webhooks'],
        ['X-Inkbox-Request-ID', 'of this attempt'],
        ['X-Inkbox-Timestamp', 'seconds since 1970'],
        ['X-Inkbox-Signature', 'of this body, under the agent’s signing key'],
      ]} />
      <p class="hint">Signatures are made for each attempt and not kept. With a bearer token there is Authorization, too.</p>
    </details>`;
}
