import { useEffect, useState } from '../web/html.js';
import { ROOT } from '../web/api.js';

/** Which page is shown: addresses below `/console` are routes, so back, reload, links and new tabs work. */

const BASE = new URL('console', ROOT).pathname;

/** The address of a place such as `/agents/echo?tab=keys`. */
export const to = (place) => BASE + (place === '/' ? '' : place);

/** The address of something of the server's beside the console, such as `phone` or `web/icon.svg`. */
export const beside = (path) => new URL(path, ROOT).pathname;

const here = () => ({
  path: decodeURI(location.pathname.slice(BASE.length).replace(/\/$/, '')) || '/',
  query: new URLSearchParams(location.search),
});

const listeners = new Set();
const tell = () => listeners.forEach((listener) => listener(here()));

addEventListener('popstate', tell);

// A click on a link of ours changes the page without a reload; with a modifier the browser has its way.
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href);
  const ours = address.pathname === BASE || address.pathname.startsWith(`${BASE}/`);
  if (!ours || link.target || link.hasAttribute('download') || address.origin !== location.origin) return;
  event.preventDefault();
  go(address.pathname.slice(BASE.length) + address.search);
});

/** Shows another place; `replace` leaves no step for back. */
export function go(place, { replace = false } = {}) {
  const address = to(place || '/');
  if (address !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', address);
  tell();
}

/** Sets or, with null, drops words of the query; filters live there. */
export function goQuery(changes, { replace = true } = {}) {
  const { path, query } = here();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(path + (text ? `?${text}` : ''), { replace });
}

/** The place that is shown: `{ path, query }`. */
export function usePlace() {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    listeners.add(setPlace);
    return () => listeners.delete(setPlace);
  }, []);
  return place;
}

/** The parts of `path` that `pattern` (such as `/agents/:handle`) names; null when it does not fit. */
export function match(pattern, path) {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const parts = {};
  for (const [index, word] of wanted.entries()) {
    if (word.startsWith(':')) parts[word.slice(1)] = decodeURIComponent(given[index]);
    else if (word !== given[index]) return null;
  }
  return parts;
}
