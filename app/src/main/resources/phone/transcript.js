import { BubbleRow } from './bubble.js';
import { byId, el } from './dom.js';
import { dayAndTime } from '../web/format.js';
import { play } from './effects.js';
import { openPicker, watchForPicking } from './tapbacks.js';

/** The bubbles of the open thread. What is on the screen stays; only what changed is touched. */

const PAUSE_MILLIS = 20 * 60_000;
const GROUP_MILLIS = 60_000;
const NEAR_END_PIXELS = 90;

const root = byId('transcript');
const latest = byId('latest');

export class Transcript {
  #rows = new Map();
  #key = null;
  #stuck = true;
  #end = 0;
  #typing = null;
  #onMessage;

  constructor({ onTapback, onMessage }) {
    this.#onMessage = onMessage;
    watchForPicking(root, (node) => {
      const row = this.#rows.get(node.dataset.id);
      if (row) openPicker(row.bubble, row.node, onTapback);
    });
    root.addEventListener('keydown', (event) => this.#walk(event));
    root.addEventListener('scroll', () => this.#noticeScroll());
    for (const grown of ['load', 'loadedmetadata']) root.addEventListener(grown, () => this.#stuck && this.toEnd(), true);
    latest.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(root);
  }

  /** `key` names the conversation; another one starts afresh, without animations. */
  show(key, thread, who, hint) {
    const fresh = key !== this.#key;
    if (fresh) this.#clear(key);
    const bubbles = thread?.bubbles ?? [];
    this.#forget(bubbles);
    const added = this.#draw(bubbles, who);
    this.#drawTyping(thread?.typing, who);
    this.#drawHint(bubbles.length === 0 ? hint : null);

    if (fresh || this.#stuck || added.some(({ bubble }) => bubble.mine)) this.toEnd();
    else if (added.length > 0) latest.hidden = false;
    if (fresh) return root.setAttribute('aria-busy', 'false');
    for (const row of added) {
      row.root.classList.add('arrives');
      if (row.bubble.send_style) play(row.bubble.send_style, byId('effects'), row.root);
    }
  }

  toEnd() {
    root.scrollTop = root.scrollHeight;
    this.#end = root.scrollTop;
    this.#stuck = true;
    latest.hidden = true;
  }

  #clear(key) {
    // An old conversation that is opened is not read out from the start.
    root.setAttribute('aria-busy', 'true');
    this.#key = key;
    this.#rows.clear();
    this.#typing = null;
    root.replaceChildren();
    byId('effects').replaceChildren();
    latest.hidden = true;
  }

  #forget(bubbles) {
    const ids = new Set(bubbles.map((bubble) => bubble.id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.root.remove();
      this.#rows.delete(id);
    }
  }

  #draw(bubbles, who) {
    const lastMine = bubbles.findLast((bubble) => bubble.mine);
    const added = [];
    let before = null;
    bubbles.forEach((bubble, index) => {
      let row = this.#rows.get(bubble.id);
      if (!row) {
        row = new BubbleRow(bubble, who, {
          onMessage: this.#onMessage,
          onEffect: (shown) => play(shown.bubble.send_style, byId('effects'), shown.root),
        });
        this.#rows.set(bubble.id, row);
        added.push(row);
      }
      const previous = bubbles[index - 1];
      row.update(bubble, {
        separator: !previous || gap(previous, bubble) > PAUSE_MILLIS ? dayAndTime(bubble.at) : null,
        endsGroup: endsGroup(bubble, bubbles[index + 1]),
        status: bubble === lastMine ? state(bubble) : null,
      });
      const place = before ? before.nextSibling : root.firstChild;
      if (place !== row.root) root.insertBefore(row.root, place);
      before = row.root;
    });
    this.#keepOneTabStop(bubbles.at(-1));
    return added;
  }

  #drawTyping(typing, who) {
    if (!typing) {
      this.#typing?.remove();
      this.#typing = null;
      return;
    }
    this.#typing ??= el('div', { className: 'typing', role: 'img', ariaLabel: `${who} is typing`, data: { testid: 'typing' } },
      el('i'), el('i'), el('i'));
    if (root.lastElementChild !== this.#typing) root.append(this.#typing);
  }

  #drawHint(hint) {
    root.querySelector('.hint')?.remove();
    if (hint) root.append(el('p', { className: 'hint' }, hint));
  }

  #keepOneTabStop(last) {
    const current = [...this.#rows.values()].find((row) => row.node === document.activeElement);
    for (const row of this.#rows.values()) row.node.tabIndex = (current ? row === current : row.bubble === last) ? 0 : -1;
  }

  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches('.bubble')) return;
    const nodes = [...root.querySelectorAll('.bubble')];
    const next = nodes[nodes.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  /** A picture may have grown since we went to the end: only who scrolls up leaves it. */
  #noticeScroll() {
    const near = root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_END_PIXELS;
    this.#stuck = near || (this.#stuck && root.scrollTop >= this.#end);
    if (this.#stuck) latest.hidden = true;
  }
}

const gap = (earlier, later) => Date.parse(later.at) - Date.parse(earlier.at);

const endsGroup = (bubble, next) => !next || next.mine !== bubble.mine || gap(bubble, next) > GROUP_MILLIS;

const state = (bubble) => (bubble.read_at ? 'Read' : bubble.delivered_at ? 'Delivered' : 'Sent');
