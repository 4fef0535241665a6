"""Why a leverage factor is what it is, and what would make it another one."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from aval.prudential.figures import CONTEXT
from aval.prudential.leverage import Engine, Leverage
from aval.prudential.month_figures import ResultParts
from aval.prudential.portfolio import Portfolio

_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A what-if beside what it is compared with: another type than a `Leverage`, so that nothing stores,
    validates or sends it."""

    declared: Leverage
    simulated: Leverage

    @property
    def change(self) -> Decimal | None:
        """How much FA would grow; `None` where either side has none."""
        if self.declared.factor is None or self.simulated.factor is None:
            return None
        with localcontext(CONTEXT):
            return self.simulated.factor - self.declared.factor


def simulate(engine: Engine, declared: Portfolio, changed: Portfolio) -> Simulation:
    """The same engine on both; raise `ValueError` for a portfolio of another company or week."""
    if changed.company != declared.company:
        raise ValueError("a what-if is about the same company")
    return Simulation(engine.compute(declared), engine.compute(changed))


def result_parts(found: Leverage) -> ResultParts:
    """RES by part, over all months."""
    columns = zip(*(month.parts for month in found.months), strict=True)
    with localcontext(CONTEXT):
        return ResultParts(*(sum(column, _ZERO) for column in columns))


def equity_needed(found: Leverage, target: Decimal) -> Decimal:
    """The PLA from which FA is at most `target`: 0 means any positive one. Raise `ValueError` for target ≤ 0.

    It holds RWA and RES still: equity enters neither.
    """
    if target <= 0:
        raise ValueError("no equity brings the factor to zero: a result as large as the risk does")
    with localcontext(CONTEXT):
        return max(_ZERO, (found.risk_weighted - found.result) / target)
