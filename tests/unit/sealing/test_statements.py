from typing import Any

import pytest

from aval.sealing import base64url, statements
from aval.sealing.canonical import canonical
from aval.sealing.refusals import SealReason
from aval.sealing.statements import (
    Act,
    read_statement,
    sign_statement,
    verify_statement,
)
from tests.support.sealing import (
    EVENT,
    HEAD,
    OTHER_COMPANY,
    OTHER_EVENT,
    expected_statement,
    jws,
    reader,
    readers,
    refused,
    signing_key,
    statement,
)

HEADER = {"alg": "ES256", "kid": "ana", "typ": "aval-ato"}
OTHER = "b" * 64


@pytest.mark.parametrize(
    ("act", "extra"),
    [
        (Act.LER, {}),
        (Act.VALIDAR, {}),
        (Act.RECALCULAR, {}),
        (Act.ENVIAR, {"fa": "-0.170"}),
        (Act.ENVIAR, {"fa": None, "motivo": "sem exposição"}),
        (Act.CANCELAR, {}),
        (Act.SIMULAR, {"conteudo": '{"mudancas":[]}'}),
        (Act.CONTRAPARTES, {"conteudo": "ção"}),
    ],
)
def test_what_a_reader_signs_is_verified_and_read(act: Act, extra: dict[str, object]) -> None:
    told = statement(act=act, extra=extra)
    signed = sign_statement(told, reader("bia"))
    assert verify_statement(signed, readers(), expected_statement(act=act)) == told
    assert read_statement(signed) == told


def test_a_statement_tells_how_far_its_reader_saw_the_journal() -> None:
    told = statement(seen=HEAD)
    assert verify_statement(sign_statement(told, reader()), readers(), expected_statement()) == told


@pytest.mark.parametrize(
    "seen", [None, 7, {}, {"contador": 7}, {**HEAD.as_json(), "outro": 1}, {**HEAD.as_json(), "contador": -1}]
)
def test_refuses_a_statement_that_tells_no_head_where_one_stands(seen: object) -> None:
    signed = jws(HEADER, {**statement().as_json(), "visto": seen}, reader().signature)
    with refused(SealReason.MALFORMED):
        verify_statement(signed, readers(), expected_statement())


def test_a_stranger_signs_nothing_about_stored_data() -> None:
    signed = sign_statement(statement(), reader("caio"))
    with refused(SealReason.NOT_A_READER):
        verify_statement(signed, readers(), expected_statement())


def test_a_stranger_under_a_readers_name_is_refused() -> None:
    signed = jws(HEADER, statement().as_json(), reader("caio").signature)
    with refused(SealReason.SIGNATURE):
        verify_statement(signed, readers(), expected_statement())


def test_a_readers_sealing_key_signs_nothing() -> None:
    signed = jws(HEADER, statement().as_json(), reader("ana").encryption)
    with refused(SealReason.SIGNATURE):
        verify_statement(signed, readers(), expected_statement())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"act": Act.VALIDAR}, SealReason.ACT_MISMATCH),
        ({"event": OTHER_EVENT}, SealReason.EVENT_MISMATCH),
        ({"company": OTHER_COMPANY}, SealReason.COMPANY_MISMATCH),
        ({"subject": OTHER}, SealReason.SUBJECT_MISMATCH),
    ],
)
def test_a_signature_serves_for_what_it_says_and_nothing_else(
    change: dict[str, Any], reason: SealReason
) -> None:
    signed = sign_statement(statement(), reader())
    with refused(reason):
        verify_statement(signed, readers(), expected_statement(**change))


def test_a_statement_that_carries_a_file_may_be_as_large_as_what_is_sealed() -> None:
    told = statement(act=Act.CONTRAPARTES, extra={"conteudo": "x" * 100_000})
    signed = sign_statement(told, reader())
    assert verify_statement(signed, readers(), expected_statement(act=Act.CONTRAPARTES)) == told
    assert read_statement(signed, carrying=True) == told
    for act in (Act.LER, Act.VALIDAR, Act.ENVIAR):
        with refused(SealReason.TOO_LARGE):
            verify_statement(signed, readers(), expected_statement(act=act))


def test_forged_counterparties_are_refused_for_a_reader_signs_the_file_itself() -> None:
    told = statement(act=Act.CONTRAPARTES, extra={"conteudo": "as da Ana"})
    head, _, signature = sign_statement(told, reader()).split(".")
    forged = base64url.encode_text(canonical({**told.as_json(), "conteudo": "outras"}))
    expected = expected_statement(act=Act.CONTRAPARTES)
    with refused(SealReason.SIGNATURE):
        verify_statement(f"{head}.{forged}.{signature}", readers(), expected)
    with refused(SealReason.NOT_A_READER):
        verify_statement(sign_statement(told, reader("caio")), readers(), expected)


def test_one_in_clear_carries_none_so_large() -> None:
    signed = sign_statement(statement(act=Act.SIMULAR, extra={"conteudo": "x" * 20_000}), reader())
    with refused(SealReason.TOO_LARGE):
        read_statement(signed)


def test_refuses_a_carrying_statement_over_the_limit_before_it_is_read() -> None:
    with refused(SealReason.TOO_LARGE):
        read_statement("a" * (statements.MAX_CARRIED_CHARACTERS + 1), carrying=True)


def test_the_file_of_a_statement_is_in_no_representation() -> None:
    assert "planted" not in repr(statement(act=Act.CONTRAPARTES, extra={"conteudo": "planted"}))


