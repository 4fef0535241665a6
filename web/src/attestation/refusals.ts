/** Why a document is not believed: a code for each rule, in the order of docs/attestation.md. */
export type Reason =
  | "DOCUMENTO_GRANDE"
  | "CBOR_MALFORMADO"
  | "CBOR_CHAVE_REPETIDA"
  | "CBOR_BYTES_A_MAIS"
  | "COSE_ETIQUETA"
  | "COSE_FORMA"
  | "COSE_ALGORITMO"
  | "ASSINATURA_TAMANHO"
  | "CONTEUDO"
  | "MODO_DEBUG"
  | "INSTANCIA_DIVERGENTE"
  | "RAIZ_DESCONHECIDA"
  | "CERTIFICADO_ILEGIVEL"
  | "CADEIA_FORA_DE_ORDEM"
  | "FOLHA_E_AUTORIDADE"
  | "NAO_E_AUTORIDADE"
  | "CADEIA_COMPRIDA"
  | "USO_DA_CHAVE"
  | "CHAVE_DA_FOLHA"
  | "EXTENSAO_CRITICA"
  | "AINDA_NAO_VALE"
  | "EXPIRADO"
  | "CADEIA_ASSINATURA"
  | "ASSINATURA"
  | "RELOGIO"
  | "ANTIGO"
  | "NONCE_DIVERGENTE"
  | "SEM_MEDIDA_ESPERADA"
  | "PCR_AUSENTE"
  | "PCR_ZERO"
  | "PCR_DIVERGENTE"
  | "CHAVE_PUBLICA";

/** Why a log of measurements is not believed. */
export type LogReason =
  | "REGISTRO_VAZIO"
  | "REGISTRO_CHAVE"
  | "REGISTRO_FORMA"
  | "REGISTRO_ASSINATURA"
  | "REGISTRO_FORA_DE_ORDEM"
  | "REGISTRO_QUEBRADO"
  | "REGISTRO_INSTANTE"
  | "REGISTRO_JA_LIBERADA"
  | "REGISTRO_NAO_LIBERADA"
  | "REGISTRO_MEDIDAS_DEMAIS"
  | "REGISTRO_CORTADO"
  | "REGISTRO_BIFURCADO";

class Refused<Code extends string> extends Error {
  readonly code: Code;
  /** A sentence for people. */
  readonly detail: string;

  constructor(code: Code, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** The document does not prove what was asked of it. */
export class AttestationRefused extends Refused<Reason> {
  override readonly name = "AttestationRefused";
}

/** The log of measurements is not the one that its operator signed, entry after entry. */
export class MeasurementLogRefused extends Refused<LogReason> {
  override readonly name = "MeasurementLogRefused";
}
