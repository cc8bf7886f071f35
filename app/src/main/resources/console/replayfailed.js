import { html, useState } from '../web/html.js';
import { post, withQuery } from '../web/api.js';
import { plural } from '../web/format.js';
import { useAction } from './load.js';
import { Button, Dialog, Refusal, SelectField, toast } from './ui.js';

const SPANS = [['3600', 'the last hour'], ['86400', 'the last day'], ['604800', 'the last week'], ['', 'all that is kept']];

/** Posts again what a webhook's receiver never took. */
export function ReplayFailed({ hook, onClose }) {
  const [span, setSpan] = useState('86400');
  const [replay, { busy, error }] = useAction(async () => {
    const since = span && new Date(Date.now() - Number(span) * 1000).toISOString();
    const { queued } = await post(withQuery(`/api/v1/webhooks/subscriptions/${hook.id}/replay`, { since }));
    toast(queued === 0 ? 'Nothing failed for good in that time' : `${plural(queued, 'event')} ${queued === 1 ? 'is' : 'are'} posted again`);
    onClose();
  });
  const submit = (event) => {
    event.preventDefault();
    replay();
  };
  return html`
    <${Dialog} title="Post again what failed" onClose=${onClose} testid="replay-failed">
      <form class="form" onSubmit=${submit}>
        <p>Every event that this webhook never took and that is not tried any more is posted once more, with its own id and body.</p>
        <${SelectField} label="What failed in" value=${span} options=${SPANS} onChange=${setSpan} testid="replay-span" />
        <${Refusal} error=${error} />
        <div class="form-end">
          <${Button} onClick=${onClose}>Cancel<//>
          <${Button} type="submit" kind="primary" busy=${busy} testid="replay-go">Post again<//>
        </div>
      </form>
    <//>`;
}
