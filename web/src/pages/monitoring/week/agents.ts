import { effect } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { AgentListed, AgentsTold, ProgressTold, SenderTold } from "../../../api/messages.ts";
import { api, session } from "../../../application.ts";
import { useLoaded, type Loading } from "../../../components/loading.tsx";

/** All eligible agents of one sender in one week, however many pages they come in. */
export interface Agents {
  readonly sender: SenderTold | null;
  readonly progress: ProgressTold;
  readonly agents: readonly AgentListed[];
}

const PAGE = 500;
const FRESH_MS = 10_000;

let last: { readonly place: string; readonly agents: Agents; readonly at: number } | null = null;

effect(() => {
  if (session.standing.value === "out") last = null;
});

/** `every`: asked anew after so many milliseconds, where somebody waits for a change. */
export function useAgents(
  event: string,
  sender: string,
  { every = null }: { readonly every?: number | null } = {},
): Loading<Agents> {
  const place = `${event}/${sender}`;
  const first = useRef(true);
  const load = async (signal: AbortSignal): Promise<Agents> => {
    // From agent to agent the page comes anew: thousands of rows need not be asked for each time.
    const kept = first.current && last?.place === place && Date.now() - last.at < FRESH_MS ? last.agents : null;
    first.current = false;
    const login = session.ofThisLogin();
    // Who asks anew knows of a change: nobody is shown the rows before it, though this answer may never come.
    if (kept === null) last = null;
    const agents = kept ?? (await allAgents(event, sender, signal));
    if (login.stands()) last = { place, agents, at: kept ? (last?.at ?? 0) : Date.now() };
    return agents;
  };
  return useLoaded(load, [event, sender], { every });
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
