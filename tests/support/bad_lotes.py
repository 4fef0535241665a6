"""Every kind of bad file that a lote may bring, and what becomes of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.identifiers import Cnpj, EventCode, KeyId
from aval.sealing import base64url
from aval.sealing.envelope import SealedKind
from tests.support import leverage_files
from tests.support.portfolio_files import ABSENT, as_file, changed
from tests.support.workbooks import Book, book, packed, place, repacked, unpacked

OTHER_EVENT: Final = EventCode("202611004")
EMPTY: Final = "an empty file"
_UNREADABLE: Final = "ARQUIVO_ILEGIVEL"
_FAULTS: Final = "FALTAS_NO_ARQUIVO"
_NONE_TAKEN: Final = "NENHUM_ACEITO"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_LINK: Final = "xl/externalLinks/externalLink1.xml"
_CELL: Final = place("precoFixo/recurso/mwm", 3)
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


class Maker(Protocol):
    """Who seals for a week, against an enclave in this process or a running one's."""

    @property
    def event(self) -> EventCode: ...

    @property
    def company(self) -> Cnpj:
        """An agent that the sender may speak for."""

    @property
    def stranger(self) -> Cnpj:
        """One that it may not."""

    @property
    def sealing(self) -> rsa.RSAPublicKey: ...

    def sealed(self, plaintext: bytes, **header: Any) -> bytes:
        """A lawful object of portfolios, but for what `header` says otherwise."""


@dataclass(frozen=True, slots=True)
class BadLote:
    """A file of one agent as its sender announces and sends it."""

    name: str
    made_by: Callable[[Maker], bytes] = field(repr=False)
    """The object as it is sent."""
    reason: str
    """The public code; empty for a file that is taken."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """What is told in clear beside it: how many faults of which rule."""
    is_told: bool = True
    """Whether the file's readers get a sealed answer: not before it is known who they are."""


def bad_lotes() -> Sequence[BadLote]:
    return (*_workbooks(), *_documents(), *_objects())


def _workbooks() -> Sequence[BadLote]:
    return (
        _file("a zip bomb", _with_part("xl/media/a.png", bytes(20_000_000)), _UNREADABLE, "inflacao"),
        _file("a macro", _with_part("xl/vbaProject.bin", b"x"), _UNREADABLE, "macro"),
        _file("an external link", _with_part(_LINK, b"<x/>"), _UNREADABLE, "vinculo-externo"),
        _file("an encrypted workbook", lambda _: _encrypted(), _UNREADABLE, "cifrado"),
        _file("two million cells", _two_million_cells, _UNREADABLE, "celulas"),
        _file("a workbook cut off", lambda by: _book(by).file()[:5_000], _UNREADABLE, "truncado"),
        _file("a sheet of another name", _renamed, _FAULTS, "planilha"),
        _file("a month without its column", _with_cell("Portfolio!G1", None), _FAULTS, "obrigatorio"),
        _file("another week in the workbook", _of_another_week, _FAULTS, "evento"),
        _file("a month that lacks", _with_cell(_CELL, None), _NONE_TAKEN, "obrigatorio"),
        _file("text in a number", _with_cell(_CELL, "trinta"), _NONE_TAKEN, "numero"),
        _file("a decimal comma, which is taken", _with_cell(_CELL, "20,000"), ""),
    )


def _documents() -> Sequence[BadLote]:
    return (
        _file("JSON that breaks off", lambda by: as_file(_told(by))[:-2], _UNREADABLE, "ilegivel"),
        _file("text that is not UTF-8", lambda _: b'{"evento": "\xff"}', _UNREADABLE, "ilegivel"),
        _file("no agent", lambda _: b'{"agentes": []}', _FAULTS, "quantidade"),
        _document("a property that there is not", "/meses/2/bonus", "1", "desconhecido"),
        _document("a property that lacks", "/meses/2/geracao", ABSENT, "obrigatorio"),
        _document("a number without quotes", "/meses/2/geracao", 1.5, "numero"),
        _document("six months", "/meses/6", ABSENT, "quantidade"),
        _document("another week in the document", "/evento", OTHER_EVENT, "evento"),
        _file("a company that is not eligible", _of_a_stranger, _NONE_TAKEN, "elegivel"),
    )


