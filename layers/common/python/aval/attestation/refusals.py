"""Why an attestation document, or a log of measurements, is not believed: a code for each rule."""

from enum import StrEnum

from aval.errors import DomainError


class Reason(StrEnum):
    """One refusal each, in the order in which the rules are tried (docs/attestation.md)."""

    TOO_LARGE = "DOCUMENTO_GRANDE"
    CBOR = "CBOR_MALFORMADO"
    DUPLICATE_KEY = "CBOR_CHAVE_REPETIDA"
    TRAILING_BYTES = "CBOR_BYTES_A_MAIS"
    COSE_TAG = "COSE_ETIQUETA"
    COSE_FORM = "COSE_FORMA"
    ALGORITHM = "COSE_ALGORITMO"
    SIGNATURE_LENGTH = "ASSINATURA_TAMANHO"
    CONTENT = "CONTEUDO"
    DEBUG = "MODO_DEBUG"
    INSTANCE = "INSTANCIA_DIVERGENTE"
    ROOT = "RAIZ_DESCONHECIDA"
    CERTIFICATE = "CERTIFICADO_ILEGIVEL"
    CHAIN_ORDER = "CADEIA_FORA_DE_ORDEM"
    LEAF_IS_AUTHORITY = "FOLHA_E_AUTORIDADE"
    NOT_AN_AUTHORITY = "NAO_E_AUTORIDADE"
    PATH_LENGTH = "CADEIA_COMPRIDA"
    KEY_USAGE = "USO_DA_CHAVE"
    LEAF_KEY = "CHAVE_DA_FOLHA"
    CRITICAL_EXTENSION = "EXTENSAO_CRITICA"
    NOT_YET_VALID = "AINDA_NAO_VALE"
    EXPIRED = "EXPIRADO"
    CHAIN_SIGNATURE = "CADEIA_ASSINATURA"
    SIGNATURE = "ASSINATURA"
    CLOCK = "RELOGIO"
    STALE = "ANTIGO"
    NONCE = "NONCE_DIVERGENTE"
    NO_EXPECTATION = "SEM_MEDIDA_ESPERADA"
    PCR_MISSING = "PCR_AUSENTE"
    PCR_ZERO = "PCR_ZERO"
    PCR_MISMATCH = "PCR_DIVERGENTE"
    PUBLIC_KEY = "CHAVE_PUBLICA"


class AttestationRefused(DomainError):
    """The document does not prove what was asked of it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class LogReason(StrEnum):
    """One refusal each, of a log of measurements."""

    EMPTY = "REGISTRO_VAZIO"
    KEY = "REGISTRO_CHAVE"
    FORM = "REGISTRO_FORMA"
    SIGNATURE = "REGISTRO_ASSINATURA"
    ORDER = "REGISTRO_FORA_DE_ORDEM"
    CHAIN = "REGISTRO_QUEBRADO"
    TIME = "REGISTRO_INSTANTE"
    ALREADY_RELEASED = "REGISTRO_JA_LIBERADA"
    NOT_RELEASED = "REGISTRO_NAO_LIBERADA"
    TOO_MANY = "REGISTRO_MEDIDAS_DEMAIS"
    TRUNCATED = "REGISTRO_CORTADO"
    FORK = "REGISTRO_BIFURCADO"


class MeasurementLogRefused(DomainError):
    """The log of measurements is not the one that its operator signed, entry after entry."""

    def __init__(self, reason: LogReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
