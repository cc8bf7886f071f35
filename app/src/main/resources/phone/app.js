import { ApiError, api, keyring } from './api.js';
import { Composer } from './composer.js';
import { byId, notice, setText } from './dom.js';
import { prettyNumber } from '../web/format.js';
import { chosenPerson, setUpPeople, showSettings } from './people.js';
import { follow } from './stream.js';
import { displayName, fillAvatar, showThreads } from './threads.js';
import { Transcript } from './transcript.js';

/** Ties the page together: who holds the phone, what the phone shows, which conversation is open. */

const CONNECTIONS = { connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…' };

const state = { person: null, router: null, own: new Map(), phone: null, line: null };
/** The newest bubble that was looked at, by line: a phone without read receipts must not say it again and again. */
const seen = new Map();
let stopFollowing = () => {};

const composer = new Composer({
  onSend: (message) => guarded(api.text(message)),
  onTyping: (line, typing) => api.typing(state.person, line, typing).catch(() => {}),
  onFile: (file) => guarded(api.upload(file)),
});
const transcript = new Transcript({
  onTapback: (tapback) => attempt(api.tapback({ from: state.person, ...tapback })),
  onMessage: (line) => openThread(line),
});

// Signing in and out

async function enter() {
  [state.router, state.own] = await Promise.all([api.routerNumber(), api.ownNumbers()]);
  const phone = await api.phone(chosenPerson());
  byId('signin').hidden = true;
  byId('phone').hidden = false;
  const line = lineInAddress();
  takePhone(chosenPerson(), phone);
  if (listed().some((thread) => thread.line === line)) openThread(line);
  else forgetAddress();
}

function leave(message = '') {
  stopFollowing();
  keyring.forget();
  byId('phone').hidden = true;
  byId('signin').hidden = false;
  setText(byId('signin-error'), message);
  byId('key').value = '';
  byId('key').focus();
}

async function signIn() {
  setText(byId('signin-error'), '');
  byId('signin-form').setAttribute('aria-busy', 'true');
  try {
    await enter();
  } catch (error) {
    leave(error instanceof ApiError ? error.message : 'The server gave an answer that this page does not understand.');
  } finally {
    byId('signin-form').removeAttribute('aria-busy');
  }
}

/** A key that is turned down later, perhaps revoked, is asked for again. */
async function guarded(call) {
  try {
    return await call;
  } catch (error) {
    if (error.refusedKey) leave(error.message);
    throw error;
  }
}

const attempt = (call) => guarded(call).then(() => true, (error) => (notice(error.message), false));

// What the phone shows

function takePhone(number, phone = null) {
  stopFollowing();
  composer.handTo(number);
  seen.clear();
  Object.assign(state, { person: number, phone, line: null });
  draw();
  stopFollowing = follow(number, {
    onPhone: (shown) => {
      state.phone = shown;
      draw();
    },
    onState: (connection) => {
      byId('connection').dataset.state = connection;
      setText(byId('connection'), CONNECTIONS[connection]);
    },
    onRefused: (error) => leave(error.message),
  });
}

const threads = () => state.phone?.threads ?? [];
/** Also the numbers that may be texted right away, although nobody has yet. */
const listed = () => [...threads(), ...[...state.own.keys()].filter((line) => !threadOf(line)).map((line) => ({ line }))];
const threadOf = (line) => threads().find((thread) => thread.line === line);
const isRouter = (thread) => thread.line === state.router;
const nameOf = (thread) => displayName(thread, isRouter(thread), state.own.get(thread.line));
const unreadBubble = (thread) => thread?.bubbles?.findLast((bubble) => !bubble.mine && !bubble.read_at);
const isUnread = (thread) => {
  const bubble = unreadBubble(thread);
  return Boolean(bubble) && seen.get(thread.line) !== bubble.id;
};

// The open thread stands in the address, so that going back closes it and a reload keeps it.

const lineInAddress = () => decodeURIComponent(location.hash.slice(1)) || null;

const forgetAddress = () => history.replaceState(null, '', location.pathname);

function noteInAddress(line) {
  if (lineInAddress() === line) return;
  const note = state.line === null ? 'pushState' : 'replaceState';
  history[note]({ opened: state.line === null || history.state?.opened }, '', `#${line}`);
}

addEventListener('popstate', () => {
  const line = lineInAddress();
  if (line && state.phone) openThread(line);
  else if (state.line !== null) closeThread();
});

function openThread(line) {
  noteInAddress(line);
  state.line = line;
  draw();
  composer.open(line);
  transcript.toEnd();
  if (matchMedia('(pointer: fine)').matches) composer.focus();
  else byId('thread-name').focus();
}

function closeThread() {
  const { line } = state;
  composer.open(null);
  state.line = null;
  draw();
  document.querySelector(`[data-testid=thread][data-line="${CSS.escape(line)}"]`)?.focus();
}

function draw() {
  if (state.phone) showSettings(state.phone);
  showThreads(listed(), { open: state.line, isRouter, nameOf, isUnread, onOpen: openThread });
  byId('first-use').hidden = !state.phone || threads().length > 0;
  byId('phone').classList.toggle('reading', state.line !== null);
  byId('open-thread').hidden = state.line === null;
  byId('no-thread').hidden = state.line !== null;
  if (state.line !== null) drawThread(threadOf(state.line) ?? { line: state.line });
  const unread = threads().filter(isUnread).length;
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Partyline phone simulator`;
}

function drawThread(thread) {
  const name = nameOf(thread);
  setText(byId('thread-name'), name);
  setText(byId('thread-number'), prettyNumber(thread.line));
  fillAvatar(byId('thread-avatar'), name, thread.line, isRouter(thread));
  composer.showService(state.phone?.service ?? 'imessage');
  byId('offline').hidden = state.phone?.online !== false;
  const hint = isRouter(thread) ? 'Text “connect @handle” to meet an agent, or “help” to see what else Partyline knows.'
    : state.own.has(thread.line) ? `This number is ${state.own.get(thread.line)}’s own: just write.` : null;
  transcript.show(`${state.person} ${thread.line}`, thread, name, hint);
  markRead(thread);
}

function markRead(thread) {
  if (document.visibilityState !== 'visible' || !isUnread(thread)) return;
  const { id } = unreadBubble(thread);
  seen.set(thread.line, id);
  api.read(state.person, thread.line).catch(() => {
    if (seen.get(thread.line) === id) seen.delete(thread.line);
  });
}

// The page's own controls

byId('signin-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const key = byId('key').value.trim();
  // A header cannot carry anything else.
  if (!/^[\x21-\x7e]+$/.test(key)) return leave('That is no key. It starts with ApiKey_.');
  keyring.set(key);
  signIn();
});
byId('forget').addEventListener('click', () => leave());
byId('back').addEventListener('click', () => {
  if (history.state?.opened) return history.back();
  forgetAddress();
  closeThread();
});
byId('compose').addEventListener('click', () => openThread(state.router));
byId('first-use-button').addEventListener('click', () => {
  openThread(state.router);
  composer.prefill('connect @echo');
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') composer.stopTyping();
  else if (state.phone && state.line !== null) draw();
});
byId('settings').open = matchMedia('(min-height: 700px)').matches;
setUpPeople({
  onChoose: (number) => {
    forgetAddress();
    takePhone(number);
  },
  onChange: async (changes) => {
    if (await attempt(api.change(state.person, changes))) Object.assign(state.phone, changes);
    draw();
  },
});

if (keyring.get()) signIn();
else leave();
