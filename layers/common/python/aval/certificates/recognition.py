"""What a file that is no DER certificate seems to be, so that its sender learns what to do."""

import base64
import binascii
import re
from typing import Final

from aval.certificates import der
from aval.certificates.certificate import CertificateUnreadable, parse

_EXPORT: Final = (
    'exporte o certificado de novo como "X.509 binário codificado por DER (*.cer)" e envie esse arquivo'
)
_PRIVATE: Final = "NÃO o envie a ninguém: guarde-o em segredo e envie só o certificado em DER (*.cer)"

EMPTY: Final = "o arquivo está vazio; escolha o arquivo .cer do certificado e envie-o de novo"
PEM: Final = f"o certificado está em texto PEM (BEGIN CERTIFICATE); {_EXPORT}"
BASE64: Final = f"o arquivo está em texto base64; {_EXPORT}"
PKCS7: Final = f"o arquivo é um pacote PKCS#7 (.p7b), com um ou mais certificados dentro; {_EXPORT}"
PKCS12: Final = (
    "o arquivo é um PKCS#12 (.pfx ou .p12), que contém a chave privada e não deve ser enviado; "
    f"{_PRIVATE}; se ele já saiu de seu controle, peça a revogação do certificado"
)
PRIVATE_KEY: Final = f"o arquivo é uma chave privada; {_PRIVATE}"
PUBLIC_KEY: Final = f"o arquivo é só uma chave pública, sem certificado; {_EXPORT}"
CRL: Final = (
    "o arquivo é uma lista de certificados revogados (LCR), não um certificado; envie o .cer do certificado"
)
CSR: Final = (
    "o arquivo é um pedido de certificado (CSR), ainda não assinado; "
    "envie o .cer que a autoridade certificadora emitiu"
)
TRAILING: Final = f"há bytes a mais depois do fim do certificado; {_EXPORT}"
TRUNCATED: Final = f"o certificado está incompleto: faltam bytes no fim do arquivo; {_EXPORT}"
BER: Final = f"o certificado está codificado em BER, e não em DER; {_EXPORT}"
PDF: Final = f"o arquivo é um PDF, não um certificado; {_EXPORT}"
ZIP: Final = "o arquivo é um ZIP; extraia dele o .cer do certificado e envie só esse arquivo"
DAMAGED: Final = f"o certificado está danificado ou fora da norma X.509; {_EXPORT}"
TEXT: Final = f"o arquivo é texto, não um certificado; {_EXPORT}"
UNKNOWN: Final = f"o arquivo não é um certificado X.509; {_EXPORT}"

_PEM_LABEL: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_PEM_SENTENCES: Final = (
    ("PRIVATE KEY", PRIVATE_KEY),
    ("CERTIFICATE REQUEST", CSR),
    ("CRL", CRL),
    ("PKCS7", PKCS7),
    ("CMS", PKCS7),
    ("CERTIFICATE", PEM),
    ("PUBLIC KEY", PUBLIC_KEY),
)
_MAGIC: Final = ((b"%PDF", PDF), (b"PK\x03\x04", ZIP))
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_TIMES: Final = frozenset({0x17, 0x18})


def explain(upload: bytes) -> str:
    """The sentence for a file that did not load as one DER certificate."""
    if not upload.strip():
        return EMPTY
    for magic, sentence in _MAGIC:
        if upload.startswith(magic):
            return sentence
    return _explain_text(upload) or _explain_binary(upload)


def _explain_text(upload: bytes) -> str | None:
    # Windows' notepad saves text as UTF-16 or with a mark in front.
    bare = upload.removeprefix(b"\xef\xbb\xbf")
    bare = bare[2:].replace(b"\x00", b"") if bare[:2] in _UTF_16 else bare
    labels = [label.decode() for label in _PEM_LABEL.findall(bare)]
    for kind, sentence in _PEM_SENTENCES:
        if any(kind in label for label in labels):
            return sentence
    # Blanks go first: a pattern that allowed them in two places would try every split of a long run.
    joined = b"".join(bare.split())
    if _BASE64.fullmatch(joined):
        try:
            inner = base64.b64decode(joined, validate=True)
        except binascii.Error:
            return TEXT
        return BASE64 if inner[:1] == b"\x30" else TEXT
    return TEXT if bare.isascii() and all(byte >= 0x20 or byte in b"\t\r\n" for byte in bare) else None


def _explain_binary(upload: bytes) -> str:
    try:
        outer = der.peek(upload)
    except der.DerInvalid:
        return UNKNOWN
    if outer.tag != der.SEQUENCE:
        return UNKNOWN
    return _explain_shape(upload, outer) or _explain_encoding(upload, outer)


def _explain_shape(upload: bytes, outer: der.Element) -> str | None:
    """Tell the kinds apart by the tags they begin with: RFC 5652, 7292, 5958, 2986, 5280 (section 5.1)."""
    inside = der.children(upload, outer, 3)
    match [element.tag for element in inside]:
        case [der.OBJECT_IDENTIFIER, *_]:
            sentence: str | None = PKCS7
        case [der.INTEGER, der.SEQUENCE, *_] if _holds_oid_first(upload, inside[1], der.CONTEXT_0):
            sentence = PKCS12
        case [der.INTEGER, _, *_] | [der.SEQUENCE, der.OCTET_STRING]:
            sentence = PRIVATE_KEY
        case [der.SEQUENCE, der.BIT_STRING]:
            sentence = PUBLIC_KEY
        case [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING]:
            sentence = _explain_signed(upload, inside[0])
        case _:
            sentence = None
    return sentence


def _holds_oid_first(upload: bytes, element: der.Element, second: int) -> bool:
    tags = [child.tag for child in der.children(upload, element, 2)]
    return tags == [der.OBJECT_IDENTIFIER, second]


def _explain_signed(upload: bytes, signed: der.Element) -> str | None:
    tags = [element.tag for element in der.children(upload, signed, 4)]
    if tags == [der.INTEGER, der.SEQUENCE, der.SEQUENCE, der.CONTEXT_0]:
        return CSR
    # A list has version?, algorithm, issuer, thisUpdate; a certificate has its dates in a sequence.
    if _TIMES & set(tags):
        return CRL
    return None


def _explain_encoding(upload: bytes, outer: der.Element) -> str:
    if outer.is_ber or der.is_ber(upload):
        return BER
    if outer.end is not None and outer.end > len(upload):
        return TRUNCATED
    if outer.end is not None and outer.end < len(upload) and _loads(upload[: outer.end]):
        return TRAILING
    return DAMAGED


def _loads(upload: bytes) -> bool:
    try:
        parse(upload)
    except CertificateUnreadable:
        return False
    return True
