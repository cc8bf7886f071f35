import { useMemo } from '../web/html.js';
import { useLoad } from './load.js';

/**
 * Who the agents are that lists and events name by their ids: `{ all, loading, of(id), named(handle) }`; who is not
 * known is null.
 */
export function useAgents() {
  const { data, loading } = useLoad('/api/v1/identities');
  return useMemo(() => {
    const known = new Map((data ?? []).map((agent) => [agent.id, agent]));
    const handles = new Map((data ?? []).map((agent) => [agent.agent_handle, agent]));
    return { all: data ?? [], loading: loading && !data, of: (id) => known.get(id) ?? null, named: (handle) => handles.get(handle) ?? null };
  }, [data, loading]);
}
