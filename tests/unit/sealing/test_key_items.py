import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_private_key

from aval.sealing import base64url
from aval.sealing.canonical import canonical, read_object
from aval.sealing.key_items import (
    ACTIVE_FOR,
    OVERLAP_FOR,
    RENEWED_BEFORE,
    RETAINED_FOR,
    KeyItem,
    KeyPairs,
    KeyRing,
    KeyState,
    key_id_of,
    spki,
    state_of,
    unwrap,
    wrap,
)
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.enclave_keys import CREATED, pairs

DATA_KEY = bytes(range(32))
WRAPPED = b"as KMS wrapped it"
SECOND = timedelta(seconds=1)
ENDS_OVERLAP = CREATED + ACTIVE_FOR + OVERLAP_FOR
ENDS_RETENTION = ENDS_OVERLAP + RETAINED_FOR


def item() -> KeyItem:
    return wrap(pairs(), DATA_KEY, WRAPPED)


def reason_of(wrapped: KeyItem, data_key: bytes = DATA_KEY) -> SealReason:
    with pytest.raises(SealRefused) as caught:
        unwrap(wrapped, data_key)
    return caught.value.reason


def test_pairs_are_as_strong_as_told() -> None:
    made = pairs()
    assert made.sealing.key_size == 3072
    assert isinstance(made.signing.curve, ec.SECP256R1)


def test_a_pair_is_named_by_a_digest_of_its_key() -> None:
    made = pairs()
    assert made.key_id == key_id_of(made.sealing.public_key())
    assert len(made.key_id) == 43


def test_pairs_come_back_from_their_item() -> None:
    read = unwrap(KeyItem.from_bytes(item().to_bytes()), DATA_KEY)
    assert (read.key_id, read.version, read.created) == (pairs().key_id, 1, CREATED)
    assert read.sealing.private_numbers() == pairs().sealing.private_numbers()
    assert read.signing.private_numbers() == pairs().signing.private_numbers()


def test_an_item_says_nothing_that_is_secret() -> None:
    text = item().to_bytes()
    numbers = pairs().sealing.private_numbers()
    for secret in (numbers.p, numbers.q, numbers.d, pairs().signing.private_numbers().private_value):
        assert secret.to_bytes((secret.bit_length() + 7) // 8, "big") not in text
    told = read_object(text, largest=1 << 20)
    assert set(told) == {"kid", "versao", "criado", "selagem", "assinatura", "chave", "privadas"}


def test_an_item_is_laid_out_as_documented() -> None:
    """docs/keys.md, section Key pairs, read by hand."""
    told = json.loads(item().to_bytes())
    private = base64url.decode_text(told["privadas"])
    public = {name: told[name] for name in ("kid", "versao", "criado", "selagem", "assinatura")}
    bound = json.dumps({"purpose": "chaves", **public}, sort_keys=True, separators=(",", ":")).encode()
    halves = json.loads(AESGCM(DATA_KEY).decrypt(private[:12], private[12:], bound))
    sealing = load_der_private_key(base64url.decode_text(halves["selagem"]), None)
    signing = load_der_private_key(base64url.decode_text(halves["assinatura"]), None)
    assert isinstance(sealing, rsa.RSAPrivateKey)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    assert base64url.encode_text(hashlib.sha256(spki(sealing.public_key())).digest()) == told["kid"]
    assert base64url.decode_text(told["assinatura"]) == spki(signing.public_key())
    assert base64url.decode_text(told["chave"]) == WRAPPED


def test_refuses_another_items_data_key() -> None:
    assert reason_of(item(), bytes(32)) is SealReason.KEY_ITEM_UNOPENED


def test_refuses_private_halves_under_another_items_name() -> None:
    other = wrap(pairs(2), DATA_KEY, WRAPPED)
    assert reason_of(replace(item(), private=other.private)) is SealReason.KEY_ITEM_UNOPENED


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"created": CREATED + SECOND},
        {"key_id": pairs(2).key_id},
        {"sealing": spki(pairs(2).sealing.public_key())},
        {"signing": spki(pairs(2).signing.public_key())},
        {"private": b""},
        {"private": bytes(12)},
    ],
    ids="-".join,
)
def test_refuses_an_item_with_any_part_changed(change: dict[str, object]) -> None:
    assert reason_of(replace(item(), **change)) is SealReason.KEY_ITEM_UNOPENED  # type: ignore[arg-type]


