import { html, useId, useRef } from '../web/html.js';
import { Icon } from './icons.js';

/** A button with more to do behind it; Escape and a press beside it close what opens. `items`: `{ label, onChoose | href, danger, testid }`. */
export function Menu({ label, items, testid }) {
  const id = useId();
  const button = useRef(null);
  const list = useRef(null);
  const place = (event) => {
    if (event.newState !== 'open') return;
    const { bottom, right } = button.current.getBoundingClientRect();
    list.current.style.top = `${bottom + 4}px`;
    list.current.style.left = `${Math.max(8, right - list.current.offsetWidth)}px`;
    list.current.querySelector('a, button').focus();
  };
  const choose = (item) => {
    list.current.hidePopover();
    item.onChoose?.();
  };
  const walk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...list.current.querySelectorAll('a, button')];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  };
  return html`
    <button ref=${button} type="button" class="icon-button" aria-label=${label} popovertarget=${id} data-testid=${testid}><${Icon} of="more" /></button>
    <div ref=${list} id=${id} popover="auto" class="menu" onToggle=${place} onKeyDown=${walk}>
      <ul>${items.filter(Boolean).map((item) => html`<li key=${item.label}>${item.href
        ? html`<a href=${item.href} data-testid=${item.testid} onClick=${() => choose(item)}>${item.label}</a>`
        : html`<button type="button" class=${item.danger ? 'menu-danger' : ''} data-testid=${item.testid} onClick=${() => choose(item)}>${item.label}</button>`}</li>`)}</ul>
    </div>`;
}
