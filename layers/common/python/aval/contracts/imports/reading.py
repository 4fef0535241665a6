"""An import file, read leniently: what each row asks for, or all that is wrong with it: docs/contracts.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aval.contracts.imports.documents import ByteStream, FileUnreadable, Node, RawFile
from aval.contracts.imports.names import ROOTS, attribute_name
from aval.contracts.imports.row_reading import read_row
from aval.contracts.imports.rows import Header, Row
from aval.contracts.imports.values import Misread, whole_number
from aval.contracts.model import ContractKind

_KINDS: Final = {"ContratosCCEAL": ContractKind.CCEAL, "ContratosCBR": ContractKind.CBR}
_generation = whole_number(1, 99)


@dataclass(frozen=True, slots=True)
class Survey:
    """A file that can be read from end to end; what its rows say has still to be seen."""

    header: Header
    rows: int


def survey(stream: ByteStream) -> Survey:
    """Read all of `stream` once; raise `FileUnreadable` with the line and what to do."""
    file = RawFile(stream, keeps_rows=False)
    header = _header_of(file.root)
    rows = file.count_rows()
    if not rows:
        raise FileUnreadable("o arquivo não tem linha alguma; cada linha é um elemento Contrato")
    return Survey(header, rows)


def read(stream: ByteStream, *, after: int = 0) -> tuple[Header, Iterator[Row]]:
    """The header, and the rows after number `after`; raise `FileUnreadable`, at once or among the rows."""
    file = RawFile(stream)
    header = _header_of(file.root)
    return header, _rows(file, header, after)


def _rows(file: RawFile, header: Header, after: int) -> Iterator[Row]:
    for number, node in enumerate(file.rows(), 1):
        if number > after:
            yield read_row(number, node, header)


def _header_of(root: Node) -> Header:
    name, attributes, _ = root
    if name not in ROOTS:
        raise FileUnreadable(f"o elemento raiz {name} não é conhecido; use um de {', '.join(ROOTS)}")
    told = {attribute_name(key): text.strip() for key, text in attributes.items()}
    numbers: dict[str, int | None] = {}
    for key in ("tipoGeracao", "tipoCCEAL"):
        try:
            numbers[key] = _generation(told[key]) if told.get(key) else None
        except Misread as misread:
            raise FileUnreadable(f"{key} do elemento {name}: {misread.detail}") from misread
    return Header(name, _KINDS.get(name), numbers["tipoGeracao"], numbers["tipoCCEAL"])
