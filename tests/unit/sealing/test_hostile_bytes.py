"""Whatever comes sealed, signed or answered: refused in our words, and never taken when it was changed."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.attestation.refusals import AttestationRefused
from aval.sealing import base64url
from aval.sealing.answers import Binding, ExpectedAnswer, open_answer, seal_answer
from aval.sealing.envelope import open_sealed, read_header, seal
from aval.sealing.offered_key import KeyOffer
from aval.sealing.reader_file import FEWEST_ITERATIONS, protect, unprotect
from aval.sealing.receipts import verify_receipt
from aval.sealing.refusals import SealRefused
from aval.sealing.statements import sign_statement, verify_statement
from tests.support.attested import accepted, offer, root_fingerprint, signed_receipt
from tests.support.mutations import mutate
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    REQUEST,
    expected,
    expected_statement,
    header,
    keys,
    reader,
    readers,
    sealed,
    sealing_key,
    signing_key,
    statement,
)

MUTATED_OBJECTS = 20_000
SEEDS = range(4)
FEWER = 2_000


@cache
def objects() -> tuple[bytes, ...]:
    everybody = readers(*(f"leitor-{number}" for number in range(8)))
    public = sealing_key().public_key()
    return (
        sealed(),
        seal(b"", header(), public),
        seal(bytes(100), header(readers=everybody), public),
    )


def mutated(shapes: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """Bytes changed as they stand, inside one part of the five, or in the JSON of a header."""
    chance = random.Random(seed)
    for _ in range(count):
        shape = chance.choice(shapes)
        match chance.randrange(4):
            case 0:
                yield _changed(shape, chance)
            case 1:
                parts = shape.split(b".")
                place = chance.randrange(len(parts))
                other = chance.choice(shapes).split(b".")[place]
                yield b".".join((*parts[:place], other, *parts[place + 1 :]))
            case _:
                parts = shape.split(b".")
                place = chance.randrange(len(parts))
                try:
                    data = base64url.decode(parts[place])
                except SealRefused:
                    data = parts[place]
                parts[place] = base64url.encode(_changed(data, chance))
                yield b".".join(parts)


def _changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if changed:
            mutate(changed, chance)
    return bytes(changed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_object_is_refused(seed: int) -> None:
    kept, refused = set(objects()), 0
    for jwe in mutated(objects(), seed, MUTATED_OBJECTS // len(SEEDS)):
        try:
            open_sealed(jwe, keys(), expected())
        except SealRefused:
            refused += 1
        else:
            # One part of the five taken from the same object again changes nothing.
            assert jwe in kept
    assert refused > MUTATED_OBJECTS // len(SEEDS) * 0.8


@cache
def _answer() -> bytes:
    binding = Binding(EVENT, COMPANY, REQUEST, HEAD)
    return seal_answer({"a": 1}, binding, readers(), signing_key=signing_key(), signing_kid=KEY_ID)


def _open_answer(data: bytes) -> object:
    told = ExpectedAnswer(EVENT, COMPANY, REQUEST)
    return open_answer(data, reader(), signer=signing_key().public_key(), expected=told)


def _verify_statement(data: bytes) -> object:
    return verify_statement(data.decode("latin-1"), readers(), expected_statement())


def _verify_receipt(data: bytes) -> object:
    return verify_receipt(data.decode("latin-1"), root=root_fingerprint(), accepted=accepted)


@pytest.mark.parametrize(
    ("make", "use"),
    [
        (lambda: sign_statement(statement(), reader()).encode(), _verify_statement),
        (lambda: signed_receipt().encode(), _verify_receipt),
    ],
    ids=["statement", "receipt"],
)
def test_a_mutated_signature_is_refused(make: Callable[[], bytes], use: Callable[[bytes], object]) -> None:
    whole = make()
    assert use(whole)
    for data in mutated((whole,), 7, FEWER):
        if data != whole:
            with pytest.raises((SealRefused, AttestationRefused)):
                use(data)


def test_a_mutated_answer_opens_to_the_same_or_not_at_all() -> None:
    """An answer is JSON: blanks between its members, or another reader's share, change nothing of it."""
    chance = random.Random(11)
    told = _open_answer(_answer())
    for _ in range(FEWER):
        with suppress(SealRefused):
            assert _open_answer(_changed(_answer(), chance)) == told


def test_a_mutated_offer_reads_or_is_refused() -> None:
    chance, whole = random.Random(13), offer()
    for _ in range(FEWER):
        with suppress(SealRefused):
            assert KeyOffer.read(_changed(whole, chance))


def test_a_mutated_readers_file_opens_to_nobody() -> None:
    whole = protect(reader(), "uma senha comprida", iterations=FEWEST_ITERATIONS).strip()
    for data in mutated((whole,), 17, 40):
        if data != whole:
            with pytest.raises(SealRefused):
                unprotect(data, "uma senha comprida")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    for use in (read_header, _open_answer, _verify_statement, _verify_receipt, KeyOffer.read):
        with pytest.raises(SealRefused):
            use(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(header().as_json())), json_values)
def test_any_value_in_any_member_of_the_header_is_refused(name: str, value: object) -> None:
    told = {**header().as_json(), name: value}
    jwe = base64url.encode(json.dumps(told).encode()) + b"." + sealed().partition(b".")[2]
    with pytest.raises(SealRefused):
        open_sealed(jwe, keys(), expected())
