import { html } from '../web/html.js';
import { remove } from '../web/api.js';
import { prettyNumber } from '../web/format.js';
import { lookAgain } from './live.js';
import { useAction } from './load.js';
import { decide } from './reach.js';
import { Button, Dialog, Refusal, toast } from './ui.js';

/** What ends a conversation, after a question. */

function Question({ title, action, work, onClose, children, testid }) {
  const [run, { busy, error }] = useAction(async () => {
    await work();
    lookAgain();
    onClose();
  });
  return html`
    <${Dialog} title=${title} onClose=${onClose} testid=${testid}>
      <p>${children}</p>
      <${Refusal} error=${error} />
      <div class="form-end"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="danger" busy=${busy} onClick=${run} testid=${`${testid}-go`}>${action}<//></div>
    <//>`;
}

export function ReleaseDialog({ talk, agent, onClose }) {
  const release = async () => {
    await remove(`/api/v1/imessage/assignments/${talk.assignment_id}`);
    toast('Released');
  };
  return html`
    <${Question} title="Release the connection" action="Release" work=${release} onClose=${onClose} testid="release-dialog">
      ${prettyNumber(talk.remote_number)} and ${agent ? `@${agent.agent_handle}` : 'the agent'} cannot write to each other until the person connects again. What was said stays.<//>`;
}

export function BlockDialog({ talk, agent, onClose }) {
  const block = async () => {
    await decide(agent.agent_handle, talk.remote_number, 'block');
    toast('Blocked');
  };
  return html`
    <${Question} title=${`Block ${prettyNumber(talk.remote_number)}`} action="Block" work=${block} onClose=${onClose} testid="block-dialog">
      @${agent.agent_handle} sees nothing more of this person, and cannot write to them. They are not told. What they write is kept for admins, under Rules.<//>`;
}
