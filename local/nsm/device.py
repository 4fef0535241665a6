"""The module itself: one CBOR request in, one CBOR reply out, as the driver of the hardware answers.

Requests and replies are those of AWS's public interface (aws-nitro-enclaves-nsm-api): a name alone, or a map
of one name to its members. Whatever comes, there is a reply.
"""

import itertools
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from aval.attestation import cbor
from aval.attestation.refusals import AttestationRefused
from aval.moments import Clock, utc_now
from local.nsm.authority import Hierarchy
from local.nsm.measuring import PCR_BYTES, extended

MAX_PCRS: Final = 32
LOCKED_AT_START: Final = range(16)
MOST_REQUEST_BYTES: Final = 0x1000
MOST_REPLY_BYTES: Final = 0x3000
MOST_USER_BYTES: Final = 512
MOST_KEY_BYTES: Final = 1024
RANDOM_BYTES: Final = 256
_PROTECTED: Final = cbor2.dumps({1: -35})
_HALF: Final = 48


class NsmError(StrEnum):
    """The names that a reply `{"Error": …}` tells."""

    INVALID_ARGUMENT = "InvalidArgument"
    INVALID_INDEX = "InvalidIndex"
    INVALID_RESPONSE = "InvalidResponse"
    READ_ONLY_INDEX = "ReadOnlyIndex"
    INVALID_OPERATION = "InvalidOperation"
    BUFFER_TOO_SMALL = "BufferTooSmall"
    INPUT_TOO_LARGE = "InputTooLarge"
    INTERNAL_ERROR = "InternalError"


class NsmRefused(Exception):
    def __init__(self, error: NsmError) -> None:
        super().__init__(error.value)
        self.error = error


class Encoding(StrEnum):
    """Where the map of a document ends: modules of before 2026 tell its length ahead, newer ones its end."""

    DEFINITE = "definite"
    INDEFINITE = "indefinite"
    BOTH = "both"

    def turns(self) -> Iterator[bool]:
        """Whether the next document's map is of indefinite length."""
        kinds = {self.DEFINITE: (False,), self.INDEFINITE: (True,), self.BOTH: (True, False)}
        return itertools.cycle(kinds[self])


