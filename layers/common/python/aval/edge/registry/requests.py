"""What may be asked of the registry's public lists over HTTP; every filter narrows."""

from datetime import UTC, date, datetime
from typing import Annotated, Final, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from aval.edge.contracts.fields import Day
from aval.edge.wire_identifiers import CnpjInBody
from aval.errors import Fault, FaultsFound
from aval.moments import SAO_PAULO
from aval.registry.model import AssetKind

Value = TypeVar("Value")

_LARGEST_CODE: Final = 999_999_999
MOST_CODES: Final = 100

CodeAsked = Annotated[
    int | None, Query(alias="codigo", ge=1, le=_LARGEST_CODE, description="Só o de um código")
]
CodesAsked = Annotated[
    list[Annotated[int, Field(ge=1, le=_LARGEST_CODE)]] | None,
    Query(
        alias="codigo",
        min_length=1,
        max_length=MOST_CODES,
        description="Só os destes códigos, até 100: repita o parâmetro",
    ),
]
CnpjAsked = Annotated[CnpjInBody | None, Query(alias="cnpj", description="Só de um CNPJ")]
SiglaAsked = Annotated[
    str, Query(alias="sigla", max_length=60, description="Parte da sigla; acentos e maiúsculas não contam")
]
SearchAsked = Annotated[
    str | None,
    Query(
        alias="busca",
        min_length=1,
        max_length=100,
        description="O que se começou a digitar: sigla, CNPJ com ou sem máscara, ou nome; vem primeiro o "
        "mais provável, sem páginas e sem outro filtro",
    ),
]
NameAsked = Annotated[
    str, Query(alias="nome", max_length=200, description="Parte do nome; acentos e maiúsculas não contam")
]
ClassAsked = Annotated[
    int | None, Query(alias="classe", ge=1, le=_LARGEST_CODE, description="Código da classe do agente")
]
OwnerAsked = Annotated[
    int | None,
    Query(alias="participante", ge=1, le=_LARGEST_CODE, description="Código do participante a que pertence"),
]
ProfileAsked = Annotated[
    int | None, Query(alias="perfil", ge=1, le=_LARGEST_CODE, description="Código do perfil a que pertence")
]
AssetAsked = Annotated[
    int | None, Query(alias="ativo", ge=1, le=_LARGEST_CODE, description="Código do ativo de que é parte")
]
KindAsked = Annotated[AssetKind, Query(alias="tipo", description="CARGA ou USINA")]
SubmarketAsked = Annotated[
    int | None, Query(alias="submercado", ge=1, le=_LARGEST_CODE, description="1 SE, 2 S, 3 NE, 4 N")
]
DayAsked = Annotated[
    Day | None, Query(alias="data", description="Só o que vale neste dia, AAAA-MM-DD; ausente, de sempre")
]
DayOfAsset = Annotated[
    Day | None, Query(alias="data", description="Só o que vale neste dia, AAAA-MM-DD; ausente, hoje")
]


def named(value: Value | None) -> frozenset[Value]:
    """The one value that was asked for, or none: every value."""
    return frozenset() if value is None else frozenset({value})


def moment_of(day: date | None) -> datetime | None:
    """A moment of the day in São Paulo, far from both its ends."""
    return (
        None if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=SAO_PAULO).astimezone(UTC)
    )


def require_search_alone(**others: object) -> None:
    """Raise `FaultsFound` for each other parameter beside a search, which has an order of its own."""
    faults = [
        Fault("busca", "não se usa junto de busca; retire-o", f"query:{name}")
        for name, value in others.items()
        if value
    ]
    if faults:
        raise FaultsFound("a busca vem sozinha, com o limite", faults)
