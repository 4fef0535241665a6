from dataclasses import replace

import pytest

from aval.sealing.key_agreement import unwrap, wrap
from aval.sealing.refusals import SealReason
from tests.support.sealing import reader, refused

CONTENT_KEY = bytes(range(32))
HOLDER = reader().encryption


def test_a_key_wrapped_for_a_holder_unwraps_for_that_holder_alone() -> None:
    wrapped = wrap(CONTENT_KEY, HOLDER.public_key())
    assert unwrap(wrapped, HOLDER) == CONTENT_KEY
    with refused(SealReason.DOES_NOT_OPEN):
        unwrap(wrapped, reader("bia").encryption)


@pytest.mark.parametrize("content_key", [bytes(16), bytes(24), bytes(40)], ids=len)
def test_a_content_key_of_another_length_than_the_cipher_told_is_refused(content_key: bytes) -> None:
    """A256GCM with 16 bytes would run as another cipher: RFC 7516, section 5.2, step 9."""
    with refused(SealReason.DOES_NOT_OPEN):
        unwrap(wrap(content_key, HOLDER.public_key()), HOLDER)


@pytest.mark.parametrize("length", [0, 1, 8, 16, 39, 41, 64])
def test_what_is_no_wrapped_key_is_refused(length: int) -> None:
    wrapped = replace(wrap(CONTENT_KEY, HOLDER.public_key()), wrapped=bytes(length))
    with refused(SealReason.DOES_NOT_OPEN):
        unwrap(wrapped, HOLDER)