@dataclass(slots=True)
class SimulatedNsm:
    hierarchy: Hierarchy
    measured: Mapping[int, bytes]
    clock: Clock = utc_now
    encoding: Encoding = Encoding.BOTH
    _registers: list[bytes] = field(init=False)
    _locked: set[int] = field(init=False)
    _turns: Iterator[bool] = field(init=False)
    _one_at_a_time: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._registers = [self.measured.get(index, bytes(PCR_BYTES)) for index in range(MAX_PCRS)]
        self._locked = set(LOCKED_AT_START)
        self._turns = self.encoding.turns()

    def reply(self, request: bytes, *, room: int = MOST_REPLY_BYTES) -> bytes:
        """The reply to one request, in at most `room` bytes."""
        try:
            with self._one_at_a_time:
                reply = cbor2.dumps(self._answer(request))
        except NsmRefused as refusal:
            reply = error_reply(refusal.error)
        return reply if len(reply) <= room else error_reply(NsmError.BUFFER_TOO_SMALL)

    def _answer(self, request: bytes) -> object:
        if len(request) > MOST_REQUEST_BYTES:
            raise NsmRefused(NsmError.INPUT_TOO_LARGE)
        name, members = _read(request)
        operation = self._operations().get(name)
        if operation is None:
            raise NsmRefused(NsmError.INVALID_OPERATION)
        told = operation(members)
        # A reply without members is its name alone.
        return {name: told} if told else name

    def _operations(self) -> Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]:
        return {
            "DescribeNSM": self._describe,
            "DescribePCR": self._describe_register,
            "ExtendPCR": self._extend,
            "LockPCR": self._lock,
            "LockPCRs": self._lock_range,
            "GetRandom": self._random,
            "Attestation": self._attest,
        }

    def _describe(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members)
        return {
            "version_major": 1,
            "version_minor": 0,
            "version_patch": 0,
            "module_id": self.hierarchy.module_id,
            "max_pcrs": MAX_PCRS,
            "locked_pcrs": sorted(self._locked),
            "digest": "SHA384",
        }

    def _describe_register(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members, "index")
        index = _index(members["index"])
        return {"lock": index in self._locked, "data": self._registers[index]}

    def _extend(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members, "index", "data")
        index, data = _index(members["index"]), members["data"]
        if not isinstance(data, bytes) or not data:
            raise NsmRefused(NsmError.INVALID_ARGUMENT)
        self._require_open(index)
        self._registers[index] = extended(self._registers[index], data)
        return {"data": self._registers[index]}

    def _lock(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members, "index")
        index = _index(members["index"])
        self._require_open(index)
        self._locked.add(index)
        return {}

    def _lock_range(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """Lock every register below `range`, those that are locked already included."""
        _require_members(members, "range")
        self._locked.update(range(_index(members["range"], most=MAX_PCRS)))
        return {}

    def _random(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members)
        return {"random": secrets.token_bytes(RANDOM_BYTES)}

    def _attest(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        _require_members(members, "user_data", "nonce", "public_key")
        told = {
            "public_key": _optional(members["public_key"], MOST_KEY_BYTES),
            "user_data": _optional(members["user_data"], MOST_USER_BYTES),
            "nonce": _optional(members["nonce"], MOST_USER_BYTES),
        }
        moment = self.clock()
        *authorities, leaf = self.hierarchy.at(moment)
        content = {
            "module_id": self.hierarchy.module_id,
            "digest": "SHA384",
            "timestamp": int(moment.timestamp() * 1000),
            # A document tells the registers that nobody can change any more.
            "pcrs": {index: self._registers[index] for index in sorted(self._locked)},
            "certificate": leaf.der,
            "cabundle": [authority.der for authority in authorities],
            **told,
        }
        return {"document": signed_document(encoded(content, indefinite=next(self._turns)), leaf.key)}

    def _require_open(self, index: int) -> None:
        if index in self._locked:
            raise NsmRefused(NsmError.READ_ONLY_INDEX)


def encoded(content: Mapping[str, object], *, indefinite: bool) -> bytes:
    """A map in the order of its members; cbor2 itself tells lengths ahead only."""
    if not indefinite:
        return cbor2.dumps(dict(content))
    members = b"".join(cbor2.dumps(name) + cbor2.dumps(value) for name, value in content.items())
    return b"\xbf" + members + b"\xff"


def signed_document(payload: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """COSE_Sign1 without its tag, as the module gives it (RFC 9052, section 4.4)."""
    message = cbor2.dumps(["Signature1", _PROTECTED, b"", payload])
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA384())))
    signature = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return cbor2.dumps([_PROTECTED, {}, payload, signature])


def _read(request: bytes) -> tuple[str, Mapping[str, Any]]:
    try:
        asked = cbor.decode(request)
    except AttestationRefused as failure:
        raise NsmRefused(NsmError.INVALID_ARGUMENT) from failure
    if isinstance(asked, str):
        return asked, {}
    if isinstance(asked, dict) and len(asked) == 1:
        [(name, members)] = asked.items()
        if isinstance(name, str) and isinstance(members, dict):
            return name, {str(member): value for member, value in members.items()}
    raise NsmRefused(NsmError.INVALID_ARGUMENT)


def _require_members(members: Mapping[str, Any], *names: str) -> None:
    if members.keys() != set(names):
        raise NsmRefused(NsmError.INVALID_ARGUMENT)


def _index(value: object, *, most: int = MAX_PCRS - 1) -> int:
    if type(value) is not int:
        raise NsmRefused(NsmError.INVALID_ARGUMENT)
    if not 0 <= value <= most:
        raise NsmRefused(NsmError.INVALID_INDEX)
    return value


def _optional(value: object, most: int) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, bytes):
        raise NsmRefused(NsmError.INVALID_ARGUMENT)
    if len(value) > most:
        raise NsmRefused(NsmError.INPUT_TOO_LARGE)
    return value


def error_reply(error: NsmError) -> bytes:
    return cbor2.dumps({"Error": error.value})
