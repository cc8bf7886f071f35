import { useMemo } from '../web/html.js';
import { useLoad } from './load.js';

/** The agents that the key sees, by name: the API speaks of them by id. */

/** `{ agents, byId, byHandle, nameOf(id), loading }`; `agents` is ordered by handle. */
export function useAgents() {
  const { data, error, loading } = useLoad('/api/v1/identities');
  return useMemo(() => {
    const agents = [...(data ?? [])].sort((one, other) => one.agent_handle.localeCompare(other.agent_handle));
    const byId = new Map(agents.map((agent) => [agent.id, agent]));
    const byHandle = new Map(agents.map((agent) => [agent.agent_handle, agent]));
    const nameOf = (id) => (byId.has(id) ? `@${byId.get(id).agent_handle}` : data ? 'an agent that is gone' : '…');
    return { agents, byId, byHandle, nameOf, error, loading };
  }, [data, error, loading]);
}
