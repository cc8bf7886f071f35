import { html } from '../web/html.js';
import { useAgents } from './agentnames.js';
import { usePlace } from './router.js';
import { TalkFilters } from './talkfilters.js';
import { TalkList } from './talklist.js';
import { TalkSearch } from './talksearch.js';
import { Transcript } from './transcript.js';
import { Empty, useTitle } from './ui.js';

/** All conversations at the left, the open one at the right; on a phone's width one at a time. */
export function Conversations({ id }) {
  const { query } = usePlace();
  const names = useAgents();
  useTitle('Conversations');
  const Heading = id ? 'h2' : 'h1';
  return html`
    <div class=${`talks${id ? ' talks-open' : ''}`} data-testid="page">
      <section class="talks-list" aria-label="Conversations">
        <header class="talks-head"><${Heading} tabindex="-1">Conversations<//></header>
        <${TalkFilters} query=${query} names=${names} />
        ${query.get('q')
          ? html`<${TalkSearch} query=${query} names=${names} />`
          : html`<${TalkList} query=${query} names=${names} open=${id} />`}
      </section>
      ${id
        ? html`<${Transcript} key=${id} id=${id} at=${query.get('at')} names=${names} />`
        : html`<section class="talks-none" aria-label="Nothing open"><${Empty} title="No conversation is open" testid="none-open">Choose one at the left.<//></section>`}
    </div>`;
}
