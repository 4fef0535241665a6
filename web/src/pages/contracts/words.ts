import type { AmountKind, ContractAct, Market, ModulationKind, ProcessingState, RowStatus } from "../../api/messages.ts";
import type { Tone } from "../../components/notice.tsx";

/** A state of the platform as people read it, with the tone of its dot. */
export interface Word {
  readonly text: string;
  readonly tone: Tone;
  /** Something is still to come. */
  readonly hollow?: boolean;
}

const SITUATIONS: Readonly<Record<string, Word>> = {
  RASCUNHO: { text: "Rascunho", tone: "calm", hollow: true },
  NAO_VALIDADO: { text: "Não validado", tone: "warn", hollow: true },
  VALIDADO: { text: "Validado", tone: "good" },
  FINALIZACAO_NAO_VALIDADA: { text: "Finalização não validada", tone: "warn", hollow: true },
  FINALIZADO: { text: "Finalizado", tone: "calm" },
  CANCELAMENTO_NAO_VALIDADO: { text: "Cancelamento não validado", tone: "warn", hollow: true },
  CANCELADO: { text: "Cancelado", tone: "calm" },
  INSERIDO_NAO_VALIDADO: { text: "Inserido, não validado", tone: "warn", hollow: true },
  AJUSTADO_NAO_VALIDADO: { text: "Ajustado, não validado", tone: "warn", hollow: true },
};

/** Of a contract or an amount; a regulated one has no situation, and needs nobody's validation. */
export function situationWord(name: string | null | undefined): Word {
  if (!name) return { text: "Regulado", tone: "calm" };
  return SITUATIONS[name] ?? { text: name, tone: "calm" };
}

const PROCESSINGS: Readonly<Record<ProcessingState, Word>> = {
  AGUARDANDO_ARQUIVO: { text: "Aguardando o arquivo", tone: "calm", hollow: true },
  RECEBIDO: { text: "Recebida", tone: "accent", hollow: true },
  EM_PROCESSAMENTO: { text: "Em processamento", tone: "accent", hollow: true },
  CONCLUIDO: { text: "Concluída", tone: "good" },
  RECUSADO: { text: "Recusada", tone: "bad" },
  FALHA: { text: "Interrompida por falha", tone: "bad" },
};

/** An import that ended with refused rows ended well only in part. */
export function processingWord(state: ProcessingState, failed: number): Word {
  if (state === "CONCLUIDO" && failed > 0) return { text: "Concluída com erros", tone: "warn" };
  return PROCESSINGS[state];
}

export function isOver(state: ProcessingState): boolean {
  return state === "CONCLUIDO" || state === "RECUSADO" || state === "FALHA";
}

export const ROW_WORDS: Readonly<Record<RowStatus, Word>> = {
  SUCESSO: { text: "Sucesso", tone: "good" },
  AVISO: { text: "Aviso", tone: "warn" },
  ERRO: { text: "Erro", tone: "bad" },
};

const ACTS: Readonly<Record<ContractAct, string>> = {
  "CONTRATO.REGISTRADO": "Contrato registrado",
  "CONTRATO.ATUALIZADO": "Contrato atualizado",
  "CONTRATO.CONCLUIDO": "Rascunho concluído",
  "CONTRATO.VALIDADO": "Contrato validado",
  "CONTRATO.FINALIZADO": "Finalização pedida",
  "CONTRATO.FINALIZACAO_VALIDADA": "Finalização validada",
  "CONTRATO.CANCELADO": "Cancelamento pedido",
  "CONTRATO.CANCELAMENTO_VALIDADO": "Cancelamento validado",
  "MONTANTE_ENERGIA.AJUSTADO": "Montante ajustado",
  "MONTANTE_ENERGIA.VALIDADO": "Montante validado",
};

export function actText(act: ContractAct, after: string): string {
  // Who cancels a draft asks nobody.
  if (act === "CONTRATO.CANCELADO" && after === "CANCELADO") return "Rascunho cancelado";
  return ACTS[act];
}

export const MODULATIONS: Readonly<Record<ModulationKind, string>> = {
  F: "Flat",
  G: "Pela geração",
  C: "Pela carga",
  M: "MRE",
  D: "Declarada",
  L: "Até o limite (Lei 13.182/2015)",
};

export const AMOUNT_KINDS: Readonly<Record<AmountKind, string>> = {
  MONTANTE_MEDIO: "Montante médio",
  MONTANTE_MODULARIZADO: "Montante modularizado",
  MONTANTE_ENERGIA_ANUAL: "Energia anual",
  MONTANTE_ENERGIA_MENSAL: "Energia mensal",
  MONTANTE_ANO_CONTRATUAL: "Ano contratual",
  MONTANTE_OBRIGACAO_ENTREGA: "Obrigação de entrega",
};

/** What a contract of this market can be asked for. */
export function amountKindsOf(market: Market): readonly AmountKind[] {
  return market === "REGULADO"
    ? ["MONTANTE_ENERGIA_ANUAL", "MONTANTE_ENERGIA_MENSAL", "MONTANTE_ANO_CONTRATUAL", "MONTANTE_OBRIGACAO_ENTREGA"]
    : ["MONTANTE_MEDIO", "MONTANTE_MODULARIZADO"];
}
