"""`NativeContractBus`: the contract services answered from our own tables."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final, Protocol, TypeVar

from aval.contracts.bus import (
    Acting,
    AmountQuery,
    AnyAmount,
    AnyContract,
    AssetQuery,
    ContractQuery,
    FreeAmount,
    LinkedParcel,
    ListedProfile,
    Outcome,
    ParcelQuery,
    ParticipantQuery,
    ProcessingCode,
    ProfileQuery,
    RowResult,
    Submission,
    Submitted,
    UploadRequest,
    UploadTicket,
    Viewer,
)
from aval.contracts.imports.judging import Book
from aval.contracts.imports.reception import Reception, latest_submission
from aval.contracts.imports.row_work import Rules
from aval.contracts.imports.rows import Row, Validation
from aval.contracts.imports.store import ImportStore
from aval.contracts.listing import PublicLists, page_of, select_parcels
from aval.contracts.model import (
    AmountKind,
    Contract,
    ContractCode,
    Market,
    Period,
    ProfileCode,
    Transition,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound, ProviderFailed
from aval.contracts.selecting import answers, is_party, selection_of
from aval.contracts.store import ContractStore, ParcelLink, Selection, WriteLost
from aval.registry.directory import Directory
from aval.registry.model import Asset, Parcel, Participant

_TRIES: Final = 12
_CODE_DIGITS: Final = 12


Found = TypeVar("Found")


class Rooms(Protocol):
    """What the bus is built of; a function that does not use one need not be given it."""

    @property
    def contracts(self) -> ContractStore: ...

    @property
    def imports(self) -> ImportStore: ...

    @property
    def reception(self) -> Reception: ...

    @property
    def directory(self) -> Directory: ...

    @property
    def rules(self) -> Rules: ...


@dataclass(frozen=True, slots=True)
class NativeContractBus:
    rooms: Rooms
    pause: Callable[[int], None]

    def submit(self, submission: Submission, *, at: datetime) -> ProcessingCode:
        return self.rooms.reception.submit(submission, at=at)

    def prepare_upload(self, request: UploadRequest, *, at: datetime) -> UploadTicket:
        return self.rooms.reception.prepare_upload(request, at=at)

    def latest_submission(self, digest: str, acting: Acting) -> ProcessingCode:
        return latest_submission(self.rooms.imports, digest, acting)

    def outcome(self, code: ProcessingCode, page: PageRequest, acting: Viewer) -> Outcome:
        record = self.rooms.imports.record(code)
        if record is None or record.submission.author.company not in acting.companies:
            raise NothingFound(f"o processamento {code} não existe ou não é de quem consulta")
        results = self.rooms.imports.results(record, page)
        # Of one that goes on, the page may still come: whoever polls it is told how far the rows are.
        if record.is_over and page.number > 1 and not results.rows:
            raise NothingFound(f"a página {page.number} não existe: a última é a {results.total_pages}")
        return Outcome(record.told, results)

    def submitted_from(self, cursor: CursorRequest, acting: Viewer) -> Stretch[Submitted]:
        before = _code_in(cursor.cursor)
        found = self.rooms.imports.submitted_by(
            acting.companies,
            before=None if before is None else ProcessingCode(before),
            limit=cursor.size + 1,
        )
        shown = found[: cursor.size]
        return Stretch(
            tuple(record.listed for record in shown),
            str(shown[-1].code) if len(found) > cursor.size else None,
        )

    def contracts(self, query: ContractQuery, page: PageRequest, acting: Viewer) -> Page[AnyContract]:
        if query.market is Market.REGULATED:
            regulated = self._lists.regulated_contracts(query, page)
            return Page(regulated.rows, page, regulated.total)
        found = self.rooms.contracts.codes(selection_of(query, acting), page)
        rows = self._in_order(_filled(found).rows)
        return Page(rows, page, found.total)

    def contracts_from(
        self, query: ContractQuery, cursor: CursorRequest, acting: Viewer
    ) -> Stretch[AnyContract]:
        if query.market is Market.REGULATED:
            regulated = self._lists.regulated_contracts_from(query, cursor)
            return Stretch(regulated.rows, regulated.next_cursor)
        after = _code_in(cursor.cursor)
        codes = self.rooms.contracts.codes_after(selection_of(query, acting), after, limit=cursor.size + 1)
        shown = codes[: cursor.size]
        return Stretch(self._in_order(shown), str(shown[-1]) if len(codes) > cursor.size else None)

    def contract(
        self, code: ContractCode, market: Market | None, period: Period | None, acting: Viewer
    ) -> AnyContract:
        if market is not Market.REGULATED:
            found = self._visible(code, acting)
            if found is not None and (period is None or found.terms.period.overlaps(period)):
                return found
        try:
            if market is not Market.FREE:
                return self._lists.regulated_contract(code, period)
        except NothingFound:
            # Without a market the caller did not ask for a regulated one alone.
            if market is Market.REGULATED:
                raise
        raise _no_contract(code, period)

    def amounts(self, query: AmountQuery, page: PageRequest, acting: Viewer) -> Page[AnyAmount]:
        if query.market is Market.REGULATED:
            regulated = self._lists.regulated_amounts(query, page)
            return Page(regulated.rows, page, regulated.total)
        if query.contracts:
            return page_of(list(self._amounts_of_named(query, acting)), page)
        selection = Selection(
            acting.visible, period=query.period, only_not_validated=query.only_not_validated
        )
        declared = query.kind is AmountKind.MODULATED
        keys = _filled(self.rooms.contracts.amounts(selection, page, only_declared=declared))
        contracts = self.rooms.contracts.read({code for code, _ in keys.rows})
        rows = (
            FreeAmount(code, query.kind, amount)
            for code, begins in keys.rows
            for amount in contracts[code].amounts
            if amount.period.begins == begins
        )
        return Page(tuple(rows), page, keys.total)

    def history(self, code: ContractCode, cursor: CursorRequest, acting: Viewer) -> Stretch[Transition]:
        if self._visible(code, acting) is None:
            raise _no_contract(code)
        found = self.rooms.contracts.history(code, cursor)
        return Stretch(tuple(_told_to(acting, one) for one in found.rows), found.next_cursor)

    def validate(
        self, code: ContractCode, begins: frozenset[datetime], acting: Acting, *, at: datetime
    ) -> RowResult:
        row = Row(number=1, sequence="", demand=Validation(code, tuple(sorted(begins))))
        for tried in range(_TRIES):
            contract = self._visible(code, acting)
            if contract is None:
                raise _no_contract(code)
            try:
                return self._judge(row, contract, acting, at)
            except WriteLost:
                self.pause(tried)
        raise ProviderFailed("outras alterações deste contrato chegaram antes; tente de novo em instantes")

    def linked_parcels(self, query: ParcelQuery, page: PageRequest, acting: Viewer) -> Page[LinkedParcel]:
        wanted = {one.code for one in select_parcels(self.rooms.directory.all_parcels(), query)}
        links = self.rooms.contracts.links(Selection(acting.visible))
        standing = (one for one in links if one[0] in wanted and _stands(one, query.at))
        rows = [
            LinkedParcel(parcel, tuple(link for _, link in of_one))
            for parcel, of_one in groupby(standing, key=itemgetter(0))
        ]
        return page_of(rows, page)

    def participants(self, query: ParticipantQuery, page: PageRequest) -> Page[Participant]:
        return self._lists.participants(query, page)

    def participants_from(self, query: ParticipantQuery, cursor: CursorRequest) -> Stretch[Participant]:
        return self._lists.participants_from(query, cursor)

    def participants_like(self, text: str, *, most: int) -> tuple[Participant, ...]:
        return self._lists.participants_like(text, most=most)

    def profiles(self, query: ProfileQuery, page: PageRequest) -> Page[ListedProfile]:
        return self._lists.profiles(query, page)

    def profiles_from(self, query: ProfileQuery, cursor: CursorRequest) -> Stretch[ListedProfile]:
        return self._lists.profiles_from(query, cursor)

    def assets(self, query: AssetQuery, page: PageRequest) -> Page[Asset]:
        return self._lists.assets(query, page)

    def assets_from(self, query: AssetQuery, cursor: CursorRequest) -> Stretch[Asset]:
        return self._lists.assets_from(query, cursor)

    def parcels(self, query: ParcelQuery, page: PageRequest) -> Page[Parcel]:
        return self._lists.parcels(query, page)

    def parcels_from(self, query: ParcelQuery, cursor: CursorRequest) -> Stretch[Parcel]:
        return self._lists.parcels_from(query, cursor)

    @property
    def _lists(self) -> PublicLists:
        return PublicLists(self.rooms.directory)

    def _visible(self, code: ContractCode, acting: Viewer) -> Contract | None:
        contract = self.rooms.contracts.read([code]).get(code)
        return contract if contract is not None and is_party(contract, acting) else None

    def _in_order(self, codes: Iterable[ContractCode]) -> tuple[Contract, ...]:
        """An index row may be there an instant before its contract is read, never after it is gone."""
        found = self.rooms.contracts.read(list(codes))
        return tuple(found[code] for code in sorted(found))

    def _amounts_of_named(self, query: AmountQuery, acting: Viewer) -> Iterator[FreeAmount]:
        found = self.rooms.contracts.read(query.contracts)
        for code in sorted(found):
            if is_party(found[code], acting):
                for amount in found[code].amounts:
                    if answers(found[code], amount, query):
                        yield FreeAmount(code, query.kind, amount)

    def _judge(self, row: Row, contract: Contract, acting: Acting, at: datetime) -> RowResult:
        rules, directory = self.rooms.rules, self.rooms.directory
        needs = rules.needs(row)
        book = Book(
            contracts={contract.code: contract},
            profiles={ProfileCode(code): one for code, one in directory.profiles(needs.profiles).items()},
            calendar=directory.calendar(),
        )
        judged = rules.judge(row, book, acting, at=at.replace(microsecond=0), new_code=_no_new_code)
        if judged.change is not None:
            self.rooms.contracts.apply(judged.change)
        return judged.result


def _filled(page: Page[Found]) -> Page[Found]:
    if not page.total:
        raise NothingFound("nada foi encontrado com os filtros informados")
    if not page.rows:
        raise NothingFound(f"a página {page.request.number} não existe: a última é a {page.total_pages}")
    return page


def _code_in(cursor: str | None) -> ContractCode | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _CODE_DIGITS):
        raise CursorUnreadable("o cursor não é de uma resposta desta lista; comece de novo, sem cursor")
    return ContractCode(int(cursor))


def _stands(link: ParcelLink, at: datetime | None) -> bool:
    _, contract = link
    return at is None or contract.period.begins <= at < contract.period.ends


def _told_to(acting: Viewer, transition: Transition) -> Transition:
    """The other party's people have no names."""
    if transition.author.company in acting.companies:
        return transition
    return replace(transition, author=replace(transition.author, person_name=None))


def _no_contract(code: ContractCode, period: Period | None = None) -> NothingFound:
    beyond = " neste período" if period else ""
    return NothingFound(f"o contrato {code} não existe{beyond} ou não é de quem consulta")


def _no_new_code() -> ContractCode:
    raise TypeError("a validation makes no contract")
