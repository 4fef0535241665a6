"""The registry's public lists: what a query asks of whole lists, and the part of them that is shown."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, TypeVar

from aval.contracts.bus import (
    AmountQuery,
    AssetQuery,
    ContractQuery,
    ListedProfile,
    ParcelQuery,
    ParticipantQuery,
    ProfileQuery,
)
from aval.contracts.codes import is_among
from aval.contracts.model import (
    ContractCode,
    ContractKind,
    Period,
    RegulatedAmount,
    RegulatedContract,
    Side,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound
from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from aval.registry.directory import Directory
from aval.registry.model import Asset, Parcel, Participant, Profile, Validity
from aval.registry.names import folded
from aval.registry.searching import search_participants

Row = TypeVar("Row")

_CODE_DIGITS: Final = 9
_code: Final[Callable[[Any], int]] = attrgetter("code")


@dataclass(frozen=True, slots=True)
class PublicLists:
    """What every authenticated caller may see; always in the order of codes.

    Numbered pages raise `NothingFound` where they would be empty; stretches are empty then, and raise
    `CursorUnreadable` for a cursor that none of them gave.
    """

    directory: Directory

    def participants(self, query: ParticipantQuery, page: PageRequest) -> Page[Participant]:
        return page_of(select_participants(self.directory.all_participants(), query), page)

    def participants_from(self, query: ParticipantQuery, cursor: CursorRequest) -> Stretch[Participant]:
        return stretch_of(select_participants(self.directory.all_participants(), query), cursor)

    def participants_like(self, text: str, *, most: int) -> tuple[Participant, ...]:
        return search_participants(self.directory.all_participants(), text, most=most)

    def profiles(self, query: ProfileQuery, page: PageRequest) -> Page[ListedProfile]:
        owners = self._codes_of_participants()
        found = page_of(select_profiles(self.directory.all_profiles(), owners, query), page)
        return Page(_with_owners(found.rows, owners), found.request, found.total)

    def profiles_from(self, query: ProfileQuery, cursor: CursorRequest) -> Stretch[ListedProfile]:
        owners = self._codes_of_participants()
        found = stretch_of(select_profiles(self.directory.all_profiles(), owners, query), cursor)
        return Stretch(_with_owners(found.rows, owners), found.next_cursor)

    def assets(self, query: AssetQuery, page: PageRequest) -> Page[Asset]:
        return page_of(self._assets(query), page)

    def assets_from(self, query: AssetQuery, cursor: CursorRequest) -> Stretch[Asset]:
        return stretch_of(self._assets(query), cursor)

    def parcels(self, query: ParcelQuery, page: PageRequest) -> Page[Parcel]:
        return page_of(select_parcels(self.directory.all_parcels(), query), page)

    def parcels_from(self, query: ParcelQuery, cursor: CursorRequest) -> Stretch[Parcel]:
        return stretch_of(select_parcels(self.directory.all_parcels(), query), cursor)

    def regulated_contracts(self, query: ContractQuery, page: PageRequest) -> Page[RegulatedContract]:
        return page_of(select_regulated_contracts(self.directory.all_regulated_contracts(), query), page)

    def regulated_contracts_from(
        self, query: ContractQuery, cursor: CursorRequest
    ) -> Stretch[RegulatedContract]:
        return stretch_of(select_regulated_contracts(self.directory.all_regulated_contracts(), query), cursor)

    def regulated_contract(self, code: ContractCode, period: Period | None) -> RegulatedContract:
        """Raise `NothingFound` also for one that does not touch `period`."""
        contracts = self.directory.all_regulated_contracts()
        place = bisect_left(contracts, code, key=attrgetter("code"))
        if place < len(contracts) and contracts[place].code == code:
            found = contracts[place]
            if period is None or found.period.overlaps(period):
                return found
        raise NothingFound("nenhum contrato regulado tem este código no período informado")

    def regulated_amounts(self, query: AmountQuery, page: PageRequest) -> Page[RegulatedAmount]:
        return page_of(select_regulated_amounts(self.directory.all_regulated_amounts(), query), page)

    def _codes_of_participants(self) -> Mapping[Cnpj, int]:
        return {participant.cnpj: participant.code for participant in self.directory.all_participants()}

    def _assets(self, query: AssetQuery) -> Sequence[Asset]:
        parcels = self.directory.all_parcels() if query.profile is not None else ()
        return select_assets(self.directory.all_assets(), parcels, query)


def page_of(rows: Sequence[Row], page: PageRequest) -> Page[Row]:
    """Raise `NothingFound` for no rows at all and for a page past the end alike."""
    begins = (page.number - 1) * page.size
    shown = tuple(rows[begins : begins + page.size])
    if not rows:
        raise NothingFound("nada foi encontrado com os filtros informados")
    if not shown:
        raise NothingFound(f"a página {page.number} não existe: a última é a {-(-len(rows) // page.size)}")
    return Page(shown, page, len(rows))


def stretch_of(rows: Sequence[Row], cursor: CursorRequest) -> Stretch[Row]:
    """The cursor is the code of the last row given, so that what comes and goes elsewhere moves nothing."""
    begins = bisect_right(rows, _read_cursor(cursor.cursor), key=_code) if cursor.cursor is not None else 0
    shown = tuple(rows[begins : begins + cursor.size])
    is_last = begins + cursor.size >= len(rows)
    return Stretch(shown, None if is_last else str(_code(shown[-1])))


def _read_cursor(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _CODE_DIGITS):
        raise CursorUnreadable("o cursor não é de uma resposta desta lista; comece de novo, sem cursor")
    return int(cursor)


def select_participants(rows: Sequence[Participant], query: ParticipantQuery) -> Sequence[Participant]:
    if query == ParticipantQuery():
        return rows
    day, sigla, name = _day(query.at), folded(query.sigla), folded(query.legal_name)
    return [
        row
        for row in rows
        if _is_in(query.codes, row.code)
        and _is_in(query.cnpjs, row.cnpj)
        and query.class_code in (None, row.participant_class)
        and _is_valid(row.validity, day)
        and (not sigla or sigla in folded(row.sigla))
        and (not name or name in folded(row.legal_name))
    ]


def select_profiles(
    rows: Iterable[Profile], owners: Mapping[Cnpj, int], query: ProfileQuery
) -> Sequence[Profile]:
    """`owners` are the participants' codes; where a load came between, a profile may have none, and waits."""
    day, sigla = _day(query.at), folded(query.sigla)
    return [
        row
        for row in rows
        if row.participant in owners
        and _is_in(query.codes, row.code)
        and _is_in(query.participant_codes, owners[row.participant])
        and _is_in(query.cnpjs, row.participant)
        and query.class_code in (None, row.participant_class)
        and _is_valid(row.validity, day)
        and (not sigla or sigla in folded(row.sigla))
    ]


