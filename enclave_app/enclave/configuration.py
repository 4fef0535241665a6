"""The measured configuration: one file in the image, the only difference between AWS and a desk.

Nothing that it says is ever taken from the parent (docs/confidential.md, section Measured configuration).
"""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from aval.attestation.roots import is_hardware
from aval.errors import DomainError
from aval.identifiers import Fingerprint, parse_fingerprint
from aval.sealing.canonical import read_object
from enclave_app.enclave.addresses import Address, UnixAddress, VsockAddress, parse_address
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused

_MOST_BYTES: Final = 1 << 20
_DEVICE: Final = "/dev/nsm"
_HTTPS: Final = 443
_MEMBERS: Final = {
    "ambiente",
    "raiz",
    "chaves",
    "raizesTls",
    "raizesIcp",
    "nsm",
    "escuta",
    "rele",
    "assinante",
}
_ARN: Final = re.compile(r"arn:aws:kms:([a-z]{2}(?:-[a-z]+)+-[0-9]):[0-9]{12}:key/[A-Za-z0-9-]{8,64}")
_HOST: Final = re.compile(r"[a-z0-9.-]{1,253}")
_SIGNER: Final = re.compile(r"[0-9a-f]{96}")


class Setting(StrEnum):
    AWS = "AWS"
    DESK = "LOCAL"


@dataclass(frozen=True, slots=True)
class KmsKey:
    """One key, or one region's replica of it, and where its KMS answers."""

    arn: str
    host: str
    port: int = _HTTPS

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]


@dataclass(frozen=True, slots=True)
class MeasuredConfiguration:
    setting: Setting
    root: Fingerprint
    kms_keys: tuple[KmsKey, ...]
    tls_roots: str = field(repr=False)
    """PEM: who may vouch for KMS's host."""
    icp_roots: str = field(repr=False)
    """PEM: who may vouch for an agent."""
    nsm: Address | None
    """None is the device itself."""
    listener: Address
    relay: Address
    signer: str
    """SHA-384 of the certificate that the image is signed with, hex; PCR8 is that register extended by it."""

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raise `EnclaveRefused` for anything but a whole configuration of one setting."""
        try:
            told = _members(read_object(data, largest=_MOST_BYTES))
            configuration = cls(
                setting=Setting(_text(told, "ambiente")),
                root=parse_fingerprint(_text(told, "raiz")),
                kms_keys=_kms_keys(told["chaves"]),
                tls_roots=_certificates(told, "raizesTls"),
                # Without, no sender is known, and every receipt says so.
                icp_roots=_certificates(told, "raizesIcp") if told["raizesIcp"] else "",
                nsm=_nsm(_text(told, "nsm")),
                listener=parse_address(_text(told, "escuta")),
                relay=parse_address(_text(told, "rele")),
                signer=_matching(_SIGNER, _text(told, "assinante")),
            )
        except (ValueError, TypeError, DomainError) as error:
            raise EnclaveRefused(
                EnclaveReason.CONFIGURATION_MALFORMED, "a configuração medida não tem a forma prevista"
            ) from error
        configuration._require_one_setting()
        return configuration

    def to_bytes(self) -> bytes:
        """What `parse` takes: for whoever builds an image."""
        members = {
            "ambiente": self.setting.value,
            "raiz": self.root,
            "chaves": [{"arn": key.arn, "host": key.host, "porta": key.port} for key in self.kms_keys],
            "raizesTls": self.tls_roots,
            "raizesIcp": self.icp_roots,
            "nsm": _DEVICE if self.nsm is None else str(self.nsm),
            "escuta": str(self.listener),
            "rele": str(self.relay),
            "assinante": self.signer,
        }
        return (json.dumps(members, indent=1, sort_keys=True) + "\n").encode()

    @property
    def is_hardware(self) -> bool:
        return is_hardware(self.root)

    def kms_key(self, arn: str | None = None) -> KmsKey:
        """Return the measured key of that name, or the first; raise `EnclaveRefused` for any other name.

        The parent may say in which region it is. It cannot bring a key of its own.
        """
        for key in self.kms_keys:
            if arn is None or key.arn == arn:
                return key
        raise EnclaveRefused(EnclaveReason.KEY_NOT_MEASURED, "a chave KMS não é uma das chaves medidas")

    def _require_one_setting(self) -> None:
        on_aws = self.setting is Setting.AWS
        if self.is_hardware != on_aws:
            raise EnclaveRefused(
                EnclaveReason.CONFIGURATION_ROOT,
                "a raiz da AWS e nenhuma outra é a de uma configuração para a AWS",
            )
        streams = (self.listener, self.relay)
        if on_aws and (self.nsm is not None or not all(isinstance(one, VsockAddress) for one in streams)):
            raise EnclaveRefused(
                EnclaveReason.CONFIGURATION_DEVICE, "na AWS o enclave usa /dev/nsm e vsock, e nada mais"
            )
        if not on_aws and self.nsm is None:
            raise EnclaveRefused(
                EnclaveReason.CONFIGURATION_DEVICE, "fora da AWS não há /dev/nsm, e sim um simulado"
            )
        if on_aws and any((key.host, key.port) != (_aws_host(key), _HTTPS) for key in self.kms_keys):
            raise EnclaveRefused(
                EnclaveReason.CONFIGURATION_KMS, "na AWS cada chave responde no KMS da sua região"
            )


def _aws_host(key: KmsKey) -> str:
    return f"kms.{key.region}.amazonaws.com"


def _members(told: Mapping[str, object]) -> Mapping[str, object]:
    if told.keys() != _MEMBERS:
        raise ValueError("members")
    return told


def _kms_keys(value: object) -> tuple[KmsKey, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("chaves")
    keys = tuple(_kms_key(one) for one in value)
    if len({key.arn for key in keys}) != len(keys):
        raise ValueError("chaves")
    return keys


def _kms_key(value: object) -> KmsKey:
    if not isinstance(value, dict) or value.keys() != {"arn", "host", "porta"}:
        raise ValueError("chaves")
    port = value["porta"]
    if type(port) is not int or not 0 < port < 1 << 16:
        raise ValueError("porta")
    return KmsKey(_matching(_ARN, _text(value, "arn")), _matching(_HOST, _text(value, "host")), port)


def _certificates(told: Mapping[str, object], name: str) -> str:
    text = _text(told, name)
    with warnings.catch_warnings():
        # A serial that is not positive: RFC 5280, section 4.1.2.2. No root of ours has one.
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            # ValueError, where there is none.
            x509.load_pem_x509_certificates(text.encode())
        except (x509.InvalidVersion, CryptographyDeprecationWarning) as error:
            raise ValueError(name) from error
    return text


def _nsm(text: str) -> Address | None:
    if text == _DEVICE:
        return None
    address = parse_address(text)
    if not isinstance(address, UnixAddress):
        raise ValueError("nsm")  # noqa: TRY004  # one class for one refusal
    return address


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(pattern.pattern)
    return text


def _text(told: Mapping[str, object], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value
