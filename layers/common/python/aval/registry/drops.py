"""A registry file judged whole: its fields, its keys, and its references to the rest of the registry."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aval.registry.columns import FieldInvalid
from aval.registry.formats import RawFile, RawRow, read_file
from aval.registry.refusals import DropRefused, LoadError
from aval.registry.schemas import SCHEMAS, Dataset, Record, Reference, Schema, Values


@dataclass(frozen=True, slots=True)
class ReadRow:
    """The fields of a row that could be read, and where the row stands."""

    where: str
    values: Values


@dataclass(frozen=True, slots=True)
class ReadDrop:
    """What could be read of a file, and all that could not."""

    file: str
    rows: Mapping[Dataset, tuple[ReadRow, ...]]
    errors: tuple[LoadError, ...]

    def neighbours(self) -> frozenset[Dataset]:
        """The datasets that this file leaves as they are and that it refers to, or that refer to it."""
        targets = {reference.target for dataset in self.rows for reference in SCHEMAS[dataset].references}
        sources = {
            dataset
            for dataset, schema in SCHEMAS.items()
            if any(reference.target in self.rows for reference in schema.references)
        }
        return frozenset((targets | sources) - self.rows.keys())


Drop = Mapping[Dataset, tuple[Record, ...]]
"""Whole datasets that may be applied, each in the order of its keys."""


def read_drop(name: str, content: bytes) -> ReadDrop:
    """Read every field of a file that can be read."""
    file = read_file(name, content)
    rows = {
        dataset: tuple(_read_row(file, SCHEMAS[dataset], raw) for raw in raw_rows)
        for dataset, raw_rows in file.rows.items()
    }
    return ReadDrop(name, rows, tuple(file.errors))


def _read_row(file: RawFile, schema: Schema, raw: RawRow) -> ReadRow:
    values: dict[str, Any] = {}
    for column in schema.columns:
        value = raw.fields.get(column.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if column.is_required:
                file.complain(raw.where, column.name, "campo obrigatório")
        elif not isinstance(value, str | int):
            file.complain(raw.where, column.name, "deve ser um valor simples")
        else:
            try:
                values[column.name] = column.read(value)
            except FieldInvalid as error:
                file.complain(raw.where, column.name, error.detail)
    for field, detail in schema.complaints(values):
        file.complain(raw.where, field, detail)
    return ReadRow(raw.where, values)


def judge_drop(drop: ReadDrop, neighbours: Mapping[Dataset, Sequence[Values]]) -> Drop:
    """The datasets of a file that stands on its own and fits the registry's other datasets.

    Raise `DropRefused` with every error. A reference to a dataset that is neither in the file nor among
    `neighbours` is not judged.
    """
    errors = [*drop.errors, *_repetitions(drop), *_overlaps(drop), *_dangling(drop, neighbours)]
    if errors:
        raise DropRefused(tuple(errors))
    return {dataset: _records(SCHEMAS[dataset], rows) for dataset, rows in drop.rows.items()}


def _records(schema: Schema, rows: Sequence[ReadRow]) -> tuple[Record, ...]:
    return tuple(sorted((schema.build(row.values) for row in rows), key=schema.key_of))


def _repetitions(drop: ReadDrop) -> Iterator[LoadError]:
    for dataset, rows in drop.rows.items():
        schema = SCHEMAS[dataset]
        for fields in (schema.key, *((field,) for field in schema.unique)):
            first: dict[tuple[Any, ...], str] = {}
            for row in rows:
                key = tuple(row.values.get(field) for field in fields)
                if None in key:
                    continue
                if key in first:
                    yield LoadError(
                        drop.file, row.where, ", ".join(fields), f"repetido: já está em {first[key]}"
                    )
                first.setdefault(key, row.where)


def _overlaps(drop: ReadDrop) -> Iterator[LoadError]:
    for dataset, rows in drop.rows.items():
        alike = SCHEMAS[dataset].apart
        if not alike:
            continue
        groups: defaultdict[tuple[Any, ...], list[ReadRow]] = defaultdict(list)
        for row in rows:
            if all(row.values.get(field) for field in (*alike, "inicio", "fim")):
                groups[tuple(row.values[field] for field in alike)].append(row)
        for group in groups.values():
            yield from _overlaps_within(drop.file, sorted(group, key=lambda row: row.values["inicio"]))


def _overlaps_within(file: str, rows: Sequence[ReadRow]) -> Iterator[LoadError]:
    """Of rows in the order of their beginnings; two that begin together repeat their key already."""
    longest = rows[0]
    for row in rows[1:]:
        if longest.values["inicio"] < row.values["inicio"] < longest.values["fim"]:
            yield LoadError(file, row.where, "inicio", f"o período se sobrepõe ao de {longest.where}")
        longest = max(longest, row, key=lambda one: one.values["fim"])


def _dangling(drop: ReadDrop, neighbours: Mapping[Dataset, Sequence[Values]]) -> Iterator[LoadError]:
    values: dict[Dataset, Sequence[Values]] = {
        **neighbours,
        **{dataset: [row.values for row in rows] for dataset, rows in drop.rows.items()},
    }
    for dataset, schema in SCHEMAS.items():
        for reference in schema.references:
            if dataset not in values or reference.target not in values:
                continue
            known = _keys(reference.target, values[reference.target])
            if dataset in drop.rows:
                yield from _dangling_rows(drop, dataset, reference, known)
            elif reference.target in drop.rows:
                yield from _orphans(drop, dataset, reference, values[dataset], known)


def _keys(dataset: Dataset, rows: Sequence[Values]) -> frozenset[Any]:
    (field,) = SCHEMAS[dataset].key
    return frozenset(row.get(field) for row in rows)


def _dangling_rows(
    drop: ReadDrop, dataset: Dataset, reference: Reference, known: frozenset[Any]
) -> Iterator[LoadError]:
    for row in drop.rows[dataset]:
        value = row.values.get(reference.field)
        if isinstance(value, reference.kind) and value not in known:
            yield LoadError(drop.file, row.where, reference.field, f"não existe em {reference.target}")


def _orphans(
    drop: ReadDrop, dataset: Dataset, reference: Reference, rows: Sequence[Values], known: frozenset[Any]
) -> Iterator[LoadError]:
    """What the registry in force would lose: rows are counted, since they stand in no line of this file."""
    lost = Counter(
        isinstance(row.get(reference.field), reference.kind) and row[reference.field] not in known
        for row in rows
    )[True]
    if lost:
        detail = f"faltam linhas a que {lost} de {dataset} em vigor se referem pelo campo {reference.field}"
        yield LoadError(drop.file, f"/{reference.target}", "", detail)
