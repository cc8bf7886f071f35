import { html, render, useEffect, useState } from '../web/html.js';
import { get, keyring } from '../web/api.js';
import { Notice } from './notice.js';
import { PANE } from './pane.js';
import { chosenPerson, rememberPerson } from './people.js';
import { Phone } from './phone.js';
import { SignIn } from './signin.js';

/** Who holds the phone, if the key is good. */

const RETRY_MILLIS = 3000;

/** What the phone has to know of the server: the number of its router, and agents' handles by their own numbers. */
async function askLines() {
  const lines = (await get('/api/v1/lines')).filter((line) => line.driver === 'simulator');
  return {
    router: lines.find((line) => line.roles.includes('router'))?.number ?? null,
    own: new Map(lines.filter((line) => line.dedicated).map((line) => [line.number, line.dedicated])),
    none: lines.length === 0,
  };
}

const explain = (error) => (error.status === 403 ? "This key may not use the simulator. It takes the operator's admin key." : error.message);

function App() {
  const [lines, setLines] = useState(null);
  const [message, setMessage] = useState('');
  const [opening, setOpening] = useState(Boolean(keyring.get()));
  const [person, setPerson] = useState(chosenPerson);

  const leave = (words = '') => {
    keyring.forget();
    setLines(null);
    setMessage(words);
  };
  const enter = async () => {
    try {
      const asked = await askLines();
      if (asked.none) leave('This server has no simulator line.');
      else setLines(asked);
    } catch (error) {
      if (error.away) setMessage(`${error.message} This page goes on by itself once it is back.`);
      else leave(explain(error));
    }
    setOpening(false);
  };
  useEffect(() => {
    if (opening) enter();
  }, []);
  useEffect(() => {
    const timer = !lines && !opening && setInterval(() => keyring.get() && enter(), RETRY_MILLIS);
    return () => clearInterval(timer);
  }, [lines, opening]);

  const signIn = (key) => {
    keyring.set(key);
    return enter();
  };
  const choose = (number) => {
    rememberPerson(number);
    setPerson(number);
  };
  return html`
    ${PANE === null && html`
      <header class="ribbon" data-testid="simulator-label"><strong>Simulator</strong> <span>Nothing here reaches a real phone</span></header>`}
    ${lines && html`<${Phone} key=${person} person=${person} lines=${lines} onPerson=${choose} onLeave=${leave} />`}
    ${!lines && !opening && html`<${SignIn} message=${message} onKey=${signIn} />`}
    <${Notice} />`;
}

render(html`<${App} />`, document.getElementById('app'));
