import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.sealing.canonical import canonical
from aval.sealing.journal import Entry, LoteEntry
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.sealed_entry import (
    MOST_SEALED_BYTES,
    first_head,
    head_after,
    open_entry,
    read_entry,
    seal_entry,
    told_counter,
)
from tests.support.journals import EVENT, company_of, delivery, lote, portfolio

KEY = bytes(range(32))


def test_a_sealed_entry_is_laid_out_as_documented() -> None:
    """docs/keys.md, section Journal, read by hand."""
    key = bytes(range(32))
    after = head_after(first_head(EVENT), b"the entry before")
    sealed = seal_entry(delivery(version=7), key, EVENT, after).sealed
    before = hashlib.sha256(hashlib.sha256(EVENT.encode()).digest() + b"the entry before").digest()
    assert sealed[:50] == b"\x01" + EVENT.encode() + (2).to_bytes(8, "big") + before
    bound = f'{{"anterior":"{before.hex()}","contador":2,"evento":"{EVENT}"}}'.encode()
    plaintext = AESGCM(key).decrypt(sealed[50:62], sealed[62:], bound)
    assert plaintext == delivery(version=7).to_bytes()
    assert plaintext.startswith(b'{"ato":"ENTREGAR","cnpj":"33047509000149","em":"2026-11-20T12:00:00Z",')


@pytest.mark.parametrize("entry", [delivery(), portfolio(), lote()], ids=["rehearsal", "week", "lote"])
def test_what_was_sealed_opens_in_its_place(entry: Entry | LoteEntry) -> None:
    after = first_head(EVENT)
    made = seal_entry(entry, KEY, EVENT, after)
    assert open_entry(made.sealed, KEY, EVENT, after) == entry
    assert (made.counter, made.head) == (1, head_after(after, made.sealed))
    assert told_counter(made.sealed) == 1


def test_an_entry_of_the_most_agents_is_a_row_of_a_table() -> None:
    agents = tuple((company_of(number), 999_000 + number % 1000) for number in range(1, 20_001))
    sealed = seal_entry(lote("lote", *agents), KEY, EVENT, first_head(EVENT)).sealed
    assert 280_000 < len(sealed) < MOST_SEALED_BYTES < 400_000


def test_refuses_more_than_any_entry_has_before_it_opens_it() -> None:
    sealed = seal_entry(lote(), KEY, EVENT, first_head(EVENT)).sealed
    longest = sealed + bytes(MOST_SEALED_BYTES - len(sealed))
    for grown, reason in (
        (longest, SealReason.JOURNAL_EDITED),
        (longest + b"0", SealReason.JOURNAL_MALFORMED),
    ):
        with pytest.raises(SealRefused) as caught:
            open_entry(grown, KEY, EVENT, first_head(EVENT))
        assert caught.value.reason is reason


@pytest.mark.parametrize("told", [{}, {"ato": 1}, {"ato": "LOTES"}], ids=str)
def test_refuses_what_is_neither_a_single_entry_nor_a_lotes(told: dict[str, object]) -> None:
    with pytest.raises(SealRefused) as caught:
        read_entry(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED
