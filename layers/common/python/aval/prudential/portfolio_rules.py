"""What a portfolio must add up to, whatever file it came in; each fault names its place there."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from aval.errors import Fault
from aval.prudential.figures import CONTEXT, spelled
from aval.prudential.portfolio import Leg, Portfolio, PortfolioMonth

TOLERANCE: Final = Decimal("0.0001")
OLDEST_BASE_DATE_DAYS: Final = 365

Place = Callable[[str, str], str]
"""From a month's label and a path in it (`precoFixo/recurso/mwm`) to a JSON pointer or a cell; the label is
empty for what belongs to no month (`patrimonioLiquido/deducoes/IV`, `patrimonioLiquido/dataBase`)."""


def faults_of(portfolio: Portfolio, place: Place) -> tuple[Fault, ...]:
    """Every rule that the portfolio breaks, in the file's order; empty for one that breaks none."""
    with localcontext(CONTEXT):
        found = [*_negative_deductions(portfolio, place)]
        for month in portfolio.months:
            found += _negative_figures(month, place)
            found += _unequal_sums(month, place)
    return tuple(found)


def warnings_of(
    portfolio: Portfolio, place: Place, *, today: date, oldest_days: int = OLDEST_BASE_DATE_DAYS
) -> tuple[Fault, ...]:
    """What the agent should look at and nothing refuses."""
    base, age = portfolio.equity.base_date, (today - portfolio.equity.base_date).days
    if 0 <= age <= oldest_days:
        return ()
    when = f"tem {age} dias, mais que {oldest_days}" if age > 0 else f"vem {-age} dias depois de hoje"
    detail = f"a data-base do patrimônio líquido, {base:%d/%m/%Y}, {when}; confira se é a do último balanço"
    return (Fault("data-base-antiga", detail, place("", "patrimonioLiquido/dataBase")),)


def _negative_deductions(portfolio: Portfolio, place: Place) -> Iterator[Fault]:
    for deduction in portfolio.equity.deductions:
        if deduction.value < 0:
            yield _negative(deduction.value, place("", f"patrimonioLiquido/deducoes/{deduction.item}"))


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
    wanted = "recurso + geração - requisito - consumo"
    for rule, name, path, shares in (
        ("soma-submercados", "os submercados", "precoFixo/submercados", fixed.submarkets.values()),
        ("soma-fontes", "as fontes", "precoFixo/fontes", fixed.sources.values()),
    ):
        yield from _unequal(rule, f"{name} do preço fixo", shares, net, wanted, place(month.label, path))
    net = derived.resource.amount - derived.requirement.amount
    path = place(month.label, "derivativos/submercados")
    shares = derived.submarkets.values()
    yield from _unequal(
        "soma-derivativos", "os submercados dos derivativos", shares, net, "recurso - requisito", path
    )


def _unequal(
    rule: str, subject: str, shares: Iterable[Decimal], net: Decimal, wanted: str, pointer: str
) -> Iterator[Fault]:
    total = sum(shares, Decimal(0))
    if abs(total - net) <= TOLERANCE:
        return
    detail = (
        f"{subject} somam {_told(total)} MW médios, e {wanted} dá {_told(net)}: "
        f"a diferença, {_told(total - net)}, passa de 0,0001; corrija as parcelas ou os totais"
    )
    yield Fault(rule, detail, pointer)


def _told(value: Decimal) -> str:
    """As the agent would write it in a sheet."""
    return spelled(value).replace(".", ",")
