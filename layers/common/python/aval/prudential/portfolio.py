"""What one agent declares for one event: seven months of positions and its adjusted net equity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from aval.errors import Fault
from aval.identifiers import Cnpj, EventCode
from aval.prudential.figures import CONTEXT
from aval.prudential.parameters import EnergyType, Submarket

DEDUCTION_ITEMS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@dataclass(frozen=True, slots=True)
class Leg:
    """One side: average MW, and R$/MWh (for a variable price, the spread over the settlement price)."""

    amount: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Resource is bought or generated, requirement is sold or consumed."""

    submarkets: Mapping[Submarket, Decimal]
    sources: Mapping[EnergyType, Decimal]
    resource: Leg
    requirement: Leg


@dataclass(frozen=True, slots=True)
class VariablePrice:
    resource: Leg
    requirement: Leg


@dataclass(frozen=True, slots=True)
class Derivatives:
    submarkets: Mapping[Submarket, Decimal]
    resource: Leg
    requirement: Leg


_NOTHING: Final = Leg(Decimal(0), Decimal(0))
NO_VARIABLE: Final = VariablePrice(_NOTHING, _NOTHING)
NO_DERIVATIVES: Final = Derivatives(dict.fromkeys(Submarket, Decimal(0)), _NOTHING, _NOTHING)
"""Most agents have neither: readers give these, and who meets them passes them over."""


@dataclass(frozen=True, slots=True)
class PortfolioMonth:
    label: str
    fixed: FixedPrice
    generation: Decimal
    consumption: Decimal
    variable: VariablePrice
    derivatives: Derivatives
    regulated: Decimal


@dataclass(frozen=True, slots=True)
class Deduction:
    """`item` is one of `DEDUCTION_ITEMS`."""

    item: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class NetEquity:
    base_date: date
    value: Decimal
    deductions: tuple[Deduction, ...] = ()

    @property
    def adjusted(self) -> Decimal:
        """The PLA, which may be zero or negative."""
        with localcontext(CONTEXT):
            return self.value - sum((one.value for one in self.deductions), Decimal(0))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """`months` run from M+0 to M+6."""

    event: EventCode
    company: Cnpj
    equity: NetEquity
    months: tuple[PortfolioMonth, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgentRefused:
    """One agent of a file, whose portfolio breaks rules."""

    company: str
    """As the file spells it; empty where it tells none."""
    place: str
    """Where the agent stands in the file: a JSON pointer, or a sheet and row."""
    faults: tuple[Fault, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PortfoliosRead:
    """Agents of one file are independent: each is here once, taken or refused, in the file's order."""

    taken: tuple[Portfolio, ...]
    refused: tuple[AgentRefused, ...]
    places: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Of all of them in the file's order; that of a refused one is its own, by which it is told apart."""
