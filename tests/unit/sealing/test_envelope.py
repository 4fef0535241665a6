import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.identifiers import KeyId
from aval.sealing import base64url, envelope
from aval.sealing.envelope import (
    Expected,
    Opened,
    SealedKind,
    identity_of,
    new_request_id,
    open_sealed,
    read_header,
    seal,
)
from aval.sealing.head import Head
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.sealing import (
    AT,
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    OTHER_COMPANY,
    OTHER_EVENT,
    PLAINTEXT,
    expected,
    header,
    keys,
    reader,
    readers,
    refused,
    sealed,
    sealing_key,
    with_header,
)

SHA1 = hashes.SHA1()  # noqa: S303 - what must be refused
OAEP_1 = padding.OAEP(padding.MGF1(SHA1), SHA1, None)
OAEP_256 = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def opened(jwe: bytes, **changes: Any) -> Opened:
    return open_sealed(jwe, keys(), expected(**changes))


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_to_the_same(plaintext: bytes) -> None:
    jwe = seal(plaintext, header(), sealing_key().public_key())
    assert opened(jwe) == Opened(header(), plaintext, hashlib.sha256(jwe).hexdigest())


def test_two_seals_of_the_same_have_nothing_in_common_but_the_header() -> None:
    one, other = (seal(PLAINTEXT, header(), sealing_key().public_key()).split(b".") for _ in range(2))
    assert one[0] == other[0]
    assert not set(one[1:]) & set(other[1:])
    assert identity_of(b".".join(one)) != identity_of(b".".join(other))


def test_the_header_is_whole_and_readable_without_a_key() -> None:
    members = json.loads(base64url.decode(sealed().partition(b".")[0]))
    assert members == {
        "alg": "RSA-OAEP-256",
        "enc": "A256GCM",
        "kid": KEY_ID,
        "evento": EVENT,
        "remetente": COMPANY,
        "tipo": "ENSAIO",
        "iat": int(AT.timestamp()),
        "jti": "pedido-de-teste-01",
        "leitores": readers().as_json(),
    }
    assert read_header(sealed()) == header()


def test_neither_plaintext_nor_key_is_in_a_representation() -> None:
    assert "0.17" not in repr(opened(sealed()))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event": OTHER_EVENT}, SealReason.EVENT_MISMATCH),
        ({"sender": OTHER_COMPANY}, SealReason.SENDER_MISMATCH),
        ({"kind": SealedKind.PORTFOLIO}, SealReason.KIND_MISMATCH),
        ({"at": AT - timedelta(minutes=10, seconds=1)}, SealReason.FROM_THE_FUTURE),
    ],
)
def test_refuses_an_object_sealed_for_something_else(change: dict[str, Any], reason: SealReason) -> None:
    with refused(reason):
        opened(sealed(), **change)


def test_a_clock_ten_minutes_behind_and_no_clock_at_all_take_it() -> None:
    assert opened(sealed(), at=AT - timedelta(minutes=10)).plaintext == PLAINTEXT
    assert open_sealed(sealed(), keys(), Expected(EVENT, COMPANY, SealedKind.ENSAIO)).plaintext == PLAINTEXT


def test_refuses_a_kid_that_the_enclave_has_not() -> None:
    with refused(SealReason.KEY_UNKNOWN):
        open_sealed(sealed(), {KeyId.parse("outra-chave"): sealing_key()}, expected())


def test_refuses_an_object_for_another_key_of_the_same_name() -> None:
    with refused(SealReason.DOES_NOT_OPEN):
        open_sealed(sealed(), {KEY_ID: sealing_key(number=2)}, expected())


@pytest.mark.parametrize(
    "change",
    [
        {"evento": OTHER_EVENT},
        {"remetente": OTHER_COMPANY},
        {"tipo": "PORTFOLIO"},
        {"kid": "outra-chave"},
        {"iat": int(AT.timestamp()) - 1},
        {"jti": "pedido-de-teste-02"},
        {"leitores": readers("ana", "caio").as_json()},
        {"leitores": readers("ana").as_json()},
        {"leitores": readers("ana", "bia", "caio").as_json()},
    ],
    ids=["event", "sender", "kind", "kid", "time", "request", "reader exchanged", "removed", "added"],
)
def test_a_header_that_was_changed_does_not_open_even_where_the_change_is_expected(
    change: dict[str, Any],
) -> None:
    """Whoever cannot open the object cannot change what it says, the list of its readers above all."""
    jwe = with_header(sealed(), change)
    told = read_header(jwe)
    with refused(SealReason.DOES_NOT_OPEN):
        open_sealed(jwe, {told.key_id: sealing_key()}, Expected(told.event, told.sender, told.kind))


