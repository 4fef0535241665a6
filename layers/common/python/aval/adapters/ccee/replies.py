"""Answers of the other bus, read strictly: what is missing is told by its name and never made up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from lxml import etree

from aval.adapters.ccee.transport import AnswerLost
from aval.identifiers import IdentifierInvalid
from aval.moments import SAO_PAULO

_PARSER_LIMITS: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}

Told = TypeVar("Told")


class ReplyUnreadable(AnswerLost):
    """An answer without what it must say; `element` names it, and quotes none of its content."""

    def __init__(self, element: str) -> None:
        super().__init__(f'a resposta do barramento consultado não traz "{element}" como combinado')
        self.element = element


@dataclass(frozen=True, slots=True)
class Element:
    """A node by the local names of its children: which version of a namespace they are in is no matter."""

    node: etree._Element

    @property
    def name(self) -> str:
        return etree.QName(self.node).localname

    def children(self, name: str) -> Iterator["Element"]:
        return (Element(node) for node in self.node if etree.QName(node).localname == name)

    def content(self) -> "Element":
        """Its first child, whatever its name."""
        if not len(self.node):
            raise ReplyUnreadable(self.name)
        return Element(self.node[0])

    def anywhere(self, name: str) -> str:
        """The text of the first descendant of that name; empty when there is none."""
        return (self.node.findtext(f".//{{*}}{name}") or "").strip()

    def all(self, *path: str) -> list["Element"]:
        """Every element at the path; none when any step is missing."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.children(name)]
        return found

    def find(self, *path: str) -> "Element | None":
        return next(iter(self.all(*path)), None)

    def require(self, *path: str) -> "Element":
        found = self.find(*path)
        if found is None:
            raise ReplyUnreadable("/".join(path))
        return found

    def text(self, *path: str) -> str:
        """The text there, without blanks at its ends; empty when it is missing."""
        found = self.find(*path)
        return "" if found is None else (found.node.text or "").strip()

    def required_text(self, *path: str) -> str:
        told = self.text(*path)
        if not told:
            raise ReplyUnreadable("/".join(path))
        return told

    def read(self, reader: Callable[[str], Told], *path: str) -> Told:
        """What `reader` makes of the text there, which may not be missing."""
        try:
            return reader(self.required_text(*path))
        except (ValueError, KeyError, InvalidOperation, IdentifierInvalid) as failure:
            raise ReplyUnreadable("/".join(path)) from failure

    def read_optional(self, reader: Callable[[str], Told], *path: str) -> Told | None:
        return self.read(reader, *path) if self.text(*path) else None


def parsed(content: bytes) -> Element:
    """The root of an XML document without a DOCTYPE; raise `ReplyUnreadable` for anything else."""
    try:
        root = etree.fromstring(content, etree.XMLParser(**_PARSER_LIMITS))
    except etree.XMLSyntaxError as failure:
        raise ReplyUnreadable("Envelope") from failure
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise ReplyUnreadable("Envelope")
    return Element(root)


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is São Paulo's clock."""
    told = datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=SAO_PAULO)


def decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


def boolean(text: str) -> bool:
    return _BOOLEANS[text]
