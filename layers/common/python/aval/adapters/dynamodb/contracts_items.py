"""How contracts lie in their table: keys, items and what the indexes carry (docs/access-patterns.md)."""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.adapters.frozen_documents import reader, writer
from aval.contracts.bus import ContractLink
from aval.contracts.imports.judging import Change
from aval.contracts.links import parcel_links
from aval.contracts.model import (
    Amount,
    Contract,
    ContractCode,
    ModulationKind,
    ParcelCode,
    ProfileCode,
    Transition,
)
from aval.contracts.store import ContractTooLarge, ParcelLink, Selection, Shape
from aval.moments import to_storage

HEADER: Final = "CABECALHO"
HISTORY_PREFIX: Final = "HIST#"
_CONTRACT_PREFIX: Final = "CONTRATO#"
# An item holds 400 KB, names and all: "Service, account, and table quotas in Amazon DynamoDB".
_LARGEST_HEADER: Final = 384 * 1024
_PART_BYTES: Final = 256 * 1024
_ITEM_OVERHEAD: Final = 1024
_TRANSITIONS_PER_ITEM: Final = 400
_AMOUNT: Final = struct.Struct(">iiB")
_VALIDATED, _DECLARED = 1, 2


@dataclass(frozen=True, slots=True)
class ContractItems:
    """A contract's header and the parts that did not fit into it; `size` is what a transaction counts."""

    header: Key
    parts: tuple[Key, ...]
    size: int


def contract_partition(code: ContractCode) -> str:
    return f"{_CONTRACT_PREFIX}{contract_sk(code)}"


def header_key(code: ContractCode) -> Key:
    return key(contract_partition(code), HEADER)


def part_key(code: ContractCode, ordinal: int) -> Key:
    return key(contract_partition(code), f"PARTE#{ordinal:03d}")


def contract_sk(code: int) -> str:
    """Fixed width, so that the order of texts is the order of codes."""
    return f"{code:012d}"


def profile_pk(code: ProfileCode) -> str:
    return f"{code:09d}"


def code_in(item: Item) -> ContractCode:
    return ContractCode(int(item["code"]["S"]))


def contract_items(contract: Contract) -> ContractItems:
    """Raise `ContractTooLarge` where the indexes would carry more of it than an item holds."""
    body = _packed(writer(Contract)(contract))
    indexed = _index_attributes(contract)
    room = min(_PART_BYTES, _LARGEST_HEADER - _ITEM_OVERHEAD - _indexed_size(indexed))
    if room <= 0:
        raise ContractTooLarge
    pieces = [body[:room], *(body[at : at + _PART_BYTES] for at in range(room, len(body), _PART_BYTES))]
    version = number(contract.version)
    header: Key = {
        **header_key(contract.code),
        **indexed,
        "version": version,
        "situation": {"S": contract.situation},
        "body": {"B": pieces[0]},
        "parts": number(len(pieces)),
    }
    parts: tuple[Key, ...] = tuple(
        {**part_key(contract.code, ordinal), "version": version, "body": {"B": piece}}
        for ordinal, piece in enumerate(pieces[1:], start=1)
    )
    return ContractItems(
        header, parts, len(body) + _indexed_size(indexed) + _ITEM_OVERHEAD * (1 + len(parts))
    )


def _indexed_size(indexed: Item) -> int:
    links = indexed.get("links", {"S": ""})["S"]
    return len(indexed["outline"]["B"]) + len(links)


def part_keys(header: Item) -> Iterator[Key]:
    code = code_in(header)
    return (part_key(code, ordinal) for ordinal in range(1, int(header["parts"]["N"])))


def read_contract(header: Item, parts: Sequence[Item]) -> Contract | None:
    """None when header and parts are of different moments: to be read again."""
    in_order = sorted(parts, key=lambda part: str(part["sk"]["S"]))
    if len(parts) != int(header["parts"]["N"]) - 1:
        return None
    if any(part["version"] != header["version"] for part in parts):
        return None
    body = b"".join(bytes(item["body"]["B"]) for item in (header, *in_order))
    contract: Contract = reader(Contract)(_unpacked(body))
    return contract


def _index_attributes(contract: Contract) -> Key:
    terms = contract.terms
    attributes: Key = {
        "seller": {"S": profile_pk(terms.seller)},
        "code": {"S": contract_sk(contract.code)},
        "begins": {"S": to_storage(terms.period.begins)},
        "ends": {"S": to_storage(terms.period.ends)},
        "shape": {"S": shape_text((contract.kind, terms.cceal_type))},
        "pending": {"BOOL": contract.awaits_validation},
        "outline": {"B": b"".join(map(_outlined, contract.amounts))},
    }
    if not contract.is_sellers_alone:
        attributes["buyer"] = {"S": profile_pk(terms.buyer)}
    links = parcel_links(contract)
    if links:
        documents = [[parcel, writer(ContractLink)(link)] for parcel, link in links]
        attributes["links"] = {"S": json.dumps(documents, separators=(",", ":"))}
    return attributes


def shape_text(shape: Shape) -> str:
    kind, cceal_type = shape
    return kind.value if cceal_type is None else f"{kind.value} {cceal_type}"


def _outlined(amount: Amount) -> bytes:
    declared = amount.energy.modulation is ModulationKind.DECLARED
    flags = _VALIDATED * amount.is_validated | _DECLARED * declared
    return _AMOUNT.pack(hour_of(amount.period.begins), hour_of(amount.period.ends), flags)


def amount_hours(item: Item, selection: Selection, *, only_declared: bool) -> Iterator[int]:
    """When the amounts that the selection takes begin (`hour_of`), from the contract's index row alone."""
    period = selection.period
    first, last = (hour_of(period.begins), hour_of(period.ends)) if period else (-(2**31), 2**31)
    unwanted = _VALIDATED if selection.only_not_validated else 0
    wanted = _DECLARED if only_declared else 0
    for begins, ends, flags in _AMOUNT.iter_unpack(bytes(item["outline"]["B"])):
        if begins < last and ends > first and not flags & unwanted and flags & wanted == wanted:
            yield begins


def links_in(item: Item) -> Iterator[ParcelLink]:
    for parcel, document in json.loads(item["links"]["S"]):
        yield ParcelCode(parcel), reader(ContractLink)(document)


def hour_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 3600


def moment_at(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def history_items(change: Change) -> list[Key]:
    """A version's transitions, some hundreds an item: a weekly contract may be validated whole in one act."""
    after = change.after
    documents = list(map(writer(Transition), change.transitions))
    sides: Key = {"sold_by": number(after.terms.seller)}
    if not after.is_sellers_alone:
        sides["bought_by"] = number(after.terms.buyer)
    return [
        {
            **key(contract_partition(after.code), f"{HISTORY_PREFIX}{after.version:08d}#{start:05d}"),
            **sides,
            "transitions": {"S": _text(documents[start : start + _TRANSITIONS_PER_ITEM])},
        }
        for start in range(0, len(documents), _TRANSITIONS_PER_ITEM)
    ]


def read_transitions(item: Item) -> list[Transition]:
    read = reader(Transition)
    return [read(document) for document in json.loads(item["transitions"]["S"])]


def history_size(item: Item) -> int:
    return len(str(item["transitions"]["S"]).encode()) + _ITEM_OVERHEAD


def _packed(document: object) -> bytes:
    return zlib.compress(_text(document).encode())


def _unpacked(body: bytes) -> Any:
    return json.loads(zlib.decompress(body))


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