def test_even_another_spelling_of_the_same_header_does_not_open() -> None:
    jwe = with_header(sealed(), {})
    assert read_header(jwe) == header()
    assert jwe != sealed()
    with refused(SealReason.DOES_NOT_OPEN):
        opened(jwe)


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "RSA1_5"},
        {"alg": "RSA-OAEP"},
        {"alg": "RSA-OAEP-512"},
        {"alg": "dir"},
        {"alg": "none"},
        {"alg": "A256KW"},
        {"alg": "ECDH-ES"},
        {"alg": "rsa-oaep-256"},
        {"alg": None},
        {"alg": ["RSA-OAEP-256"]},
        {"enc": "A128GCM"},
        {"enc": "A256CBC-HS512"},
        {"enc": "none"},
        {"enc": None},
    ],
)
def test_refuses_any_other_algorithm(change: dict[str, Any]) -> None:
    with refused(SealReason.ALGORITHM):
        opened(with_header(sealed(), change))


@pytest.mark.parametrize(
    "member",
    [
        {"zip": "DEF"},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"jku": "https://exemplo"},
        {"jwk": {}},
        {"x5c": []},
        {"cty": "JWT"},
        {"apu": "QQ"},
        {"p2c": 1},
        {"typ": "JWE"},
        {"exp": 9999999999},
    ],
    ids=str,
)
def test_refuses_any_other_header_member(member: dict[str, Any]) -> None:
    with refused(SealReason.HEADER_MEMBER):
        opened(with_header(sealed(), member))


def test_a_header_may_tell_how_far_its_maker_saw_the_journal_and_nobody_changes_it() -> None:
    jwe = seal(PLAINTEXT, header(seen=HEAD), sealing_key().public_key())
    assert opened(jwe).header.seen == HEAD
    for forged in (
        with_header(jwe, {}, without="visto"),
        with_header(jwe, {"visto": Head(1, "1" * 64).as_json()}),
    ):
        with refused(SealReason.DOES_NOT_OPEN):
            opened(forged)


@pytest.mark.parametrize("seen", [None, 7, {"contador": 7}, {**HEAD.as_json(), "contador": True}])
def test_refuses_a_header_that_tells_no_head_where_one_stands(seen: object) -> None:
    with refused(SealReason.MALFORMED):
        opened(with_header(sealed(), {"visto": seen}))


@pytest.mark.parametrize("name", ["kid", "evento", "remetente", "tipo", "iat", "jti", "leitores"])
def test_refuses_a_header_without_a_bound_member(name: str) -> None:
    with refused(SealReason.HEADER_MEMBER):
        opened(with_header(sealed(), {}, without=name))


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "curto"},
        {"kid": 7},
        {"evento": "202613001"},
        {"evento": 202611003},
        {"remetente": "33.047.509/0001-49"},
        {"remetente": "33047509000148"},
        {"tipo": "OUTRO"},
        {"iat": "1"},
        {"iat": True},
        {"iat": -1},
        {"iat": 253_402_300_800},
        {"jti": "a" * 15},
        {"jti": "a" * 65},
        {"jti": "a" * 15 + " "},
    ],
    ids=str,
)
def test_refuses_a_header_value_that_cannot_be_one(change: dict[str, Any]) -> None:
    with refused(SealReason.MALFORMED):
        opened(with_header(sealed(), change))


@pytest.mark.parametrize(
    "bad",
    [[], [None], "ana", [reader("ana").public.as_json()] * 2],
    ids=["empty", "null", "text", "twice the same"],
)
def test_refuses_a_reader_list_that_is_none(bad: object) -> None:
    with refused(SealReason.READERS_INVALID):
        opened(with_header(sealed(), {"leitores": bad}))


def test_refuses_a_member_told_twice() -> None:
    encoded, _, rest = sealed().partition(b".")
    twice = base64url.decode(encoded).replace(b'"jti":', b'"jti":"pedido-de-teste-99","jti":')
    with refused(SealReason.MALFORMED):
        opened(base64url.encode(twice) + b"." + rest)


@pytest.mark.parametrize("place", range(1, 5))
def test_a_bit_changed_anywhere_does_not_open(place: int) -> None:
    parts = sealed().split(b".")
    data = bytearray(base64url.decode(parts[place]))
    data[0] ^= 1
    parts[place] = base64url.encode(bytes(data))
    with refused(SealReason.DOES_NOT_OPEN):
        opened(b".".join(parts))


