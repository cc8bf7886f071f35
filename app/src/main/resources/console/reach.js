import { html } from '../web/html.js';
import { patch, post, remove, withQuery } from '../web/api.js';
import { useAction, useLoad } from './load.js';
import { Badge, Button, Refusal } from './ui.js';

/** Whether a number may write to an agent, why, and the button that changes it. */

const WORDS = { open: 'Block', allow_rule: 'Block', block_rule: 'Unblock', not_listed: 'Allow' };

const rulesOf = (handle) => `/api/v1/imessage/identities/${handle}/contact-rules`;

export const reachPath = (handle, number, direction) => withQuery(`/api/v1/imessage/identities/${handle}/reach`, { number, direction });

/** Has a rule allow or block the number both ways: rule `id`, or the one that there is, or a new one. */
export async function decide(handle, number, action, id) {
  if (id) return patch(`${rulesOf(handle)}/${id}`, { action, direction: 'both', status: 'active' });
  return post(rulesOf(handle), { action, match_target: number }).catch((error) => {
    // A rule of before that is paused, or is for one way alone.
    if (!error.detail?.existing_rule_id) throw error;
    return decide(handle, number, action, error.detail.existing_rule_id);
  });
}

export function Reach({ handle, number }) {
  const reach = useLoad(reachPath(handle, number));
  const [change, { busy, error }] = useAction(async () => {
    const { reason, matched_rule_id: matched } = reach.data;
    if (reason === 'block_rule') await remove(`${rulesOf(handle)}/${matched}`);
    else await decide(handle, number, reason === 'not_listed' ? 'allow' : 'block', matched);
    await reach.reload();
  });
  if (!reach.data) return null;
  const { allowed, reason, sentence } = reach.data;
  return html`
    <div class="reach">
      <p class="hint"><${Badge} tone=${allowed ? 'good' : 'bad'} testid="reach">${allowed ? 'May write' : 'May not write'}<//> ${sentence}</p>
      ${WORDS[reason] && html`<${Button} kind=${WORDS[reason] === 'Block' ? 'danger' : ''} busy=${busy} onClick=${change} testid="reach-change">${WORDS[reason]}<//>`}
    </div>
    <${Refusal} error=${error} />`;
}
