import { html, useEffect, useRef, useState } from '../web/html.js';
import { patch, post } from '../web/api.js';
import { follow } from '../web/stream.js';
import { notice } from './notice.js';
import { PANE, memory } from './pane.js';
import { usePlace } from './place.js';
import { useNarrow, useVisible } from './screen.js';
import { Sidebar } from './sidebar.js';
import { Thread } from './thread.js';
import { nameOf, unreadBubble } from './threads.js';

/** One person's phone: what it shows, live, and which of its threads is open. */

/** What the console beside this phone wants to have ready for the router. */
const begun = memory('begin');
const pathOf = (person) => `/simulator/phones/${encodeURIComponent(person)}`;

export function Phone({ person, lines, onPerson, onLeave }) {
  const [phone, setPhone] = useState(null);
  const [connection, setConnection] = useState('connecting');
  // The newest bubble that was looked at, by line: a phone without read receipts must not say it again and again.
  const [seen, setSeen] = useState({});
  const [, redraw] = useState();
  const drafts = useRef(new Map()).current;
  const sending = useRef(Promise.resolve());
  const byHand = useRef(PANE === null);
  const place = usePlace();
  const narrow = useNarrow();
  const visible = useVisible();
  const { line } = place;

  /** What came of a call; undefined when it was refused, which is told. A key that is turned down is asked for again. */
  const attempt = (call) => call.catch((error) => (error.refusedKey ? onLeave(error.message) : notice(error.message)));

  useEffect(() => follow(() => `${pathOf(person)}/stream`, {
    onFrame: ({ data }) => setPhone(JSON.parse(data)),
    onState: setConnection,
    onRefused: (error) => onLeave(error.message),
    rests: PANE !== null,
  }), []);

  const threads = (phone?.threads ?? []).map((thread) => ({ ...thread, name: nameOf(thread, lines) }));
  // Also the numbers that may be texted right away, although nobody has yet.
  const fresh = phone ? [...lines.own.keys()].filter((number) => threads.every((thread) => thread.line !== number)) : [];
  const listed = [...threads, ...fresh.map((number) => ({ line: number, name: lines.own.get(number) }))];
  const thread = line && phone && (listed.find((one) => one.line === line) ?? { line, name: nameOf({ line }, lines) });
  const isUnread = (one) => Boolean(unreadBubble(one)) && seen[one.line] !== unreadBubble(one).id;
  const unread = threads.filter(isUnread).length;

  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}Partyline phone simulator`;
  }, [unread]);
  useEffect(() => {
    if (phone && line && listed.every((one) => one.line !== line)) place.forget();
  }, [phone === null]);
  useEffect(() => {
    if (!thread || !visible || !isUnread(thread)) return;
    setSeen({ ...seen, [line]: unreadBubble(thread).id });
    post('/simulator/read', { from: person, to: line }).catch(() => setSeen((now) => ({ ...now, [line]: null })));
  }, [thread && unreadBubble(thread)?.id, visible]);
  const left = useRef(line);
  useEffect(() => {
    if (!line && left.current) document.querySelector(`[data-testid=thread][data-line="${CSS.escape(left.current)}"]`)?.focus();
    left.current = line;
  }, [line]);

  const open = (number) => {
    byHand.current = true;
    place.open(number);
  };
  const begin = (text) => {
    drafts.set(lines.router, { text });
    open(lines.router);
    redraw({});
  };
  useEffect(() => {
    if (PANE === null || !phone || !lines.router) return undefined;
    const take = () => {
      const text = begun.get();
      if (!text) return;
      begun.set(null);
      drafts.set(lines.router, { text });
      place.open(lines.router);
      redraw({});
    };
    take();
    addEventListener('storage', take);
    return () => removeEventListener('storage', take);
  }, [phone === null]);
  // Two requests at once could overtake each other.
  const send = (message) => {
    sending.current = sending.current.then(() => attempt(post('/simulator/messages', { from: person, ...message })));
    return sending.current;
  };
  const change = async (changes) => {
    const changed = await attempt(patch(pathOf(person), changes));
    if (changed) setPhone(changed);
    else redraw({});
  };
  const choose = (number) => {
    place.forget();
    onPerson(number);
  };

  return html`
    <main class=${`phone${narrow ? ' narrow' : ''}${line ? ' reading' : ''}`}>
      <${Sidebar} ...${{ person, phone, connection, listed, line, lines, isUnread, open, begin, change, choose }} onLeave=${() => onLeave()} />
      <section class="thread" aria-label="Conversation">
        ${thread
          ? html`<${Thread} key=${line} ...${{ person, phone, thread, lines, drafts, send, attempt, open, close: place.close }} takesFocus=${byHand.current} />`
          : html`<div class="no-thread"><img src="web/icon.svg" alt="" width="64" height="64" /><p>Choose a conversation</p></div>`}
      </section>
    </main>`;
}
