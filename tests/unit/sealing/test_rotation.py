"""A pair's life as an agent meets it: what was sealed to it opens for as long as is promised."""

from datetime import datetime, timedelta

import pytest

from aval.sealing.envelope import Expected, SealedKind, open_sealed, seal
from aval.sealing.key_items import KeyRing
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.enclave_keys import CREATED, pairs
from tests.support.sealing import COMPANY, EVENT, PLAINTEXT, header

SECOND = timedelta(seconds=1)
RENEWED = CREATED + timedelta(days=83)
ENDS_OVERLAP = CREATED + timedelta(days=120)
ENDS_RETENTION = ENDS_OVERLAP + timedelta(days=1827)
EXPECTED = Expected(EVENT, COMPANY, SealedKind.ENSAIO)
RING = KeyRing([pairs(), pairs(2, RENEWED)])


@pytest.fixture(scope="module")
def lote() -> bytes:
    """Sealed to the first pair by an agent that fetched its key while it was active."""
    former = pairs()
    return seal(PLAINTEXT, header(key_id=former.key_id), former.sealing.public_key())


@pytest.mark.parametrize("at", [CREATED, RENEWED, ENDS_OVERLAP - SECOND])
def test_a_new_pair_leaves_what_was_sealed_to_the_former_one_open(lote: bytes, at: datetime) -> None:
    assert open_sealed(lote, RING.opening(at), EXPECTED).plaintext == PLAINTEXT


def test_a_retired_key_opens_no_new_delivery(lote: bytes) -> None:
    with pytest.raises(SealRefused) as caught:
        open_sealed(lote, RING.opening(ENDS_OVERLAP), EXPECTED)
    assert caught.value.reason is SealReason.KEY_UNKNOWN


def test_a_retired_key_opens_what_is_read_back_until_its_retention_ends(lote: bytes) -> None:
    for at in (ENDS_OVERLAP, ENDS_RETENTION - SECOND):
        assert open_sealed(lote, RING.reading_back(at), EXPECTED).plaintext == PLAINTEXT
    with pytest.raises(SealRefused) as caught:
        open_sealed(lote, RING.reading_back(ENDS_RETENTION), EXPECTED)
    assert caught.value.reason is SealReason.KEY_UNKNOWN
