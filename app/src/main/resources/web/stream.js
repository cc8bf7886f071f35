import { ApiError, request } from './api.js';

/** Server-sent events over fetch, since EventSource cannot send the key in a header. */

const RETRY_MILLIS = [300, 1000, 2000, 4000, 8000];
const HIDDEN_MILLIS = 20_000;

/**
 * Follows the stream at `path()` until the function that it returns is called. Tells `onFrame({ id, event, data })` of
 * each frame, `onOpen` of each time that it is heard, `onState` of `connecting`, `live`, `full` (too many listen) and
 * `reconnecting`, and `onRefused` once if the server turns the key down. A later try goes on behind the last id; where the server has
 * forgotten that place, `onGap` is told so.
 *
 * Browsers have six connections to a server for all their tabs, so a page that was left lets go of its own, and with
 * `rests` also one that is hidden for a while.
 */
export function follow(path, { onFrame, onOpen = () => {}, onState = () => {}, onRefused = () => {}, onGap = () => {}, rests = false }) {
  const ending = new AbortController();
  const seen = whileSeen(rests, ending.signal);
  let last = null;

  const listen = async (signal) => {
    const headers = last ? { 'Last-Event-ID': last } : {};
    const response = await request('GET', path(), { accept: 'text/event-stream', headers, signal });
    onState('live');
    onOpen();
    for await (const frame of frames(response.body)) {
      if (signal.aborted) return;
      last = frame.id ?? last;
      if (frame.data) onFrame(frame);
    }
  };

  const run = async () => {
    let failures = 0;
    onState('connecting');
    while (!ending.signal.aborted) {
      const signal = await seen();
      const began = Date.now();
      let wait = null;
      let state = 'reconnecting';
      try {
        await listen(signal);
      } catch (error) {
        if (signal.aborted) continue;
        if (error.refusedKey) return onRefused(error);
        if (error.code === 'events_expired' || error.code === 'events_replaced') {
          last = String(error.detail.next);
          onGap(error);
        }
        if (error.status === 429) state = 'full';
        wait = error.retryAfter && error.retryAfter * 1000;
        if (!(error instanceof ApiError)) failures = Math.max(failures, 1);
      }
      if (signal.aborted) continue;
      if (Date.now() - began > 5000) failures = 0;
      onState(state);
      await pause(wait ?? RETRY_MILLIS[Math.min(failures++, RETRY_MILLIS.length - 1)], signal);
    }
    return undefined;
  };
  run();
  return () => ending.abort();
}

/** A function that waits until the page is seen, and gives a signal that is aborted once it is not, or with `ended`. */
function whileSeen(rests, ended) {
  let shown = new AbortController();
  let awake = Promise.resolve();
  let wake = () => {};
  let timer;
  const rest = () => {
    if (shown.signal.aborted) return;
    shown.abort();
    awake = new Promise((resolve) => {
      wake = resolve;
    });
  };
  const rise = () => {
    if (shown.signal.aborted) shown = new AbortController();
    wake();
  };
  const look = () => {
    clearTimeout(timer);
    if (!document.hidden) rise();
    else if (rests) timer = setTimeout(rest, HIDDEN_MILLIS);
  };
  addEventListener('pagehide', rest, { signal: ended });
  addEventListener('pageshow', rise, { signal: ended });
  document.addEventListener('visibilitychange', look, { signal: ended });
  ended.addEventListener('abort', () => {
    shown.abort();
    wake();
  });
  look();
  return async () => {
    await awake;
    return shown.signal;
  };
}

/** Comments, which servers send to keep a connection open, are skipped; an id alone moves the place. */
async function* frames(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let frame = { data: [] };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const lines = buffer.split(/\r\n|\n/);
    buffer = lines.pop();
    for (const line of lines) {
      const [, field, text] = /^(data|id|event): ?(.*)$/s.exec(line) ?? [];
      if (field === 'data') frame.data.push(text);
      else if (field) frame[field] = text;
      if (line === '') {
        if (frame.data.length > 0 || frame.id) yield { ...frame, data: frame.data.join('\n') };
        frame = { data: [] };
      }
    }
  }
}

function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis * (0.75 + Math.random() / 2));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
