import { html, render, useEffect, useRef, useState } from '../web/html.js';
import { keyring } from '../web/api.js';
import { PAGES } from './pages.js';
import { Help } from './help.js';
import { Icon } from './icons.js';
import { PhonePane, onOpenPhones } from './phonepane.js';
import { SessionProvider, openSession, useSession } from './session.js';
import { SignIn } from './signin.js';
import { Failure, Loading, Page, Toasts } from './ui.js';
import { beside, go, match, to, usePlace } from './router.js';
import { startLive, useLiveState } from './live.js';
import { useKeys, walkRows } from './keys.js';

/** The frame around every page: who looks, the way around, and whether the server is heard. */

function App() {
  const [session, setSession] = useState(null);
  const [failure, setFailure] = useState(null);
  const signOut = (error = null) => {
    keyring.forget();
    setSession(null);
    setFailure(error);
  };
  const signIn = async (key) => {
    setFailure(null);
    try {
      setSession(await openSession(key));
    } catch (error) {
      if (error.refusedKey) keyring.forget();
      setFailure(error);
    }
  };
  useEffect(() => {
    if (keyring.get()) signIn();
  }, []);
  useEffect(() => session && startLive({ onRefused: (error) => error.unknownKey && signOut(error) }), [session]);
  useEffect(() => {
    if (!session && failure?.away && keyring.get()) {
      const timer = setTimeout(signIn, 3000);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [failure]);

  if (!session) {
    if (keyring.get() && !failure?.refusedKey) {
      return html`<main class="lone">${failure ? html`<${Failure} error=${failure} onRetry=${() => signIn()} />` : html`<${Loading} />`}</main>`;
    }
    return html`<${SignIn} failure=${failure} onKey=${signIn} />`;
  }
  return html`<${SessionProvider} value=${session}><${Frame} onSignOut=${() => signOut()} /><//>`;
}

function Frame({ onSignOut }) {
  const session = useSession();
  const { path } = usePlace();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  const [phone, setPhone] = useState(() => sessionStorage.getItem('partyline.pane') === 'open');
  const main = useRef(null);
  const first = useRef(true);
  const turnPhone = () => {
    setMenu(false);
    setPhone(!phone);
  };
  const seen = PAGES.filter((page) => page.allowed(session));

  useEffect(() => onOpenPhones(() => setPhone(true)), []);
  useEffect(() => sessionStorage.setItem('partyline.pane', phone ? 'open' : 'closed'), [phone]);
  // Another page: its heading has the focus, as after a load, and a screen reader says it.
  useEffect(() => {
    setMenu(false);
    if (!first.current) main.current.querySelector('h1')?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  useKeys({
    '/': () => {
      const box = document.querySelector('main input[type=search]');
      if (box) box.focus();
      else go('/conversations?search=');
    },
    '?': () => setHelp(true),
    j: () => walkRows(1),
    k: () => walkRows(-1),
    p: () => session.server?.simulator && session.operator && setPhone(!phone),
    ...Object.fromEntries(seen.filter((page) => page.key).map((page) => [page.key, () => go(page.path)])),
  });

  const found = findPage(seen, path);
  return html`
    <a class="skip" href="#main">Skip to the page</a>
    <div class=${`frame${menu ? ' menu-open' : ''}${phone ? ' with-phone' : ''}`}>
      <header class="top">
        <button type="button" class="icon-button" aria-label="Menu" aria-expanded=${menu} onClick=${() => setMenu(!menu)} data-testid="menu"><${Icon} of="menu" /></button>
        <a href=${to('/')} class="brand"><img src=${beside('web/icon.svg')} alt="" width="22" height="22" />Partyline</a>
      </header>
      <nav class="side" aria-label="Console">
        <a href=${to('/')} class="brand"><img src=${beside('web/icon.svg')} alt="" width="22" height="22" />Partyline</a>
        <ul>
          ${seen.filter((page) => page.title).map((page) => html`
            <li key=${page.path}><a href=${to(page.path)} aria-current=${page === found?.page || (page.path !== '/' && path.startsWith(`${page.path}/`)) ? 'page' : undefined}
              data-testid=${`nav-${page.path.slice(1) || 'home'}`}><${Icon} of=${page.icon} />${page.title}</a></li>`)}
        </ul>
        <div class="side-end">
          ${session.operator && session.server.simulator && html`<button type="button" class="side-button" aria-pressed=${phone} onClick=${turnPhone} data-testid="phone-toggle">
            <${Icon} of="phone" />Phone</button>`}
          <a class="side-button" href=${beside('docs')} target="_blank"><${Icon} of="guides" />Guides</a>
          <button type="button" class="side-button" onClick=${() => setHelp(true)}><${Icon} of="keyboard" />Keyboard</button>
          <button type="button" class="side-button" onClick=${onSignOut} data-testid="sign-out"><${Icon} of="leave" />Forget the key</button>
          <${Standing} />
        </div>
      </nav>
      <main id="main" ref=${main} tabindex="0">
        ${found ? html`<${found.page.view} key=${found.page.path} ...${found.parts} />` : html`<${Nowhere} />`}
      </main>
      ${phone && html`<${PhonePane} onClose=${() => setPhone(false)} />`}
    </div>
    ${help && html`<${Help} pages=${seen} onClose=${() => setHelp(false)} />`}
    <${Toasts} />`;
}

function findPage(pages, path) {
  for (const page of pages) {
    const parts = match(page.path, path) ?? (page.within && match(page.within, path));
    if (parts) return { page, parts };
  }
  return null;
}

/** Whose key it is, and whether what is shown is live. */
function Standing() {
  const { whoami, agent, operator } = useSession();
  const state = useLiveState();
  const words = {
    live: 'Live',
    connecting: 'Connecting …',
    full: 'Too many pages listen with this key. Trying again …',
    reconnecting: 'The server is away. Trying again …',
  }[state];
  return html`
    <div class="standing">
      <p class="standing-who" title=${whoami.organization_id}>${agent ? `@${agent.agent_handle}` : operator ? 'Operator' : 'Admin'} <span class="muted">· ${whoami.label}</span></p>
      <p class="standing-live" data-state=${state} role="status" data-testid="live">${words}</p>
    </div>`;
}

function Nowhere() {
  return html`<${Page} title="Not here"><p>There is no such page, or this key may not see it. <a href=${to('/')}>Go home</a></p><//>`;
}

render(html`<${App} />`, document.getElementById('app'));