def _objects() -> Sequence[BadLote]:
    return (
        _object("another week", partial(_whole, event=OTHER_EVENT), "EVENTO_DIVERGE"),
        _object("another sender", lambda by: _whole(by, sender=by.stranger), "REMETENTE_DIVERGE"),
        _object("another kind of object", partial(_whole, kind=SealedKind.CONTRAPARTES), "TIPO_DIVERGE"),
        _object("an unknown kid", partial(_whole, key_id=KeyId("outra-chave")), "CHAVE_DESCONHECIDA"),
        _object("a plain file", lambda by: as_file(_told(by)), "MALFORMADO"),
        _object("a plain workbook", lambda by: _book(by).file(), "MALFORMADO"),
        _object("an object cut in its content", lambda by: _whole(by)[:-500], "MALFORMADO"),
        _object("an object without its end", lambda by: _whole(by)[:-4], "MALFORMADO"),
        _object("an object that was changed", lambda by: _touched(_whole(by)), "NAO_ABRE"),
        _object(EMPTY, lambda _: b"", "MALFORMADO"),
        _object("51 MB of plaintext", _sealed_anyway, "GRANDE_DEMAIS"),
    )


def _file(name: str, plaintext: Callable[[Maker], bytes], reason: str, *rules: str) -> BadLote:
    """Whose object is as it should be."""
    return BadLote(name, lambda by: by.sealed(plaintext(by)), reason, dict.fromkeys(rules, 1))


def _document(name: str, pointer: str, value: object, rule: str) -> BadLote:
    return _file(name, lambda by: as_file(changed(_told(by), pointer, value)), _NONE_TAKEN, rule)


def _object(name: str, body: Callable[[Maker], bytes], reason: str) -> BadLote:
    return BadLote(name, body, reason, is_told=False)


def _told(by: Maker) -> dict[str, Any]:
    return leverage_files.portfolio(by.company, evento=by.event)


def _of_a_stranger(by: Maker) -> bytes:
    return as_file(_told(by) | {"cnpj": by.stranger})


def _whole(by: Maker, **changes: Any) -> bytes:
    """Well sealed, under a header that may say otherwise than the lote."""
    return by.sealed(as_file(_told(by)), **changes)


def _book(by: Maker) -> Book:
    return book(_told(by), event=by.event)


def _of_another_week(by: Maker) -> bytes:
    return book(_told(by), event=OTHER_EVENT).file()


def _with_cell(cell: str, value: object) -> Callable[[Maker], bytes]:
    return lambda by: _book(by).put(cell, value).file()


def _with_part(name: str, content: bytes) -> Callable[[Maker], bytes]:
    return lambda by: repacked(_book(by).file(), {name: content})


def _renamed(by: Maker) -> bytes:
    sheets = _book(by).sheets
    return Book({"Carteira" if name == "Portfolio" else name: rows for name, rows in sheets.items()}).file()


def _encrypted() -> bytes:
    """A compound file's first sector and the name of an encrypted workbook in its directory (MS-CFB)."""
    name = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + name


def _two_million_cells(by: Maker) -> bytes:
    """Stored as they are: so many alike would compress as a bomb does."""
    row = b'<row r="1">' + b'<c r="A1"/>' * 20 + b"</row>"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = head + row * 100_000 + b"</sheetData></worksheet>"
    return packed({**unpacked(_book(by).file()), _SHEET: sheet}, stored=True)


def _touched(body: bytes) -> bytes:
    head, _, tag = body.rpartition(b".")
    return head + b"." + (b"A" if tag[:1] != b"A" else b"B") + tag[1:]


def _sealed_anyway(by: Maker) -> bytes:
    """With a library that does not look at how much it seals."""
    protected, *_ = _whole(by).split(b".")
    content_key, nonce = bytes(32), bytes(12)
    sealed = AESGCM(content_key).encrypt(nonce, bytes(51_000_000), protected)
    parts = (by.sealing.encrypt(content_key, _OAEP), nonce, sealed[:-16], sealed[-16:])
    return b".".join((protected, *map(base64url.encode, parts)))