def select_assets(rows: Sequence[Asset], parcels: Iterable[Parcel], query: AssetQuery) -> Sequence[Asset]:
    day, name = _day(query.at), folded(query.name_part)
    owned = {
        parcel.asset
        for parcel in parcels
        if parcel.profile == query.profile and _is_valid(parcel.validity, day)
    }
    return [
        row
        for row in rows
        if row.kind is query.kind
        and _is_in(query.codes, row.code)
        and (query.profile is None or row.code in owned)
        and query.submarket in (None, row.submarket)
        and _is_valid(row.validity, day)
        and (not name or name in folded(row.name))
    ]


def select_parcels(rows: Sequence[Parcel], query: ParcelQuery) -> Sequence[Parcel]:
    if query == ParcelQuery():
        return rows
    day = _day(query.at)
    return [
        row
        for row in rows
        if _is_in(query.codes, row.code)
        and _is_in(query.profiles, row.profile)
        and query.asset in (None, row.asset)
        and query.cnpj in (None, row.cnpj)
        and _is_valid(row.validity, day)
    ]


def select_regulated_contracts(
    rows: Sequence[RegulatedContract], query: ContractQuery
) -> Sequence[RegulatedContract]:
    # What an operator's drop says needs nobody's validation.
    if query.only_not_validated or not is_among(ContractKind.REGULATED, None, query.kinds):
        return ()
    return [row for row in rows if row.period.overlaps(query.period) and _is_party(row, query)]


def select_regulated_amounts(
    rows: Sequence[RegulatedAmount], query: AmountQuery
) -> Sequence[RegulatedAmount]:
    if query.only_not_validated:
        return ()
    return [
        row
        for row in rows
        if row.kind is query.kind
        and _is_in(query.contracts, row.contract)
        and row.period.overlaps(query.period)
    ]


def _with_owners(profiles: Iterable[Profile], owners: Mapping[Cnpj, int]) -> tuple[ListedProfile, ...]:
    return tuple(ListedProfile(profile, owners[profile.participant]) for profile in profiles)


def _is_party(contract: RegulatedContract, query: ContractQuery) -> bool:
    parties = {Side.SELLER: contract.seller, Side.BUYER: contract.buyer}
    asked = parties.values() if query.side is None else (parties[query.side],)
    return not query.profiles or any(profile in query.profiles for profile in asked)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(SAO_PAULO).date() if at else None


def _is_valid(validity: Validity, day: date | None) -> bool:
    return day is None or validity.includes(day)


def _is_in(wanted: Collection[object], value: object) -> bool:
    """Nothing asked for is everything."""
    return not wanted or value in wanted
