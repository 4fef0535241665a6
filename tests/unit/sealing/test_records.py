from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from aval.sealing.event_keys import EventKeys
from aval.sealing.records import Place, open_record, seal_record
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.journals import COMPANY, EVENT, KIND, OTHER_EVENT, STRANGER, digest_of

KEY = EventKeys.derive(EVENT, bytes(range(32))).record
PLACE = Place(EVENT, COMPANY, KIND, 3, digest_of("body"))


def refused(sealed: bytes, key: bytes = KEY, place: Place = PLACE) -> bool:
    with pytest.raises(SealRefused) as caught:
        open_record(sealed, key, place)
    return caught.value.reason is SealReason.RECORD_UNOPENED


@given(st.binary(max_size=4096))
def test_a_record_opens_where_it_belongs(plaintext: bytes) -> None:
    assert open_record(seal_record(plaintext, KEY, PLACE), KEY, PLACE) == plaintext


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, company=STRANGER),
        replace(PLACE, event=OTHER_EVENT),
        replace(PLACE, version=2),
        replace(PLACE, version=4),
        replace(PLACE, kind="RESULTADO"),
        replace(PLACE, identity=digest_of("another body")),
    ],
    ids=[
        "another agent",
        "another week",
        "an older version",
        "a newer version",
        "another kind",
        "another body",
    ],
)
def test_refuses_a_record_that_was_moved(elsewhere: Place) -> None:
    sealed = seal_record(b"0.17", KEY, PLACE)
    assert refused(sealed, place=elsewhere)
    assert refused(seal_record(b"0.17", KEY, elsewhere))


def test_refuses_a_record_of_another_events_key() -> None:
    other = EventKeys.derive(OTHER_EVENT, bytes(range(1, 33))).record
    assert refused(seal_record(b"0.17", other, PLACE))


def test_refuses_any_altered_byte() -> None:
    sealed = seal_record(b"0.17", KEY, PLACE)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        assert refused(bytes(altered))


def test_refuses_any_shorter_record() -> None:
    sealed = seal_record(b"0.17", KEY, PLACE)
    assert all(refused(sealed[:length]) for length in range(len(sealed)))


def test_the_same_plaintext_is_never_sealed_alike() -> None:
    assert len({seal_record(b"0.17", KEY, PLACE) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": "ensaio"}, {"kind": "A#B"}, {"version": 0}, {"identity": "f" * 63}],
    ids=str,
)
def test_a_place_that_cannot_be_is_a_mistake_of_the_code(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no place"):
        replace(PLACE, **wrong)  # type: ignore[arg-type]  # one wrong member at a time


def test_a_record_is_laid_out_as_documented() -> None:
    """docs/keys.md, section Records, read by hand."""
    sealed = seal_record(b"0.17", KEY, PLACE)
    bound = (
        f'{{"cnpj":"{COMPANY}","evento":"{EVENT}","identidade":"{digest_of("body")}",'
        f'"tipo":"{KIND}","versao":3}}'
    )
    assert sealed[:1] == b"\x01"
    assert AESGCM(KEY).decrypt(sealed[1:13], sealed[13:], bound.encode()) == b"0.17"


def test_records_and_journal_have_keys_of_their_own() -> None:
    keys = EventKeys.derive(EVENT, bytes(range(32)))
    assert len({keys.record, keys.journal, bytes(range(32))}) == 3
    # openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:0001…1f -kdfopt info:registro HKDF
    assert keys.record.hex() == "76b383403d9c34a21ef46fe24588d6df8a5925416781fe257cbe3df6feccf403"
    assert keys.journal.hex() == "ee8c58abdda1f401ef3bcfc08c93c95c1181690798cf07ab0e0453af44352691"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_data_key_has_256_bits(length: int) -> None:
    with pytest.raises(ValueError, match="256 bits"):
        EventKeys.derive(EVENT, bytes(length))


def test_keys_show_in_no_representation() -> None:
    keys = EventKeys.derive(EVENT, bytes(range(32)))
    assert repr(keys) == f"EventKeys(event='{EVENT}')"
