"""Portfolios as JSON: one agent's, or those of many in one file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Final

from aval.errors import FaultsFound
from aval.identifiers import EventCode
from aval.prudential.json_agents import (
    MOST_AGENTS,
    agents_of,
    refuse_repeated,
    refused_of,
    without_content,
)
from aval.prudential.json_document import Choice, ListUnreadable, Node, read_document, read_listed
from aval.prudential.parameters import MONTHS, EnergyType, Submarket
from aval.prudential.portfolio import (
    DEDUCTION_ITEMS,
    NO_DERIVATIVES,
    NO_VARIABLE,
    Deduction,
    Derivatives,
    FixedPrice,
    Leg,
    NetEquity,
    Portfolio,
    PortfolioMonth,
    PortfoliosRead,
    VariablePrice,
)
from aval.prudential.portfolio_rules import faults_of_equity, faults_of_month

_MANY: Final = "agentes"


def example() -> bytes:
    return files("aval.prudential").joinpath("portfolio.example.json").read_bytes()


def read_portfolio(data: bytes, *, event: EventCode | None = None) -> Portfolio:
    """Raise `FaultsFound` for every rule that it breaks, `DocumentUnreadable` for what is no JSON.

    Where `event` is told, a portfolio of another one is refused.
    """
    document = read_document(data)
    portfolio = _portfolio(document, event)
    if document.faults:
        raise FaultsFound("o portfólio tem faltas", document.faults)
    return portfolio


def read_portfolios(data: bytes, *, event: EventCode | None = None) -> PortfoliosRead:
    """One portfolio or `{"agentes": […]}`: a wrong agent is refused and the others taken.

    Raise `FaultsFound` for what is wrong around the agents, `DocumentUnreadable` for what is no JSON.
    """
    try:
        read = _read_all(_one_by_one(data), event)
    except ListUnreadable:
        read = _read_all(_of_whole(data), event)
    agents = [agent for agent, _ in read]
    refuse_repeated([(agent, portfolio.company) for agent, portfolio in read])
    taken = tuple(portfolio for agent, portfolio in read if not agent.faults)
    return PortfoliosRead(taken, refused_of(agents), tuple(agent.pointer for agent in agents))


def _read_all(agents: Iterable[Node], event: EventCode | None) -> list[tuple[Node, Portfolio]]:
    """An agent's JSON takes ten times the memory of its text: it goes as soon as it is read."""
    return [(without_content(agent), _portfolio(agent, event)) for agent in agents]


def _one_by_one(data: bytes) -> Iterator[Node]:
    """Raise `ListUnreadable` for a file that is no plain list of agents, or of more than may be."""
    listed = Node(None, [], Node(None, []), _MANY)
    for index, value in enumerate(read_listed(data, _MANY)):
        if index == MOST_AGENTS:
            raise ListUnreadable
        yield Node(value, [], listed, index)


def _of_whole(data: bytes) -> tuple[Node, ...]:
    """Raise `FaultsFound` for what is wrong around the agents."""
    document = read_document(data)
    if not (isinstance(document.value, dict) and _MANY in document.value):
        return (Node(document.value, []),)
    agents = agents_of(document.members((_MANY,))[_MANY])
    if document.faults:
        raise FaultsFound("o arquivo de portfólios tem faltas", document.faults)
    return agents


def _portfolio(node: Node, event: EventCode | None) -> Portfolio:
    members = node.members(("evento", "cnpj", "patrimonioLiquido", "meses"))
    return Portfolio(
        event=members["evento"].event(event),
        company=members["cnpj"].company(),
        equity=_equity(members["patrimonioLiquido"]),
        months=_months(members["meses"]),
    )


def _equity(node: Node) -> NetEquity:
    members = node.members(("dataBase", "valor", "deducoes"))
    listed = members["deducoes"].items(0, len(DEDUCTION_ITEMS))
    places: dict[str, Node] = {}
    deductions = []
    for one in listed:
        parts = one.members(("item", "valor"))
        item = parts["item"].one_of(DEDUCTION_ITEMS)
        if item in places and item:
            parts["item"].refuse("repetido", f"o item {item} já foi deduzido; some os valores num só")
        places[item] = parts["valor"]
        deductions.append(Deduction(item, parts["valor"].decimal()))
    equity = NetEquity(members["dataBase"].day(), members["valor"].decimal(), tuple(deductions))
    if node.is_sound:
        node.faults.extend(faults_of_equity(equity, lambda _, path: places[path.rpartition("/")[2]].pointer))
    return equity


def _months(node: Node) -> tuple[PortfolioMonth, ...]:
    listed = [(one, _month(one)) for one in node.items(len(MONTHS), len(MONTHS))]
    counts = Counter(month.label for _, month in listed)
    for label in MONTHS:
        if "" not in counts and listed and counts[label] != 1:
            detail = f"cada mês de M+0 a M+6 aparece uma vez; {label} veio {counts[label]} vezes"
            node.refuse("meses", detail)
    return tuple(sorted((month for _, month in listed), key=lambda month: month.label))


def _month(node: Node) -> PortfolioMonth:
    members = node.members(
        ("mes", "precoFixo", "geracao", "consumo", "precoVariavel", "derivativos", "mercadoRegulado")
    )
    month = PortfolioMonth(
        label=members["mes"].one_of(MONTHS),
        fixed=_fixed(members["precoFixo"]),
        generation=members["geracao"].decimal(),
        consumption=members["consumo"].decimal(),
        variable=_variable(members["precoVariavel"]),
        derivatives=_derivatives(members["derivativos"]),
        regulated=members["mercadoRegulado"].decimal(),
    )
    if node.is_sound:
        node.faults.extend(faults_of_month(month, lambda _, path: f"{node.pointer}/{path}"))
    return month


def _fixed(node: Node) -> FixedPrice:
    members = node.members(("submercados", "fontes", "recurso", "requisito"))
    return FixedPrice(
        submarkets=_shares(members["submercados"], Submarket),
        sources=_shares(members["fontes"], EnergyType),
        resource=_leg(members["recurso"], "preco"),
        requirement=_leg(members["requisito"], "preco"),
    )


def _variable(node: Node) -> VariablePrice:
    members = node.members(("recurso", "requisito"))
    read = VariablePrice(_leg(members["recurso"], "spread"), _leg(members["requisito"], "spread"))
    return NO_VARIABLE if read == NO_VARIABLE else read


def _derivatives(node: Node) -> Derivatives:
    members = node.members(("submercados", "recurso", "requisito"))
    read = Derivatives(
        submarkets=_shares(members["submercados"], Submarket),
        resource=_leg(members["recurso"], "preco"),
        requirement=_leg(members["requisito"], "preco"),
    )
    return NO_DERIVATIVES if read == NO_DERIVATIVES else read


def _leg(node: Node, price: str) -> Leg:
    members = node.members(("mwm", price))
    return Leg(members["mwm"].decimal(), members[price].decimal())


def _shares(node: Node, keys: type[Choice]) -> Mapping[Choice, Decimal]:
    members = node.members(one.value for one in keys)
    return {one: members[one.value].decimal() for one in keys}
