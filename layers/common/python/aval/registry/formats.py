"""The two formats of a registry file, JSON and CSV, down to named fields: docs/registry.md."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from aval.registry.refusals import LoadError
from aval.registry.schemas import SCHEMAS, Dataset

LARGEST_FILE: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 100_000
# A name that is none of ours may be a cell of a file without a header, and so a person's.
_QUOTABLE: Final = re.compile(r"[A-Za-z]{1,40}")


@dataclass(frozen=True, slots=True)
class RawRow:
    where: str
    fields: Mapping[str, object]


@dataclass(slots=True)
class RawFile:
    """The rows that could be told apart, and everything that could not."""

    name: str
    rows: dict[Dataset, list[RawRow]] = field(default_factory=dict)
    errors: list[LoadError] = field(default_factory=list)

    def complain(self, where: str, name: str, detail: str) -> None:
        self.errors.append(LoadError(self.name, where, name, detail))

    def complain_of_unknown(self, where: str, name: str, detail: str) -> None:
        self.complain(where, name if _QUOTABLE.fullmatch(name) else "?", detail)

    def complain_of_size(self) -> None:
        self.complain("", "", f"o arquivo passa de {MOST_ROWS} linhas")


def read_file(name: str, content: bytes) -> RawFile:
    """Tell the rows of a file apart; what it cannot read is in the answer's errors."""
    file = RawFile(name)
    if len(content) > LARGEST_FILE:
        file.complain("", "", f"o arquivo passa de {LARGEST_FILE // 1024 // 1024} MB")
        return file
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        file.complain("", "", "o arquivo deve estar em UTF-8")
        return file
    match PurePosixPath(name).suffix.lower():
        case ".json":
            _read_json(file, text)
        case ".csv":
            _read_csv(file, text)
        case _:
            file.complain("", "", "o nome do arquivo deve terminar em .json ou .csv")
    return file


class _NameRepeated(ValueError):
    """A JSON object that says the same name twice, where readers differ on which one counts."""


def _read_json(file: RawFile, text: str) -> None:
    try:
        # Numbers with a point stay as written: a float would change them, and 1e999999 must not be expanded.
        document = json.loads(
            text, object_pairs_hook=_unrepeated, parse_float=str, parse_constant=_refuse_constant
        )
    except _NameRepeated:
        file.complain("", "", "há um nome repetido dentro de um mesmo objeto JSON")
    except json.JSONDecodeError as error:
        file.complain(f"linha {error.lineno}", "", f"JSON inválido na coluna {error.colno}")
    except (ValueError, RecursionError):
        file.complain("", "", "JSON inválido: número ou aninhamento fora dos limites")
    else:
        _read_document(file, document)


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NameRepeated
    return found


def _refuse_constant(_: str) -> object:
    raise ValueError


def _read_document(file: RawFile, document: object) -> None:
    if not isinstance(document, dict) or not document:
        file.complain("", "", "o arquivo deve ser um objeto JSON com um ou mais conjuntos")
        return
    if sum(len(rows) for rows in document.values() if isinstance(rows, list)) > MOST_ROWS:
        file.complain_of_size()
        return
    for name, rows in document.items():
        if name not in Dataset.__members__.values():
            file.complain_of_unknown(
                "", name, f"conjunto desconhecido; os conhecidos são {', '.join(Dataset)}"
            )
        elif not isinstance(rows, list):
            file.complain(f"/{name}", "", "o conjunto deve ser uma lista")
        else:
            file.rows[Dataset(name)] = list(_json_rows(file, Dataset(name), rows))


def _json_rows(file: RawFile, dataset: Dataset, rows: list[object]) -> Iterator[RawRow]:
    known = {column.name for column in SCHEMAS[dataset].columns}
    for index, row in enumerate(rows):
        where = f"/{dataset}/{index}"
        if not isinstance(row, dict):
            file.complain(where, "", "cada linha deve ser um objeto")
            continue
        for name in sorted(row.keys() - known):
            file.complain_of_unknown(where, name, "campo desconhecido")
        yield RawRow(where, row)


def _read_csv(file: RawFile, text: str) -> None:
    dataset = _dataset_of(file.name)
    if dataset is None:
        file.complain("", "", f"o nome de um CSV deve começar pelo conjunto e um hífen: {', '.join(Dataset)}")
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if _is_header(file, dataset, header):
            file.rows[dataset] = list(_csv_rows(file, header, reader))
            if not file.rows[dataset]:
                # A header alone is what an interrupted export leaves; JSON's [] says emptiness on purpose.
                file.complain(
                    "", "", "o CSV não tem linha alguma; para esvaziar um conjunto, use JSON com []"
                )
    except csv.Error:
        file.complain(f"linha {reader.line_num}", "", "CSV inválido: aspas ou quebra de linha fora do lugar")


def _dataset_of(name: str) -> Dataset | None:
    stem = PurePosixPath(name).name.rsplit(".", 1)[0]
    first = stem.split("-", 1)[0]
    return Dataset(first) if first in Dataset.__members__.values() else None


def _is_header(file: RawFile, dataset: Dataset, header: list[str]) -> bool:
    before = len(file.errors)
    columns = SCHEMAS[dataset].columns
    for column in columns:
        if header.count(column.name) > 1:
            file.complain("linha 1", column.name, "coluna repetida")
        if column.name not in header and column.is_required:
            file.complain("linha 1", column.name, "coluna obrigatória ausente")
    for name in sorted(set(header) - {column.name for column in columns}):
        file.complain_of_unknown("linha 1", name, "coluna desconhecida")
    return len(file.errors) == before


def _csv_rows(file: RawFile, header: list[str], reader: Iterator[list[str]]) -> Iterator[RawRow]:
    line = 2
    for count, cells in enumerate(reader, start=1):
        if count > MOST_ROWS:
            file.complain_of_size()
            return
        where = f"linha {line}"
        # A quoted cell may hold line breaks: the reader alone knows the next line's number.
        line = reader.line_num + 1  # type: ignore[attr-defined]
        if not cells:
            continue
        if len(cells) != len(header):
            file.complain(where, "", f"a linha tem {len(cells)} campos e o cabeçalho, {len(header)}")
            continue
        yield RawRow(where, dict(zip(header, cells, strict=True)))
