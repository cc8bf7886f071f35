import { html, useEffect, useRef, useState } from '../web/html.js';
import { prettyNumber } from '../web/format.js';
import { Icon } from './icons.js';
import { goQuery } from './router.js';
import { useSession } from './session.js';

/** Words or a number to look for, and which conversations; all of it lies in the address. */

const PAUSE_MILLIS = 250;
const NUMBER = /^\+[1-9]\d{6,14}$/;

/** What the box holds, as the address has it: a whole number is a person, anything else words. */
function wish(text) {
  const number = text.replace(/[\s().-]/g, '');
  return NUMBER.test(number) ? { number, q: null } : { number: null, q: text.trim() };
}

export function TalkFilters({ query, names }) {
  const session = useSession();
  return html`
    <form class="talks-filters" role="search" onSubmit=${(event) => event.preventDefault()}>
      <${SearchBox} query=${query} />
      ${session.admin && names.agents.length > 1 && html`
        <select aria-label="Agent" data-testid="filter-agent" onChange=${(event) => goQuery({ agent: event.target.value })}>
          <option value="">All agents</option>
          ${names.agents.map((agent) => html`<option key=${agent.id} value=${agent.agent_handle} selected=${agent.agent_handle === query.get('agent')}>@${agent.agent_handle}</option>`)}
        </select>`}
      ${!query.get('q') && html`<${Toggle} name="unread" query=${query}>Unread<//>`}
      ${session.admin && html`<${Toggle} name="blocked" query=${query}>Blocked<//>`}
    </form>`;
}

const Toggle = ({ name, query, children }) => html`
  <button type="button" class="chip" aria-pressed=${query.has(name)} data-testid=${`filter-${name}`}
    onClick=${() => goQuery({ [name]: query.has(name) ? null : '1' })}>${children}</button>`;

function SearchBox({ query }) {
  const number = query.get('number');
  const given = query.get('q') ?? (number ? prettyNumber(number) : '');
  const [text, setText] = useState(given);
  const box = useRef(null);
  const timer = useRef(null);
  // Another place was gone to, by back or by a link.
  useEffect(() => {
    if (document.activeElement !== box.current) setText(given);
  }, [given]);
  useEffect(() => {
    if (!query.has('search')) return;
    box.current.focus();
    goQuery({ search: null });
  }, [query]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = (value) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => goQuery({ ...wish(value), at: null }), PAUSE_MILLIS);
  };
  const leave = (event) => {
    if (event.key === 'Escape' && text) {
      event.preventDefault();
      look('');
    }
    if (event.key === 'ArrowDown') document.querySelector('.talks-list .row-link')?.focus();
  };
  return html`
    <div class="talks-search"><${Icon} of="search" size=${16} />
      <input ref=${box} type="search" aria-label="Search words or a number" placeholder="Words, or +1 202 555 0140" autocomplete="off" spellcheck="false" dir="auto"
        maxlength="200" value=${text} onInput=${(event) => look(event.target.value)} onKeyDown=${leave} data-testid="search" />
    </div>`;
}
