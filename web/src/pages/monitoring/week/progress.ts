import type { AgentsTold, ProgressTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";

/** The counters of all eligible agents of one sender; they come with any page of the list, so with the smallest. */
export async function progressOf(event: string, sender: string, signal: AbortSignal): Promise<ProgressTold> {
  const query = new URLSearchParams({ remetente: sender, limite: "1" });
  const told = await api.json<AgentsTold>(`/prudencial/semanas/${encodeURIComponent(event)}/agentes?${query}`, { signal });
  return told.contadores;
}
