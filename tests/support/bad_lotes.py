"""Every kind of bad file that a lote may bring, and what becomes of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from aval.identifiers import EventCode, KeyId
from aval.prudential.lotes import LoteKind
from aval.sealing import base64url
from aval.sealing.envelope import SealedKind
from tests.support.enclave import EVENT
from tests.support.enclave_lotes import SealedFile, Sender, company, portfolio
from tests.support.portfolio_files import ABSENT, as_file, changed
from tests.support.workbooks import Book, book, packed, place, repacked, unpacked

REQUEST: Final = "a-bad-file-of-agents"
OTHER_EVENT: Final = EventCode("202611004")
_UNREADABLE: Final = "ARQUIVO_ILEGIVEL"
_FAULTS: Final = "FALTAS_NO_ARQUIVO"
_NONE_TAKEN: Final = "NENHUM_ACEITO"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_LINK: Final = "xl/externalLinks/externalLink1.xml"
_CELL: Final = place("precoFixo/recurso/mwm", 3)
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


@dataclass(frozen=True, slots=True)
class BadLote:
    """A file of one agent, `company(1)`, as its sender announces and sends it."""

    name: str
    made_by: Callable[[Sender], SealedFile] = field(repr=False)
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
        _file("an encrypted workbook", _encrypted, _UNREADABLE, "cifrado"),
        _file("two million cells", _two_million_cells, _UNREADABLE, "celulas"),
        _file("a workbook cut off", lambda: _book().file()[:5_000], _UNREADABLE, "truncado"),
        _file("a sheet of another name", _renamed, _FAULTS, "planilha"),
        _file("a month without its column", _book().put("Portfolio!G1", None).file, _FAULTS, "obrigatorio"),
        _file("another week in the workbook", _book(OTHER_EVENT).file, _FAULTS, "evento"),
        _file("a month that lacks", _book().put(_CELL, None).file, _NONE_TAKEN, "obrigatorio"),
        _file("text in a number", _book().put(_CELL, "trinta").file, _NONE_TAKEN, "numero"),
        _file("a decimal comma, which is taken", _book().put(_CELL, "20,000").file, ""),
    )


def _documents() -> Sequence[BadLote]:
    told = portfolio(1)
    wrong = partial(changed, told)
    return (
        _file("JSON that breaks off", lambda: as_file(told)[:-2], _UNREADABLE, "ilegivel"),
        _file("text that is not UTF-8", lambda: b'{"evento": "\xff"}', _UNREADABLE, "ilegivel"),
        _file("no agent", lambda: b'{"agentes": []}', _FAULTS, "quantidade"),
        _document("a property that there is not", wrong("/meses/2/bonus", "1"), "desconhecido"),
        _document("a property that lacks", wrong("/meses/2/geracao", ABSENT), "obrigatorio"),
        _document("a number without quotes", wrong("/meses/2/geracao", 1.5), "numero"),
        _document("six months", wrong("/meses/6", ABSENT), "quantidade"),
        _document("another week in the document", wrong("/evento", OTHER_EVENT), "evento"),
        _document("a company that is not eligible", portfolio(9), "elegivel"),
    )


def _objects() -> Sequence[BadLote]:
    return (
        _object("another week", partial(_whole, event=OTHER_EVENT), "EVENTO_DIVERGE"),
        _object("another sender", partial(_whole, sender=company(7)), "REMETENTE_DIVERGE"),
        _object("another kind of object", partial(_whole, kind=SealedKind.CONTRAPARTES), "TIPO_DIVERGE"),
        _object("an unknown kid", partial(_whole, key_id=KeyId("outra-chave")), "CHAVE_DESCONHECIDA"),
        _object("a plain file", lambda _: as_file(portfolio(1)), "MALFORMADO"),
        _object("a plain workbook", lambda _: _book().file(), "MALFORMADO"),
        _object("an object cut in its content", lambda by: _whole(by)[:-500], "MALFORMADO"),
        _object("an object without its end", lambda by: _whole(by)[:-4], "MALFORMADO"),
        _object("an object that was changed", lambda by: _touched(_whole(by)), "NAO_ABRE"),
        _object("an empty file", lambda _: b"", "MALFORMADO"),
        _object("51 MB of plaintext", _sealed_anyway, "GRANDE_DEMAIS"),
    )


def _file(name: str, plaintext: Callable[[], bytes], reason: str, *rules: str) -> BadLote:
    """Whose object is as it should be."""

    def made_by(sender: Sender) -> SealedFile:
        return sender.file(plaintext(), request_id=REQUEST)

    return BadLote(name, made_by, reason, dict.fromkeys(rules, 1))


def _document(name: str, document: dict[str, Any], rule: str) -> BadLote:
    return _file(name, partial(as_file, document), _NONE_TAKEN, rule)


def _object(name: str, body: Callable[[Sender], bytes], reason: str) -> BadLote:
    def made_by(sender: Sender) -> SealedFile:
        return SealedFile(LoteKind.PORTFOLIO, body(sender), REQUEST)

    return BadLote(name, made_by, reason, is_told=False)


def _whole(by: Sender, **changes: Any) -> bytes:
    """Well sealed, under a header that may say otherwise than the lote."""
    told = {"kind": SealedKind.PORTFOLIO, **changes}
    return by.agent.sealed(as_file(portfolio(1)), request_id=REQUEST, **told)


def _book(event: str = EVENT) -> Book:
    return book(portfolio(1), event=event)


def _with_part(name: str, content: bytes) -> Callable[[], bytes]:
    return lambda: repacked(_book().file(), {name: content})


def _renamed() -> bytes:
    sheets = _book().sheets
    return Book({"Carteira" if name == "Portfolio" else name: rows for name, rows in sheets.items()}).file()


def _encrypted() -> bytes:
    """A compound file's first sector and the name of an encrypted workbook in its directory (MS-CFB)."""
    name = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + name


def _two_million_cells() -> bytes:
    """Stored as they are: so many alike would compress as a bomb does."""
    row = b'<row r="1">' + b'<c r="A1"/>' * 20 + b"</row>"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = head + row * 100_000 + b"</sheetData></worksheet>"
    return packed({**unpacked(_book().file()), _SHEET: sheet}, stored=True)


def _touched(body: bytes) -> bytes:
    head, _, tag = body.rpartition(b".")
    return head + b"." + (b"A" if tag[:1] != b"A" else b"B") + tag[1:]


def _sealed_anyway(by: Sender) -> bytes:
    """With a library that does not look at how much it seals."""
    protected, *_ = _whole(by).split(b".")
    key = load_der_public_key(by.agent.item.sealing)
    assert isinstance(key, rsa.RSAPublicKey)
    content_key, nonce = bytes(32), bytes(12)
    sealed = AESGCM(content_key).encrypt(nonce, bytes(51_000_000), protected)
    parts = (key.encrypt(content_key, _OAEP), nonce, sealed[:-16], sealed[-16:])
    return b".".join((protected, *map(base64url.encode, parts)))
