"""Lawful sealed objects, statements and answers; a test changes one thing of them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jws as peer
from joserfc.jwk import ECKey

from aval.identifiers import Cnpj, EventCode, KeyId
from aval.sealing import base64url
from aval.sealing.canonical import canonical
from aval.sealing.envelope import Expected, Header, SealedKind, identity_of, seal
from aval.sealing.head import Head
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, ExpectedStatement, Statement

AT: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVENT: Final = EventCode.parse("202611003")
OTHER_EVENT: Final = EventCode.parse("202611002")
COMPANY: Final = Cnpj.parse("33047509000149")
OTHER_COMPANY: Final = Cnpj.parse("11222333000181")
KEY_ID: Final = KeyId.parse("chave-de-teste-1")
REQUEST: Final = "pedido-de-teste-01"
PLAINTEXT: Final = b'{"numero":"0.17","texto":"ola"}'
HEAD: Final = Head(7, "7" * 64)


def sealing_key(bits: int = 3072, number: int = 1) -> rsa.RSAPrivateKey:
    return _rsa(bits, number)


def signing_key(number: int = 1) -> ec.EllipticCurvePrivateKey:
    return _ec(number)


def reader(name: str = "ana") -> ReaderKeys:
    return _reader(name)


# A cache tells an argument left out from its default given, so none of these has one.
@cache
def _rsa(bits: int, number: int) -> rsa.RSAPrivateKey:
    assert number
    return rsa.generate_private_key(65537, bits)


@cache
def _ec(number: int) -> ec.EllipticCurvePrivateKey:
    assert number
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _reader(name: str) -> ReaderKeys:
    return ReaderKeys.generate(name)


def readers(*names: str) -> Readers:
    return Readers(tuple(reader(name).public for name in names or ("ana", "bia")))


def header(**changes: Any) -> Header:
    told = Header(
        key_id=KEY_ID,
        event=EVENT,
        sender=COMPANY,
        kind=SealedKind.ENSAIO,
        issued_at=AT,
        request_id=REQUEST,
        readers=readers(),
    )
    return replace(told, **changes)


@cache
def sealed() -> bytes:
    return seal(PLAINTEXT, header(), sealing_key().public_key())


def keys() -> dict[KeyId, rsa.RSAPrivateKey]:
    return {KEY_ID: sealing_key()}


def expected(**changes: Any) -> Expected:
    return replace(Expected(EVENT, COMPANY, SealedKind.ENSAIO, AT), **changes)


def with_header(jwe: bytes, change: Mapping[str, object], *, without: str = "") -> bytes:
    """The object under another header, as someone would write it who cannot open it."""
    encoded, _, rest = jwe.partition(b".")
    members = {**json.loads(base64url.decode(encoded)), **change}
    members.pop(without, None)
    return base64url.encode(json.dumps(members).encode()) + b"." + rest


def statement(**changes: Any) -> Statement:
    told = Statement(
        act=Act.ENVIAR,
        event=EVENT,
        company=COMPANY,
        subject=identity_of(sealed()),
        request_id=REQUEST,
        issued_at=AT,
        extra={"fa": "0.17"},
    )
    return replace(told, **changes)


def expected_statement(**changes: Any) -> ExpectedStatement:
    return replace(ExpectedStatement(Act.ENVIAR, EVENT, COMPANY, identity_of(sealed())), **changes)


def jws(
    header: Mapping[str, object],
    payload: Mapping[str, object] | bytes,
    key: ec.EllipticCurvePrivateKey,
) -> str:
    """A JWS over whatever is told, with none of our rules."""
    data = payload if isinstance(payload, bytes) else canonical(payload)
    return peer.serialize_compact(
        dict(header),
        data,
        ECKey.import_key(key),
        registry=peer.JWSRegistry(strict_check_header=False),
    )


@contextmanager
def refused(reason: SealReason) -> Iterator[None]:
    """The block must be refused for that reason, in a sentence."""
    with pytest.raises(SealRefused) as told:
        yield
    assert told.value.reason is reason
    assert len(told.value.detail) > len("não é")