def test_a_what_if_that_changes_nothing_is_still_a_readers_to_ask() -> None:
    signed = sign_statement(statement(act=Act.SIMULAR, extra={"conteudo": "{}"}), reader("caio"))
    with refused(SealReason.NOT_A_READER):
        verify_statement(signed, readers(), expected_statement(act=Act.SIMULAR))


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.ENVIAR])
def test_only_a_sending_tells_a_number(act: Act) -> None:
    body = {"conteudo": "{}"} if act in {Act.SIMULAR, Act.CONTRAPARTES} else {}
    with refused(SealReason.MALFORMED):
        statement(act=act, extra={**body, "fa": "0.17"})


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"fa": None},
        {"fa": None, "motivo": ""},
        {"fa": None, "motivo": "x" * 2001},
        {"fa": None, "motivo": 1},
        {"motivo": "sem fa"},
        {"fa": "0.17", "motivo": "os dois"},
        {"fa": 17},
        {"fa": "0,17"},
        {"fa": "1e3"},
        {"fa": "+1"},
        {"fa": "01"},
        {"fa": ".5"},
        {"fa": "1."},
        {"fa": "NaN"},
        {"fa": " 1"},
        {"fa": "٣"},
        {"fa": "1\n"},
        {"fa": "1" * 31},
        {"fa": "0.17", "conteudo": "{}"},
    ],
    ids=str,
)
def test_refuses_a_sending_whose_number_cannot_be_one(extra: dict[str, object]) -> None:
    with refused(SealReason.MALFORMED):
        statement(extra=extra)


@pytest.mark.parametrize("act", [Act.SIMULAR, Act.CONTRAPARTES])
@pytest.mark.parametrize(
    "extra", [{}, {"conteudo": None}, {"conteudo": ""}, {"conteudo": {}}, {"corpo": OTHER}], ids=str
)
def test_refuses_an_act_that_carries_no_file(act: Act, extra: dict[str, object]) -> None:
    with refused(SealReason.MALFORMED):
        statement(act=act, extra=extra)


@pytest.mark.parametrize(
    "change",
    [
        {"ato": "APAGAR"},
        {"ato": 1},
        {"evento": "2026"},
        {"cnpj": "33.047.509/0001-49"},
        {"objeto": "b"},
        {"objeto": None},
        {"jti": "curto"},
        {"iat": "ontem"},
        {"exp": 1},
        {"versao": 1},
    ],
    ids=str,
)
def test_refuses_a_statement_of_another_form_however_well_signed(change: dict[str, object]) -> None:
    signed = jws(HEADER, {**statement().as_json(), **change}, reader().signature)
    with refused(SealReason.MALFORMED):
        verify_statement(signed, readers(), expected_statement())


@pytest.mark.parametrize("name", ["ato", "evento", "cnpj", "objeto", "jti", "iat"])
def test_refuses_a_statement_with_a_member_left_out(name: str) -> None:
    told = statement().as_json()
    del told[name]
    with refused(SealReason.MALFORMED):
        verify_statement(jws(HEADER, told, reader().signature), readers(), expected_statement())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"alg": "none"}, SealReason.ALGORITHM),
        ({"alg": "ES384"}, SealReason.ALGORITHM),
        ({"alg": "HS256"}, SealReason.ALGORITHM),
        ({"alg": None}, SealReason.ALGORITHM),
        ({"typ": "aval-resposta"}, SealReason.HEADER_MEMBER),
        ({"typ": "JWT"}, SealReason.HEADER_MEMBER),
        ({"typ": None}, SealReason.HEADER_MEMBER),
        ({"crit": ["b64"], "b64": False}, SealReason.HEADER_MEMBER),
        ({"jwk": {}}, SealReason.HEADER_MEMBER),
        ({"jku": "https://exemplo"}, SealReason.HEADER_MEMBER),
        ({"kid": 7}, SealReason.MALFORMED),
    ],
    ids=str,
)
def test_refuses_any_other_header(change: dict[str, object], reason: SealReason) -> None:

    _, payload, signature = sign_statement(statement(), reader()).split(".")
    changed = base64url.encode_text(canonical({**HEADER, **change}))
    with refused(reason):
        verify_statement(f"{changed}.{payload}.{signature}", readers(), expected_statement())


def test_a_signature_of_another_length_or_of_zeros_is_refused() -> None:

    head, payload, signature = sign_statement(statement(), reader()).split(".")
    raw = base64url.decode_text(signature)
    # The last spells the same two numbers in 65 bytes: one signature would have two forms.
    for bad in (raw[:-1], raw + b"\0", b"", bytes(64), raw[:32] + bytes(32), raw[:32] + b"\0" + raw[32:]):
        with refused(SealReason.SIGNATURE):
            text = f"{head}.{payload}.{base64url.encode_text(bad)}"
            verify_statement(text, readers(), expected_statement())


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "ç.b.c"])
def test_refuses_what_is_no_compact_jws(text: str) -> None:
    with refused(SealReason.MALFORMED):
        verify_statement(text, readers(), expected_statement())


def test_refuses_a_statement_over_the_limit_before_it_is_read() -> None:
    with refused(SealReason.TOO_LARGE):
        verify_statement("a" * (statements.MAX_STATEMENT_CHARACTERS + 1), readers(), expected_statement())


def test_the_number_of_a_sending_is_in_no_representation() -> None:
    assert "0.17" not in repr(statement())
    assert EVENT in repr(statement())


def test_an_answer_of_the_enclave_is_no_statement_even_by_a_readers_key() -> None:
    signed = jws({**HEADER, "typ": "aval-resposta"}, statement().as_json(), signing_key())
    with refused(SealReason.HEADER_MEMBER):
        verify_statement(signed, readers(), expected_statement())