@pytest.mark.parametrize(
    ("place", "data"), [(2, bytes(11)), (2, bytes(13)), (2, b""), (4, bytes(15)), (4, bytes(12)), (4, b"")]
)
def test_refuses_a_nonce_or_a_tag_of_another_length(place: int, data: bytes) -> None:
    parts = sealed().split(b".")
    parts[place] = base64url.encode(data)
    with refused(SealReason.MALFORMED):
        opened(b".".join(parts))


@pytest.mark.parametrize(
    "jwe",
    [b"", b"....", b"a.b.c", sealed() + b".", sealed() + b"\n", sealed().replace(b".", b". ", 1), b"{}"],
    ids=["empty", "dots", "three parts", "six parts", "a line end", "a blank", "JSON"],
)
def test_refuses_what_is_no_compact_jwe(jwe: bytes) -> None:
    with refused(SealReason.MALFORMED):
        opened(jwe)


def wrapped_otherwise(content_key: bytes, oaep: padding.OAEP | padding.PKCS1v15) -> bytes:
    """An object whose content opens, but whose key came in some other way."""
    protected = sealed().partition(b".")[0]
    nonce = bytes(12)
    content = AESGCM(content_key.ljust(32, b"\0")[:32]).encrypt(nonce, PLAINTEXT, protected)
    parts = (sealing_key().public_key().encrypt(content_key, oaep), nonce, content[:-16], content[-16:])
    return b".".join((protected, *map(base64url.encode, parts)))


def test_a_key_wrapped_as_told_opens() -> None:
    assert opened(wrapped_otherwise(bytes(32), OAEP_256)).plaintext == PLAINTEXT


@pytest.mark.parametrize(
    ("content_key", "oaep"),
    [(bytes(32), OAEP_1), (bytes(32), padding.PKCS1v15()), (bytes(16), OAEP_256), (bytes(33), OAEP_256)],
    ids=["OAEP with SHA-1", "PKCS 1.5", "16 bytes", "33 bytes"],
)
def test_a_key_wrapped_otherwise_reads_as_any_object_that_does_not_open(
    content_key: bytes, oaep: Any
) -> None:
    with refused(SealReason.DOES_NOT_OPEN):
        opened(wrapped_otherwise(content_key, oaep))


def test_a_key_that_does_not_unwrap_is_told_as_content_that_does_not_open() -> None:
    """RFC 7516, section 11.5: who could tell the two apart could decrypt by asking."""
    texts = set()
    for place in (1, 3):
        parts = sealed().split(b".")
        parts[place] = base64url.encode(bytes(384))
        with pytest.raises(SealRefused) as told:
            opened(b".".join(parts))
        texts.add((told.value.reason, told.value.detail, str(told.value.__cause__)))
    assert len(texts) == 1


def test_refuses_to_seal_to_or_open_with_a_key_of_less_than_3072_bits() -> None:
    weak = sealing_key(2048)
    with refused(SealReason.KEY_WEAK):
        seal(PLAINTEXT, header(), weak.public_key())
    with refused(SealReason.KEY_WEAK):
        open_sealed(sealed(), {KEY_ID: weak}, expected())


def test_a_plaintext_of_the_limit_is_sealed_and_opens_and_one_byte_more_is_refused() -> None:
    limit = envelope.MAX_PLAINTEXT_BYTES
    jwe = seal(bytes(limit), header(), sealing_key().public_key())
    assert len(jwe) < envelope.MAX_SEALED_BYTES
    assert len(opened(jwe).plaintext) == limit
    with refused(SealReason.TOO_LARGE):
        seal(bytes(limit + 1), header(), sealing_key().public_key())


def test_refuses_a_plaintext_over_the_limit_that_others_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MAX_PLAINTEXT_BYTES", len(PLAINTEXT) - 1)
    with refused(SealReason.TOO_LARGE):
        opened(sealed())


def test_refuses_an_object_over_the_limit_before_it_is_read() -> None:
    with refused(SealReason.TOO_LARGE):
        opened(b"." * (envelope.MAX_SEALED_BYTES + 1))
    with refused(SealReason.MALFORMED):
        opened(b"." * envelope.MAX_SEALED_BYTES)


def test_refuses_a_header_longer_than_eight_readers_need() -> None:
    everybody = header(readers=readers(*(f"{number}".zfill(64) for number in range(8))))
    assert read_header(seal(b"", everybody, sealing_key().public_key())) == everybody
    with refused(SealReason.TOO_LARGE):
        read_header(b"A" * 16_385 + b"....")


def test_request_codes_are_long_and_never_the_same() -> None:
    codes = {new_request_id() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(header(request_id=code) for code in codes)
