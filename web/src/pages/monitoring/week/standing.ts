import type { AgentListed, AgentState } from "../../../api/messages.ts";
import type { Tone } from "../../../components/notice.tsx";

export interface StateShown {
  readonly text: string;
  readonly tone: Tone;
  readonly hollow?: boolean;
  /** What the agent's people do next. */
  readonly next: string;
}

export const stateShown: Readonly<Record<AgentState, StateShown>> = {
  ABERTO: { text: "Nada entregue", tone: "calm", hollow: true, next: "Entregue o portfólio e as contrapartes." },
  EM_PREENCHIMENTO: { text: "Em preenchimento", tone: "warn", hollow: true, next: "Entregue o que falta." },
  COMPLETO: { text: "Completo, sem cálculo", tone: "warn", next: "Peça o cálculo com os parâmetros em vigor." },
  EM_CALCULO: { text: "Em cálculo", tone: "accent", hollow: true, next: "Espere o fim do cálculo." },
  CALCULADO: { text: "Calculado", tone: "accent", next: "Confira o fator e valide-o." },
  VALIDADO: { text: "Validado", tone: "accent", next: "Envie o fator à CCEE." },
  ENVIADO: { text: "Enviado", tone: "good", next: "Nada mais a fazer, a não ser corrigir." },
  PUBLICADO: { text: "Publicado", tone: "good", next: "O evento terminou." },
  NAO_ENVIADO: { text: "Não enviado", tone: "bad", next: "O prazo terminou sem envio." },
};

/** What this agent's people do next: of its state, and of what of it is there. */
export function nextOf({ estado, portfolio, contrapartes }: Pick<AgentListed, "estado" | "portfolio" | "contrapartes">): string {
  if (estado !== "EM_PREENCHIMENTO" || portfolio === null || contrapartes === null) return stateShown[estado].next;
  return portfolio.leitores === contrapartes.leitores
    ? "Calcule de novo, confira e valide."
    : "Entregue um dos dois de novo, com a mesma lista de leitores.";
}

/** Of a sender none of whose agents the week asks. */
export const NO_AGENT = "Nesta semana não há agente elegível que este remetente represente ou controle.";

export type WindowStanding = "before" | "open" | "closed";

/** By this computer's clock: the platform judges each act by its own. */
export function windowAt(week: { readonly abertura: string; readonly prazo: string }, now: Date): WindowStanding {
  if (now.getTime() < Date.parse(week.abertura)) return "before";
  return now.getTime() < Date.parse(week.prazo) ? "open" : "closed";
}

/** Those that can be filled first, the next deadline on top; then the rest, the last one first. */
export function inOrderOfWork<Week extends { readonly aberto: boolean; readonly prazo: string; readonly evento: string }>(
  weeks: readonly Week[],
): readonly Week[] {
  return [...weeks].sort((one, other) => {
    if (one.aberto !== other.aberto) return one.aberto ? -1 : 1;
    const later = Date.parse(one.prazo) - Date.parse(other.prazo) || one.evento.localeCompare(other.evento);
    return one.aberto ? later : -later;
  });
}
