/** The server's calls. The key lives in this tab's session storage and travels in a header, never in an address. */

const KEY = 'partyline.key';

/** Where the server's paths begin: the pages also work below the path of a proxy. */
export const ROOT = new URL('..', import.meta.url);

export class ApiError extends Error {
  /** `status` 0: nobody answered. `detail` is what the server says of it, such as `code`. */
  constructor(status, message, detail = {}, retryAfter = null) {
    super(message);
    this.status = status;
    this.detail = detail;
    this.code = detail.code;
    this.retryAfter = retryAfter;
  }

  /** The server does not know this key, or not any more. */
  get unknownKey() {
    return this.status === 401;
  }

  /** The key is the problem, so asking for another one helps. */
  get refusedKey() {
    return this.status === 401 || this.status === 403;
  }

  get away() {
    return this.status === 0 || this.status === 502 || (this.status === 503 && this.code !== 'search_not_ready') || this.status === 504;
  }
}

export const keyring = {
  get: () => sessionStorage.getItem(KEY),
  set: (key) => sessionStorage.setItem(KEY, key),
  forget: () => sessionStorage.removeItem(KEY),
};

/** One call; an answer that is no success is thrown as an [ApiError]. */
export async function request(method, path, { body, form, headers, accept = 'application/json', signal } = {}) {
  const all = { Accept: accept, 'X-API-Key': keyring.get() ?? '', ...headers };
  if (body) all['Content-Type'] = 'application/json';
  let response;
  try {
    const address = new URL(path.replace(/^\//, ''), ROOT);
    response = await fetch(address, { method, headers: all, signal, body: form ?? (body && JSON.stringify(body)), cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server does not answer. Is it running?');
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const { detail } = await response.json().catch(() => ({}));
  const wait = Number(response.headers.get('Retry-After')) || null;
  if (response.status === 401) return new ApiError(401, 'The server does not know this key.', detail);
  if (Array.isArray(detail)) {
    const words = detail.map((entry) => entry.msg).filter(Boolean).join(' ');
    return new ApiError(response.status, words || `The server answered ${response.status}.`, { code: 'validation_error', fields: detail }, wait);
  }
  if (typeof detail === 'string') return new ApiError(response.status, detail, {}, wait);
  return new ApiError(response.status, detail?.message ?? `The server answered ${response.status}.`, detail, wait);
}

const answer = async (response) => (response.status === 204 ? null : response.json());

export const get = async (path, options) => answer(await request('GET', path, options));
export const post = async (path, body, options) => answer(await request('POST', path, { body, ...options }));
export const patch = async (path, body) => answer(await request('PATCH', path, { body }));
export const put = async (path, body) => answer(await request('PUT', path, { body }));
export const remove = async (path) => answer(await request('DELETE', path));

/** A page of a list: its rows, and the path of the next page, null on the last. `rows` finds them in the answer. */
export async function page(path, { rows = (body) => body, signal } = {}) {
  const response = await request('GET', path, { signal });
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1];
  const address = next && new URL(next, response.url);
  return { rows: rows(await response.json()), next: address ? address.href.slice(ROOT.href.length) : null };
}

/** A file of ours, whose address has the shape that messages take. */
export async function upload(file) {
  const form = new FormData();
  form.append('file', file);
  return (await answer(await request('POST', '/api/v1/imessage/media', { form }))).media_url;
}

/** `path` with what is defined of `query`. */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given).toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}
