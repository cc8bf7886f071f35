/** `phone?pane=N` is the N-th of several phones beside a page of the console: each remembers its own things. */

const number = new URLSearchParams(location.search).get('pane');

/** The number of this phone among those beside each other; null when it has a tab of its own. */
export const PANE = number === null ? null : Math.abs(Math.trunc(Number(number))) || 0;

/** What is remembered as long as the tab is open. */
export function memory(name) {
  const key = PANE === null ? `partyline.${name}` : `partyline.${name}.${PANE}`;
  return {
    get: () => sessionStorage.getItem(key),
    set: (text) => (text === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, text)),
  };
}
