import { html } from '../web/html.js';
import { listTime, plural, prettyNumber } from '../web/format.js';
import { withQuery } from '../web/api.js';
import { LongList } from './list.js';
import { useList } from './load.js';
import { Avatar, Empty, Page } from './ui.js';
import { goQuery, to, usePlace } from './router.js';

/** `/people`: everybody who has talked with an agent of the organization. */
export function People() {
  const { query } = usePlace();
  const words = query.get('search') ?? '';
  const people = useList(withQuery('/api/v1/people', { q: words.trim(), limit: 100 }), { key: (person) => person.number });
  return html`
    <${Page} title="People" wide actions=${html`
        <input type="search" class="head-search" aria-label="Find a person" placeholder="Number or name" dir="auto" value=${words}
          onInput=${(event) => goQuery({ search: event.target.value })} data-testid="people-search" />`}>
      <${LongList} of=${people} height=${60} label="People" testid="people" keyOf=${(person) => person.number} row=${(person) => html`<${Row} person=${person} />`}
        empty=${words
          ? html`<${Empty} title="Nobody there">A search finds the beginning of a number, or a part of a name in the contacts.<//>`
          : html`<${Empty} title="Nobody has written yet">People are here once they have talked with an agent.<//>`} />
    <//>`;
}

function Row({ person }) {
  const name = person.contact?.name;
  return html`
    <a class="row-link" href=${to(`/people/${person.number}`)} data-testid="person-row">
      <${Avatar} name=${name ?? ''} of=${person.number} />
      <span class="row-main">
        <strong dir="auto">${name ?? prettyNumber(person.number)}</strong>
        <span class="hint">${name && `${prettyNumber(person.number)} · `}${plural(person.conversations, 'conversation')}</span>
      </span>
      <span class="row-end">${person.latest_message_at && html`<time datetime=${person.latest_message_at}>${listTime(person.latest_message_at)}</time>`}</span>
    </a>`;
}
