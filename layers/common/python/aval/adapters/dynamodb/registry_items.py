"""The registry's items as docs/access-patterns.md lays them out, and the records that they hold."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from aval.adapters.dynamodb.partitions import Item
from aval.moments import from_storage, to_storage
from aval.registry.columns import Scalar
from aval.registry.generations import Arrival, Generation, InForce, LoadRecord, Pointer
from aval.registry.model import Person, Profile, Representation
from aval.registry.schemas import SCHEMAS, Dataset, Record, Row

POINTER_KEY: Final = {"pk": {"S": "PONTEIRO"}, "sk": {"S": "ATUAL"}}
ATTEMPTS_PARTITION: Final = "EM_CURSO"
_CODE_DIGITS: Final = 9

_PARTITIONS: Final[Mapping[Dataset, str]] = {
    Dataset.PARTICIPANTES: "PARTICIPANTE",
    Dataset.PERFIS: "PERFIL",
    Dataset.ATIVOS: "ATIVO",
    Dataset.PARCELAS: "PARCELA",
    Dataset.PESSOAS: "PESSOA",
    Dataset.REPRESENTACOES: "REPRESENTANTE",
    Dataset.CALENDARIO: "CALENDARIO",
    Dataset.CONTRATOS_REGULADOS: "CONTRATO_REGULADO",
    Dataset.MONTANTES_REGULADOS: "MONTANTE_REGULADO",
}
_BY_COMPANY: Final = "PERFIL_DA_EMPRESA"
_BY_EMAIL: Final = "EMAIL"
_BY_REPRESENTED: Final = "REPRESENTADA"
# DynamoDB takes items of 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
_LEAF_BYTES: Final = 300_000
_LISTED: Final = frozenset(
    {
        Dataset.PARTICIPANTES,
        Dataset.PERFIS,
        Dataset.ATIVOS,
        Dataset.PARCELAS,
        Dataset.CALENDARIO,
        Dataset.CONTRATOS_REGULADOS,
        Dataset.MONTANTES_REGULADOS,
    }
)
_LOOKUPS: Final[Mapping[Dataset, tuple[str, ...]]] = {
    Dataset.PERFIS: (_BY_COMPANY,),
    Dataset.PESSOAS: (_BY_EMAIL,),
    Dataset.REPRESENTACOES: (_BY_REPRESENTED,),
}


def rows_partition(generation: Generation, dataset: Dataset) -> str:
    """Where the whole dataset lies, by its key."""
    return f"{generation}#{_PARTITIONS[dataset]}"


def list_partition(generation: Generation, dataset: Dataset) -> str:
    """Where the whole dataset lies once more, packed, for those who read all of it."""
    return f"{rows_partition(generation, dataset)}#LISTA"


def email_partition(generation: Generation) -> str:
    return f"{generation}#{_BY_EMAIL}"


def company_profiles_partition(generation: Generation) -> str:
    return f"{generation}#{_BY_COMPANY}"


def represented_partition(generation: Generation) -> str:
    return f"{generation}#{_BY_REPRESENTED}"


def partitions(generation: Generation, dataset: Dataset) -> tuple[str, ...]:
    """Every partition that a dataset's rows fill, lookups last."""
    lookups = (f"{generation}#{name}" for name in _LOOKUPS.get(dataset, ()))
    lists = (list_partition(generation, dataset),) if dataset in _LISTED else ()
    return (rows_partition(generation, dataset), *lookups, *lists)


