"""Why the enclave does not start, or has no keys: each rule with a code of its own."""

from enum import StrEnum

from aval.errors import DomainError


class EnclaveReason(StrEnum):
    """Wire codes of replies to the parent; a code tells which rule and never a value."""

    CONFIGURATION_MALFORMED = "CONFIGURACAO_MALFORMADA"
    CONFIGURATION_ROOT = "CONFIGURACAO_DE_OUTRA_RAIZ"
    CONFIGURATION_DEVICE = "CONFIGURACAO_DE_OUTRO_DISPOSITIVO"
    CONFIGURATION_KMS = "CONFIGURACAO_DE_OUTRO_KMS"
    KEY_NOT_MEASURED = "CHAVE_KMS_NAO_MEDIDA"
    NSM_FAILED = "NSM_FALHOU"
    ENTROPY = "SEM_ENTROPIA"
    CLOCK = "RELOGIO_DIVERGE"
    MODULE = "MODULO_NAO_E_O_MEDIDO"
    NO_CREDENTIALS = "SEM_CREDENCIAIS"
    KMS_UNREACHABLE = "KMS_INDISPONIVEL"
    KMS_REFUSED = "KMS_RECUSOU"
    KMS_ANSWER = "KMS_RESPOSTA_NAO_ACEITA"
    EVENT_KEY_INVALID = "CHAVE_DO_EVENTO_NAO_ABRE"


class EnclaveRefused(DomainError):
    """The enclave cannot go on with what it was given; neither code nor sentence carries a secret."""

    def __init__(self, reason: EnclaveReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
