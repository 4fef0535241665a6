import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.prudential.json_document import ListUnreadable, Node, read_document, read_listed, told
from aval.prudential.refusals import DocumentUnreadable


class Colour(StrEnum):
    BLUE = "AZUL"
    RED = "VERMELHO"


def node(json: str) -> Node:
    return read_document(json.encode()).members(("a",))["a"]


def noted(one: Node) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.rule) for fault in one.faults]


@pytest.mark.parametrize(
    ("json", "read", "value"),
    [
        ('"1.50"', Node.decimal, Decimal("1.5")),
        ("744", Node.figure, Decimal(744)),
        ('"744.5"', Node.figure, Decimal("744.5")),
        ('"ação"', Node.text, "ação"),
        ('"2024-02-29"', Node.day, date(2024, 2, 29)),
        ('"2024-02-29T23:59:59Z"', Node.moment, datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ('"2024-02-29T23:59:59-03:00"', Node.moment, datetime(2024, 3, 1, 2, 59, 59, tzinfo=UTC)),
    ],
)
def test_reads_a_value(json: str, read: Callable[[Node], object], value: object) -> None:
    one = node(f'{{"a": {json}}}')
    assert read(one) == value
    assert noted(one) == []


@pytest.mark.parametrize(
    "json", ["null", "true", "1", "1.5", "[]", "{}", '"?\\u0000"', '""', '"' + "9" * 99 + '"']
)
@pytest.mark.parametrize("read", [Node.decimal, Node.day, Node.moment, Node.event, Node.company])
def test_notes_one_fault_where_the_value_is_not_of_the_kind(
    json: str, read: Callable[[Node], object]
) -> None:
    one = node(f'{{"a": {json}}}')
    read(one)
    assert [pointer for pointer, _ in noted(one)] == ["/a"]
    assert not one.is_sound


def test_what_lacks_is_noted_once_whatever_is_read_of_it() -> None:
    one = node("{}")
    for read in (Node.decimal, Node.figure, Node.text, Node.day, Node.moment, Node.event, Node.company):
        read(one)
    one.whole(1, 2)
    one.choice(Colour)
    one.items(1, 2)
    one.members(("b",))["b"].decimal()
    assert noted(one) == [("/a", "obrigatorio")]
    assert not one.is_there


def test_what_is_optional_may_lack() -> None:
    document = read_document(b"{}")
    assert not document.members((), ("a",))["a"].is_there
    assert document.faults == []


def test_a_fault_below_makes_what_is_above_unsound_and_not_what_stands_beside() -> None:
    document = read_document(b'{"a": {"b": [1, "x"]}, "ab": "1"}')
    members = document.members(("a", "ab"))
    inner = members["a"].members(("b",))["b"]
    first, second = inner.items(2, 2)
    assert first.whole(1, 1) == 1
    second.decimal()
    assert noted(document) == [("/a/b/1", "numero")]
    assert [one.is_sound for one in (document, members["a"], inner, second)] == [False] * 4
    assert first.is_sound
    assert members["ab"].is_sound


@pytest.mark.parametrize(("json", "fits"), [("0", False), ("1", True), ("5", True), ("6", False)])
def test_a_whole_number_stays_between_its_limits(json: str, fits: bool) -> None:
    one = node(f'{{"a": {json}}}')
    one.whole(1, 5)
    assert one.is_sound is fits


@pytest.mark.parametrize(("count", "fits"), [(1, False), (2, True), (3, True), (4, False)])
def test_a_list_has_as_many_items_as_it_may(count: int, fits: bool) -> None:
    one = node(f'{{"a": {[1] * count}}}')
    assert len(one.items(2, 3)) == (count if fits else 0)
    assert one.is_sound is fits


@pytest.mark.parametrize(("length", "fits"), [(1, False), (2, True), (3, True), (4, False)])
def test_a_text_is_as_long_as_it_may_be(length: int, fits: bool) -> None:
    one = node(f'{{"a": "{"é" * length}"}}')
    assert one.text(3, shortest=2) == ("é" * length if fits else "")
    assert one.is_sound is fits


def test_a_word_is_one_of_those_told() -> None:
    assert node('{"a": "VERMELHO"}').choice(Colour) is Colour.RED
    one = node('{"a": "verde"}')
    one.choice(Colour)
    assert one.faults[0].detail == "deve ser um destes: AZUL, VERMELHO; veio “verde”"


def test_names_that_are_unknown_are_told_together_and_the_first_of_many() -> None:
    document = read_document(("{" + ",".join(f'"n{number}": 1' for number in range(1000)) + "}").encode())
    document.members(())
    [fault] = document.faults
    assert "“n0”" in fault.detail
    assert "“n19”" in fault.detail
    assert "“n20”" not in fault.detail


@pytest.mark.parametrize(
    ("spelled", "shown"),
    [
        ("1.50", "1.50"),
        ("1e400", "1e400"),
        ("9" * 5000, "9" * 40),
        ("true", "true"),
        ("null", "null"),
        ("[1]", "uma lista"),
        ('{"b": 1}', "um objeto"),
        ('"a\\u202e\\u0007"', "“a\\u202e\\u0007”"),
        ('"' + "a" * 41 + '"', "“" + "a" * 40 + "…”"),
    ],
)
def test_what_was_found_is_told_short_and_in_visible_characters(spelled: str, shown: str) -> None:
    assert told(node(f'{{"a": {spelled}}}').value) == shown


def test_tells_the_line_at_which_a_file_stops_being_json() -> None:
    with pytest.raises(DocumentUnreadable) as refusal:
        read_document(b'{\n  "a": 1,\n}')
    assert "a partir da linha 3, coluna 1" in refusal.value.faults[0].detail


def test_an_unreadable_file_keeps_nothing_of_what_it_says() -> None:
    with pytest.raises(DocumentUnreadable) as refusal:
        read_document(b'{"segredo": 12345.67,,}')
    assert "12345" not in f"{refusal.value} {refusal.value.faults}"
    # A JSONDecodeError carries the whole document.
    assert refusal.value.__suppress_context__


@given(st.binary())
def test_any_bytes_are_json_or_unreadable(data: bytes) -> None:
    with suppress(DocumentUnreadable):
        assert read_document(data).is_sound


@pytest.mark.parametrize("blank", ["", " ", "\r\n\t "])
def test_a_plain_list_is_read_one_by_one(blank: str) -> None:
    parts = ["", "{", '"a"', ":", "[", '{"b": 1}', ",", "[2]", ",", '"3"', "]", "}", ""]
    assert list(read_listed(blank.join(parts).encode(), "a")) == [{"b": 1}, [2], "3"]
    assert list(read_listed(b"\xef\xbb\xbf" + b'{"a":[1]}', "a")) == [1]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[1]", b'{"a":1}', b'{"b":[1]}', b'{"a":[]}', b'{"a":[1],"b":2}', b'{"b":2,"a":[1]}'),
        *(b'{"a":[1,]}', b'{"a":[1 2]}', b'{"a":[1]', b'{"a":[1]}}', b'{"a":[1]}\x00', b'{"a":[NaN]}'),
        *(b'{"a":["\xff"]}', b'{"\\u0061":[1]}', b'{"a":[' + b"[" * 100_000 + b"]}"),
    ],
)
def test_what_is_no_plain_list_is_left_to_who_reads_it_whole(data: bytes) -> None:
    with pytest.raises(ListUnreadable):
        list(read_listed(data, "a"))


@given(st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5), min_size=1))
def test_a_list_read_one_by_one_is_the_list_read_whole(values: list[object]) -> None:
    data = json.dumps({"a": values}).encode()
    assert list(read_listed(data, "a")) == read_document(data).members(["a"])["a"].value
