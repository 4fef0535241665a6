import tracemalloc

import pytest

from aval.edge.requests import MAX_BODY_BYTES
from aval.edge.soap.documents import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_TOKEN_BYTES,
    DocumentRefused,
    read_document,
)

MEGABYTE = 1024 * 1024
BOMB = (
    '<!DOCTYPE a [<!ENTITY b0 "ha">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    + "]><a>&b11;</a>"
)


def refusal(body: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        read_document(body)
    return refused.value.detail


def test_reads_names_namespaces_and_text() -> None:
    root = read_document('<p:a xmlns:p="urn:x" p:k="1">água<b/>&amp;<![CDATA[<c>]]></p:a>'.encode())
    assert (root.namespace, root.name, root.attributes) == ("urn:x", "a", {"urn:x k": "1"})
    assert root.text == "água&<c>"
    assert [(child.namespace, child.name) for child in root.children] == [("", "b")]


def test_a_comment_or_an_instruction_in_the_middle_of_a_value_is_not_part_of_it() -> None:
    assert read_document(b"<?x y?><a>12<!-- 99 -->3<?z?>4</a><!-- end -->").text == "1234"


def test_a_mark_of_utf8_may_stand_before_the_message() -> None:
    assert read_document(b"\xef\xbb\xbf<a/>").name == "a"


@pytest.mark.parametrize("declared", ["utf-8", "UTF-8", "us-ascii"])
def test_a_declaration_may_name_what_is_utf8(declared: str) -> None:
    assert read_document(f'<?xml version="1.0" encoding="{declared}"?><a/>'.encode()).name == "a"


@pytest.mark.parametrize("declared", ["ISO-8859-1", "utf-16", "utf-7", "cp037"])
def test_another_encoding_is_refused_whatever_the_bytes_are(declared: str) -> None:
    assert declared in refusal(f'<?xml version="1.0" encoding="{declared}"?><a/>'.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_encodings_are_refused(encoding: str) -> None:
    assert "UTF-8" in refusal('<a b="1"/>'.encode(encoding))


def test_utf7_is_never_undone() -> None:
    assert "bem formado" in refusal(b"+ADw-a+AD4-")
    assert read_document("<a>é</a>".encode("utf-7")).text == "+AOk"


@pytest.mark.parametrize("body", [b"", b"<a>\xe9</a>", b"<a>\xc0\xbc</a>", b"<a>\xed\xa0\x80</a>"])
def test_bytes_that_are_no_utf8_are_refused(body: bytes) -> None:
    assert "UTF-8" in refusal(body)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1/x.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><a/>',
        "<!DOCTYPE a><a/>",
        '<?xml version="1.0"?><!-- before --><!DOCTYPE a><a/>',
    ],
)
def test_a_doctype_is_refused_before_what_it_declares(body: str) -> None:
    assert "DOCTYPE" in refusal(body.encode())


def test_a_bomb_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        refusal(BOMB.encode())
        assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    finally:
        tracemalloc.stop()


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert "bem formado" in refusal(b"<a>&x;</a>")


def test_xinclude_is_refused() -> None:
    assert "XInclude" in refusal(b'<a><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/x"/></a>')


def test_a_message_is_as_deep_as_the_limit_and_no_deeper() -> None:
    assert read_document(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).name == "a"
    assert "níveis" in refusal(b"<a>" * 200 + b"</a>" * 200)
    assert "níveis" in refusal(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1))


def test_a_message_has_as_many_elements_as_the_limit_and_no_more() -> None:
    assert len(read_document(b"<a>" + b"<b/>" * (MAX_ELEMENTS - 1) + b"</a>").children) == MAX_ELEMENTS - 1
    assert "elementos" in refusal(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>")


def test_four_megabytes_are_read_and_one_byte_more_is_not() -> None:
    assert len(read_document(b"<a>" + b"x" * (MAX_BODY_BYTES - 7) + b"</a>").text) == MAX_BODY_BYTES - 7
    assert "4 MB" in refusal(b"<a>" + b"x" * (MAX_BODY_BYTES - 6) + b"</a>")


@pytest.mark.parametrize(
    "body",
    [
        b"<a " + b" ".join(b'k%d=""' % number for number in range(200_000)) + b"/>",
        b"<a><!--" + b"x" * 3 * MEGABYTE + b"--></a>",
        b"<a k='" + b"x" * 3 * MEGABYTE + b"'/>",
    ],
)
def test_a_tag_or_comment_of_megabytes_is_refused_before_it_is_whole(body: bytes) -> None:
    tracemalloc.start()
    try:
        assert "longo demais" in refusal(body)
        assert tracemalloc.get_traced_memory()[1] < len(body) + 4 * MAX_TOKEN_BYTES
    finally:
        tracemalloc.stop()


def test_a_malformed_message_is_told_where_it_breaks() -> None:
    assert refusal(b"<a>\n<b></a>") == "a mensagem não é XML bem formado (linha 2, coluna 6)"
