import { html } from '../web/html.js';
import { patch, post, remove, withQuery } from '../web/api.js';
import { useAction, useLoad } from './load.js';
import { Badge, Button, Refusal } from './ui.js';

/** Whether a number may write to an agent, why, and the button that changes it. */

const WORDS = { open: 'Block', allow_rule: 'Block', block_rule: 'Unblock', not_listed: 'Allow' };

export function Reach({ handle, number }) {
  const rules = `/api/v1/imessage/identities/${handle}/contact-rules`;
  const reach = useLoad(withQuery(`/api/v1/imessage/identities/${handle}/reach`, { number }));
  const rule = async (action, id) => {
    if (id) return patch(`${rules}/${id}`, { action, direction: 'both', status: 'active' });
    return post(rules, { action, match_target: number }).catch((error) => {
      // A rule of before that is paused, or is for one way alone.
      if (!error.detail?.existing_rule_id) throw error;
      return rule(action, error.detail.existing_rule_id);
    });
  };
  const [change, { busy, error }] = useAction(async () => {
    const { reason, matched_rule_id: matched } = reach.data;
    if (reason === 'block_rule') await remove(`${rules}/${matched}`);
    else await rule(reason === 'not_listed' ? 'allow' : 'block', matched);
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
