import { html, useEffect, useState } from '../web/html.js';

/** One sentence above everything, such as what was refused; it goes by itself, or with a click. */

let show = () => {};
export const notice = (message) => show(message);

export function Notice() {
  const [message, setMessage] = useState(null);
  useEffect(() => {
    let timer;
    show = (next) => {
      clearTimeout(timer);
      setMessage(next);
      timer = setTimeout(() => setMessage(null), 7000);
    };
  }, []);
  return html`<div class="notice" role="alert" hidden=${!message} onClick=${() => setMessage(null)} data-testid="notice">${message}</div>`;
}
