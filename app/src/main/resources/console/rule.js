import { html, useState } from '../web/html.js';
import { patch, post, remove } from '../web/api.js';
import { prettyNumber } from '../web/format.js';
import { useAction } from './load.js';
import { goQuery } from './router.js';
import { useSession } from './session.js';
import { Button, Dialog, Facts, Refusal, SelectField, Switch, TextField, toast } from './ui.js';

const ACTIONS = [['allow', 'Allow'], ['block', 'Block']];
const WAYS = [['both', 'Both ways'], ['inbound', 'What the person writes'], ['outbound', 'What the agent writes']];

/** A number as the API takes it, of what somebody typed or pasted. */
export const asNumber = (text) => text.replace(/[\s().-]/g, '').replace(/^00/, '+');

/** A rule to be made, or, with `rule`, to be changed or deleted. */
export function Rule({ rule, agent, agents, onClose, onDone }) {
  const { admin } = useSession();
  const [handle, setHandle] = useState((agent ?? agents[0]).agent_handle);
  const [number, setNumber] = useState('');
  const [action, setAction] = useState(rule?.action ?? 'block');
  const [direction, setDirection] = useState(rule?.direction ?? 'both');
  const [active, setActive] = useState(rule?.status !== 'paused');
  const path = `/api/v1/imessage/identities/${handle}/contact-rules`;
  const done = (words) => {
    toast(words);
    onDone();
    onClose();
  };
  const [save, { busy, error }] = useAction(async () => {
    if (!rule) await post(path, { action, match_target: asNumber(number), direction });
    else await patch(`${path}/${rule.id}`, { action, direction, status: active ? 'active' : 'paused' });
    done('In force for the next text');
  });
  const [drop, dropping] = useAction(async () => {
    await remove(`${path}/${rule.id}`);
    done('The rule is gone: the mode decides again');
  });
  const existing = error?.detail?.existing_rule_id;
  const submit = (event) => {
    event.preventDefault();
    save();
  };
  const show = () => {
    onDone();
    onClose();
    goQuery({ agent: handle, rule: existing });
  };
  return html`
    <${Dialog} title=${rule ? prettyNumber(rule.match_target) : 'New rule'} onClose=${onClose} testid="rule-dialog">
      <form class="form" onSubmit=${submit}>
        ${rule ? html`<${Facts} of=${[['Agent', `@${handle}`]]} />`
          : html`
            <${SelectField} label="Agent" value=${handle} options=${agents.map(({ agent_handle: each }) => [each, `@${each}`])} onChange=${setHandle} testid="rule-agent" />
            <${TextField} label="Number" value=${number} onInput=${setNumber} type="tel" inputmode="tel" required placeholder="+12025550140" autofocus=${true}
              hint="With + and the country code." testid="rule-number" />`}
        <${SelectField} label="What becomes of it" value=${action} options=${ACTIONS} onChange=${setAction} disabled=${!admin} testid="rule-action" />
        <${SelectField} label="Which way" value=${direction} options=${WAYS} onChange=${setDirection} disabled=${!admin} hint="Connecting needs both open." testid="rule-direction" />
        ${rule && html`<${Switch} label="In force" hint="Off: it does nothing and keeps its place." checked=${active} onChange=${setActive} disabled=${!admin} testid="rule-active" />`}
        <${Refusal} error=${error ?? dropping.error} />
        ${existing && existing !== rule?.id && html`<p><${Button} kind="quiet" onClick=${show}>Show the rule that is there<//></p>`}
        ${admin && html`<div class="form-end">
          ${rule && html`<${Button} kind="danger" onClick=${drop} busy=${dropping.busy} testid="rule-delete">Delete<//><span class="spacer"></span>`}
          <${Button} onClick=${onClose}>Cancel<//>
          <${Button} type="submit" kind="primary" busy=${busy} disabled=${!rule && !number.trim()} testid="rule-save">${rule ? 'Save' : 'Make it'}<//>
        </div>`}
      </form>
    <//>`;
}
