import type { AgentListed, AgentState } from "../../../api/messages.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";

/** What is done here about a factor; to read and to simulate changes nothing. */
export type FactorAct = "VALIDAR" | "CANCELAR" | "ENVIAR" | "RECALCULAR";

const FITTING: Readonly<Record<FactorAct, ReadonlySet<AgentState>>> = {
  VALIDAR: new Set(["CALCULADO"]),
  ENVIAR: new Set(["VALIDADO"]),
  CANCELAR: new Set(["CALCULADO", "VALIDADO"]),
  RECALCULAR: new Set(["COMPLETO", "EM_PREENCHIMENTO"]),
};

export function fits(act: FactorAct, agent: AgentListed): boolean {
  if (!FITTING[act].has(agent.estado)) return false;
  if (act !== "RECALCULAR") return agent.calculo !== null;
  const { portfolio, contrapartes } = agent;
  return portfolio !== null && contrapartes !== null && portfolio.leitores === contrapartes.leitores;
}

/** Changes whenever what was read is of something else than what counts now. */
export function readingKey(agent: AgentListed): string {
  const { portfolio, contrapartes, calculo, ciclo } = agent;
  const stands = FITTING.CANCELAR.has(agent.estado) || agent.estado === "ENVIADO" || agent.estado === "PUBLICADO";
  return [portfolio?.identidade, contrapartes?.identidade, calculo, ciclo, stands].join("/");
}

/** Whether an act that binds may be asked for the factor that is shown. */
export function isOf(read: FactorRead, agent: AgentListed): boolean {
  return read.company === agent.cnpj && read.calculation !== null && read.calculation === agent.calculo;
}

/** Why a calculation is asked for by hand; null where none is to be. */
export function whyAnew(agent: AgentListed): string | null {
  if (!fits("RECALCULAR", agent)) return null;
  return agent.estado === "COMPLETO"
    ? "Nenhum cálculo vale com os parâmetros em vigor. Calcule de novo, confira o fator e valide-o."
    : "O cálculo foi cancelado. Calcule de novo, ou entregue outro portfólio ou outras contrapartes.";
}

/** What keeps an agent from having a factor, in a sentence; null where nothing does. */
export function missingFor(agent: AgentListed): string | null {
  const { portfolio, contrapartes } = agent;
  if (portfolio === null) return "Falta entregar o portfólio: sem ele não há fator a abrir.";
  if (contrapartes === null) return "Faltam as contrapartes. O fator já pode ser visto, mas só é validado com elas.";
  if (portfolio.leitores !== contrapartes.leitores) {
    return "Portfólio e contrapartes foram entregues com listas de leitores diferentes. Entregue um dos dois de novo, com a mesma lista.";
  }
  return null;
}
