"""Regulated contracts as the operator's drops give them: public, and changed by nothing but the next drop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from aval.moments import SAO_PAULO
from aval.registry.model import Submarket

ContractCode = NewType("ContractCode", int)
ProfileCode = NewType("ProfileCode", int)

HOUR: Final = timedelta(hours=1)


class Market(StrEnum):
    """Free contracts belong to their two parties; regulated ones are public."""

    FREE = "LIVRE"
    REGULATED = "REGULADO"


class AmountKind(StrEnum):
    """`nome` of `tipoMontanteEnergia`."""

    AVERAGE = "MONTANTE_MEDIO"
    MODULATED = "MONTANTE_MODULARIZADO"
    YEARLY = "MONTANTE_ENERGIA_ANUAL"
    MONTHLY = "MONTANTE_ENERGIA_MENSAL"
    CONTRACT_YEAR = "MONTANTE_ANO_CONTRATUAL"
    DELIVERY_OBLIGATION = "MONTANTE_OBRIGACAO_ENTREGA"

    @property
    def market(self) -> Market:
        return Market.FREE if self in (AmountKind.AVERAGE, AmountKind.MODULATED) else Market.REGULATED


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole hours, as instants in UTC: `begins` belongs to it, `ends` does not."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.begins >= self.ends:
            raise ValueError("a period ends after it begins")

    @property
    def hours(self) -> int:
        """Hours that pass: days on which clocks were moved have 23 or 25."""
        return (self.ends - self.begins) // HOUR

    def overlaps(self, other: "Period") -> bool:
        return self.begins < other.ends and other.begins < self.ends

    def covers(self, other: "Period") -> bool:
        return self.begins <= other.begins and other.ends <= self.ends

    def competences(self) -> Iterator[str]:
        """The months of São Paulo that it touches, YYYY-MM, earliest first."""
        first, last = (moment.astimezone(SAO_PAULO) for moment in (self.begins, self.ends - HOUR))
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return (f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months)


@dataclass(frozen=True, slots=True)
class RegulatedContract:
    code: ContractCode
    seller: ProfileCode
    buyer: ProfileCode
    period: Period
    submarket: Submarket
    product: str
    """The auction product or programme that it comes from."""


@dataclass(frozen=True, slots=True)
class RegulatedAmount:
    contract: ContractCode
    kind: AmountKind
    period: Period
    energy_mwh: Decimal = field(repr=False)
