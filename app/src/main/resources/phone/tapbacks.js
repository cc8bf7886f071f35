import { html, useLayoutEffect, useRef, useState } from '../web/html.js';
import { TAPBACKS } from '../web/format.js';
import { placeNear } from './screen.js';

const LONG_PRESS_MILLIS = 450;

/** The tapback picker at a bubble. Choosing the tapback that is already there takes it away. */
export function Picker({ bubble, anchor, onChoose, onClose }) {
  const picker = useRef(null);
  const [adding, setAdding] = useState(false);
  const mine = bubble.tapbacks?.find((tapback) => tapback.mine && (tapback.part_index ?? 0) === 0);
  const current = mine?.reaction === 'custom' ? mine.custom_emoji : null;

  // The browser's own dismissal would take the finger that lifts after a long press for a tap beside the picker.
  useLayoutEffect(() => {
    picker.current.showPopover();
    placeNear(picker.current, anchor.getBoundingClientRect(), bubble.mine ? 'end' : 'start');
    (picker.current.querySelector('[aria-pressed=true]') ?? picker.current.firstElementChild).focus();
    const away = (event) => picker.current.contains(event.target) || onClose();
    document.addEventListener('pointerdown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      anchor.focus();
    };
  }, []);

  const choose = (reaction, emoji) => {
    const same = mine?.reaction === reaction && (emoji === undefined || mine.custom_emoji === emoji);
    onClose();
    onChoose({ message_id: bubble.id, reaction, custom_emoji: emoji, part_index: 0, remove: same || undefined });
  };
  const press = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Escape') onClose();
    if (!step || event.target.matches('input')) return;
    const buttons = [...picker.current.querySelectorAll(':scope > button')];
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
    event.preventDefault();
  };
  const add = (event) => {
    event.preventDefault();
    const emoji = event.target.elements.emoji.value.trim();
    if (emoji) choose('custom', emoji);
  };
  const option = (name, label, glyph, pressed, onClick) => html`
    <button key=${name} type="button" aria-label=${label} title=${label} aria-pressed=${String(pressed)} onClick=${onClick} data-testid=${`tapback-${name}`}>${glyph}</button>`;
  return html`
    <div ref=${picker} class="menu tapbacks" popover="manual" role="dialog" aria-label="Tapback" onKeyDown=${press} data-testid="tapback-picker">
      ${Object.entries(TAPBACKS).map(([name, glyph]) => option(name, name, glyph, mine?.reaction === name, () => choose(name)))}
      ${option('custom', current ? `${current}, yours` : 'any emoji', current ?? '+', Boolean(current), () => (current ? choose('custom', current) : setAdding(true)))}
      ${adding && html`
        <form onSubmit=${add}>
          <input ref=${(field) => field?.focus()} name="emoji" type="text" aria-label="Any emoji" placeholder="🙂" maxlength="16" autocomplete="off" data-testid="tapback-custom-input" />
          <button type="submit" data-testid="tapback-custom-submit">Add</button>
        </form>`}
    </div>`;
}

/** What a log of bubbles listens to: `onPick(bubbleNode)` on a double click, a long press, or Enter or Space. */
export function usePicking(onPick) {
  const timer = useRef(null);
  const pick = ({ target }) => {
    const bubble = !target.closest('a, button, input') && target.closest('.bubble');
    if (bubble) onPick(bubble);
  };
  const cancel = () => clearTimeout(timer.current);
  return {
    onDblClick: (event) => {
      getSelection()?.removeAllRanges();
      pick(event);
    },
    onKeyDown: (event) => {
      if ((event.key !== 'Enter' && event.key !== ' ') || !event.target.matches('.bubble')) return;
      event.preventDefault();
      pick(event);
    },
    onPointerDown: (event) => {
      cancel();
      if (event.pointerType !== 'mouse') timer.current = setTimeout(() => pick(event), LONG_PRESS_MILLIS);
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    // A finger never rests quite still.
    onPointerMove: (event) => Math.hypot(event.movementX, event.movementY) > 4 && cancel(),
    onContextMenu: (event) => event.pointerType === 'touch' && event.preventDefault(),
  };
}
