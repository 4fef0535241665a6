"""What a portfolio must add up to, whatever file it came in; each fault names its place there."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from aval.errors import Fault
from aval.prudential.figures import CONTEXT, spelled
from aval.prudential.portfolio import Leg, NetEquity, Portfolio, PortfolioMonth

TOLERANCE: Final = Decimal("0.0001")
OLDEST_BASE_DATE_DAYS: Final = 365
_MEND: Final = "a diferença passa de 0,0001: corrija as parcelas ou os totais"

Place = Callable[[str, str], str]
"""From a month's label and a path in it (`precoFixo/recurso/mwm`) to a JSON pointer or a cell; the label is
empty for what belongs to no month (`patrimonioLiquido/deducoes/IV`, `patrimonioLiquido/dataBase`)."""


def faults_of(portfolio: Portfolio, place: Place) -> tuple[Fault, ...]:
    """Every rule that the portfolio breaks, in the file's order; empty for one that breaks none."""
    months = (fault for month in portfolio.months for fault in faults_of_month(month, place))
    return (*faults_of_equity(portfolio.equity, place), *months)


def faults_of_equity(equity: NetEquity, place: Place) -> tuple[Fault, ...]:
    return tuple(
        _negative(one.value, place("", f"patrimonioLiquido/deducoes/{one.item}"))
        for one in equity.deductions
        if one.value < 0
    )


def faults_of_month(month: PortfolioMonth, place: Place) -> tuple[Fault, ...]:
    """For a reader that tells what is wrong with one month although another could not be read."""
    with localcontext(CONTEXT):
        return (*_negative_figures(month, place), *_unequal_sums(month, place))


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


def _negative_figures(month: PortfolioMonth, place: Place) -> Iterator[Fault]:
    for path, value in _unsigned_figures(month):
        if value < 0:
            yield _negative(value, place(month.label, path))


def _negative(value: Decimal, pointer: str) -> Fault:
    detail = f"o valor deve ser maior ou igual a zero, e veio {_told(value)}; informe-o sem sinal"
    return Fault("nao-negativo", detail, pointer)


def _unsigned_figures(month: PortfolioMonth) -> Iterator[tuple[str, Decimal]]:
    """What a sign has no meaning for; shares of submarkets and sources and spreads go both ways."""
    yield from _leg("precoFixo/recurso", month.fixed.resource)
    yield from _leg("precoFixo/requisito", month.fixed.requirement)
    yield "geracao", month.generation
    yield "consumo", month.consumption
    yield "precoVariavel/recurso/mwm", month.variable.resource.amount
    yield "precoVariavel/requisito/mwm", month.variable.requirement.amount
    yield from _leg("derivativos/recurso", month.derivatives.resource)
    yield from _leg("derivativos/requisito", month.derivatives.requirement)


def _leg(path: str, leg: Leg) -> Iterator[tuple[str, Decimal]]:
    yield f"{path}/mwm", leg.amount
    yield f"{path}/preco", leg.price


def _unequal_sums(month: PortfolioMonth, place: Place) -> Iterator[Fault]:
    fixed, derived = month.fixed, month.derivatives
    net = fixed.resource.amount + month.generation - fixed.requirement.amount - month.consumption
    asked = f"recurso + geração - requisito - consumo dá {_told(net)}"
    path = place(month.label, "precoFixo/submercados")
    if off := _difference(fixed.submarkets.values(), net):
        yield Fault("soma-submercados", f"os submercados do preço fixo {off}, e {asked}; {_MEND}", path)
    path = place(month.label, "precoFixo/fontes")
    if off := _difference(fixed.sources.values(), net):
        yield Fault("soma-fontes", f"as fontes do preço fixo {off}, e {asked}; {_MEND}", path)
    net = derived.resource.amount - derived.requirement.amount
    asked = f"recurso - requisito dá {_told(net)}"
    path = place(month.label, "derivativos/submercados")
    if off := _difference(derived.submarkets.values(), net):
        yield Fault("soma-derivativos", f"os submercados dos derivativos {off}, e {asked}; {_MEND}", path)


def _difference(shares: Iterable[Decimal], net: Decimal) -> str:
    """What the shares add up to, where that is not `net`; empty where it is."""
    total = sum(shares, Decimal(0))
    return "" if abs(total - net) <= TOLERANCE else f"somam {_told(total)} MW médios"


def _told(value: Decimal) -> str:
    """As the agent would write it in a sheet."""
    return spelled(value).replace(".", ",")
