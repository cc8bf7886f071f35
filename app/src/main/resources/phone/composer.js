import { byId, el, notice, placeNear } from './dom.js';
import { EFFECTS, SERVICES } from '../web/format.js';

/** Where the person writes. Keeps a draft for each thread and tells when the person starts and stops typing. */

const TYPING_REPEAT_MILLIS = 4000;
const TYPING_IDLE_MILLIS = 8000;

const field = byId('composer');
const mediaUrl = byId('media-url');
const mediaFile = byId('media-file');
const sendStyle = byId('send-style');
const chips = byId('extras-chips');

export class Composer {
  #person = null;
  #line = null;
  #drafts = new Map();
  #typingSince = 0;
  #queue = Promise.resolve();
  #idle;
  #onSend;
  #onTyping;
  #onFile;

  constructor({ onSend, onTyping, onFile }) {
    this.#onSend = onSend;
    this.#onTyping = onTyping;
    this.#onFile = onFile;
    sendStyle.append(el('option', { value: '' }, 'No effect'),
      ...Object.entries(EFFECTS).map(([value, label]) => el('option', { value }, label)));
    field.addEventListener('input', () => this.#typed());
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    byId('composer-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    for (const input of [mediaUrl, sendStyle]) input.addEventListener('input', () => this.#draw());
    this.#watchForFiles();
    mediaUrl.addEventListener('keydown', (event) => event.key === 'Enter' && byId('extras').hidePopover());
    byId('extras').addEventListener('toggle', ({ newState }) => {
      if (newState !== 'open') return field.focus();
      placeNear(byId('extras'), byId('extras-button').getBoundingClientRect());
      mediaUrl.focus();
    });
  }

  /** Files are chosen, pasted, or dropped on the thread. */
  #watchForFiles() {
    const thread = byId('open-thread');
    mediaFile.addEventListener('change', () => this.#attach(mediaFile.files[0]));
    field.addEventListener('paste', (event) => this.#attach(event.clipboardData.files[0], event));
    thread.addEventListener('dragover', (event) => event.preventDefault());
    thread.addEventListener('drop', (event) => this.#attach(event.dataTransfer.files[0], event));
  }

  async #attach(file, event) {
    if (!file) return;
    event?.preventDefault();
    const line = this.#line;
    try {
      const url = await this.#onFile(file);
      if (line !== this.#line) return;
      mediaUrl.value = url;
      this.#draw();
    } catch (error) {
      notice(error.message);
    } finally {
      mediaFile.value = '';
    }
  }

  open(line) {
    if (line === this.#line) return;
    this.stopTyping();
    if (this.#line) this.#drafts.set(this.#line, field.value);
    this.#line = line;
    this.#fill(this.#drafts.get(line) ?? '');
  }

  prefill(text) {
    this.#fill(text);
    this.focus();
    field.setSelectionRange(text.length, text.length);
  }

  focus() {
    field.focus();
  }

  /** Somebody else takes the phone: nothing half-written stays behind. */
  handTo(person) {
    this.open(null);
    this.#drafts.clear();
    this.#person = person;
  }

  showService(service) {
    field.placeholder = SERVICES[service] ?? 'Message';
    byId('composer-form').dataset.service = service;
  }

  stopTyping() {
    clearTimeout(this.#idle);
    if (this.#typingSince) this.#onTyping(this.#line, false);
    this.#typingSince = 0;
  }

  #typed() {
    this.#draw();
    if (field.value === '') return this.stopTyping();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stopTyping(), TYPING_IDLE_MILLIS);
    if (Date.now() - this.#typingSince < TYPING_REPEAT_MILLIS) return;
    this.#typingSince = Date.now();
    this.#onTyping(this.#line, true);
  }

  async #send() {
    const draft = { text: field.value, media: mediaUrl.value.trim(), style: sendStyle.value };
    if (!draft.text.trim() && !draft.media) return;
    const line = this.#line;
    this.stopTyping();
    this.#fill('');
    try {
      const message = {
        from: this.#person,
        to: line,
        ...(draft.text.trim() && { text: draft.text }),
        ...(draft.media && { media_url: draft.media }),
        ...(draft.style && { send_style: draft.style }),
      };
      await this.#inOrder(() => this.#onSend(message));
    } catch (error) {
      notice(error.message);
      if (line === this.#line && field.value === '') this.#fill(draft.text, draft.media, draft.style);
    }
  }

  /** Two requests at once could overtake each other. */
  #inOrder(send) {
    const sent = this.#queue.then(send);
    this.#queue = sent.catch(() => {});
    return sent;
  }

  #fill(text, media = '', style = '') {
    field.value = text;
    mediaUrl.value = media;
    sendStyle.value = style;
    this.#draw();
  }

  #draw() {
    const extras = [mediaUrl.value.trim() && 'With a picture or file', EFFECTS[sendStyle.value]].filter(Boolean);
    chips.hidden = extras.length === 0;
    chips.replaceChildren(...extras.map((label) => el('span', { className: 'chip' }, label)));
    byId('send').disabled = !field.value.trim() && !mediaUrl.value.trim();
    field.style.height = 'auto';
    if (field.value) field.style.height = `${field.scrollHeight}px`;
  }
}
