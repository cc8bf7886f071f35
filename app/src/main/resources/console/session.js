import { createContext, useContext } from '../web/html.js';
import { get, keyring } from '../web/api.js';

/** Who looks: what the key in this tab may see. */

const Session = createContext(null);

export const SessionProvider = Session.Provider;

/** `{ whoami, admin, operator, agent, server }`; `agent` is `{ id, agent_handle }` with an agent's key, else null. */
export const useSession = () => useContext(Session);

export async function openSession(key) {
  if (key) keyring.set(key);
  const whoami = await get('/api/whoami');
  const admin = whoami.auth_subtype === 'api_key.admin_scoped';
  const server = admin ? await get('/api/v1/server') : null;
  return { whoami, admin, server, operator: Boolean(server?.operator), agent: whoami.agent_identity };
}
