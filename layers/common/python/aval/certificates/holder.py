"""The company that a certificate names (DOC-ICP-04, and CCEE's own reading of `serialNumber`)."""

from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from aval.certificates.der import OCTET_STRING, DerInvalid, peek
from aval.identifiers import Cnpj, IdentifierInvalid

_CNPJ_OTHER_NAME: Final = x509.ObjectIdentifier("2.16.76.1.3.3")
_UTF8_STRING: Final = 0x0C
_PRINTABLE_STRING: Final = 0x13
_IA5_STRING: Final = 0x16
_TEXTS: Final = frozenset({OCTET_STRING, _UTF8_STRING, _PRINTABLE_STRING, _IA5_STRING})


def cnpj_of_holder(subject: x509.Name, extensions: x509.Extensions) -> Cnpj | None:
    """Subject `serialNumber` first, then otherName 2.16.76.1.3.3; a CPF there is no CNPJ."""
    for attribute in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER):
        found = _parse(attribute.value) if isinstance(attribute.value, str) else None
        if found is not None:
            return found
    for item in extensions:
        if isinstance(item.value, x509.SubjectAlternativeName):
            for name in item.value:
                if isinstance(name, x509.OtherName) and name.type_id == _CNPJ_OTHER_NAME:
                    return _parse(_inner_text(name.value))
    return None


def _parse(text: str) -> Cnpj | None:
    try:
        return Cnpj.parse(text)
    except IdentifierInvalid:
        return None


def _inner_text(value: bytes) -> str:
    """The text inside; authorities write it as OCTET STRING, PrintableString or UTF8String."""
    try:
        element = peek(value)
    except DerInvalid:
        return ""
    if element.tag not in _TEXTS or element.end != len(value):
        return ""
    return value[element.content : element.end].decode("ascii", "replace")
