import { html, useEffect, useLayoutEffect, useRef, useState } from '../web/html.js';
import { dayAndTime } from '../web/format.js';
import { Row } from './bubble.js';
import { Picker, usePicking } from './tapbacks.js';

/** The bubbles of the open thread. An old conversation that is opened is not read out, and nothing of it moves. */

const PAUSE_MILLIS = 20 * 60_000;
const GROUP_MILLIS = 60_000;
const NEAR_END_PIXELS = 90;

export function Transcript({ thread, online, hint, onTapback, onMessage }) {
  const { name, typing, bubbles = [] } = thread;
  const root = useRef(null);
  const stage = useRef(null);
  const [fresh, setFresh] = useState(true);
  const [picked, setPicked] = useState(null);
  const [focused, setFocused] = useState(null);
  const { behind, toEnd, watch } = useEnd(root, bubbles);
  const picking = usePicking((anchor) => setPicked({ id: anchor.dataset.id, anchor }));
  useEffect(() => setFresh(false), []);

  const lastMine = bubbles.findLast((bubble) => bubble.mine);
  const missed = bubbles.findLast((bubble) => !bubble.mine && !bubble.read_at && bubble.send_style);
  const tabbable = focused ?? bubbles.at(-1)?.id;
  const target = picked && bubbles.find((bubble) => bubble.id === picked.id);
  const walk = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const nodes = [...root.current.querySelectorAll('.bubble')];
    const next = step && event.target.matches('.bubble') && nodes[nodes.indexOf(event.target) + step];
    if (!next) return picking.onKeyDown(event);
    event.preventDefault();
    return next.focus();
  };
  return html`
    <div class="stage">
      <div id="transcript" ref=${root} class="transcript" role="log" aria-live="polite" aria-relevant="additions" aria-labelledby="thread-name"
          aria-busy=${String(fresh)} ...${watch} ...${picking} onKeyDown=${walk} data-testid="transcript"
          onFocusIn=${(event) => setFocused(event.target.closest('.bubble')?.dataset.id ?? null)} onFocusOut=${() => setFocused(null)}>
        <div class="bubbles">
          ${bubbles.map((bubble, index) => html`
            <${Row} key=${bubble.id} bubble=${bubble} who=${name} tabbable=${bubble.id === tabbable} stage=${stage} onMessage=${onMessage}
              separator=${index === 0 || gap(bubbles[index - 1], bubble) > PAUSE_MILLIS ? dayAndTime(bubble.at) : null}
              endsGroup=${endsGroup(bubble, bubbles[index + 1])} status=${bubble === lastMine ? state(bubble, online) : null}
              arrives=${!fresh} plays=${bubble.send_style && (!fresh || bubble === missed)} />`)}
          ${typing && html`<div key="typing" class="typing" role="img" aria-label=${`${name} is typing`} data-testid="typing"><i /><i /><i /></div>`}
        </div>
        ${bubbles.length === 0 && hint && html`<p class="hint">${hint}</p>`}
      </div>
      <div ref=${stage} class="effects" aria-hidden="true"></div>
      <button class="latest" type="button" hidden=${!behind} onClick=${toEnd}>New messages ↓</button>
      ${target && html`<${Picker} key=${picked.id} bubble=${target} anchor=${picked.anchor} onChoose=${onTapback} onClose=${() => setPicked(null)} />`}
    </div>`;
}

/** Keeps a growing log at its end until somebody scrolls up; `behind` tells that something newer waits below. */
function useEnd(root, bubbles) {
  const stuck = useRef(true);
  const end = useRef(0);
  const newest = useRef(null);
  const [behind, setBehind] = useState(false);
  const toEnd = () => {
    root.current.scrollTop = root.current.scrollHeight;
    end.current = root.current.scrollTop;
    stuck.current = true;
    setBehind(false);
  };
  const follow = () => stuck.current && toEnd();
  useLayoutEffect(() => {
    const added = bubbles.slice(bubbles.findIndex((bubble) => bubble.id === newest.current) + 1);
    newest.current = bubbles.at(-1)?.id ?? null;
    if (stuck.current || added.some((bubble) => bubble.mine)) toEnd();
    else if (added.length > 0) setBehind(true);
  }, [bubbles]);
  useEffect(() => {
    const sizes = new ResizeObserver(follow);
    sizes.observe(root.current);
    return () => sizes.disconnect();
  }, []);
  // A picture may have grown since we went to the end: only who scrolls up leaves it.
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = root.current;
    stuck.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS || (stuck.current && scrollTop >= end.current);
    if (stuck.current) setBehind(false);
  };
  return { behind, toEnd, watch: { onScroll, onLoadCapture: follow, onLoadedMetadataCapture: follow } };
}

const gap = (earlier, later) => Date.parse(later.at) - Date.parse(earlier.at);

const endsGroup = (bubble, next) => !next || next.mine !== bubble.mine || gap(bubble, next) > GROUP_MILLIS;

function state({ read_at: read, delivered_at: delivered }, online) {
  if (!delivered && !online) return { words: 'Not sent yet', bad: true };
  return { words: read ? 'Read' : delivered ? 'Delivered' : 'Sent' };
}
