"""The parameters of one event: immutable, versioned, and named by the digest of what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from aval.identifiers import EventCode
from aval.moments import to_storage
from aval.prudential.figures import spelled
from aval.registry.model import ParticipantClass
from aval.sealing.canonical import canonical_digest

METHOD: Final = "MP-2023.2.0"
MONTHS: Final = tuple(f"M+{number}" for number in range(7))


class Submarket(StrEnum):
    SE = "SE"
    S = "S"
    NE = "NE"
    N = "N"


class EnergyType(StrEnum):
    """Conventional, incentivised by its discount (0, 50, 80, 100 %) and qualified cogeneration."""

    CONV = "CONV"
    I0 = "I0"
    I5 = "I5"
    CQ5 = "CQ5"
    I8 = "I8"
    I1 = "I1"


class Netting(StrEnum):
    """Whether the risks of a month sold and a month bought weigh against one another in the sum."""

    SEM_SINAL = "SEM_SINAL"
    COM_SINAL = "COM_SINAL"


class Frequency(StrEnum):
    WEEKLY = "SEMANAL"
    MONTHLY = "MENSAL"


USUAL_CLASSES: Final[Mapping[Frequency, tuple[ParticipantClass, ...]]] = {
    Frequency.WEEKLY: (
        ParticipantClass.AUTOPRODUTOR,
        ParticipantClass.COMERCIALIZADOR,
        ParticipantClass.IMPORTADOR,
        ParticipantClass.GERADOR,
        ParticipantClass.PRODUTOR_INDEPENDENTE,
        ParticipantClass.EXPORTADOR,
    ),
    Frequency.MONTHLY: (ParticipantClass.CONSUMIDOR_LIVRE, ParticipantClass.CONSUMIDOR_ESPECIAL),
}


@dataclass(frozen=True, slots=True)
class MonthParameters:
    """`forward` is the SE price; a spread is what a submarket or an energy type adds to it."""

    label: str
    name: str
    hours: Decimal
    volatility: Decimal
    forward: Decimal
    submarket_spread: Mapping[Submarket, Decimal]
    source_spread: Mapping[EnergyType, Decimal]
    stress_long: Decimal
    stress_short: Decimal

    def as_json(self) -> dict[str, object]:
        return {
            "mes": self.label,
            "rotulo": self.name,
            "horas": spelled(self.hours),
            "volatilidade": spelled(self.volatility),
            "forward": spelled(self.forward),
            "spreadSubmercado": {one.value: spelled(self.submarket_spread[one]) for one in Submarket},
            "spreadFonte": {one.value: spelled(self.source_spread[one]) for one in EnergyType},
            "estresseComprado": spelled(self.stress_long),
            "estresseVendido": spelled(self.stress_short),
        }


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """`months` and the rows and columns of `correlation` run from M+0 to M+6."""

    event: EventCode
    version: int
    operation_begins: datetime
    operation_ends: datetime
    opens: datetime
    deadline: datetime
    updated_at: datetime
    method: str
    confidence: Decimal
    settlement_days: int
    k: Decimal
    theta: Decimal
    price_floor: Decimal
    price_ceiling: Decimal
    months: tuple[MonthParameters, ...]
    correlation: tuple[tuple[Decimal, ...], ...]
    netting: Netting = Netting.SEM_SINAL
    frequency: Frequency = Frequency.WEEKLY
    classes: tuple[ParticipantClass, ...] = USUAL_CLASSES[Frequency.WEEKLY]

    @property
    def digest(self) -> str:
        """SHA-256, hex, of what the set says, however its file spelled it."""
        return canonical_digest(self.as_json()).hex()

    def as_json(self) -> dict[str, object]:
        """A parameter file that says the same, each value in its one spelling."""
        return {
            "evento": self.event,
            "versao": self.version,
            "inicioOperacao": to_storage(self.operation_begins),
            "fimOperacao": to_storage(self.operation_ends),
            "abertura": to_storage(self.opens),
            "prazo": to_storage(self.deadline),
            "atualizadoEm": to_storage(self.updated_at),
            "metodo": self.method,
            "indiceConfianca": spelled(self.confidence),
            "diasLiquidacao": self.settlement_days,
            "k": spelled(self.k),
            "theta": spelled(self.theta),
            "pldMinimo": spelled(self.price_floor),
            "pldMaximo": spelled(self.price_ceiling),
            "meses": [month.as_json() for month in self.months],
            "correlacao": [[spelled(one) for one in row] for row in self.correlation],
            "opcoes": {"compensacaoEntreMeses": self.netting.value},
            "periodicidade": self.frequency.value,
            "classes": [int(one) for one in sorted(self.classes)],
        }
