import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aval.sealing.canonical import canonical, read_object
from aval.sealing.journal_entry import Entry, EntryAct, first_head, head_after, seal_entry
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.journals import EVENT, delivery, digest_of


def test_an_entry_reads_back_as_it_was_written() -> None:
    assert Entry.from_bytes(delivery().to_bytes()) == delivery()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ato", "APAGAR"),
        ("remetente", "33047509000148"),
        ("cnpj", "33.047.509/0001-49"),
        ("tipo", "ensaio"),
        ("versao", 0),
        ("versao", True),
        ("versao", "1"),
        ("jti", "short"),
        ("identidade", "F" * 64),
        ("leitores", ""),
        ("sobre", digest_of("something else")),
        ("em", "2026-11-20"),
        ("em", None),
        ("mais", "1"),
    ],
)
def test_refuses_what_is_no_entry(name: str, value: object) -> None:
    told = {**read_object(delivery().to_bytes(), largest=4096), name: value}
    with pytest.raises(SealRefused) as caught:
        Entry.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


@pytest.mark.parametrize("name", ["ato", "cnpj", "jti", "em"])
def test_refuses_an_entry_that_leaves_something_out(name: str) -> None:
    told = read_object(delivery().to_bytes(), largest=4096)
    del told[name]
    with pytest.raises(SealRefused) as caught:
        Entry.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


def test_refuses_another_spelling_of_the_same_entry() -> None:
    with pytest.raises(SealRefused):
        Entry.from_bytes(delivery().to_bytes().replace(b",", b", ", 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity": "f" * 63},
        {"readers": ""},
        {"request_id": "x" * 15},
        {"request_id": "x" * 65},
        {"version": 0},
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_is_a_mistake_of_the_code(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an entry"):
        replace(delivery(), act=EntryAct.SEND, **wrong)  # type: ignore[arg-type]  # one wrong member at a time


def test_a_delivery_is_about_itself() -> None:
    with pytest.raises(ValueError, match="about itself"):
        replace(delivery(), subject=digest_of("something else"))


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
