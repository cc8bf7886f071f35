import { html, useEffect, useId, useRef, useState } from '../web/html.js';
import { ago, fullTime, initials, tint } from '../web/format.js';
import { Icon } from './icons.js';
import { useNow } from './load.js';

/** The parts that all pages are made of. */

/** What the browser's tab says. */
export const useTitle = (title) => useEffect(() => {
  document.title = `${title} · Partyline`;
}, [title]);

export function Page({ title, lead, actions, children, wide }) {
  useTitle(title);
  return html`
    <div class=${`page${wide ? ' wide' : ''}`} data-testid="page">
      <header class="page-head">
        <div><h1 tabindex="-1" dir="auto">${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div>
        <div class="actions">${actions}</div>
      </header>
      ${children}
    </div>`;
}

export function Section({ title, hint, actions, children, testid }) {
  return html`
    <section class="section" data-testid=${testid}>
      <header class="section-head">
        <div><h2>${title}</h2>${hint && html`<p class="hint">${hint}</p>`}</div>
        <div class="actions">${actions}</div>
      </header>
      ${children}
    </section>`;
}

/** `kind`: `primary`, `danger`, `quiet` or nothing. While `busy` it takes no other press. */
export function Button({ kind = '', busy, children, type = 'button', testid, ...rest }) {
  return html`<button type=${type} class=${`button ${kind}`} aria-busy=${busy ? 'true' : undefined} data-testid=${testid}
      ...${rest} disabled=${rest.disabled || busy}>${children}</button>`;
}

/** A labelled field around one control, which gets its `id`; `hint` says what is expected, `error` what is wrong. */
export function Field({ label, hint, error, children }) {
  const id = useId();
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children({ id, 'aria-describedby': hint || error ? `${id}-more` : undefined, 'aria-invalid': error ? 'true' : undefined })}
      ${(hint || error) && html`<p id=${`${id}-more`} class=${error ? 'field-error' : 'hint'}>${error || hint}</p>`}
    </div>`;
}

export function TextField({ label, hint, error, value, onInput, testid, multiline, ...rest }) {
  return html`<${Field} label=${label} hint=${hint} error=${error}>${(given) => multiline
    ? html`<textarea rows="3" dir="auto" value=${value} onInput=${(event) => onInput(event.target.value)} data-testid=${testid} ...${given} ...${rest}></textarea>`
    : html`<input type="text" dir="auto" autocomplete="off" spellcheck="false" value=${value} onInput=${(event) => onInput(event.target.value)}
        data-testid=${testid} ...${given} ...${rest} />`}<//>`;
}

/** `options`: `[value, label]` each. */
export function SelectField({ label, hint, error, value, options, onChange, testid, ...rest }) {
  return html`<${Field} label=${label} hint=${hint} error=${error}>${(given) => html`
    <select value=${value} onChange=${(event) => onChange(event.target.value)} data-testid=${testid} ...${given} ...${rest}>
      ${options.map(([option, text]) => html`<option key=${option} value=${option} selected=${option === value}>${text}</option>`)}
    </select>`}<//>`;
}

export function Switch({ label, hint, checked, onChange, disabled, testid }) {
  const id = useId();
  return html`
    <div class="switch-row">
      <div><label for=${id}>${label}</label>${hint && html`<p id=${`${id}-more`} class="hint">${hint}</p>`}</div>
      <input id=${id} type="checkbox" role="switch" class="switch" checked=${checked} disabled=${disabled} data-testid=${testid}
        aria-describedby=${hint ? `${id}-more` : undefined} onChange=${(event) => onChange(event.target.checked)} />
    </div>`;
}

/** A small word with a colour: `tone` is `good`, `warn`, `bad`, `accent` or nothing. */
export const Badge = ({ tone = '', children, testid, title }) => html`<span class=${`badge ${tone}`} data-testid=${testid} title=${title}>${children}</span>`;

export function Ago({ at }) {
  const now = useNow();
  return at ? html`<time datetime=${at} title=${fullTime(at)}>${ago(at, now)}</time>` : html`<span class="muted">never</span>`;
}

export function Avatar({ name, of = name, size = '' }) {
  return html`<span class=${`avatar ${size}`} data-tint=${tint(of)} aria-hidden="true">${initials(name) || '☺︎'}</span>`;
}

export const Loading = ({ what = 'Loading' }) => html`<p class="state loading" role="status"><span class="spinner" aria-hidden="true"></span>${what} …</p>`;

/** Nothing is here yet: why, and what to do. */
export const Empty = ({ title, children, testid = 'empty' }) => html`
  <div class="state empty" data-testid=${testid}><strong>${title}</strong><div>${children}</div></div>`;

