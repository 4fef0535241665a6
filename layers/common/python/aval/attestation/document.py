"""An attestation document as it came: COSE_Sign1 around a map (RFC 9052, section 4.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from aval.attestation import cbor
from aval.attestation.refusals import AttestationRefused, Reason

MAX_DOCUMENT_BYTES: Final = 16 * 1024
MAX_FIELD_BYTES: Final = 1024
MAX_AUTHORITIES: Final = 8
MAX_PCRS: Final = 32
PCR_BYTES: Final = 48
SIGNATURE_BYTES: Final = 96
# AWS measures these into every enclave; a document that leaves one out is no document of an enclave.
ALWAYS_MEASURED: Final = range(5)
ZERO: Final = bytes(PCR_BYTES)

_SIGN1_TAG: Final = 18
_ALGORITHM_LABEL: Final = 1
_ES384: Final = -35
_MAX_CERTIFICATE_BYTES: Final = 2048
_MODULE: Final = re.compile(r"(i-[0-9a-f]{8,32})-enc[0-9a-f]{1,32}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AttestationDocument:
    module_id: str
    timestamp: datetime
    pcrs: Mapping[int, bytes]
    certificate: bytes = field(repr=False)
    cabundle: tuple[bytes, ...] = field(repr=False)
    public_key: bytes | None = field(default=None, repr=False)
    user_data: bytes | None = field(default=None, repr=False)
    nonce: bytes | None = field(default=None, repr=False)

    @property
    def instance_id(self) -> str:
        return self.module_id.partition("-enc")[0]

    @property
    def is_debug(self) -> bool:
        """Whether anybody with the parent instance may look inside: AWS measures such an image as zeros."""
        return all(self.pcrs.get(index) == ZERO for index in (0, 1, 2))


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """The parts that the signature is over, as they came: encoding again could say something else."""

    protected: bytes = field(repr=False)
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    content: AttestationDocument

    @property
    def to_be_signed(self) -> bytes:
        """`Sig_structure`: RFC 9052, section 4.4."""
        parts = (
            b"\x6aSignature1",
            _byte_string(self.protected),
            _byte_string(b""),
            _byte_string(self.payload),
        )
        return b"\x84" + b"".join(parts)


def parse_document(data: bytes) -> SignedDocument:
    """Read the form alone; raise `AttestationRefused`. Nothing that is returned has been proven."""
    # (1) Size, before a byte is looked at.
    if len(data) > MAX_DOCUMENT_BYTES:
        raise AttestationRefused(Reason.TOO_LARGE, "o atestado passa de 16 KiB")
    # (2) COSE_Sign1, tagged or not: RFC 9052, section 4.2.
    parts = _untagged(cbor.decode(data))
    if not isinstance(parts, list) or len(parts) != 4:
        raise AttestationRefused(Reason.COSE_FORM, "não é um COSE_Sign1: faltam ou sobram partes")
    protected, unprotected, payload, signature = parts
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise AttestationRefused(Reason.COSE_FORM, "não é um COSE_Sign1: uma parte não é de bytes")
    if unprotected != {}:
        raise AttestationRefused(Reason.COSE_FORM, "o cabeçalho não protegido deve ser vazio")
    # (3) ES384 and nothing beside it: RFC 9053, section 2.1.
    if cbor.decode(protected) != {_ALGORITHM_LABEL: _ES384}:
        raise AttestationRefused(Reason.ALGORITHM, "o cabeçalho protegido deve dizer ES384, e nada mais")
    if len(signature) != SIGNATURE_BYTES:
        raise AttestationRefused(Reason.SIGNATURE_LENGTH, "a assinatura ES384 deve ter 96 bytes")
    # (4) The map inside.
    return SignedDocument(protected, payload, signature, _content(cbor.decode(payload)))


def _untagged(value: cbor.Value) -> cbor.Value:
    if not isinstance(value, cbor.Tagged):
        return value
    if value.tag != _SIGN1_TAG:
        raise AttestationRefused(Reason.COSE_TAG, f"a etiqueta {value.tag} não é a de COSE_Sign1 (18)")
    return value.value


def _content(members: cbor.Value) -> AttestationDocument:
    # A member that AWS may add is passed over: it is signed, and refusing it would stop every client at once.
    if not isinstance(members, dict):
        raise _refused("o conteúdo não é um mapa")
    if members.get("digest") != "SHA384":
        raise _refused("digest deve ser SHA384")
    bundle = members.get("cabundle")
    if not isinstance(bundle, list) or not 1 <= len(bundle) <= MAX_AUTHORITIES:
        raise _refused(f"cabundle deve ter de 1 a {MAX_AUTHORITIES} certificados")
    return AttestationDocument(
        module_id=_module(members.get("module_id")),
        timestamp=_moment(members.get("timestamp")),
        pcrs=_pcrs(members.get("pcrs")),
        certificate=_certificate(members.get("certificate")),
        cabundle=tuple(_certificate(one) for one in bundle),
        public_key=_optional(members, "public_key", at_least=1),
        user_data=_optional(members, "user_data"),
        nonce=_optional(members, "nonce"),
    )


def _module(value: cbor.Value) -> str:
    if not isinstance(value, str) or not _MODULE.fullmatch(value):
        raise _refused("module_id não nomeia uma instância e seu enclave")
    return value


def _moment(value: cbor.Value) -> datetime:
    # A truth value is an int to Python.
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise _refused("timestamp não é um número de milissegundos")
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError as failure:
        raise _refused("timestamp passa do fim do calendário") from failure


def _pcrs(value: cbor.Value) -> Mapping[int, bytes]:
    if not isinstance(value, dict) or len(value) > MAX_PCRS:
        raise _refused(f"pcrs deve ser um mapa de até {MAX_PCRS} medidas")
    pcrs: dict[int, bytes] = {}
    for index, measured in value.items():
        if not isinstance(index, int) or not 0 <= index < MAX_PCRS:
            raise _refused("o índice de um PCR vai de 0 a 31")
        if not isinstance(measured, bytes) or len(measured) != PCR_BYTES:
            raise _refused(f"o PCR{index} deve ter 48 bytes")
        pcrs[index] = measured
    for index in ALWAYS_MEASURED:
        if index not in pcrs:
            raise AttestationRefused(Reason.PCR_MISSING, f"o PCR{index} falta no atestado")
    return MappingProxyType(pcrs)


def _certificate(value: cbor.Value) -> bytes:
    if not isinstance(value, bytes) or not 1 <= len(value) <= _MAX_CERTIFICATE_BYTES:
        raise _refused(f"um certificado deve ter de 1 a {_MAX_CERTIFICATE_BYTES} bytes")
    return value


def _optional(members: Mapping[int | str, cbor.Value], name: str, *, at_least: int = 0) -> bytes | None:
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, bytes) or not at_least <= len(value) <= MAX_FIELD_BYTES:
        raise _refused(f"{name} deve ter de {at_least} a {MAX_FIELD_BYTES} bytes")
    return value


def _byte_string(content: bytes) -> bytes:
    """RFC 8949, section 4.2.1: a head as short as can be."""
    length = len(content)
    if length < 24:
        return bytes([0x40 + length]) + content
    if length < 0x100:
        return bytes([0x58, length]) + content
    return b"\x59" + length.to_bytes(2, "big") + content


def _refused(detail: str) -> AttestationRefused:
    return AttestationRefused(Reason.CONTENT, detail)
