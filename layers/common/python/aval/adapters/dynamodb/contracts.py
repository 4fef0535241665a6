"""Free contracts in the contracts table: consistent reads by key, lists by the indexes of both parties."""

import heapq
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aval.adapters.dynamodb import contracts_items as items
from aval.adapters.dynamodb.attributes import Item
from aval.adapters.dynamodb.contracts_query import IndexQuery, partitions
from aval.adapters.dynamodb.contracts_write import ContractWrites
from aval.adapters.dynamodb.counters import Counter
from aval.adapters.dynamodb.history import history_page
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.contracts.imports.judging import Change
from aval.contracts.links import link_order
from aval.contracts.model import Contract, ContractCode, Transition
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.store import AmountKey, ParcelLink, Selection, WriteLost

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIRST_CONTRACT: Final = 1_000_001
_AT_ONCE: Final = 8
_READS_PER_CALL: Final = 100
_TRIES: Final = 10

Asked = TypeVar("Asked")


class ContractTorn(Exception):
    """A contract kept changing between its header and its parts, however often it was read."""


@dataclass(frozen=True, slots=True)
class DynamoDbContracts:
    client: "DynamoDBClient"
    table_name: str

    def read(self, codes: Collection[ContractCode]) -> dict[ContractCode, Contract]:
        found: dict[ContractCode, Contract] = {}
        wanted = sorted(set(codes))
        for _ in range(_TRIES):
            torn = list(self._read_once(wanted, found))
            if not torn:
                return found
            wanted = torn
        raise ContractTorn

    def codes(self, selection: Selection, page: PageRequest) -> Page[ContractCode]:
        every = sorted(set(map(items.code_in, self._rows(selection, "code"))))
        return Page(tuple(every[_slice(page)]), page, len(every))

    def codes_after(
        self, selection: Selection, after: ContractCode | None, *, limit: int
    ) -> Sequence[ContractCode]:
        queries = [self._query(selection, profile, side) for profile, side in partitions(selection)]
        streams = (map(items.code_in, query.rows_after(after, about=2 * limit)) for query in queries)
        return list(islice(_distinct(heapq.merge(*streams)), limit))

    def amounts(self, selection: Selection, page: PageRequest, *, only_declared: bool) -> Page[AmountKey]:
        rows = {items.code_in(row): row for row in self._rows(selection, "code, outline")}
        wanted, shown, total = _slice(page), [], 0
        for code in sorted(rows):
            # Only the keys of the page are kept: a profile may have a million amounts.
            for hour in items.amount_hours(rows[code], selection, only_declared=only_declared):
                if wanted.start <= total < wanted.stop:
                    shown.append((code, items.moment_at(hour)))
                total += 1
        return Page(tuple(shown), page, total)

    def links(self, selection: Selection) -> Sequence[ParcelLink]:
        rows = self._rows(selection, "code, links", only_linked=True)
        by_contract = {row["code"]["S"]: row for row in rows}
        return sorted((link for row in by_contract.values() for link in items.links_in(row)), key=link_order)

    def history(self, code: ContractCode, cursor: CursorRequest) -> Stretch[Transition]:
        return history_page(self.client, self.table_name, code, cursor)

    def new_codes(self, count: int) -> Sequence[ContractCode]:
        counter = Counter(self.client, self.table_name, "CONTRATO", first=FIRST_CONTRACT)
        return [ContractCode(code) for code in counter.take(count)]

    def apply(self, change: Change) -> None:
        writes = ContractWrites(self.table_name)
        writes.add(change)
        with lost_races_as(WriteLost):
            self.client.transact_write_items(TransactItems=list(writes.parts()))

    def _read_once(
        self, codes: Sequence[ContractCode], found: dict[ContractCode, Contract]
    ) -> Iterator[ContractCode]:
        """Put what stands into `found`, and give the codes of contracts that changed while they were read."""
        headers = self._get([items.header_key(code) for code in codes])
        parts: dict[str, list[Item]] = {}
        for part in self._get([key for header in headers for key in items.part_keys(header)]):
            parts.setdefault(part["pk"]["S"], []).append(part)
        for header in headers:
            contract = items.read_contract(header, parts.get(header["pk"]["S"], []))
            if contract is None:
                yield items.code_in(header)
            else:
                found[contract.code] = contract

    def _get(self, keys: Sequence[Item]) -> list[Item]:
        chunks = [keys[start : start + _READS_PER_CALL] for start in range(0, len(keys), _READS_PER_CALL)]
        table = Partitions(self.client, self.table_name)
        return _all_at_once(lambda chunk: list(table.get(chunk)), chunks)

    def _rows(self, selection: Selection, columns: str, *, only_linked: bool = False) -> list[Item]:
        queries = [
            self._query(selection, profile, side, columns=columns, only_linked=only_linked)
            for profile, side in partitions(selection)
        ]
        return _all_at_once(IndexQuery.rows, queries)

    def _query(self, selection: Selection, *where: Any, **what: Any) -> IndexQuery:
        profile, side = where
        return IndexQuery(self.client, self.table_name, profile, side, selection, **what)


def _all_at_once(read: Callable[[Asked], list[Item]], asked: Sequence[Asked]) -> list[Item]:
    if len(asked) <= 1:
        return [item for one in asked for item in read(one)]
    with ThreadPoolExecutor(min(_AT_ONCE, len(asked))) as pool:
        return [item for found in pool.map(read, asked) for item in found]


def _slice(page: PageRequest) -> slice:
    return slice((page.number - 1) * page.size, page.number * page.size)


def _distinct(codes: Iterator[ContractCode]) -> Iterator[ContractCode]:
    last = None
    for code in codes:
        if code != last:
            yield code
        last = code