/** What the server refused or could not do, in its own words. */
export function Failure({ error, onRetry }) {
  if (!error) return null;
  return html`
    <div class="state failure" role="alert" data-testid="failure">
      <strong>${error.away ? 'The server is away' : error.status === 403 ? 'This key may not see that' : 'That did not work'}</strong>
      <p>${error.message}${error.away ? ' This page goes on by itself once it is back.' : ''}</p>
      ${onRetry && html`<${Button} onClick=${onRetry}>Try again<//>`}
    </div>`;
}

/** One sentence below a form. */
export const Refusal = ({ error }) => html`<p class="refusal" role="alert" data-testid="refusal">${error?.message}</p>`;

/** Draws what `useLoad` gives: loading, failed, or `children(data)`. */
export function Loaded({ of, what, children }) {
  if (of.data) return children(of.data);
  if (of.error) return html`<${Failure} error=${of.error} onRetry=${of.reload} />`;
  return html`<${Loading} what=${what} />`;
}

/** A dialog above the page. Escape and its cross close it; the focus goes back to where it was. */
export function Dialog({ title, onClose, children, testid, wide }) {
  const ref = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => before?.focus?.();
  }, []);
  // The first field has the focus, also when it came later.
  const placed = useRef(false);
  useEffect(() => {
    const first = ref.current.querySelector('.dialog-body [autofocus]') ?? ref.current.querySelector('.dialog-body :is(input, select, textarea)');
    if (first && !placed.current) first.focus();
    placed.current ||= Boolean(first);
  });
  return html`
    <dialog ref=${ref} class=${`dialog${wide ? ' wide' : ''}`} aria-label=${title} data-testid=${testid}
        onCancel=${(event) => { event.preventDefault(); onClose(); }}>
      <header class="dialog-head"><h2 dir="auto">${title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} of="close" size=${16} /></button></header>
      <div class="dialog-body">${children}</div>
    </dialog>`;
}

/** Asks for `word` to be typed before something that cannot be undone. */
export function ConfirmTyped({ title, word, action, onConfirm, onClose, children }) {
  const [typed, setTyped] = useState('');
  const [state, setState] = useState({ busy: false, error: null });
  const submit = async (event) => {
    event.preventDefault();
    setState({ busy: true, error: null });
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose} testid="confirm">
      <form class="form" onSubmit=${submit}>
        <div>${children}</div>
        <${TextField} label=${`Type ${word} to go on`} value=${typed} onInput=${setTyped} testid="confirm-word" autofocus=${true} />
        <${Refusal} error=${state.error} />
        <div class="form-end">
          <${Button} onClick=${onClose}>Cancel<//>
          <${Button} type="submit" kind="danger" busy=${state.busy} disabled=${typed.trim() !== word} testid="confirm-go">${action}<//>
        </div>
      </form>
    <//>`;
}

/** Copies `text`, and says so for a moment. */
export function CopyButton({ text, label = 'Copy' }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).then(() => setCopied(true), () => setCopied(false));
    setTimeout(() => setCopied(false), 1500);
  };
  return html`<button type="button" class="button quiet" onClick=${copy} aria-live="polite">${copied ? 'Copied' : label}</button>`;
}

/** Something to copy, such as a key. */
export const Copyable = ({ text, label, testid, secret }) => html`
  <div class=${`copyable${secret ? ' secret' : ''}`}><code data-testid=${testid}>${text}</code><${CopyButton} text=${text} label=${label} /></div>`;

export const Code = ({ children, label }) => html`<pre class="code" tabindex="0" aria-label=${label}><code>${children}</code></pre>`;

/** `items`: `[value, label]` each; the chosen one is `value`. */
export function Tabs({ items, value, onChange, label }) {
  const walk = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.findIndex(([item]) => item === value);
    const next = (at + step + items.length) % items.length;
    onChange(items[next][0]);
    event.currentTarget.children[next].focus();
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${walk}>
      ${items.map(([item, text]) => html`<button type="button" key=${item} role="tab" aria-selected=${item === value} tabindex=${item === value ? 0 : -1}
        data-testid=${`tab-${item}`} onClick=${() => onChange(item)}>${text}</button>`)}
    </div>`;
}

/** Names and values, one below the other. */
export const Facts = ({ of }) => html`
  <dl class="facts">${of.filter(Boolean).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value ?? '—'}</dd></div>`)}</dl>`;

/* Words that come up and go again. */
let showToast = () => {};
export const toast = (message) => showToast(message);

export function Toasts() {
  const [shown, setShown] = useState(null);
  useEffect(() => {
    let timer;
    showToast = (message) => {
      clearTimeout(timer);
      setShown(message);
      timer = setTimeout(() => setShown(null), 5000);
    };
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="toasts" role="status" data-testid="toast">${shown && html`<p class="toast">${shown}</p>`}</div>`;
}
