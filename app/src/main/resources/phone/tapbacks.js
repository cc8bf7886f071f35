import { byId, el, placeNear } from './dom.js';
import { TAPBACKS } from '../web/format.js';

/** The tapback picker: one popover for the page, filled for the bubble that it is opened on. */

const LONG_PRESS_MILLIS = 450;
const picker = byId('tapback-picker');
let anchorOfPicker = null;

/** The browser's own dismissal would take the finger that lifts after a long press for a tap beside the picker. */
function closePicker() {
  if (!picker.matches(':popover-open')) return;
  picker.hidePopover();
  anchorOfPicker?.focus();
}
document.addEventListener('pointerdown', (event) => picker.contains(event.target) || closePicker());
document.addEventListener('keydown', (event) => event.key === 'Escape' && closePicker());

/** Opens the picker at a bubble. Choosing the tapback that is already there takes it away. */
export function openPicker(bubble, anchor, onChoose) {
  const mine = bubble.tapbacks?.find((tapback) => tapback.mine && (tapback.part_index ?? 0) === 0);
  const choose = (reaction, emoji) => {
    const same = mine?.reaction === reaction && (emoji === undefined || mine.custom_emoji === emoji);
    closePicker();
    onChoose({
      message_id: bubble.id,
      reaction,
      ...(emoji === undefined ? {} : { custom_emoji: emoji }),
      part_index: 0,
      ...(same ? { remove: true } : {}),
    });
  };
  const named = Object.entries(TAPBACKS).map(([name, glyph]) => {
    const button = option(name, name, glyph, mine?.reaction === name);
    button.addEventListener('click', () => choose(name));
    return button;
  });
  const customEmoji = mine?.reaction === 'custom' ? mine.custom_emoji : null;
  picker.replaceChildren(...named, ...custom(customEmoji, (emoji) => choose('custom', emoji)));
  anchorOfPicker = anchor;
  picker.showPopover();
  placeNear(picker, anchor.getBoundingClientRect(), bubble.mine ? 'end' : 'start');
  (picker.querySelector('[aria-pressed=true]') ?? named[0]).focus();
}

const option = (name, label, glyph, pressed) =>
  el('button', { type: 'button', ariaLabel: label, title: label, ariaPressed: String(pressed), data: { testid: `tapback-${name}` } }, glyph);

function custom(current, choose) {
  const button = option('custom', current ? `${current}, yours` : 'any emoji', current ?? '+', Boolean(current));
  const input = el('input', {
    type: 'text', ariaLabel: 'Any emoji', placeholder: '🙂', maxLength: 16, autocomplete: 'off',
    data: { testid: 'tapback-custom-input' },
  });
  const form = el('form', { hidden: true }, input, el('button', { type: 'submit', data: { testid: 'tapback-custom-submit' } }, 'Add'));
  button.addEventListener('click', () => {
    if (current) return choose(current);
    form.hidden = false;
    input.focus();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (input.value.trim()) choose(input.value.trim());
  });
  return [button, form];
}

picker.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || event.target.matches('input')) return;
  const buttons = [...picker.querySelectorAll(':scope > button')];
  const next = buttons.indexOf(document.activeElement) + step;
  buttons[(next + buttons.length) % buttons.length].focus();
  event.preventDefault();
});

/** Calls `onPick(bubbleNode)` on a double click, a long press, or Enter or Space on a bubble inside `root`. */
export function watchForPicking(root, onPick) {
  const bubbleOf = (event) => (event.target.closest('a, button, input') ? null : event.target.closest('.bubble'));
  const pick = (bubble) => bubble && onPick(bubble);
  let press;
  const cancel = () => clearTimeout(press);

  root.addEventListener('dblclick', (event) => {
    getSelection()?.removeAllRanges();
    pick(bubbleOf(event));
  });
  root.addEventListener('keydown', (event) => {
    if ((event.key !== 'Enter' && event.key !== ' ') || !event.target.matches('.bubble')) return;
    event.preventDefault();
    pick(event.target);
  });
  root.addEventListener('pointerdown', (event) => {
    cancel();
    if (event.pointerType !== 'mouse') press = setTimeout(() => pick(bubbleOf(event)), LONG_PRESS_MILLIS);
  });
  for (const type of ['pointerup', 'pointercancel', 'pointermove', 'scroll']) {
    root.addEventListener(type, (event) => {
      // A finger never rests quite still.
      if (type !== 'pointermove' || Math.hypot(event.movementX, event.movementY) > 4) cancel();
    });
  }
  root.addEventListener('contextmenu', (event) => {
    if (event.pointerType === 'touch') event.preventDefault();
  });
}
