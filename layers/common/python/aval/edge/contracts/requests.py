"""Contracts' requests from HTTP's words to the domain's: who asks, which of them, and from where on."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from aval.contracts.bus import Acting, AmountQuery, AnyContract, RowStatus, Viewer
from aval.contracts.model import AmountKind, Market, Period, ProfileCode, RegulatedContract, Side
from aval.contracts.paging import MAX_PAGE_SIZE
from aval.contracts.standing import OpenProfile, Standing
from aval.edge.contracts.fields import LARGEST_CODE, Day
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


AmountKindAsked = Annotated[
    AmountKind | None,
    Query(alias="tipo", description="Ausente, MONTANTE_MEDIO; contratos regulados pedem um dos seus tipos"),
]
StatusAsked = Annotated[
    RowStatus | None, Query(alias="status", description="Só linhas com este resultado; ausente, todas")
]
ProcessingNumber = Annotated[
    int, Path(alias="codigo", ge=1, le=LARGEST_CODE, description="O código recebido no envio", examples=[1])
]


def viewer_of(standing: Standing, caller: Caller, profile: int | None, *, at: datetime) -> Viewer:
    """Raise `ProfileForbidden` where `profile` is named and not open to the caller."""
    named = None if profile is None else ProfileCode(profile)
    if caller.company is not None:
        return standing.system_viewing(caller.company, named, at=at)
    return standing.person_viewing(caller.person, named, at=at)


def viewer_of_market(
    standing: Standing, caller: Caller, profile: int | None, market: Market, *, at: datetime
) -> Viewer:
    """As `viewer_of`, but for regulated contracts, which are public whosever the profile is."""
    return viewer_of(standing, caller, profile if market is Market.FREE else None, at=at)


def open_profiles_of(standing: Standing, caller: Caller, *, at: datetime) -> tuple[OpenProfile, ...]:
    """The profiles that `viewer_of` opens to the caller, each marked by whether `acting_of` takes it."""
    if caller.company is not None:
        return standing.system_profiles(caller.company, at=at)
    return standing.person_profiles(caller.person, at=at)


def acting_of(standing: Standing, caller: Caller, profile: int, *, at: datetime) -> Acting:
    """Raise `ProfileForbidden` unless the caller may act for `profile`."""
    if caller.company is not None:
        return standing.system_acting(caller.company, ProfileCode(profile), at=at)
    return standing.person_acting(caller.person, ProfileCode(profile), at=at)


def profiles_asked(viewer: Viewer, market: Market, profile: int | None) -> frozenset[ProfileCode]:
    """The named one, else all that the caller sees; of regulated contracts anybody's may be named."""
    if profile is not None:
        return frozenset({ProfileCode(profile)})
    return viewer.visible if market is Market.FREE else frozenset()


def amount_query(
    contract: AnyContract, kind: AmountKind | None, *, period: Period, only_not_validated: bool
) -> AmountQuery:
    """Raise `FaultsFound` for a kind that contracts of this market do not have."""
    market = Market.REGULATED if isinstance(contract, RegulatedContract) else Market.FREE
    asked = kind or AmountKind.AVERAGE
    if asked.market is not market:
        names = ", ".join(one for one in AmountKind if one.market is market)
        fault = Fault("tipo", f"peça um tipo de montante do ambiente {market}: {names}", "query:tipo")
        raise FaultsFound("o contrato não tem montantes deste tipo", [fault])
    return AmountQuery(
        market=market,
        kind=asked,
        period=period,
        contracts=frozenset({contract.code}),
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
