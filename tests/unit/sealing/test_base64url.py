import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.sealing import base64url
from aval.sealing.refusals import SealReason
from tests.support.sealing import refused


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_encodes_as_the_standard_library_without_padding_and_reads_back(data: bytes) -> None:
    encoded = base64url.encode(data)
    assert encoded == base64.urlsafe_b64encode(data).rstrip(b"=")
    assert base64url.decode(encoded) == data


@pytest.mark.parametrize(
    "text",
    [b"QQ==", b"QQ=", b"Q", b"QUJDR", b"ab+d", b"ab/d", b"Q+", b"Q/", b"Q Q", b"QQ\n", b"Q!", b"\xff\xff"],
)
def test_refuses_padding_strays_and_another_alphabet(text: bytes) -> None:
    with refused(SealReason.MALFORMED):
        base64url.decode(text)


@pytest.mark.parametrize("text", [b"QR", b"QUJ", b"QUJDRB"])
def test_refuses_bits_left_over_that_spell_the_same_bytes_otherwise(text: bytes) -> None:
    assert base64.urlsafe_b64decode(text + b"==")
    with refused(SealReason.MALFORMED):
        base64url.decode(text)


def test_refuses_text_outside_ascii() -> None:
    with refused(SealReason.MALFORMED):
        base64url.decode_text("ç")
