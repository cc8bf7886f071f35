import { html } from '../web/html.js';
import { Dialog } from './ui.js';

/** What the keyboard does. */
export function Help({ pages, onClose }) {
  const rows = [
    ['/', 'Search'], ['j, k', 'Next and previous row'], ['Enter', 'Open it'], ['↑, ↓', 'Next and previous bubble'], ['p', 'Show or hide the phone'], ['Esc', 'Close'], ['?', 'This list'],
    ...pages.filter((page) => page.key).map((page) => [page.key, page.title]),
  ];
  return html`
    <${Dialog} title="Keyboard" onClose=${onClose} testid="help">
      <dl class="shortcuts">${rows.map(([key, words]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl>
    <//>`;
}
