import type { AgentListed, AgentState } from "../../../api/messages.ts";
import { agentsMatching } from "../week/agent-search.ts";
import { fits } from "./fitting.ts";

export interface Choice {
  readonly typed: string;
  /** Empty for all states. */
  readonly state: AgentState | "";
}

export const ALL: Choice = { typed: "", state: "" };

export function shownOf(agents: readonly AgentListed[], { typed, state }: Choice): readonly AgentListed[] {
  const inState = state === "" ? agents : agents.filter((agent) => agent.estado === state);
  return agentsMatching(inState, typed, agents.length);
}

export interface Counts {
  readonly validated: number;
  readonly sent: number;
  readonly all: number;
}

const SENT: ReadonlySet<AgentState> = new Set(["ENVIADO", "PUBLICADO"]);

/** Who was sent was validated, too. */
export function countsOf(agents: readonly AgentListed[]): Counts {
  const sent = agents.filter((agent) => SENT.has(agent.estado)).length;
  const validated = sent + agents.filter((agent) => agent.estado === "VALIDADO").length;
  return { validated, sent, all: agents.length };
}

/** Whether anything can be done here for several at once. */
export function isChoosable(agent: AgentListed): boolean {
  return fits("VALIDAR", agent) || fits("ENVIAR", agent);
}