def key(partition: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": partition}, "sk": {"S": sort}}


def items_of(generation: Generation, dataset: Dataset, record: Record) -> Iterator[Item]:
    schema = SCHEMAS[dataset]
    row = schema.write(record)
    attributes = {name: _attribute(value) for name, value in row.items()}
    sort = "#".join(sortable(row[name]) for name in schema.key)
    yield {**key(rows_partition(generation, dataset), sort), **attributes}
    if isinstance(record, Profile):
        yield {**key(company_profiles_partition(generation), f"{record.participant}#{sort}"), **attributes}
    if isinstance(record, Person):
        yield {**key(email_partition(generation), record.email), **attributes}
    if isinstance(record, Representation):
        yield {**key(represented_partition(generation), f"{record.represented}#{sort}"), **attributes}


def list_items(generation: Generation, dataset: Dataset, records: Iterable[Record]) -> Iterator[Item]:
    """The leaves of a dataset's list, for those datasets that anybody reads whole."""
    if dataset not in _LISTED:
        return
    partition, schema = list_partition(generation, dataset), SCHEMAS[dataset]
    for number, rows in enumerate(_leaves(schema.write(record) for record in records), start=1):
        packed = zlib.compress(f"[{','.join(rows)}]".encode())
        yield {**key(partition, sortable(number)), "linhas": {"B": packed}}


def _leaves(rows: Iterable[Row]) -> Iterator[list[str]]:
    leaf: list[str] = []
    size = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        if leaf and size + len(text.encode()) > _LEAF_BYTES:
            yield leaf
            leaf, size = [], 0
        leaf.append(text)
        size += len(text.encode()) + 1
    if leaf:
        yield leaf


def leaf_rows(item: Item) -> Sequence[Row]:
    rows: list[Row] = json.loads(zlib.decompress(item["linhas"]["B"]))
    return rows


def row_of(item: Item) -> Row:
    return {name: _scalar(value) for name, value in item.items() if name not in {"pk", "sk"}}


def sortable(value: Scalar) -> str:
    return f"{value:0{_CODE_DIGITS}d}" if isinstance(value, int) else str(value)


def _attribute(value: Scalar) -> Item:
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": str(value)}


def _scalar(attribute: Item) -> Scalar:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return int(value)
    return bool(value) if kind == "BOOL" else str(value)


def pointer_item(pointer: Pointer) -> Item:
    datasets = {dataset: {"M": _in_force(current)} for dataset, current in pointer.datasets.items()}
    return {**POINTER_KEY, "version": {"N": str(pointer.version)}, "conjuntos": {"M": datasets}}


def pointer_of(item: Item | None) -> Pointer:
    """The pointer; before the first load there is none, and it points at nothing."""
    if not item:
        return Pointer()
    datasets = {
        Dataset(name): InForce(
            generation=Generation(value["M"]["geracao"]["S"]),
            arrival=_arrival_of(value["M"]),
            before=Generation(value["M"]["anterior"]["S"]) if "anterior" in value["M"] else None,
        )
        for name, value in item["conjuntos"]["M"].items()
    }
    return Pointer(int(item["version"]["N"]), datasets)


def load_key(generation: Generation) -> dict[str, Any]:
    return key("CARGA", generation)


def attempt_key(generation: Generation) -> dict[str, Any]:
    return key(ATTEMPTS_PARTITION, generation)


def attempt_item(generation: Generation, datasets: Iterable[Dataset], at: datetime) -> Item:
    return {
        **attempt_key(generation),
        "desde": {"S": to_storage(at)},
        "conjuntos": {"SS": sorted(datasets)},
    }


def attempt_of(item: Item) -> tuple[Generation, tuple[Dataset, ...]]:
    datasets = tuple(Dataset(name) for name in sorted(item["conjuntos"]["SS"]))
    return Generation(item["sk"]["S"]), datasets


def load_item(record: LoadRecord) -> Item:
    return {
        **load_key(record.arrival.generation),
        **_arrival(record.arrival),
        "versao": {"N": str(record.version)},
        "sha256": {"S": record.digest},
        "carregadoEm": {"S": to_storage(record.loaded_at)},
        "linhas": {"M": {dataset: {"N": str(count)} for dataset, count in record.counts.items()}},
        "descartadas": {"M": {dataset: {"S": gone} for dataset, gone in record.discarded.items()}},
    }


def load_of(item: Item) -> LoadRecord:
    return LoadRecord(
        arrival=_arrival_of(item),
        version=int(item["versao"]["N"]),
        digest=item["sha256"]["S"],
        loaded_at=from_storage(item["carregadoEm"]["S"]),
        counts={Dataset(name): int(value["N"]) for name, value in item["linhas"]["M"].items()},
        discarded={Dataset(name): Generation(value["S"]) for name, value in item["descartadas"]["M"].items()},
    )


def _in_force(current: InForce) -> Item:
    before: Item = {"anterior": {"S": current.before}} if current.before else {}
    return {"geracao": {"S": current.generation}, **_arrival(current.arrival), **before}


def _arrival(arrival: Arrival) -> Item:
    return {
        "arquivo": {"S": arrival.key},
        "sequencia": {"S": arrival.sequencer},
        "recebidoEm": {"S": to_storage(arrival.stored_at)},
        "solicitante": {"S": arrival.requester},
    }


def _arrival_of(item: Item) -> Arrival:
    return Arrival(
        key=item["arquivo"]["S"],
        sequencer=item["sequencia"]["S"],
        stored_at=from_storage(item["recebidoEm"]["S"]),
        requester=item["solicitante"]["S"],
    )
