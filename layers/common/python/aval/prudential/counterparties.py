"""The largest counterparties of one agent: what it could lose with each; none of it enters the FA."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from importlib.resources import files
from itertools import pairwise
from typing import Final

from aval.errors import FaultsFound
from aval.identifiers import Cnpj, EventCode
from aval.prudential.figures import CONTEXT, written
from aval.prudential.json_agents import agents_of, refuse_repeated, refused_of
from aval.prudential.json_document import Node, read_document
from aval.prudential.portfolio import AgentRefused

MOST_COUNTERPARTIES: Final = 5
MOST_MITIGATORS: Final = 20
LONGEST_NAME: Final = 60
LONGEST_DESCRIPTION: Final = 500


class MitigatorKind(StrEnum):
    NENHUM = "NENHUM"
    FIANCA_BANCARIA = "FIANCA_BANCARIA"
    SEGURO_GARANTIA = "SEGURO_GARANTIA"
    CARTA_CREDITO = "CARTA_CREDITO"
    CAUCAO = "CAUCAO"
    TITULOS_PUBLICOS = "TITULOS_PUBLICOS"
    CDB = "CDB"
    GARANTIA_CORPORATIVA = "GARANTIA_CORPORATIVA"
    PRE_PAGAMENTO = "PRE_PAGAMENTO"
    REGISTRO_CONTRA_PAGAMENTO = "REGISTRO_CONTRA_PAGAMENTO"
    NETTING = "NETTING"
    CHAMADA_MARGEM = "CHAMADA_MARGEM"
    CESSAO_RECEBIVEIS = "CESSAO_RECEBIVEIS"
    OUTRO = "OUTRO"


@dataclass(frozen=True, slots=True)
class Mitigator:
    kind: MitigatorKind
    value: Decimal
    description: str


@dataclass(frozen=True, slots=True)
class Counterparty:
    """`mtm` is that of M0 to M2, in R$; positive is what the agent has to receive."""

    company: Cnpj
    name: str
    mtm: Decimal
    mitigators: tuple[Mitigator, ...] = ()

    @property
    def exposure(self) -> Decimal:
        """What no mitigator covers, never negative."""
        with localcontext(CONTEXT):
            return max(Decimal(0), self.mtm - sum((one.value for one in self.mitigators), Decimal(0)))

    def share_of(self, adjusted_equity: Decimal) -> Decimal | None:
        """The exposure over the PLA; none where that is zero or less."""
        return CONTEXT.divide(self.exposure, adjusted_equity) if adjusted_equity > 0 else None


@dataclass(frozen=True, slots=True)
class Counterparties:
    """`listed` is by absolute MtM, the largest first."""

    event: EventCode
    company: Cnpj
    listed: tuple[Counterparty, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CounterpartiesRead:
    """Agents of one file are independent: each is here once, taken or refused, in the file's order."""

    taken: tuple[Counterparties, ...]
    refused: tuple[AgentRefused, ...]
    places: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """As those of `PortfoliosRead`."""


def schema() -> bytes:
    """The JSON Schema 2020-12 of both files; what only arithmetic can tell is in its descriptions."""
    return _published("counterparties.schema.json")


def example() -> bytes:
    return _published("counterparties.example.json")


def read_counterparties(data: bytes, *, event: EventCode | None = None) -> Counterparties:
    """One agent's. Raise `FaultsFound` for every rule broken, `DocumentUnreadable` for what is no JSON."""
    document = read_document(data)
    told = document.members(("evento", "cnpj", "contrapartes"))
    read = _counterparties(told, told["evento"].event(event))
    if document.faults:
        raise FaultsFound("as contrapartes têm faltas", document.faults)
    return read


def read_many(data: bytes, *, event: EventCode | None = None) -> CounterpartiesRead:
    """`{"evento", "agentes": […]}`: a wrong agent is refused and the others taken.

    Raise `FaultsFound` for what is wrong around the agents, `DocumentUnreadable` for what is no JSON.
    """
    document = read_document(data)
    around = document.members(("evento", "agentes"))
    of, agents = around["evento"].event(event), agents_of(around["agentes"])
    if document.faults:
        raise FaultsFound("o arquivo de contrapartes tem faltas", document.faults)
    read = [(agent, _counterparties(agent.members(("cnpj", "contrapartes")), of)) for agent in agents]
    refuse_repeated([(agent, one.company) for agent, one in read])
    taken = tuple(one for agent, one in read if not agent.faults)
    return CounterpartiesRead(taken, refused_of(agents), tuple(agent.pointer for agent in agents))


def _counterparties(told: Mapping[str, Node], event: EventCode) -> Counterparties:
    company = told["cnpj"].company()
    read: list[tuple[Mapping[str, Node], Counterparty]] = []
    for order, node in enumerate(told["contrapartes"].items(0, MOST_COUNTERPARTIES), start=1):
        members = node.members(("ordem", "cnpj", "sigla", "mtm", "mitigadores"))
        members["ordem"].whole(order, order)
        read.append((members, _counterparty(members)))
    listed = tuple(one for _, one in read)
    for index, (theirs, one) in enumerate(read):
        _hold_company(one.company, theirs["cnpj"], company, listed[:index])
    for (above, larger), (below, one) in pairwise(read):
        if above["mtm"].is_sound and below["mtm"].is_sound:
            _hold_order(larger.mtm, one.mtm, below["mtm"])
    return Counterparties(event, company, listed)


def _counterparty(members: Mapping[str, Node]) -> Counterparty:
    return Counterparty(
        company=members["cnpj"].company(),
        name=members["sigla"].text(LONGEST_NAME, shortest=1),
        mtm=members["mtm"].decimal(),
        mitigators=tuple(_mitigator(one) for one in members["mitigadores"].items(0, MOST_MITIGATORS)),
    )


def _mitigator(node: Node) -> Mitigator:
    members = node.members(("tipo", "valor", "descricao"))
    one = Mitigator(
        kind=members["tipo"].choice(MitigatorKind),
        value=members["valor"].decimal(),
        description=members["descricao"].text(LONGEST_DESCRIPTION),
    )
    if one.value < 0:
        detail = f"o valor do mitigador deve ser maior ou igual a zero, e veio {written(one.value)}"
        members["valor"].refuse("nao-negativo", detail)
    elif node.is_sound and one.kind is MitigatorKind.NENHUM and one.value:
        detail = (
            f"o tipo NENHUM não cobre nada, e veio {written(one.value)}; informe 0 ou o tipo do mitigador"
        )
        members["valor"].refuse("nenhum-mitigador", detail)
    return one


def _hold_company(company: Cnpj, node: Node, own: Cnpj, earlier: Sequence[Counterparty]) -> None:
    if company and company == own:
        node.refuse("propria", "a contraparte tem o CNPJ do próprio agente; informe o da outra parte")
    elif company and company in {other.company for other in earlier}:
        node.refuse("repetido", "a contraparte já está na lista; some o MtM dela num só lugar")


def _hold_order(larger: Decimal, mtm: Decimal, node: Node) -> None:
    if mtm.copy_abs() > larger.copy_abs():
        detail = (
            f"a ordem é do maior MtM em módulo para o menor, e {written(mtm)} vem depois de "
            f"{written(larger)}; reordene as contrapartes"
        )
        node.refuse("ordem", detail)


def _published(name: str) -> bytes:
    return files("aval.prudential").joinpath(name).read_bytes()
