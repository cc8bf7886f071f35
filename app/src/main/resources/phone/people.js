import { byId, el, notice } from './dom.js';
import { prettyNumber } from '../web/format.js';

/** Who holds the phone, and the phone's own switches. The choice is kept for the tab. */

const PERSON = 'partyline.person';
const ADDED = 'partyline.people';
const OFFERED = ['+12025550140', '+12025550141', '+12025550142', '+12025550143', '+12025550144', '+12025550145'];

const select = byId('person');
const entry = byId('new-person');

const added = () => JSON.parse(sessionStorage.getItem(ADDED) ?? '[]');

export const chosenPerson = () => sessionStorage.getItem(PERSON) ?? OFFERED[0];

function draw() {
  const people = [...OFFERED, ...added()];
  select.replaceChildren(...people.map((number) => el('option', { value: number }, prettyNumber(number))));
  select.value = chosenPerson();
}

/** Calls `onChoose(number)` whenever somebody else takes the phone, `onChange(changes)` for a switch. */
export function setUpPeople({ onChoose, onChange }) {
  const choose = (number) => {
    sessionStorage.setItem(PERSON, number);
    draw();
    onChoose(number);
  };
  select.addEventListener('change', () => choose(select.value));
  byId('new-person-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const number = entry.value.replace(/[\s().-]/g, '');
    if (!/^\+[1-9]\d{6,14}$/.test(number)) {
      return notice('That is no phone number. Write it with + and the country code, such as +12025550150.');
    }
    if (![...OFFERED, ...added()].includes(number)) {
      sessionStorage.setItem(ADDED, JSON.stringify([...added(), number]));
    }
    entry.value = '';
    choose(number);
  });
  byId('online').addEventListener('change', ({ target }) => onChange({ online: target.checked }));
  byId('reads').addEventListener('change', ({ target }) => onChange({ reads: target.checked }));
  byId('service').addEventListener('change', ({ target }) => onChange({ service: target.value }));
  draw();
}

export function showSettings(phone) {
  byId('online').checked = phone.online !== false;
  byId('reads').checked = phone.reads !== false;
  byId('service').value = phone.service ?? 'imessage';
}
