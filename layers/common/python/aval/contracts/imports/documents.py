"""The XML of an import as a stream of rows: memory for one row, whatever the file's size or malice."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from lxml import etree

from aval.contracts.imports.names import element_name
from aval.errors import DomainError

Node = tuple[str, Mapping[str, str], "list[Node]"]
"""Canonical name, attributes as written, children."""

_HEAD: Final = 64 * 1024
"""In which the root must begin."""
_CHUNK: Final = 16 * 1024  # so few rows at a time that they are gone before the collector looks at them
_DEEPEST: Final = 8  # root, Contrato, MontanteMedio, MesAno, Semana, Dia, Hora, and one to spare
_LARGEST_ROW: Final = 4 * 1024 * 1024  # what a whole message over SOAP may hold
_MOST_TAGS_IN_A_ROW: Final = 200_000  # an hour is one tag: more than twenty years of them
MOST_ROWS: Final = 500_000
"""Each leaves a result to keep: 50 MB of empty ones would be thirteen million."""
_UTF8_MARK: Final = b"\xef\xbb\xbf"

# libxml2's numbers (xmlerror.h) of what people get wrong; its own sentences are English.
_MISTAKES: Final = {
    4: "o arquivo está vazio",
    5: "há conteúdo depois do fim do elemento raiz; retire-o",
    9: "há um caractere que o XML não permite, ou o arquivo não está em UTF-8; grave-o em UTF-8",
    23: "falta o ponto e vírgula de uma entidade; escreva & como &amp;",
    26: "há uma entidade que o XML não conhece; use só &amp; &lt; &gt; &quot; &apos;",
    38: "há um < dentro de um atributo; escreva-o como &lt;",
    39: "o valor de um atributo deve ficar entre aspas",
    40: "faltam as aspas que fecham um atributo",
    41: "um atributo está sem valor",
    42: "um atributo aparece duas vezes no mesmo elemento; deixe um só",
    65: "falta espaço entre dois atributos",
    68: "um & ou um < está solto; escreva-os como &amp; e &lt;",
    73: "uma marca não foi fechada com >",
    76: "uma marca de fechamento não corresponde à de abertura",
    77: "o arquivo acaba antes de fechar todos os elementos; ele pode ter sido cortado",
    81: "o arquivo não está em UTF-8; grave-o em UTF-8",
}
_DEFAULT_MISTAKE: Final = "o XML não está bem formado; confira aspas e marcas de fechamento"


class ByteStream(Protocol):
    """A file, open or coming from the network."""

    def read(self, size: int = -1, /) -> bytes: ...


class FileUnreadable(DomainError):
    """A file that cannot be read as a whole: nothing of it is done."""


class RawFile:
    """A file whose root has been read; raises `FileUnreadable`, at once or in the middle of its rows."""

    def __init__(self, stream: ByteStream, *, keeps_rows: bool = True) -> None:
        self._stream = stream
        self._target = _Rows() if keeps_rows else _Count()
        # Nothing is fetched, and without a document type no entity is declared that could be resolved but the
        # five of XML itself (with False, libxml2 hands &amp; on as &#38;). `encoding` overrules what a file
        # declares, and `huge_tree` stays off.
        self._parser = etree.XMLParser(
            target=self._target,  # type: ignore[arg-type]  # a target may leave out what it does not listen to
            encoding="utf-8",
            resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know lxml 4
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        self._bytes_of_row = self._tags_of_row = 0
        self._feed(_from_root(_filled(stream)))
        if self._target.root is None:
            raise FileUnreadable(f"o elemento raiz deve caber nos primeiros {_HEAD // 1024} KB do arquivo")
        self.root: Node = self._target.root

    def rows(self) -> Iterator[Node]:
        """Every child of the root, in order; once."""
        rows = self._target.rows
        while True:
            yield from rows
            rows.clear()
            if not (chunk := self._stream.read(_CHUNK)):
                break
            self._feed(chunk)
        self._guarded(self._parser.close)
        yield from rows

    def count_rows(self) -> int:
        for _ in self.rows():
            pass
        return self._target.ended

    def _feed(self, chunk: bytes) -> None:
        rows_before = self._target.ended
        self._guarded(lambda: self._parser.feed(chunk))
        if self._target.ended > MOST_ROWS:
            raise FileUnreadable(f"o arquivo tem mais de {MOST_ROWS} linhas; divida-o em vários")
        if self._target.ended > rows_before:
            self._bytes_of_row = self._tags_of_row = 0
        self._bytes_of_row += len(chunk)
        self._tags_of_row += chunk.count(b"<")
        if self._bytes_of_row > _LARGEST_ROW or (
            self._tags_of_row > _MOST_TAGS_IN_A_ROW and self._target.ended == rows_before
        ):
            raise FileUnreadable(
                f"a linha {self._target.ended + 1} passa de {_LARGEST_ROW // 1024 // 1024} MB"
                f" ou de {_MOST_TAGS_IN_A_ROW} elementos; divida-a em várias"
            )

    def _guarded(self, step: Callable[[], object]) -> None:
        try:
            step()
        except etree.XMLSyntaxError as error:
            number: int = error.code  # type: ignore[attr-defined]
            mistake = _MISTAKES.get(number, _DEFAULT_MISTAKE)
            raise FileUnreadable(f"linha {error.lineno} do texto: {mistake}") from error


class _Count:
    """Rows counted and not kept."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.rows: list[Node] = []
        self.ended = 0
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.root is None:
            self.root = (element_name(tag), attributes, [])
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _too_deep(self.ended + 1)

    def end(self, _: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            self.ended += 1

    def close(self) -> None:
        """lxml asks every target to have one."""


class _Rows(_Count):
    """Rows kept until they are taken; text between elements means nothing in these files."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[Node] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        open_ = self._open
        node: Node = (element_name(tag), attributes, [])
        depth = len(open_)
        if depth > 1:
            open_[-1][2].append(node)
            if depth >= _DEEPEST:
                raise _too_deep(self.ended + 1)
        elif not depth:
            self.root = node
        open_.append(node)

    def end(self, _: str) -> None:
        open_ = self._open
        node = open_.pop()
        if len(open_) == 1:
            self.ended += 1
            self.rows.append(node)


def _too_deep(row: int) -> FileUnreadable:
    return FileUnreadable(f"a linha {row} tem mais de {_DEEPEST} elementos um dentro do outro")


def _filled(stream: ByteStream) -> bytes:
    """The first chunk, whole: a stream from the network gives less than it is asked for."""
    first = bytearray()
    while len(first) < _HEAD and (more := stream.read(_HEAD - len(first))):
        first += more
    return bytes(first)


def _from_root(first: bytes) -> bytes:
    """What stands before the root, taken away but for its line breaks.

    So no XML declaration contradicts the encoding, and no document type reaches the parser: XML 1.0,
    section 2.8, has no other place for one.
    """
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first[:64]:
        raise FileUnreadable("o arquivo deve estar em UTF-8, e parece estar em UTF-16 ou UTF-32")
    place = len(_UTF8_MARK) if first.startswith(_UTF8_MARK) else 0
    while True:
        place += len(first[place:]) - len(first[place:].lstrip())
        if first.startswith(b"<!--", place):
            ending = b"-->"
        elif first.startswith(b"<?", place):
            ending = b"?>"
        else:
            break
        place = _after(first, ending, place)
    if first.startswith(b"<!", place):
        raise FileUnreadable("o arquivo não pode ter DOCTYPE nem entidades; retire a declaração")
    if not first.startswith(b"<", place):
        raise FileUnreadable("o arquivo está vazio ou não começa com <; envie o XML, em UTF-8")
    return b"\n" * first.count(b"\n", 0, place) + first[place:]


def _after(text: bytes, ending: bytes, place: int) -> int:
    found = text.find(ending, place)
    if found < 0:
        raise FileUnreadable(f"o elemento raiz deve caber nos primeiros {_HEAD // 1024} KB do arquivo")
    return found + len(ending)
