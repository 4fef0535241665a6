"""Events on the bus: their names, and the shape that carries them (docs/events.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

SOURCE = "aval"


class EventName(StrEnum):
    ADHESION_CHANGED = "ADESAO.ATUALIZADA"
    CERTIFICATE_ADDED = "CERTIFICADO.ADICIONADO"
    CERTIFICATE_DELETED = "CERTIFICADO.EXCLUIDO"
    CERTIFICATE_EXPIRED = "CERTIFICADO.VENCIDO"
    CERTIFICATE_REVOKED = "CERTIFICADO.REVOGADO"
    ACCESS_LOCKED = "ACESSO.BLOQUEADO"
    CONTRACT_REGISTERED = "CONTRATO.REGISTRADO"
    CONTRACT_UPDATED = "CONTRATO.ATUALIZADO"
    CONTRACT_COMPLETED = "CONTRATO.CONCLUIDO"
    CONTRACT_VALIDATED = "CONTRATO.VALIDADO"
    CONTRACT_FINISHED = "CONTRATO.FINALIZADO"
    CONTRACT_FINISH_VALIDATED = "CONTRATO.FINALIZACAO_VALIDADA"
    CONTRACT_CANCELLED = "CONTRATO.CANCELADO"
    CONTRACT_CANCELLATION_VALIDATED = "CONTRATO.CANCELAMENTO_VALIDADO"
    AMOUNT_ADJUSTED = "MONTANTE_ENERGIA.AJUSTADO"
    AMOUNT_VALIDATED = "MONTANTE_ENERGIA.VALIDADO"
    IMPORT_ENDED = "IMPORTACAO.ENCERRADA"
    REGISTRY_LOADED = "REGISTRO.CARREGADO"
    REGISTRY_REFUSED = "REGISTRO.RECUSADO"
    WEEK_LOADED = "SEMANA.CARREGADA"
    WEEK_REFUSED = "SEMANA.RECUSADA"
    LOTE_PROCESSED = "LOTE.PROCESSADO"
    LOTE_REJECTED = "LOTE.REJEITADO"
    FACTOR_SENT = "FA.ENVIADO"
    FACTORS_PUBLISHED = "FA.PUBLICADO"


@dataclass(frozen=True, slots=True)
class Event:
    name: EventName
    detail: Mapping[str, str | int]


class EventsNotPublished(Exception):
    """The bus took only some of the events, or none; their consumers tolerate repetition: publish again."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(codes)))
        self.codes = codes


class EventBus(Protocol):
    def publish(self, *events: Event) -> None:
        """Raise `EventsNotPublished` when the bus refuses any of them."""
