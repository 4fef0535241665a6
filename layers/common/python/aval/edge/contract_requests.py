"""Contracts' requests from HTTP's words to the domain's: who asks, which of them, and from where on."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from aval.contracts.bus import Acting, ContractQuery, Viewer
from aval.contracts.model import Market, Period, ProfileCode, Side
from aval.contracts.paging import MAX_PAGE_SIZE
from aval.contracts.standing import Standing
from aval.edge.contract_fields import LARGEST_CODE, Day
from aval.edge.shape_faults import OWN_WORDS
from aval.errors import Fault, FaultsFound
from aval.identity.caller import Caller
from aval.moments import SAO_PAULO

_DAY: Final = timedelta(days=1)
# What a day may be on this wire (contract_fields.Day), widened to all of it.
_EVER: Final = Period(datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 2, tzinfo=UTC))


def _flag(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": "deve ser true ou false"})
    return value == "true"


Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
ContractId = Annotated[
    int, Path(alias="id", ge=1, le=LARGEST_CODE, description="O número do contrato", examples=[123])
]
SideAsked = Annotated[
    Side | None, Query(alias="papel", description="Só contratos em que o perfil é vendedor, ou comprador")
]
MarketAsked = Annotated[Market, Query(alias="ambiente", description="LIVRE, ou REGULADO e público")]
FirstDay = Annotated[
    Day | None, Query(alias="inicio", description="Só o que vale neste dia ou depois, AAAA-MM-DD")
]
LastDay = Annotated[
    Day | None, Query(alias="fim", description="Só o que vale neste dia ou antes, AAAA-MM-DD")
]
OnlyNotValidated = Annotated[
    Flag, Query(alias="naoValidados", description="Só o que espera a validação do comprador")
]
ProfileAsked = Annotated[
    int | None,
    Query(
        alias="perfil",
        ge=1,
        le=LARGEST_CODE,
        description="Um perfil de agente próprio ou representado; ausente, todos os seus",
    ),
]
Cursor = Annotated[
    str | None,
    Query(
        alias="cursor",
        min_length=1,
        max_length=1000,
        pattern=r"^[0-9A-Za-z._=-]+$",
        description="O valor `proxima` da página anterior",
    ),
]
Limit = Annotated[int, Query(alias="limite", ge=1, le=MAX_PAGE_SIZE, description="Quantas linhas por página")]


class ResultsAsked(StrEnum):
    ALL = "TODOS"
    REFUSED = "ERRO"


def viewer_of(standing: Standing, caller: Caller, profile: int | None, *, at: datetime) -> Viewer:
    """Raise `ProfileForbidden` where `profile` is named and not open to the caller."""
    named = None if profile is None else ProfileCode(profile)
    if caller.company is not None:
        return standing.system_viewing(caller.company, named, at=at)
    return standing.person_viewing(caller.person, named, at=at)


def acting_of(standing: Standing, caller: Caller, profile: int, *, at: datetime) -> Acting:
    """Raise `ProfileForbidden` unless the caller may act for `profile`."""
    if caller.company is not None:
        return standing.system_acting(caller.company, ProfileCode(profile), at=at)
    return standing.person_acting(caller.person, ProfileCode(profile), at=at)


def contract_query(
    viewer: Viewer,
    *,
    market: Market,
    side: Side | None,
    period: Period,
    only_not_validated: bool,
) -> ContractQuery | None:
    """None where nothing can be found: free contracts, for a caller without a profile."""
    own = frozenset({viewer.profile}) if viewer.profile is not None else viewer.visible
    if market is Market.FREE and not own:
        return None
    return ContractQuery(
        market=market,
        period=period,
        profiles=own if market is Market.FREE or viewer.profile is not None else frozenset(),
        side=side,
        only_not_validated=only_not_validated,
    )


def period_asked(first: date | None, last: date | None) -> Period:
    """Whole days in São Paulo, both included; without a bound, ever.

    Raise `FaultsFound` for a last day before the first.
    """
    if first is not None and last is not None and last < first:
        fault = Fault("periodo", "o fim não pode ser antes do início", "query:fim")
        raise FaultsFound("o período termina antes de começar", [fault])
    return Period(
        _midnight(first) if first else _EVER.begins,
        _midnight(last + _DAY) if last else _EVER.ends,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SAO_PAULO).astimezone(UTC)
