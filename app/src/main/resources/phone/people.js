import { html, useEffect, useState } from '../web/html.js';
import { get } from '../web/api.js';
import { plural, prettyNumber } from '../web/format.js';
import { notice } from './notice.js';
import { PANE, memory } from './pane.js';

/** Who may hold the phone. The choice is kept for the tab; phones beside each other begin with different people. */

const OFFERED = ['+12025550140', '+12025550141', '+12025550142', '+12025550143', '+12025550144', '+12025550145'];
const ADDED = 'partyline.people';

const person = memory('person');
const added = () => JSON.parse(sessionStorage.getItem(ADDED) ?? '[]');

export const chosenPerson = () => person.get() ?? OFFERED[(PANE ?? 0) % OFFERED.length];
export const rememberPerson = person.set;

/** `threads` is how many the phone shows: with another one the person may have become known. */
export function People({ person: chosen, threads, onChoose }) {
  const [entry, setEntry] = useState('');
  const [known, setKnown] = useState([]);
  useEffect(() => {
    get('/api/v1/people?limit=100').then(setKnown, () => {});
  }, [threads]);
  const people = [...new Set([...OFFERED, ...added(), chosen, ...known.map((one) => one.number)])];
  const describe = (number) => {
    const one = known.find((row) => row.number === number);
    const more = one && (one.contact?.name ?? plural(one.conversations, 'agent'));
    return `${prettyNumber(number)}${more ? ` · ${more}` : ''}`;
  };
  const use = (event) => {
    event.preventDefault();
    const number = entry.replace(/[\s().-]/g, '');
    if (!/^\+[1-9]\d{6,14}$/.test(number)) {
      return notice('That is no phone number. Write it with + and the country code, such as +12025550150.');
    }
    if (!people.includes(number)) sessionStorage.setItem(ADDED, JSON.stringify([...added(), number]));
    setEntry('');
    return onChoose(number);
  };
  return html`
    <div class="person">
      <label for="person">You are</label>
      <select id="person" value=${chosen} onChange=${(event) => onChoose(event.target.value)} data-testid="person-select">
        ${people.map((number) => html`<option key=${number} value=${number}>${describe(number)}</option>`)}
      </select>
      <form onSubmit=${use} novalidate>
        <label class="hidden" for="new-person">Another phone number</label>
        <input id="new-person" type="tel" placeholder="or any number, +…" autocomplete="off" value=${entry}
          onInput=${(event) => setEntry(event.target.value)} data-testid="new-person" />
        <button type="submit">Use</button>
      </form>
    </div>`;
}
