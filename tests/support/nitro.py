"""Attestation documents made by the simulated NSM: lawful as they stand, one thing to override."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, Self

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from aval.attestation.measurements import Measurement
from local.nsm.authority import (
    INSTANCE,
    LEAF,
    REGIONAL,
    ROOT,
    ZONAL,
    Hierarchy,
    Holder,
    NitroRoot,
    Shape,
    issue,
)
from local.nsm.device import Encoding, SimulatedNsm, encoded, signed_document
from local.nsm.measuring import PCR_BYTES, extended

START: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
INSTANCE_ID: Final = "i-0123456789abcdef0"
MODULE_ID: Final = f"{INSTANCE_ID}-enc0123456789abcdef"
NONCE: Final = bytes(range(32))
ZERO: Final = bytes(PCR_BYTES)
IMAGE: Final = {
    0: b"\x10" * PCR_BYTES,
    1: b"\x11" * PCR_BYTES,
    2: b"\x12" * PCR_BYTES,
    8: b"\x18" * PCR_BYTES,
}
MEASURED: Final = {
    **IMAGE,
    3: extended(ZERO, b"arn:aws:iam::123456789012:role/aval-enclave-parent"),
    4: extended(ZERO, INSTANCE_ID.encode()),
}
MEASUREMENT: Final = Measurement(IMAGE)
_NAMES: Final = ("raiz", "regiao", "zona", "instancia", "folha")
_SHAPES: Final = (ROOT, REGIONAL, ZONAL, INSTANCE, LEAF)
_KEPT: Final[dict[str, ec.EllipticCurvePrivateKey]] = {}


def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """One key a name and run: no test needs its own."""
    return _KEPT.setdefault(name, ec.generate_private_key(ec.SECP384R1()))


@cache
def root() -> NitroRoot:
    begins = START - timedelta(days=1)
    return NitroRoot(issue(ROOT, "raiz", issuer=None, begins=begins, key=key_of("raiz")))


FINGERPRINT: Final = root().fingerprint


@dataclass(frozen=True, slots=True)
class Chain:
    """Root first, leaf last."""

    holders: tuple[Holder, ...]

    @classmethod
    def of(
        cls,
        shapes: Sequence[Shape] = _SHAPES,
        *,
        top: Holder | None = None,
        keys: Callable[[str], ec.EllipticCurvePrivateKey] = key_of,
    ) -> Self:
        """A chain under the root of the tests, or under `top`; what follows is issued as `shapes` say."""
        holders = [top or root().holder]
        for place, shape in enumerate(shapes[1:], 1):
            name = _NAMES[place] if len(shapes) == len(_NAMES) else f"{place}"
            holders.append(issue(shape, name, issuer=holders[-1], begins=START, key=keys(name)))
        return cls(tuple(holders))

    @property
    def leaf(self) -> Holder:
        return self.holders[-1]

    @property
    def bundle(self) -> list[bytes]:
        return [holder.der for holder in self.holders[:-1]]


def shapes(**changed: Mapping[str, Any]) -> list[Shape]:
    """The genuine shapes, with what a test changes in one of them: `shapes(zona={"path_length": 0})`."""
    return [replace(shape, **changed.get(name, {})) for name, shape in zip(_NAMES, _SHAPES, strict=True)]


@cache
def chain() -> Chain:
    return Chain.of()


def content(**changed: Any) -> dict[str, Any]:
    """The map inside a document; `...` leaves a member out."""
    lawful = {
        "module_id": MODULE_ID,
        "digest": "SHA384",
        "timestamp": int(START.timestamp() * 1000),
        "pcrs": {index: MEASURED.get(index, ZERO) for index in range(16)},
        "certificate": chain().leaf.der,
        "cabundle": chain().bundle,
        "public_key": None,
        "user_data": None,
        "nonce": NONCE,
    }
    return {name: value for name, value in {**lawful, **changed}.items() if value is not ...}


def pcrs(**changed: Any) -> dict[int, Any]:
    """Registers of a lawful document: `pcrs(pcr0=ZERO)`, `pcrs(pcr8=...)` to leave it out."""
    told = {**content()["pcrs"], **{int(name.removeprefix("pcr")): value for name, value in changed.items()}}
    return {index: value for index, value in told.items() if value is not ...}


def document(
    *, indefinite: bool = True, signer: ec.EllipticCurvePrivateKey | None = None, **changed: Any
) -> bytes:
    """Signed as a module would sign it, whatever it says."""
    return signed_document(encoded(content(**changed), indefinite=indefinite), signer or chain().leaf.key)


def signed(payload: bytes) -> bytes:
    """Any bytes under the signature of the lawful leaf."""
    return signed_document(payload, chain().leaf.key)


def document_of(other: Chain, **changed: Any) -> bytes:
    told = {"certificate": other.leaf.der, "cabundle": other.bundle, **changed}
    return document(signer=other.leaf.key, **told)


def with_parts(data: bytes, **changed: Any) -> bytes:
    """The same COSE message with `protected`, `unprotected`, `payload` or `signature` replaced."""
    names = ("protected", "unprotected", "payload", "signature")
    parts = dict(zip(names, cbor2.loads(data), strict=True))
    return cbor2.dumps(list({**parts, **changed}.values()))


@dataclass(slots=True)
class Wrist:
    """A clock that a test turns."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Module:
    """A simulated module, asked in Python's words."""

    clock: Wrist = field(default_factory=Wrist)
    encoding: Encoding = Encoding.BOTH
    measured: Mapping[int, bytes] = field(default_factory=lambda: MEASURED)
    nsm: SimulatedNsm = field(init=False)

    def __post_init__(self) -> None:
        hierarchy = Hierarchy(root(), MODULE_ID)
        self.nsm = SimulatedNsm(hierarchy, self.measured, self.clock, self.encoding)

    def ask(self, request: object) -> Any:
        return cbor2.loads(self.nsm.reply(cbor2.dumps(request)))

    def attest(self, **told: bytes | None) -> bytes:
        members = {"user_data": None, "nonce": None, "public_key": None, **told}
        document = self.ask({"Attestation": members})["Attestation"]["document"]
        assert isinstance(document, bytes)
        return document
