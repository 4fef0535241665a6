import type { AgentListed, AgentsTold, ProgressTold, SenderTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { useLoaded, type Loading } from "../../../components/loading.tsx";

/** All eligible agents of one sender in one week, however many pages they come in. */
export interface Agents {
  readonly sender: SenderTold | null;
  readonly progress: ProgressTold;
  readonly agents: readonly AgentListed[];
}

const PAGE = 500;

/** `every`: asked anew after so many milliseconds, where somebody waits for a change. */
export function useAgents(
  event: string,
  sender: string,
  { every = null }: { readonly every?: number | null } = {},
): Loading<Agents> {
  return useLoaded((signal) => allAgents(event, sender, signal), [event, sender], { every });
}

export async function allAgents(event: string, sender: string, signal?: AbortSignal): Promise<Agents> {
  const agents: AgentListed[] = [];
  let cursor: string | null = null;
  let told: AgentsTold;
  do {
    const query = new URLSearchParams({ remetente: sender, limite: String(PAGE) });
    if (cursor !== null) query.set("cursor", cursor);
    const path = `/prudencial/semanas/${encodeURIComponent(event)}/agentes?${query}`;
    told = await api.json<AgentsTold>(path, signal === undefined ? {} : { signal });
    agents.push(...told.agentes);
    cursor = told.proxima;
  } while (cursor !== null);
  return { sender: told.remetentes[0] ?? null, progress: told.contadores, agents };
}
