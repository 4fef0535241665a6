/** One agent's counterparties, as the file carries them (docs/prudential.md). */
export interface CounterpartiesDocument {
  readonly evento: string;
  readonly cnpj: string;
  readonly contrapartes: readonly CounterpartyDocument[];
}

export interface CounterpartyDocument {
  readonly ordem: number;
  readonly cnpj: string;
  readonly sigla: string;
  readonly mtm: string;
  readonly mitigadores: readonly { readonly tipo: string; readonly valor: string; readonly descricao: string }[];
}

export const MOST_COUNTERPARTIES = 5;
export const MOST_MITIGATORS = 20;
export const LONGEST_NAME = 60;
export const LONGEST_DESCRIPTION = 500;

export const MITIGATORS = [
  { value: "FIANCA_BANCARIA", text: "Fiança bancária" },
  { value: "SEGURO_GARANTIA", text: "Seguro-garantia" },
  { value: "CARTA_CREDITO", text: "Carta de crédito" },
  { value: "CAUCAO", text: "Caução" },
  { value: "TITULOS_PUBLICOS", text: "Títulos públicos" },
  { value: "CDB", text: "CDB" },
  { value: "GARANTIA_CORPORATIVA", text: "Garantia corporativa" },
  { value: "PRE_PAGAMENTO", text: "Pré-pagamento" },
  { value: "REGISTRO_CONTRA_PAGAMENTO", text: "Registro contra pagamento" },
  { value: "NETTING", text: "Netting" },
  { value: "CHAMADA_MARGEM", text: "Chamada de margem" },
  { value: "CESSAO_RECEBIVEIS", text: "Cessão de recebíveis" },
  { value: "OUTRO", text: "Outro" },
  { value: "NENHUM", text: "Nenhum" },
] as const;
