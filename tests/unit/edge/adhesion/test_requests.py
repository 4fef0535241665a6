import base64

import pytest

from aval.edge.adhesion.messages import Change
from aval.edge.adhesion.requests import change_request, entity_tag, expected_versions
from aval.edge.downloads import attachment
from aval.errors import FaultsFound
from aval.identity.caller import Caller, CallerKind
from tests.support.adhesion import ANA, BOLT

CALLER = Caller(CallerKind.PERSON, "sub", person=ANA)


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        ('"3"', frozenset({3})),
        ('W/"3"', frozenset({3})),
        ('"3", W/"4"', frozenset({3, 4})),
        ('"other"', frozenset()),
        ("3", frozenset()),
    ],
)
def test_if_match_names_versions(header: str | None, versions: frozenset[int] | None) -> None:
    assert expected_versions(header) == versions


def test_an_entity_tag_reads_back() -> None:
    assert expected_versions(entity_tag(7)) == frozenset({7})


def test_every_content_that_is_not_base64_is_told() -> None:
    change = Change.model_validate(
        {
            "adicionar": [
                {"nome": "a.cer", "conteudo": content}
                for content in ("YQ==", "@@", "YQ=", "Y Q=", "YWJj=", "YQ==YQ==")
            ]
        }
    )
    with pytest.raises(FaultsFound) as refused:
        change.files()
    assert [fault.pointer for fault in refused.value.faults] == [
        f"#/adicionar/{index}/conteudo" for index in (1, 2, 3, 4, 5)
    ]


def test_a_blank_password_keeps_the_one_there_is() -> None:
    asked = change_request(BOLT, Change.model_validate({"senha": ""}), caller=CALLER, key=None, if_match=None)
    assert (asked.company, asked.password, asked.request_id) == (BOLT, None, None)


def test_one_key_of_two_callers_is_two_requests() -> None:
    change = Change.model_validate({})
    other = Caller(CallerKind.PERSON, "other", person=ANA)
    ids = {
        change_request(BOLT, change, caller=caller, key="k", if_match=None).request_id
        for caller in (CALLER, other)
    }
    assert len(ids) == 2


def test_a_content_reads_back() -> None:
    content = base64.b64encode(b"\x30\x00").decode()
    change = Change.model_validate({"adicionar": [{"nome": "a.cer", "conteudo": content}]})
    assert [(file.name, file.content) for file in change.files()] == [("a.cer", b"\x30\x00")]


@pytest.mark.parametrize("secret", ["Chave7segura"])
def test_a_password_does_not_show_in_the_message(secret: str) -> None:
    assert secret not in repr(Change.model_validate({"senha": secret}))


def test_a_file_name_cannot_break_out_of_its_header() -> None:
    assert attachment('a"\r\nX: ção.cer') == (
        "attachment; filename=\"a___X: __o.cer\"; filename*=UTF-8''a%22%0D%0AX%3A%20%C3%A7%C3%A3o.cer"
    )
