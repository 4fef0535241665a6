"""A JWS that carries its signer's chain: form, algorithm and key."""

import base64
import json
from typing import Any

import pytest
from jwcrypto import jwk, jws

from aval.sealing import base64url, certified_signatures
from aval.sealing.refusals import SealReason
from tests.support import pki
from tests.support.authorisations import chain
from tests.support.sealing import refused

PAYLOAD = b'{"a":1}'
KIND = "aval-leitores"
LARGEST = 100_000


def rsa_signed() -> str:
    return certified_signatures.sign(PAYLOAD, kind=KIND, chain=chain(), key=pki.rsa_key("leaf"))


def ec_signed() -> str:
    held = chain(key=pki.ec_key())
    return certified_signatures.sign(PAYLOAD, kind=KIND, chain=held, key=pki.ec_key())


def read(text: str, **changes: Any) -> certified_signatures.Certified:
    return certified_signatures.read(text, **{"kind": KIND, "largest": LARGEST, **changes})


def with_header(text: str, **changes: object) -> str:
    protected, _, rest = text.partition(".")
    members = {**json.loads(base64url.decode_text(protected)), **changes}
    return f"{base64url.encode_text(json.dumps(members).encode())}.{rest}"


@pytest.mark.parametrize(("text", "key"), [(rsa_signed(), pki.rsa_key("leaf")), (ec_signed(), pki.ec_key())])
def test_what_is_signed_is_read_and_verified(text: str, key: Any) -> None:
    read_back = read(text)
    assert certified_signatures.verify(read_back, key.public_key()) == PAYLOAD
    assert read_back.chain[1:] == chain()[1:]


@pytest.mark.parametrize(
    ("text", "key"),
    [(rsa_signed(), pki.rsa_key("leaf")), (ec_signed(), pki.ec_key())],
    ids=["RS256", "ES256"],
)
def test_another_library_verifies_what_is_signed(text: str, key: Any) -> None:
    verified = jws.JWS()
    verified.deserialize(text, jwk.JWK.from_pyca(key.public_key()))
    assert verified.payload == PAYLOAD


def test_a_signature_of_another_library_is_verified() -> None:
    header = {"alg": "RS256", "typ": KIND, "x5c": [base64.b64encode(der).decode() for der in chain()]}
    made = jws.JWS(PAYLOAD)
    made.add_signature(jwk.JWK.from_pyca(pki.rsa_key("leaf")), protected=json.dumps(header))
    read_back = read(made.serialize(compact=True))
    assert certified_signatures.verify(read_back, pki.rsa_key("leaf").public_key()) == PAYLOAD


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"alg": "none"}, SealReason.ALGORITHM),
        ({"alg": "PS256"}, SealReason.ALGORITHM),
        ({"typ": "aval-ato"}, SealReason.HEADER_MEMBER),
        ({"crit": ["exp"]}, SealReason.HEADER_MEMBER),
        ({"x5u": "http://localhost"}, SealReason.HEADER_MEMBER),
        ({"x5c": []}, SealReason.MALFORMED),
        ({"x5c": ["AA=="] * 7}, SealReason.MALFORMED),
        ({"x5c": ["A-_="]}, SealReason.MALFORMED),
        ({"x5c": [""]}, SealReason.MALFORMED),
        ({"x5c": [1]}, SealReason.MALFORMED),
        ({"x5c": "AA=="}, SealReason.MALFORMED),
        ({"x5c": [base64.b64encode(bytes(8193)).decode()]}, SealReason.MALFORMED),
    ],
    ids=str,
)
def test_any_other_header_is_refused(change: dict[str, object], reason: SealReason) -> None:
    with refused(reason):
        read(with_header(rsa_signed(), **change))


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "é.b.c"])
def test_any_other_form_is_refused(text: str) -> None:
    with refused(SealReason.MALFORMED):
        read(text)


def test_a_text_over_the_limit_is_refused() -> None:
    assert read(rsa_signed(), largest=len(rsa_signed())).payload == PAYLOAD
    with refused(SealReason.TOO_LARGE):
        read(rsa_signed(), largest=len(rsa_signed()) - 1)


def test_the_algorithm_must_be_the_keys() -> None:
    with refused(SealReason.ALGORITHM):
        certified_signatures.verify(
            read(with_header(rsa_signed(), alg="ES256")), pki.rsa_key("leaf").public_key()
        )


@pytest.mark.parametrize(
    ("text", "key"),
    [(rsa_signed(), pki.rsa_key("leaf")), (ec_signed(), pki.ec_key())],
    ids=["RS256", "ES256"],
)
def test_another_signature_is_refused(text: str, key: Any) -> None:
    signed, _, signature = text.rpartition(".")
    short = f"{signed}.{base64url.encode_text(base64url.decode_text(signature)[:-1])}"
    for changed in (short, f"{signed}.{base64url.encode_text(bytes(64))}"):
        with refused(SealReason.SIGNATURE):
            certified_signatures.verify(read(changed), key.public_key())


@pytest.mark.parametrize("key", [pki.rsa_key("weak", 1024), pki.ed448_key()], ids=["RSA 1024", "Ed448"])
def test_a_weak_or_strange_key_signs_nothing_and_verifies_nothing(key: Any) -> None:
    with refused(SealReason.KEY_WEAK):
        certified_signatures.sign(PAYLOAD, kind=KIND, chain=chain(), key=key)
    with refused(SealReason.KEY_WEAK):
        certified_signatures.verify(read(rsa_signed()), key.public_key())


@pytest.mark.parametrize("count", [0, 7])
def test_a_chain_of_none_or_too_many_is_not_signed(count: int) -> None:
    with refused(SealReason.MALFORMED):
        certified_signatures.sign(PAYLOAD, kind=KIND, chain=chain()[:1] * count, key=pki.rsa_key("leaf"))
