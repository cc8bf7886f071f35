import { html, useMemo } from '../web/html.js';
import { CopyButton } from './ui.js';

/** JSON as people read it: indented, its names and values told apart by colour. What is no JSON is shown as it is. */

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\b\d[\d.eE+-]*)/g;
/** Beyond this it is only indented: colours would make thousands of elements. */
const MOST_COLOURED = 40_000;

/** Indented, or the text itself. */
export function pretty(value) {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function coloured(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, word] = match;
    if (match.index > at) parts.push(text.slice(at, match.index));
    const kind = string ? (colon ? 'name' : 'string') : word ? 'word' : 'number';
    parts.push(html`<span class=${`json-${kind}`}>${string ?? whole}</span>`, colon ?? '');
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** `value`: a text or what JSON.parse gives; `exact` is what Copy copies, else what is shown. */
export function Json({ value, label, exact, testid }) {
  const text = useMemo(() => pretty(value), [value]);
  const isJson = typeof value !== 'string' || text !== value || /^\s*[{["]/.test(text);
  const shown = useMemo(() => (isJson && text.length < MOST_COLOURED ? coloured(text) : text), [text]);
  return html`
    <div class="json">
      <div class="json-head"><h3>${label}</h3><${CopyButton} text=${exact ?? text} /></div>
      <pre class="code" tabindex="0" aria-label=${label} dir="auto"><code data-testid=${testid}>${shown}</code></pre>
    </div>`;
}
