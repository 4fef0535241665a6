"""The leverage factor (FA) by method MP-2023.2.0: portfolio and parameters in, every intermediate number out.

docs/leverage.md has the formulas; the names of the switches that the public sources leave open are there too.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from operator import mul
from typing import Final, Self

from aval.identifiers import Cnpj
from aval.prudential.figures import CONTEXT
from aval.prudential.month_figures import MonthWeights, ResultParts, months_of
from aval.prudential.parameters import METHOD, Netting, ParameterSet
from aval.prudential.portfolio import Portfolio
from aval.prudential.quantile import normal_quantile

_ZERO: Final = Decimal(0)
# Of the square of all exposures: some roundings at the fiftieth digit, and far below a printed digit.
_NOISE: Final = Decimal("1e-45")
_NO_EQUITY: Final = "FA não calculável: o patrimônio líquido ajustado (PLA) é zero"
_NEGATIVE_EQUITY: Final = "FA não calculável: o patrimônio líquido ajustado (PLA) é negativo"


@dataclass(frozen=True, slots=True, repr=False)
class MonthLeverage:
    """One month: amounts in average MW, the rest in R$, none rounded and none shown in a `repr`."""

    label: str
    net: Decimal
    parts: ResultParts
    value_at_risk: Decimal
    euler: Decimal
    stress: Decimal


@dataclass(frozen=True, slots=True, repr=False)
class Leverage:
    """FA of one agent, or why there is none; the numbers carry all digits, and are rounded where written.

    It is the agent's own until it is sent: its `repr` has none of it.
    """

    method: str
    parameters: str
    company: Cnpj
    months: tuple[MonthLeverage, ...]
    result: Decimal
    value_at_risk: Decimal
    stress: Decimal
    risk_weighted: Decimal
    equity: Decimal
    factor: Decimal | None
    risk_factor: Decimal | None

    @property
    def reason(self) -> str:
        """Why it is not computable; empty where it is."""
        if self.factor is not None:
            return ""
        return _NO_EQUITY if self.equity == 0 else _NEGATIVE_EQUITY


@dataclass(frozen=True, slots=True)
class Engine:
    """The method with one week's parameters: what does not depend on the agent is computed once."""

    parameters: ParameterSet
    method: str
    digest: str
    quantile: Decimal
    root_of_days: Decimal
    weights: tuple[MonthWeights, ...]

    @classmethod
    def of(cls, parameters: ParameterSet) -> Self:
        """Raise `ValueError` for a set that another method computes, which no reader lets through."""
        if parameters.method != METHOD or parameters.k != 0:
            raise ValueError("the engine computes MP-2023.2.0 without a history of VaR")
        quantile = normal_quantile(parameters.confidence, CONTEXT.prec)
        with localcontext(CONTEXT):
            root = Decimal(parameters.settlement_days).sqrt()
            weights = tuple(MonthWeights.of(month, quantile * root) for month in parameters.months)
        return cls(parameters, method_name(parameters.netting), parameters.digest, quantile, root, weights)

    def compute(self, portfolio: Portfolio) -> Leverage:
        """Raise `ValueError` for another week's portfolio, or months out of order."""
        if portfolio.event != self.parameters.event:
            raise ValueError("the portfolio is another week's")
        with localcontext(CONTEXT):
            return self._compute(portfolio)

    def _compute(self, portfolio: Portfolio) -> Leverage:
        figures = months_of(portfolio.months, self.weights)
        exposures = [
            -month.value_at_risk if self._is_short(month.position) else month.value_at_risk
            for month in figures
        ]
        total, euler = _aggregate(exposures, self.parameters.correlation)
        stress = sum((month.stress for month in figures), _ZERO)
        risk_weighted = total + self.parameters.theta * stress
        # Not `parts.total`, which sets for itself the context that holds here.
        result = sum((sum(month.parts, _ZERO) for month in figures), _ZERO)
        equity = portfolio.equity.adjusted
        computable = equity > 0
        return Leverage(
            method=self.method,
            parameters=self.digest,
            company=portfolio.company,
            months=tuple(
                MonthLeverage(month.label, month.net, month.parts, month.value_at_risk, share, month.stress)
                for month, share in zip(figures, euler, strict=True)
            ),
            result=result,
            value_at_risk=total,
            stress=stress,
            risk_weighted=risk_weighted,
            equity=equity,
            factor=max(_ZERO, (risk_weighted - result) / equity) if computable else None,
            risk_factor=risk_weighted / equity if computable else None,
        )

    def _is_short(self, position: Decimal) -> bool:
        return self.parameters.netting is Netting.COM_SINAL and position < 0


def method_name(netting: Netting) -> str:
    """The version alone means its defaults; a switch turned is told after it."""
    return METHOD if netting is Netting.SEM_SINAL else f"{METHOD}+{netting}"


def _aggregate(
    exposures: list[Decimal], correlation: tuple[tuple[Decimal, ...], ...]
) -> tuple[Decimal, list[Decimal]]:
    """√(sᵀρs) and what each month adds to it (Euler): s_v(ρs)_v / VaR."""
    products = [
        exposure * sum(map(mul, row, exposures), _ZERO)
        for exposure, row in zip(exposures, correlation, strict=True)
    ]
    # What offsets to nothing leaves a hair of rounding on either side of zero (and a matrix is taken with an
    # eigenvalue down to -1e-12): its root would hand out contributions as large as the risks.
    square = sum(products, _ZERO)
    if square <= _NOISE * sum(map(abs, exposures), _ZERO) ** 2:
        return _ZERO, [_ZERO] * len(exposures)
    total = square.sqrt()
    return total, [product / total for product in products]
