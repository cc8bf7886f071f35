import { ApiError, api, phonePath, request } from './api.js';

/** The live view of one phone: server-sent events over fetch, since EventSource cannot send the key in a header. */

const RETRY_MILLIS = [300, 1000, 2000, 4000, 8000];

/**
 * Tells `onPhone` of every change, `onState` of `connecting`, `live` and `reconnecting`, and `onRefused` once if the
 * server turns the key down. Returns a function that ends it.
 */
export function follow(number, { onPhone, onState, onRefused }) {
  const ending = new AbortController();
  const { signal } = ending;

  const run = async () => {
    let failures = 0;
    onState('connecting');
    while (!signal.aborted) {
      try {
        await listen(number, signal, onPhone, () => {
          failures = 0;
          onState('live');
        });
      } catch (error) {
        if (signal.aborted) return;
        if (error.refusedKey) return onRefused(error);
        if (!(error instanceof ApiError)) console.error(error);
      }
      if (signal.aborted) return;
      onState('reconnecting');
      await pause(RETRY_MILLIS[Math.min(failures++, RETRY_MILLIS.length - 1)], signal);
    }
  };
  run();
  return () => ending.abort();
}

async function listen(number, signal, onPhone, onOpen) {
  const response = await request('GET', `${phonePath(number)}/stream`, { accept: 'text/event-stream', signal });
  let framed = false;
  const deliver = (phone) => !signal.aborted && onPhone(phone);
  onOpen();
  // Whatever happened while nobody listened shows at once, unless a newer frame was first.
  api.phone(number).then((phone) => framed || deliver(phone), () => {});
  for await (const data of frames(response.body)) {
    framed = true;
    deliver(JSON.parse(data));
  }
}

/** The data of each frame. Comments, which servers send to keep a connection open, are skipped. */
async function* frames(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let data = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const lines = buffer.split(/\r\n|\n/);
    buffer = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
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
