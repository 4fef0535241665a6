"""XML from strangers: read in one pass, with nothing expanded, fetched or kept beyond small limits.

A DOCTYPE ends the reading when its name is seen, before anything that it declares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from aval.edge.requests import MAX_BODY_BYTES
from aval.errors import DomainError

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 20_000
# A tag, comment or instruction that is longer has no honest reason; content may be as long as the message.
MAX_TOKEN_BYTES: Final = 256 * 1024
_SLICE_BYTES: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_SEPARATOR: Final = " "


class DocumentRefused(DomainError):
    """The message is no XML that this service reads; nothing of it was acted upon."""


@dataclass(slots=True)
class Element:
    """`text` is all its own text, comments and sections apart; of attributes the names are as written."""

    namespace: str
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def is_blank(self) -> bool:
        """Nothing in it but blanks, and elements of which that is true."""
        return not self.text.strip() and all(child.is_blank for child in self.children)


def read_document(body: bytes) -> Element:
    """The root of `body`; raise `DocumentRefused` with the reason."""
    if len(body) > MAX_BODY_BYTES:
        raise DocumentRefused(
            "a mensagem tem mais de 4 MB; envie arquivos maiores pelo endereço de importação da API JSON"
        )
    content = body.removeprefix(_BOM)
    _require_utf8(content)
    reader = _Reader()
    try:
        reader.read(content)
    except expat.ExpatError as error:
        raise DocumentRefused(
            f"a mensagem não é XML bem formado (linha {error.lineno}, coluna {error.offset + 1})"
        ) from error
    return reader.root


def _require_utf8(content: bytes) -> None:
    # XML 1.0, appendix F: other families of encodings begin with a mark, or have a zero in their first four.
    if not content or b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentRefused("a mensagem deve ser XML em UTF-8")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise DocumentRefused("a mensagem deve ser XML em UTF-8") from error


class _Reader:
    def __init__(self) -> None:
        self._open: list[Element] = []
        self._root: Element | None = None
        self._elements = 0
        # What the message declares cannot change how it is read: it was seen to be UTF-8.
        parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    @property
    def root(self) -> Element:
        if self._root is None:
            raise DocumentRefused("a mensagem está vazia")
        return self._root

    def read(self, content: bytes) -> None:
        for begins in range(0, len(content), _SLICE_BYTES):
            piece = content[begins : begins + _SLICE_BYTES]
            self._parser.Parse(piece, False)
            if begins + len(piece) - self._parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                raise DocumentRefused("a mensagem tem uma marca ou um comentário longo demais")
        self._parser.Parse(b"", True)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise DocumentRefused(f"a mensagem declara a codificação {encoding[:40]}; use UTF-8")

    def _doctype(self, *_declared: Any) -> None:
        raise DocumentRefused("a mensagem não pode ter DOCTYPE nem declarar entidades")

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(_SEPARATOR)
        if namespace == _XINCLUDE:
            raise DocumentRefused("a mensagem não pode incluir outros documentos (XInclude)")
        self._elements += 1
        if len(self._open) >= MAX_DEPTH:
            raise DocumentRefused(f"a mensagem tem mais de {MAX_DEPTH} níveis de elementos")
        if self._elements > MAX_ELEMENTS:
            raise DocumentRefused(f"a mensagem tem mais de {MAX_ELEMENTS} elementos")
        element = Element(namespace, name, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _qualified: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].pieces.append(text)
