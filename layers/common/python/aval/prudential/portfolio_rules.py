"""What a portfolio must add up to, whatever file it came in; each fault names its place there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from aval.errors import Fault
from aval.prudential.figures import CONTEXT, written
from aval.prudential.parameters import EnergyType, Submarket
from aval.prudential.portfolio import NO_DERIVATIVES, NetEquity, Portfolio, PortfolioMonth

TOLERANCE: Final = Decimal("0.0001")
OLDEST_BASE_DATE_DAYS: Final = 365
_MEND: Final = "a diferença passa de 0,0001: corrija as parcelas ou os totais"
_ZERO: Final = Decimal(0)
_UNSIGNED: Final = (
    *("precoFixo/recurso/mwm", "precoFixo/recurso/preco"),
    *("precoFixo/requisito/mwm", "precoFixo/requisito/preco"),
    *("geracao", "consumo"),
    *("precoVariavel/recurso/mwm", "precoVariavel/requisito/mwm"),
    *("derivativos/recurso/mwm", "derivativos/recurso/preco"),
    *("derivativos/requisito/mwm", "derivativos/requisito/preco"),
)
"""What a sign has no meaning for."""


class _Sum(NamedTuple):
    rule: str
    path: str
    parts: str
    whole: str


_FIXED_NET: Final = "recurso + geração - requisito - consumo"
_SUBMARKETS: Final = _Sum(
    "soma-submercados", "precoFixo/submercados", "os submercados do preço fixo", _FIXED_NET
)
_SOURCES: Final = _Sum("soma-fontes", "precoFixo/fontes", "as fontes do preço fixo", _FIXED_NET)
_DERIVATIVES: Final = _Sum(
    "soma-derivativos", "derivativos/submercados", "os submercados dos derivativos", "recurso - requisito"
)

Place = Callable[[str, str], str]
"""From a month's label and a path in it (`precoFixo/recurso/mwm`) to a JSON pointer or a cell; the label is
empty for what belongs to no month (`patrimonioLiquido/deducoes/IV`, `patrimonioLiquido/dataBase`)."""


def faults_of(portfolio: Portfolio, place: Place) -> tuple[Fault, ...]:
    """Every rule that the portfolio breaks, in the file's order; empty for one that breaks none."""
    return (*faults_of_equity(portfolio.equity, place), *faults_of_months(portfolio.months, place))


def faults_of_equity(equity: NetEquity, place: Place) -> tuple[Fault, ...]:
    return tuple(
        _negative(one.value, place("", f"patrimonioLiquido/deducoes/{one.item}"))
        for one in equity.deductions
        if one.value < 0
    )


def faults_of_month(month: PortfolioMonth, place: Place) -> tuple[Fault, ...]:
    """For a reader that tells what is wrong with one month although another could not be read."""
    return faults_of_months((month,), place)


def faults_of_months(months: Iterable[PortfolioMonth], place: Place) -> tuple[Fault, ...]:
    with localcontext(CONTEXT):
        return tuple(
            fault
            for month in months
            for fault in (*_negative_figures(month, place), *_unequal_sums(month, place))
        )


def warnings_of(
    portfolio: Portfolio, place: Place, *, today: date, oldest_days: int = OLDEST_BASE_DATE_DAYS
) -> tuple[Fault, ...]:
    """What the agent should look at and nothing refuses."""
    base, age = portfolio.equity.base_date, (today - portfolio.equity.base_date).days
    if 0 <= age <= oldest_days:
        return ()
    when = "ainda não chegou" if age < 0 else f"tem {age} dias, mais que {oldest_days}"
    detail = f"a data-base do patrimônio líquido, {base:%d/%m/%Y}, {when}; confira se é a do último balanço"
    return (Fault("data-base-antiga", detail, place("", "patrimonioLiquido/dataBase")),)


def _negative_figures(month: PortfolioMonth, place: Place) -> list[Fault]:
    figures = _unsigned_figures(month)
    # Nearly no month has one, and nothing is named before there is something to tell.
    if min(figures) >= 0:
        return []
    told = zip(_UNSIGNED, figures, strict=True)
    return [_negative(value, place(month.label, path)) for path, value in told if value < 0]


def _negative(value: Decimal, pointer: str) -> Fault:
    detail = f"o valor deve ser maior ou igual a zero, e veio {written(value)}; informe-o sem sinal"
    return Fault("nao-negativo", detail, pointer)


def _unsigned_figures(month: PortfolioMonth) -> tuple[Decimal, ...]:
    """In the order of `_UNSIGNED`; shares of submarkets and sources and spreads go both ways."""
    fixed, variable, derived = month.fixed, month.variable, month.derivatives
    return (
        fixed.resource.amount,
        fixed.resource.price,
        fixed.requirement.amount,
        fixed.requirement.price,
        month.generation,
        month.consumption,
        variable.resource.amount,
        variable.requirement.amount,
        derived.resource.amount,
        derived.resource.price,
        derived.requirement.amount,
        derived.requirement.price,
    )


def _unequal_sums(month: PortfolioMonth, place: Place) -> Iterator[Fault]:
    fixed, derived = month.fixed, month.derivatives
    net = fixed.resource.amount + month.generation - fixed.requirement.amount - month.consumption
    sums: list[tuple[_Sum, Mapping[Submarket, Decimal] | Mapping[EnergyType, Decimal], Decimal]]
    sums = [(_SUBMARKETS, fixed.submarkets, net), (_SOURCES, fixed.sources, net)]
    if derived is not NO_DERIVATIVES:
        of_derivatives = derived.resource.amount - derived.requirement.amount
        sums.append((_DERIVATIVES, derived.submarkets, of_derivatives))
    for kind, shares, asked in sums:
        total = sum(shares.values(), _ZERO)
        if total != asked and abs(total - asked) > TOLERANCE:
            found = f"{kind.parts} somam {written(total)} MW médios, e {kind.whole} dá {written(asked)}"
            yield Fault(kind.rule, f"{found}; {_MEND}", place(month.label, kind.path))
