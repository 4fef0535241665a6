"""What a workbook must be before anything parses it; none of it needs more memory than its limits say."""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.parsers import expat

from aval.errors import Fault
from aval.prudential.workbook_parts import EXTERNAL, MACRO, Mute, PartWalk, Walked, refused

LARGEST_FILE: Final = 50_000_000
MOST_INFLATION: Final = 100
LARGEST_INFLATED: Final = 128 * 1024 * 1024
MOST_PARTS: Final = 1_000

_LARGEST_DIRECTORY: Final = 256 * 1024
_PIECE: Final = 64 * 1024
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER: Final = b"PK\x03\x04"
_ZIP64_LOCATOR: Final = b"PK\x06\x07"
# APPNOTE.TXT, section 4.3.16: signature, four counts, size and offset of the directory, length of comment.
_END: Final = struct.Struct("<4s4H2LH")
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/embeddings/")
_EXTERNAL_PARTS: Final = ("/externallinks/", "/querytables/", "xl/connections.xml")
_NEEDED: Final = {"[Content_Types].xml", "xl/workbook.xml"}

_EMPTY: Final = Fault("vazio", "o arquivo está vazio; envie a planilha preenchida")
_LARGE: Final = Fault("tamanho", f"o arquivo tem mais de {LARGEST_FILE} bytes; divida-o por agentes")
_FORMAT: Final = Fault("formato", "o arquivo não é uma planilha .xlsx; use o modelo e salve como .xlsx")
_OLD: Final = Fault("formato", "o arquivo está em formato antigo (.xls); salve como .xlsx")
_ENCRYPTED: Final = Fault("cifrado", "o arquivo tem senha ou está cifrado; salve-o sem senha")
_BROKEN: Final = Fault("truncado", "o arquivo está incompleto ou danificado; gere-o e envie-o de novo")
_BOMB: Final = Fault(
    "inflacao",
    f"o conteúdo é mais de {MOST_INFLATION} vezes maior que o arquivo; não é uma planilha preenchida",
)
_BULKY: Final = Fault("tamanho", f"aberto, o arquivo passa de {LARGEST_INFLATED} bytes; divida-o por agentes")


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """`content` is a copy with the walked parts alone: what is parsed is what was looked at."""

    content: bytes = field(repr=False)
    mute: Mapping[str, Mapping[str, Mute]] = field(repr=False)
    """By sheet and cell."""


def check_workbook(data: bytes) -> CheckedWorkbook:
    """Raise `DocumentUnreadable` for what is no plain workbook, whatever the sheets in it say."""
    # (1) The kind of file, by its first bytes.
    _require_kind(data)
    # (2) The directory: its own size first, for reading it takes memory for each entry.
    _require_small_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            # (3) What the names and announced sizes say.
            _require_plain_parts(parts, len(data))
            # (4) The XML, piece by piece; `zipfile` gives no byte beyond the size announced.
            return _walk(archive, [part for part in parts if _is_read(part.filename)])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as failure:
        raise refused(_BROKEN) from failure
    except expat.ExpatError as failure:
        raise refused(_BROKEN) from failure


def _require_kind(data: bytes) -> None:
    fault = None
    if not data:
        fault = _EMPTY
    elif len(data) > LARGEST_FILE:
        fault = _LARGE
    elif data.startswith(_OLE):
        # MS-OFFCRYPTO, section 2.3.4.4: an encrypted workbook is a stream of this name.
        fault = _ENCRYPTED if _ENCRYPTED_STREAM in data else _OLD
    elif not data.startswith(_LOCAL_HEADER):
        fault = _FORMAT
    if fault:
        raise refused(fault)


def _require_small_directory(data: bytes) -> None:
    tail = data[-_END.size :]
    if len(tail) < _END.size or not tail.startswith(b"PK\x05\x06"):
        raise refused(_BROKEN)
    *_, entries, size, _offset, comment = _END.unpack(tail)
    is_zip64 = data[-_END.size - 20 :].startswith(_ZIP64_LOCATOR)
    if comment or is_zip64 or entries > MOST_PARTS or size > _LARGEST_DIRECTORY:
        raise refused(_FORMAT)


def _require_plain_parts(parts: list[zipfile.ZipInfo], compressed: int) -> None:
    names = [part.filename for part in parts]
    lowered = [name.lower() for name in names]
    inflated = sum(part.file_size for part in parts)
    breaks = {
        # APPNOTE.TXT, section 4.4.4, bit 0.
        _ENCRYPTED: any(part.flag_bits & 1 for part in parts),
        _FORMAT: not set(names) >= _NEEDED or len(set(lowered)) < len(lowered),
        MACRO: any(each in name for name in lowered for each in _MACRO_PARTS),
        EXTERNAL: any(each in name for name in lowered for each in _EXTERNAL_PARTS),
        _BOMB: inflated > MOST_INFLATION * compressed,
        _BULKY: inflated > LARGEST_INFLATED,
    }
    if faults := [fault for fault, is_broken in breaks.items() if is_broken]:
        raise refused(*faults)


def _is_read(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _walk(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> CheckedWorkbook:
    walked, copy = Walked(), BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as plain:
        for part in parts:
            walk = PartWalk(part.filename, walked)
            with plain.open(zipfile.ZipInfo(part.filename), "w") as written:
                for piece in _pieces(archive, part):
                    walk.feed(piece)
                    written.write(piece)
            walk.end()
    walked.require_little_text()
    if walked.found:
        raise refused(*walked.found.values())
    return CheckedWorkbook(copy.getvalue(), walked.mute_by_sheet())


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece
