"""Acts and JSON between the page and Python: what one signs the other takes, what one reads both read."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from aval.sealing import authorisation, signatures
from aval.sealing.authorisation import Authorisation
from aval.sealing.canonical import canonical, read_object
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act, Statement, verify_statement
from local.places import ROOT
from tests.support.sealing import AT, COMPANY, HEAD, expected_statement, reader, readers, statement
from tests.web.sealing_peer import SealingPeer, page_refuses, private, sealing_peer


@pytest.fixture(scope="module")
def page() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


def what(told: Statement) -> dict[str, object]:
    """A statement's act as the page's code says it."""
    match told.act:
        case Act.ENVIAR:
            return {"act": told.act, "released": dict(told.extra)}
        case Act.SIMULAR | Act.CONTRAPARTES:
            return {"act": told.act, "content": told.extra["conteudo"]}
    return {"act": told.act}


STATEMENTS: Final = (
    statement(act=Act.LER, extra={}),
    statement(act=Act.VALIDAR, extra={}, seen=HEAD),
    statement(act=Act.RECALCULAR, extra={}),
    statement(act=Act.CANCELAR, extra={}),
    statement(extra={"fa": "-0.170"}),
    statement(extra={"fa": None, "motivo": "FA não calculável"}, seen=HEAD),
    statement(act=Act.SIMULAR, extra={"conteudo": '{"mudancas": []}'}),
    statement(act=Act.CONTRAPARTES, extra={"conteudo": "ç" * 20_000}),
)


@pytest.mark.parametrize("told", STATEMENTS, ids=lambda told: told.act.value)
def test_an_act_that_the_page_signs_is_verified(page: SealingPeer, told: Statement) -> None:
    signed = page.ask("sign", keys=private(reader()), statement=told.as_json(), what=what(told))
    assert verify_statement(signed, readers(), expected_statement(act=told.act)) == told


@pytest.mark.parametrize(
    ("change", "released"),
    [
        ({"objeto": "5" * 63}, {"fa": "0.17"}),
        ({"jti": "short"}, {"fa": "0.17"}),
        ({"cnpj": "33047509000140"}, {"fa": "0.17"}),
        ({"evento": "2026"}, {"fa": "0.17"}),
        ({}, {"fa": "0,17"}),
        ({}, {"fa": "1e5"}),
        ({}, {"fa": "00.1"}),
        ({}, {"fa": None, "motivo": ""}),
        ({}, {"fa": None, "motivo": "x" * 2001}),
    ],
    ids=str,
)
def test_the_page_signs_nothing_that_the_enclave_would_refuse(
    page: SealingPeer, change: dict[str, object], released: dict[str, object]
) -> None:
    told = statement().as_json() | change
    with page_refuses("MALFORMADO"):
        page.ask("sign", keys=private(reader()), statement=told, what={"act": "ENVIAR", "released": released})


def test_the_page_signs_no_act_of_more_than_is_taken(page: SealingPeer) -> None:
    with page_refuses("MALFORMADO"):
        page.ask(
            "sign",
            keys=private(reader()),
            statement=statement().as_json(),
            what={"act": "SIMULAR", "content": ""},
        )


def test_the_next_list_that_the_page_signs_is_the_one_that_the_command_signs(page: SealingPeer) -> None:
    told = Authorisation(COMPANY, readers("ana", "caio"), AT, readers().digest)
    signed = page.ask(
        "signNextList",
        keys=private(reader()),
        company=told.company,
        listed=told.readers.as_json(),
        former=told.former,
        iat=int(AT.timestamp()),
    )
    unverified = signatures.read(signed, kind=authorisation.KIND, largest=100_000)
    assert unverified.key_id == "ana"
    payload = signatures.verify(unverified, reader().public.signature)
    assert Authorisation.from_payload(payload) == told
    assert payload == canonical(told.as_json())


JSON: Final = (
    '{"b":1,"a":"\\u00e9\\n\\"\\u0001\\u007f"}',
    '{"b":[{"z":null,"a":true}],"a":-0}',
    '{"a":9007199254740991}',
    '{"a":9007199254740992}',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"b":2}}',
    '{"a":["b","b",{"b":"a"}],"b":"b"}',
    '{"é":1}',
    '{"a":"\\ud800"}',
    '{"a":"\\ud83d\\ude00"}',
    '{"a":NaN}',
    '{"a":1',
    "[1]",
    "1",
    "",
    "\ufeff{}",
    '{"a":"\t"}',
    '{"__proto__":1,"constructor":{"a":2}}',
    '{"a":"{\\"b\\":1,\\"b\\":2}","b":":,[1.5"}',
    "[" * 17 + "]" * 17,
    '{"a":' * 16 + "1" + "}" * 16,
    '{"a":' * 17 + "1" + "}" * 17,
    '{ "a" : 1 ,\r\n\t"b" : [ ] }',
    '{"a":-1,"b":[-1.5]}',
    '{"a":01}',
)


@pytest.mark.parametrize("text", JSON)
def test_both_read_and_spell_json_alike(page: SealingPeer, text: str) -> None:
    try:
        here = canonical(read_object(text.encode(), largest=1_000_000)).decode()
    except SealRefused as refusal:
        with page_refuses(refusal.reason):
            page.ask("canonical", text=text)
    else:
        assert page.ask("canonical", text=text) == here


def test_the_codes_of_the_page_are_those_of_python() -> None:
    source = (ROOT / "web" / "src" / "sealing" / "refusals.ts").read_text()
    told = set(re.findall(r'^  \| "([A-Z_]+)"', source, re.MULTILINE))
    assert len(told) > 20
    assert told <= {reason.value for reason in SealReason}
