"""The XML inside a workbook, walked once before anything is built of it: what it holds, and how much."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from xml.parsers import expat

from aval.errors import Fault
from aval.prudential.refusals import DocumentUnreadable
from aval.prudential.workbook_rows import PlainRows

MOST_CELLS: Final = 1_000_000
LAST_ROW: Final = 200_000
"""Whoever reads a sheet lays it out as a full rectangle: one cell far below would cost all above it."""
MOST_FORMULA_CHARACTERS: Final = 8_192
MOST_DEPTH: Final = 64
LONGEST_TAG: Final = 1_048_576
MOST_TEXT: Final = 256_000_000
"""Characters, were every cell to hold the longest text that cells share: each gets a copy."""
MOST_NAMES: Final = 1_000
"""Of elements and attributes in one part: whoever parses it keeps each for as long as the part."""
MOST_ELEMENTS: Final = 100_000
"""Of a part that holds neither cells nor the texts of cells."""

MACRO: Final = Fault("macro", "o arquivo traz macro ou objeto embutido; salve-o como .xlsx comum, sem macros")
EXTERNAL: Final = Fault(
    "vinculo-externo",
    "algo no arquivo aponta para fora dele (vínculo, conexão ou hiperlink); remova e salve de novo",
)
ENCODING: Final = Fault("xml", "há uma parte com DOCTYPE ou que não está em UTF-8; salve de novo como .xlsx")
_CELLS: Final = Fault("celulas", f"há mais de {MOST_CELLS} células; divida o arquivo por agentes")
_AREA: Final = Fault(
    "area", f"só se leem as colunas de A a Z e as linhas até {LAST_ROW}; apague o que há fora delas"
)
_UNPLACED: Final = Fault(
    "xml", "há célula sem endereço; abra o arquivo no Excel ou LibreOffice e salve de novo"
)
_TANGLED: Final = Fault("xml", "há uma parte que nenhuma planilha tem assim; salve de novo como .xlsx")
_WORDY: Final = Fault(
    "tamanho", "há textos longos demais para tantas células; encurte-os ou divida o arquivo"
)
_LONG: Final = Fault("formula", "há uma fórmula longa demais; cole o resultado dela como valor")

_CELL: Final = re.compile(r"[A-Z][1-9][0-9]{0,5}")
# [Livro.xlsx]Plan!A1 and [1]Plan!A1 name another workbook; programa|'assunto'!item asks another program.
_ELSEWHERE: Final = re.compile(
    r"\[[^\[\]]*\][^\[\]!]*!|\|[^!]*!|\b(?:WEBSERVICE|RTD|IMAGE)\s*\(", re.IGNORECASE
)
_MACRO_TYPES: Final = ("macroenabled", "vbaproject", "macrosheet", "activex", "oleobject")
_MOST_ELEMENTS: Final = {"sst": 4 * MOST_CELLS, "worksheet": 8 * MOST_CELLS}
_MACRO_ROOTS: Final = {"macrosheet", "dialogsheet"}


def refused(*faults: Fault) -> DocumentUnreadable:
    return DocumentUnreadable("o arquivo foi recusado antes de ser lido", faults)


class Mute(StrEnum):
    """A cell that holds something and reads as if it were empty."""

    UNSAVED_FORMULA = "formula"
    ERROR = "erro"


@dataclass(slots=True)
class Walked:
    """What the parts of one workbook add up to."""

    cells: int = 0
    longest_text: int = 0
    found: dict[str, Fault] = field(default_factory=dict)
    """By rule: each is told once, however often it is broken."""
    mute: dict[str, dict[str, Mute]] = field(default_factory=dict)
    """By part, which is there for every sheet, and cell."""
    sheet_ids: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    def require_little_text(self) -> None:
        if self.longest_text * self.cells > MOST_TEXT:
            raise refused(_WORDY)

    def note(self, fault: Fault) -> None:
        self.found.setdefault(fault.rule, fault)

    def mute_by_sheet(self) -> Mapping[str, Mapping[str, Mute]]:
        """Of the sheets whose part was walked as one: of another nobody knows what in it is mute."""
        parts = {sheet: self.targets.get(named, "") for sheet, named in self.sheet_ids.items()}
        return {sheet: self.mute[part] for sheet, part in parts.items() if part in self.mute}


class PartWalk:
    """One part, fed piece by piece; raises `DocumentUnreadable` where going on would cost too much."""

    def __init__(self, name: str, walked: Walked) -> None:
        self._name = name
        self._walked = walked
        self._kinds: dict[str, str] = {}
        self._names: set[str] = set()
        self._open: list[str] = []
        self._left = MOST_ELEMENTS
        self._fed = 0
        self._plain = PlainRows()
        self._root = ""
        self._cell = ""
        self._is_error = False
        self._inside = ""
        self._formula: str | None = None
        self._has_value = False
        self._length = 0
        self._acts: dict[str, Callable[[dict[str, str]], None]] = {}
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        # Of the names that are open, which one goes does not matter: their number is the depth.
        self._parser.EndElementHandler = self._open.remove
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.XmlDeclHandler = self._require_utf8

    def feed(self, piece: bytes) -> None:
        if self._root == "worksheet":
            piece = self._without_plain_rows(piece)
        self._parse(piece)

    def end(self) -> None:
        self._parse(self._plain.end())
        self._parser.Parse(b"", True)
        self._settle()

    def _without_plain_rows(self, piece: bytes) -> bytes:
        spared = self._plain.spare(piece)
        self._count_cells(spared.cells)
        self._count_elements(spared.elements)
        return spared.rest

    def _parse(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)
        self._fed += len(piece)
        # What is not told yet is one tag, kept until it ends and looked through again with each piece.
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TAG:
            raise refused(_TANGLED)

    def _refuse_doctype(self, *_: object) -> None:
        raise refused(ENCODING)

    def _require_utf8(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in {"UTF-8", "US-ASCII"}:
            raise refused(ENCODING)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._kinds.get(name)
        if kind is None:
            # Prefixes are the writer's to choose.
            kind = self._kinds[name] = name.rpartition(":")[2]
            self._require_few_names(name)
        if attributes:
            self._require_few_names(*attributes)
        self._open.append(name)
        if len(self._open) > MOST_DEPTH:
            raise refused(_TANGLED)
        self._count_elements(1)
        if not self._root:
            self._root = kind
            self._left = _MOST_ELEMENTS.get(kind, MOST_ELEMENTS)
            self._acts = self._acts_for(kind)
        act = self._acts.get(kind)
        if act is not None:
            act(attributes)
        self._inside = kind

    def _count_elements(self, number: int) -> None:
        self._left -= number
        if self._left <= 0:
            raise refused(_TANGLED)

    def _count_cells(self, number: int) -> None:
        self._walked.cells += number
        if self._walked.cells > MOST_CELLS:
            raise refused(_CELLS)

    def _require_few_names(self, *names: str) -> None:
        self._names.update(names)
        if len(self._names) > MOST_NAMES:
            raise refused(_TANGLED)

    def _acts_for(self, root: str) -> dict[str, Callable[[dict[str, str]], None]]:
        if root in _MACRO_ROOTS:
            self._walked.note(MACRO)
        match root:
            case "worksheet":
                self._walked.mute[self._name] = {}
                value = self._start_value
                return {
                    "c": self._start_cell,
                    "row": self._row,
                    "f": self._start_formula,
                    "v": value,
                    "is": value,
                }
            case "sst":
                self._parser.CharacterDataHandler = self._measure
                return {"si": self._start_text}
            case "Relationships":
                return {"Relationship": self._relation}
            case "Types":
                return {"Default": self._type, "Override": self._type}
            case "workbook" if self._name == "xl/workbook.xml":
                return {"sheet": self._sheet}
        return {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._formula is not None:
            self._settle()
        self._count_cells(1)
        self._cell = attributes.get("r", "")
        if not self._cell:
            raise refused(_UNPLACED)
        self._is_error = attributes.get("t") == "e"

    def _row(self, attributes: dict[str, str]) -> None:
        if self._formula is not None:
            self._settle()
        number = attributes.get("r", "")
        if not (number.isascii() and number.isdigit() and len(number) <= 7 and int(number) <= LAST_ROW):
            raise refused(_AREA if number else _UNPLACED)

    def _start_value(self, _: dict[str, str]) -> None:
        # An empty cell far out is a left-over of formatting and is not laid out.
        cell = self._cell
        if not _CELL.fullmatch(cell) or int(cell[1:]) > LAST_ROW:
            raise refused(_AREA)
        if self._is_error:
            self._mute(Mute.ERROR)

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._start_value(attributes)
        self._formula, self._has_value = "", False
        self._parser.CharacterDataHandler = self._text

    def _start_text(self, _: dict[str, str]) -> None:
        self._length = 0

    def _measure(self, text: str) -> None:
        self._length += len(text)
        self._walked.longest_text = max(self._walked.longest_text, self._length)

    def _text(self, text: str) -> None:
        if self._formula is None:
            return
        if self._inside == "f":
            self._formula += text
            if len(self._formula) > MOST_FORMULA_CHARACTERS:
                raise refused(_LONG)
        elif text.strip():
            self._has_value = True

    def _settle(self) -> None:
        if self._formula is None:
            return
        if not self._has_value:
            self._mute(Mute.UNSAVED_FORMULA)
        if _ELSEWHERE.search(self._formula):
            self._walked.note(EXTERNAL)
        self._formula = None
        self._parser.CharacterDataHandler = None

    def _mute(self, why: Mute) -> None:
        self._walked.mute[self._name][self._cell] = why

    def _relation(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").lower()
        if attributes.get("TargetMode", "").lower() == "external" or kind.endswith("/externallink"):
            self._walked.note(EXTERNAL)
        if any(each in kind for each in _MACRO_TYPES):
            self._walked.note(MACRO)
        if self._name == "xl/_rels/workbook.xml.rels":
            target = attributes.get("Target", "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            self._walked.targets[attributes.get("Id", "")] = part

    def _type(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if any(each in kind for each in _MACRO_TYPES):
            self._walked.note(MACRO)

    def _sheet(self, attributes: dict[str, str]) -> None:
        named = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        name = attributes.get("name", "")
        if name in self._walked.sheet_ids:
            raise refused(_TANGLED)
        self._walked.sheet_ids[name] = named
