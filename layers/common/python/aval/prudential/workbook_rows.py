"""Rows written as nearly every program writes them, told apart without parsing: a sheet is nothing else."""

import re
from typing import Final, NamedTuple

STAND_IN: Final = b'<row r="1"/>'
"""For rows left out: well-formed just where they are, so that what stands around them reads as it did."""

_END: Final = b"</row>"
_LONGEST_HELD: Final = 64 * 1024
# What is recognised must be harmless by itself, for nobody looks at it again: a place within A1 to Z200000,
# ASCII without a mark of XML, and neither a formula nor an error. All else is left for the walk. There is one
# way to match anything, so that giving up costs no more than going on. (Groups are not possessive: until
# CPython 3.11.5 those match what they should not, gh-106052.)
_NUMBER: Final = rb"(?:[1-9][0-9]{0,4}|1[0-9]{5}|200000)"
_ROW_ATTRIBUTES: Final = (
    rb"(?: (?:spans|s|ht|hidden|collapsed|outlineLevel|customFormat|customHeight|thickTop|thickBot"
    rb'|x14ac:dyDescent)="[0-9a-z:.]{0,32}"){0,12}'
)
_TEXT: Final = rb"[ -%'-;=?-~]*"
_VALUE: Final = rb"(?:<v>" + _TEXT + rb"</v>|<is><t>" + _TEXT + rb"</t></is>)"
_CELL: Final = (
    rb'<c r="[A-Z]' + _NUMBER + rb'"(?: s="[0-9]{1,6}")?(?: t="(?:s|n|b|str|inlineStr)")?'
    rb"(?:>" + _VALUE + rb"</c>|/>)"
)
_ROW: Final = rb'<row r="' + _NUMBER + rb'"' + _ROW_ATTRIBUTES + rb"(?:>(?:" + _CELL + rb")*</row>|/>)"
_ROWS: Final = re.compile(rb"(?:" + _ROW + rb")+")


class Spared(NamedTuple):
    """What is left to walk, and how many cells and elements stood in what was left out."""

    rest: bytes
    cells: int
    elements: int


class PlainRows:
    """Takes the plain rows out of one sheet, which comes piece by piece."""

    def __init__(self) -> None:
        self._held = b""

    def spare(self, piece: bytes) -> Spared:
        """A row that a piece cuts in two is held back until the rest of it is there."""
        text = self._held + piece
        end = text.rfind(_END) + len(_END)
        if end < len(_END):
            end = 0 if len(text) <= _LONGEST_HELD else len(text)
        self._held = text[end:] if len(text) - end <= _LONGEST_HELD else b""
        return _spared(text[: len(text) - len(self._held)])

    def end(self) -> bytes:
        held, self._held = self._held, b""
        return held


def _spared(text: bytes) -> Spared:
    rest, last, cells, elements = [], 0, 0, 0
    for rows in _ROWS.finditer(text):
        rest += [text[last : rows.start()], STAND_IN]
        last = rows.end()
        cells += text.count(b"<c ", rows.start(), last)
        elements += text.count(b"<", rows.start(), last) - text.count(b"</", rows.start(), last)
    return Spared(b"".join((*rest, text[last:])), cells, elements)
