"""A measured configuration of a desk, and the simulated module that goes with it, in this process."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from aval.identifiers import Fingerprint
from enclave_app.enclave.addresses import UnixAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting
from enclave_app.enclave.nsm import Nsm
from enclave_app.measurement import extended
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import extended as extended_once

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ARN: Final = "arn:aws:kms:sa-east-1:123456789012:key/mrk-00000000000000000000000000000001"
HOST: Final = "kms.local.example"
SIGNER: Final = b"DER of who signs images"
PCRS: Final = {index: hashlib.sha384(bytes([index])).digest() for index in (0, 1, 2, 3, 4)}


class InMemory:
    """A channel to the module as the enclave sees it; a test may put words into its mouth."""

    def __init__(self, reply: Callable[[bytes], bytes]) -> None:
        self.reply = reply
        self.requests: list[bytes] = []

    def exchange(self, request: bytes) -> bytes:
        self.requests.append(request)
        return self.reply(request)


@cache
def root() -> NitroRoot:
    return NitroRoot.create(NOW - timedelta(days=1))


def simulated(at: datetime = NOW, **pcrs: bytes) -> SimulatedNsm:
    """The module of an image signed by `SIGNER`; `pcr0=…` puts another value into a register."""
    instance = "i-0123456789abcdef0"
    measured = {**PCRS, 4: extended_once(bytes(48), instance.encode()), 8: extended(SIGNER)}
    measured.update({int(name.removeprefix("pcr")): value for name, value in pcrs.items()})
    return SimulatedNsm(Hierarchy(root(), f"{instance}-enc0123456789abcdef"), measured, clock=lambda: at)


def nsm(at: datetime = NOW, **pcrs: bytes) -> Nsm:
    return Nsm(InMemory(simulated(at, **pcrs).reply))


def configuration(**changes: Any) -> MeasuredConfiguration:
    told: dict[str, Any] = {
        "setting": Setting.DESK,
        "root": root().fingerprint,
        "kms_keys": (KmsKey(ARN, HOST, 4430),),
        "tls_roots": authority_pem(),
        "icp_roots": authority_pem(),
        "nsm": UnixAddress("/tmp/nsm.sock"),  # noqa: S108  # a name; nothing listens there
        "listener": UnixAddress("/tmp/enclave.sock"),  # noqa: S108
        "relay": UnixAddress("/tmp/relay.sock"),  # noqa: S108
        "signer": hashlib.sha384(SIGNER).hexdigest(),
        **changes,
    }
    return MeasuredConfiguration(**told)


def fingerprint_of(text: str) -> Fingerprint:
    return Fingerprint(hashlib.sha256(text.encode()).hexdigest())


@cache
def authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of a desk")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def authority_pem() -> str:
    return authority()[0].public_bytes(Encoding.PEM).decode()
