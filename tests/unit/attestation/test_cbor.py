"""The strict reader, beside cbor2 as a peer that is less strict."""

from typing import Any

import cbor2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aval.attestation import cbor
from aval.attestation.refusals import AttestationRefused, Reason

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=40)
    | st.text(max_size=20)
)
KEYS = st.integers(-(2**63), 2**63) | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def reason_for(data: bytes) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        cbor.decode(data)
    return refused.value.reason


@given(VALUES)
def test_what_a_peer_writes_is_read_as_it_was(value: Any) -> None:
    assume(depth(value) <= cbor.MAX_DEPTH)
    assert cbor.decode(cbor2.dumps(value)) == value


@given(st.binary(max_size=60))
def test_what_is_taken_of_any_bytes_is_what_the_peer_reads(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except AttestationRefused:
        return
    # The peer reads most tags as values of Python's own.
    assume(not has_tag(value))
    assert value == cbor2.loads(data)


def depth(value: Any) -> int:
    match value:
        case list() | dict():
            inner = value if isinstance(value, list) else value.values()
            return 1 + max(map(depth, inner), default=0)
    return 0


def has_tag(value: cbor.Value) -> bool:
    match value:
        case list():
            return any(map(has_tag, value))
        case dict():
            return any(map(has_tag, value.values()))
    return isinstance(value, cbor.Tagged)


@pytest.mark.parametrize("data", ["bf616101616202ff", "a2616101616202"], ids=["indefinite", "definite"])
def test_both_encodings_of_a_map_are_the_same_map(data: str) -> None:
    assert cbor.decode(bytes.fromhex(data)) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "data",
    ["a2616101616102", "bf616101616102ff", "a20101180102", "a20001180002", "a1616ba2616101616102"],
    ids=["definite", "indefinite", "one, written longer", "zero, written longer", "inner"],
)
def test_refuses_a_key_told_twice(data: str) -> None:
    assert reason_for(bytes.fromhex(data)) is Reason.DUPLICATE_KEY


@pytest.mark.parametrize("data", ["0100", "a000", "80ff", "40f6"])
def test_refuses_bytes_after_the_end(data: str) -> None:
    assert reason_for(bytes.fromhex(data)) is Reason.TRAILING_BYTES


@pytest.mark.parametrize(
    "data",
    [
        "",
        "18",
        "41",
        "1c",
        "1c" + "00" * 16,
        "1f",
        "3f",
        "df00",
        "ff",
        "5f4100ff",
        "7f6161ff",
        "fb3ff0000000000000",
        "f90000",
        "f7",
        "f820",
        "61ff",
        "bf61",
        "bf6161ff",
        "9f01",
        "a1f401",
        "a14000",
        "a18000",
        "a1c10101",
        "81" * 9 + "01",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "5bffffffffffffffff",
        "7bffffffffffffffff",
    ],
)
def test_refuses_what_no_attestation_has(data: str) -> None:
    assert reason_for(bytes.fromhex(data)) is Reason.CBOR


def test_takes_as_deep_as_the_limit_and_no_deeper() -> None:
    assert cbor.decode(b"\x81" * cbor.MAX_DEPTH + b"\x01")
    assert reason_for(b"\x81" * (cbor.MAX_DEPTH + 1) + b"\x01") is Reason.CBOR
