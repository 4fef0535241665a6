import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.sealing.canonical import canonical, canonical_digest, read_object
from aval.sealing.refusals import SealReason
from tests.support.sealing import refused

LARGEST = 10_000
names = st.text(st.characters(max_codepoint=127), max_size=8)
texts = st.text(st.characters(codec="utf-8"), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=9,
)


def test_spells_members_in_order_without_blanks_and_texts_in_utf_8() -> None:
    spelled = canonical({"b": [1, None, True], "a": 'ação \u20ac\n\x0f"\\/'})
    assert spelled == '{"a":"ação €\\n\\u000f\\"\\\\/","b":[1,null,true]}'.encode()


def test_digests_the_spelling() -> None:
    assert canonical_digest({"a": 1}) == hashlib.sha256(b'{"a":1}').digest()


@settings(deadline=None)
@given(st.dictionaries(names, values, max_size=5))
def test_what_is_spelled_reads_back(members: dict[str, object]) -> None:
    assert read_object(canonical(members), largest=LARGEST) == members


@settings(deadline=None)
@given(st.dictionaries(names, values, max_size=5))
def test_any_other_spelling_of_the_same_reads_and_is_spelled_the_same(members: dict[str, object]) -> None:
    otherwise = json.dumps(dict(reversed(members.items())), indent=1).encode()
    assert canonical(read_object(otherwise, largest=LARGEST)) == canonical(members)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"\xc3\xa7":1}',
        b'{"a":1}x',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b"[1]",
        b"1",
        b"",
        b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}",
        b'{"a":' + b"[" * 17 + b"]" * 17 + b"}",
    ],
)
def test_refuses_what_could_be_read_in_two_ways_or_not_at_all(data: bytes) -> None:
    with refused(SealReason.MALFORMED):
        read_object(data, largest=LARGEST)


def test_refuses_one_byte_over_the_limit_and_takes_the_limit() -> None:
    assert read_object(b'{"a":1}', largest=7) == {"a": 1}
    with refused(SealReason.TOO_LARGE):
        read_object(b'{"a":1} ', largest=7)


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1: 2}, {"ç": 1}, 2**53, {"a": {1, 2}}, "\ud800"])
def test_spells_nothing_that_readers_disagree_on(value: object) -> None:
    with refused(SealReason.MALFORMED):
        canonical(value)


def test_takes_sixteen_levels_below_the_first() -> None:
    assert read_object(b'{"a":' + b"[" * 16 + b"]" * 16 + b"}", largest=LARGEST)
