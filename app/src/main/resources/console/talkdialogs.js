import { html } from '../web/html.js';
import { patch, post, remove } from '../web/api.js';
import { prettyNumber } from '../web/format.js';
import { useAction } from './load.js';
import { Button, Dialog, Refusal, toast } from './ui.js';

/** What ends a conversation, after a question. */

function Question({ title, action, work, done, onClose, children, testid }) {
  const [run, { busy, error }] = useAction(async () => {
    await work();
    done();
    onClose();
  });
  return html`
    <${Dialog} title=${title} onClose=${onClose} testid=${testid}>
      <p>${children}</p>
      <${Refusal} error=${error} />
      <div class="form-end"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="danger" busy=${busy} onClick=${run} testid=${`${testid}-go`}>${action}<//></div>
    <//>`;
}

export function ReleaseDialog({ talk, agent, onDone, onClose }) {
  const release = async () => {
    await remove(`/api/v1/imessage/assignments/${talk.assignment_id}`);
    toast('Released');
  };
  return html`
    <${Question} title="Release the connection" action="Release" work=${release} done=${onDone} onClose=${onClose} testid="release-dialog">
      ${prettyNumber(talk.remote_number)} and ${agent ? `@${agent.agent_handle}` : 'the agent'} cannot write to each other until the person connects again. What was said stays.<//>`;
}

/** A rule for this number; one that says otherwise, or rests, is turned. */
async function block(handle, number) {
  const rules = `/api/v1/imessage/identities/${handle}/contact-rules`;
  try {
    await post(rules, { action: 'block', match_target: number });
  } catch (error) {
    if (error.code !== 'duplicate_contact_rule') throw error;
    await patch(`${rules}/${error.detail.existing_rule_id}`, { action: 'block', direction: 'both', status: 'active' });
  }
  toast('Blocked');
}

export function BlockDialog({ talk, agent, onDone, onClose }) {
  return html`
    <${Question} title=${`Block ${prettyNumber(talk.remote_number)}`} action="Block" work=${() => block(agent.agent_handle, talk.remote_number)} done=${onDone} onClose=${onClose} testid="block-dialog">
      @${agent.agent_handle} sees nothing more of this person, and cannot write to them. They are not told. What they write is kept for admins, under Rules.<//>`;
}