def test_refuses_an_item_whose_name_is_another_keys_though_an_enclave_wrote_it() -> None:
    misnamed = replace(pairs(), key_id=pairs(2).key_id)
    assert reason_of(wrap(misnamed, DATA_KEY, WRAPPED)) is SealReason.KEY_ITEM_UNOPENED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kid", "short"),
        ("versao", 0),
        ("versao", True),
        ("versao", "1"),
        ("criado", "2026-11-20"),
        ("criado", 5),
        ("selagem", "a+b/"),
        ("privadas", None),
        ("mais", "1"),
    ],
)
def test_refuses_what_is_no_item(name: str, value: object) -> None:
    told = {**read_object(item().to_bytes(), largest=1 << 20), name: value}
    with pytest.raises(SealRefused):
        KeyItem.from_bytes(canonical(told))


def test_refuses_an_item_that_leaves_something_out() -> None:
    told = read_object(item().to_bytes(), largest=1 << 20)
    del told["chave"]
    with pytest.raises(SealRefused) as caught:
        KeyItem.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.KEY_ITEM_MALFORMED


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (CREATED, KeyState.ACTIVE),
        (CREATED + ACTIVE_FOR - SECOND, KeyState.ACTIVE),
        (CREATED + ACTIVE_FOR, KeyState.OVERLAP),
        (ENDS_OVERLAP - SECOND, KeyState.OVERLAP),
        (ENDS_OVERLAP, KeyState.RETIRED),
        (ENDS_RETENTION - SECOND, KeyState.RETIRED),
        (ENDS_RETENTION, KeyState.DESTROYED),
    ],
)
def test_a_pair_changes_its_state_by_its_age(at: object, state: KeyState) -> None:
    assert state_of(CREATED, at) is state  # type: ignore[arg-type]


def test_the_states_last_as_long_as_promised() -> None:
    assert (ACTIVE_FOR.days, OVERLAP_FOR.days, RENEWED_BEFORE.days) == (90, 30, 7)
    # Any five years, whichever leap days they have.
    assert CREATED.replace(year=CREATED.year + 5) <= CREATED + RETAINED_FOR


def ring() -> KeyRing:
    return KeyRing([pairs(), pairs(2, CREATED + timedelta(days=83))])


@pytest.mark.parametrize(
    ("day", "active", "opening", "reading"),
    [
        (83, 2, [1, 2], [1, 2]),
        (90, 2, [1, 2], [1, 2]),
        (119, 2, [1, 2], [1, 2]),
        (120, 2, [2], [1, 2]),
        (120 + RETAINED_FOR.days, None, [], [2]),
    ],
)
def test_a_new_pair_overlaps_the_former(
    day: int, active: int | None, opening: list[int], reading: list[int]
) -> None:
    names = {1: pairs().key_id, 2: pairs(2, CREATED + timedelta(days=83)).key_id}
    at = CREATED + timedelta(days=day)
    if active:
        assert ring().active(at).version == active
    assert set(ring().opening(at)) == {names[version] for version in opening}
    assert set(ring().reading_back(at)) == {names[version] for version in reading}


@pytest.mark.parametrize(
    ("age", "needed"),
    [(timedelta(0), False), (timedelta(days=83) - SECOND, False), (timedelta(days=83), True)],
)
def test_a_new_pair_is_made_while_the_active_one_has_a_week(age: timedelta, needed: bool) -> None:
    assert KeyRing([pairs()]).needs_new(CREATED + age) is needed


def test_without_an_active_pair_nothing_can_be_sealed() -> None:
    for one in (KeyRing([]), KeyRing([pairs()])):
        with pytest.raises(SealRefused) as caught:
            one.active(CREATED + ACTIVE_FOR)
        assert caught.value.reason is SealReason.KEYS_MISSING
        assert one.needs_new(CREATED + ACTIVE_FOR)


def test_refuses_pairs_of_the_same_version_or_out_of_order() -> None:
    second = pairs(2, CREATED + timedelta(days=83))
    for wrong in ([second, pairs()], [pairs(), replace(second, version=1)]):
        with pytest.raises(SealRefused):
            KeyRing(wrong)


def test_private_keys_show_in_no_representation() -> None:
    assert "PrivateKey" not in repr(pairs())
    assert "private" not in repr(item())


def test_what_is_made_now_is_stored_to_the_second() -> None:
    made = KeyPairs.make(1, CREATED.replace(microsecond=7))
    assert unwrap(KeyItem.from_bytes(wrap(made, DATA_KEY, WRAPPED).to_bytes()), DATA_KEY).created == CREATED
