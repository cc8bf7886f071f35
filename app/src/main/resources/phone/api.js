/** The server's calls. The key lives in this tab's session storage and travels in a header, never in an address. */

const KEY = 'partyline.key';

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** The key is the problem, so asking for another one helps. */
  get refusedKey() {
    return this.status === 401 || this.status === 403;
  }
}

export const keyring = {
  get: () => sessionStorage.getItem(KEY),
  set: (key) => sessionStorage.setItem(KEY, key),
  forget: () => sessionStorage.removeItem(KEY),
};

export async function request(method, path, { body, form, accept = 'application/json', signal } = {}) {
  const headers = { Accept: accept, 'X-API-Key': keyring.get() ?? '' };
  if (body) headers['Content-Type'] = 'application/json';
  let response;
  try {
    const address = new URL(`..${path}`, import.meta.url);
    response = await fetch(address, { method, headers, signal, body: form ?? (body && JSON.stringify(body)), cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server does not answer. Is it running?');
  }
  if (!response.ok) throw new ApiError(response.status, await explain(response));
  return response;
}

async function explain(response) {
  if (response.status === 401) return 'The server does not know this key.';
  if (response.status === 403) return "This key may not use the simulator. It takes the operator's admin key.";
  const body = await response.json().catch(() => ({}));
  const detail = body?.detail;
  if (typeof detail === 'string') return detail;
  if (Array.isArray(detail)) return detail.map((entry) => entry.msg).filter(Boolean).join(' ') || fallback(response);
  return detail?.message ?? fallback(response);
}

const fallback = (response) =>
  response.status === 404 ? 'This server has no simulator line.' : `The server answered ${response.status}.`;

const json = async (path) => (await request('GET', path)).json();
const post = (path, body) => request('POST', path, { body });
export const phonePath = (number) => `/simulator/phones/${encodeURIComponent(number)}`;

async function upload(file) {
  const form = new FormData();
  form.append('file', file);
  return (await (await request('POST', '/api/v1/imessage/media', { form })).json()).media_url;
}

export const api = {
  /** The agents that have a number of their own, by the number. */
  ownNumbers: async () => new Map((await json('/api/v1/lines'))
    .filter((line) => line.dedicated && line.driver === 'simulator')
    .map((line) => [line.number, line.dedicated])),
  routerNumber: async () => (await json('/api/v1/imessage/triage-number')).number,
  phone: (number) => json(phonePath(number)),
  change: (number, changes) => request('PATCH', phonePath(number), { body: changes }),
  text: (message) => post('/simulator/messages', message),
  upload,
  tapback: (tapback) => post('/simulator/tapbacks', tapback),
  typing: (from, to, typing) => post('/simulator/typing', { from, to, typing }),
  read: (from, to) => post('/simulator/read', { from, to }),
};
