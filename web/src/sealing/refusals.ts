/** What sealing refuses, each rule with a code of its own; docs/sealing.md tells when. */
export type SealReason =
  | "MALFORMADO"
  | "GRANDE_DEMAIS"
  | "ALGORITMO_NAO_ACEITO"
  | "CABECALHO_NAO_ACEITO"
  | "CHAVE_FRACA"
  | "EVENTO_DIVERGE"
  | "EMPRESA_DIVERGE"
  | "OBJETO_DIVERGE"
  | "PEDIDO_DIVERGE"
  | "LEITORES_DIVERGEM"
  | "NAO_ABRE"
  | "LEITORES_INVALIDOS"
  | "NAO_E_LEITOR"
  | "ASSINATURA_NAO_CONFERE"
  | "SENHA_NAO_ABRE"
  | "DIARIO_ANTERIOR"
  | "DIARIO_BIFURCADO"
  | "DECLARACAO_DIVERGE"
  | "CHAVE_DE_ASSINATURA_DIVERGE"
  | "EVENTO_FORA_DA_CHAVE"
  | "RECIBO_FORA_DO_ATESTADO"
  | "RESSALVAS_DIVERGEM"
  | "NUMERO_DIVERGE";

/** Something sealed, signed or told that breaks a rule; neither code nor sentence carries content. */
export class SealRefused extends Error {
  readonly code: SealReason;
  /** A sentence for people. */
  readonly detail: string;

  constructor(code: SealReason, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = "SealRefused";
    this.code = code;
    this.detail = detail;
  }
}

export function malformed(detail: string): SealRefused {
  return new SealRefused("MALFORMADO", detail);
}
