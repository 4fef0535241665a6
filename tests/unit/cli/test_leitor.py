"""`aval leitor`: keys under a passphrase, acts that are signed, answers that are opened."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from aval.cli.reader_keys import read_reader
from aval.sealing.answers import Binding, seal_answer
from aval.sealing.caveats import caveats_of
from aval.sealing.head import Head
from aval.sealing.readers import Readers
from aval.sealing.statements import Act, ExpectedStatement, verify_statement
from aval.settings import Variable
from tests.support.desk import Desk, laid_out
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    REQUEST,
    reader,
    signing_key,
)

OBJECT = "b" * 64


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return laid_out(tmp_path, monkeypatch)


def answered(head: Head = HEAD, **changes: Any) -> bytes:
    given: dict[str, Any] = {"signing_key": signing_key(), "signing_kid": KEY_ID, **changes}
    caveats = caveats_of(hardware=False, sender_authenticated=False)
    readers = Readers((reader("ana").public, reader("bia").public))
    return seal_answer(
        {"texto": "olá", "objeto": OBJECT}, Binding(EVENT, COMPANY, REQUEST, head, caveats), readers, **given
    )


def test_a_reader_is_made_published_and_taken(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    made, public = desk.path("caio.chaves"), desk.path("caio.json")
    assert main(["leitor", "criar", "--id", "caio", "-o", made, "--publica", public]) == 0
    shown = capsys.readouterr().out
    assert (desk.folder / "caio.chaves").stat().st_mode & 0o777 == 0o600
    assert main(["leitor", "publicar", made]) == 0
    assert capsys.readouterr().out == Path(public).read_text()
    assert desk.seal("--leitor", public) == 0
    assert read_reader(Path(public)).fingerprint in shown


def test_keys_that_are_there_are_never_written_over(desk: Desk) -> None:
    before = (desk.folder / "ana.chaves").read_bytes()
    assert main(["leitor", "criar", "--id", "ana", "-o", desk.path("ana.chaves")]) == 2
    assert (desk.folder / "ana.chaves").read_bytes() == before


def test_a_short_passphrase_makes_no_reader(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Variable.PASSWORD, "curta")
    assert main(["leitor", "criar", "--id", "caio", "-o", desk.path("caio.chaves")]) == 2
    assert not (desk.folder / "caio.chaves").exists()


@pytest.mark.parametrize(
    ("act", "more", "extra"),
    [
        ("LER", [], {}),
        ("VALIDAR", [], {}),
        ("ENVIAR", ["--fa", "0.17"], {"fa": "0.17"}),
        ("ENVIAR", ["--motivo", "sem exposição"], {"fa": None, "motivo": "sem exposição"}),
    ],
)
def test_signs_an_act_of_a_reader(desk: Desk, act: str, more: list[str], extra: dict[str, object]) -> None:
    told = ["--ato", act, "--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told, *more, "-o", desk.path("ato")]) == 0
    readers = Readers((reader("ana").public,))
    asked = ExpectedStatement(Act(act), EVENT, COMPANY, OBJECT)
    assert verify_statement((desk.folder / "ato").read_text(), readers, asked).extra == extra


@pytest.mark.parametrize("act", ["CONTRAPARTES", "SIMULAR"])
def test_signs_a_file_into_the_act_that_brings_it(desk: Desk, act: str) -> None:
    desk.write("arquivo.json", '{"sigla": "AÇÃO"}'.encode())
    told = ["--ato", act, "--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT]
    told += ["--conteudo", desk.path("arquivo.json"), "-o", desk.path("ato")]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told]) == 0
    readers = Readers((reader("ana").public,))
    asked = ExpectedStatement(Act(act), EVENT, COMPANY, OBJECT)
    signed = verify_statement((desk.folder / "ato").read_text(), readers, asked)
    assert signed.extra == {"conteudo": '{"sigla": "AÇÃO"}'}


def test_signs_no_file_that_is_no_text(desk: Desk) -> None:
    desk.write("arquivo.xlsx", b"PK\xff")
    told = ["--ato", "CONTRAPARTES", "--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT]
    told += ["--conteudo", desk.path("arquivo.xlsx"), "-o", desk.path("ato")]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told]) == 2
    assert not (desk.folder / "ato").exists()


def test_an_act_tells_how_far_its_reader_saw_the_journal(desk: Desk) -> None:
    """So that an enclave on a store that was rolled back does nothing, however far that store grew since."""
    desk.write("resposta", answered())
    assert desk.open() == 0
    told = ["--ato", "LER", "--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told, "-o", desk.path("ato")]) == 0
    asked = ExpectedStatement(Act.LER, EVENT, COMPANY, OBJECT)
    signed = (desk.folder / "ato").read_text()
    assert verify_statement(signed, Readers((reader("ana").public,)), asked).seen == HEAD


@pytest.mark.parametrize(
    "more", [["--ato", "ENVIAR"], ["--ato", "VALIDAR", "--fa", "0.17"], ["--ato", "ENVIAR", "--fa", "0,17"]]
)
def test_signs_no_act_that_the_enclave_would_not_take(desk: Desk, more: list[str]) -> None:
    told = ["--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT, "-o", desk.path("ato")]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told, *more]) == 1
    assert not (desk.folder / "ato").exists()


def test_another_passphrase_signs_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(Variable.PASSWORD, "outra senha comprida")
    told = ["--ato", "LER", "--evento", EVENT, "--cnpj", COMPANY, "--objeto", OBJECT]
    assert main(["leitor", "assinar", desk.path("ana.chaves"), *told]) == 1
    shown = capsys.readouterr()
    assert "SENHA_NAO_ABRE" in shown.err
    assert "outra senha" not in shown.err + shown.out


def test_opens_an_answer_and_shows_its_reservations(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("resposta", answered())
    assert desk.open() == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"texto": "olá", "objeto": OBJECT}
    assert "REMETENTE NÃO AUTENTICADO" in shown.err
    assert desk.open("-o", desk.path("conteudo")) == 0
    assert (desk.folder / "conteudo").stat().st_mode & 0o777 == 0o600


def test_an_answer_from_before_what_this_reader_saw_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("resposta", answered(Head(9, "9" * 64)))
    assert desk.open() == 0
    desk.write("resposta", answered(Head(8, "8" * 64)))
    assert desk.open() == 1
    assert "DIARIO_ANTERIOR" in capsys.readouterr().err
    desk.write("resposta", answered(Head(9, "a" * 64)))
    assert desk.open() == 1
    assert "DIARIO_BIFURCADO" in capsys.readouterr().err
    desk.write("ana.chaves.vistos.json", "{")
    assert desk.open() == 2


@pytest.mark.parametrize(
    ("make", "more", "reason"),
    [
        (lambda: answered(signing_key=signing_key(2)), [], "ASSINATURA_NAO_CONFERE"),
        (answered, ["--leitores", "0" * 64], "LEITORES_DIVERGEM"),
        (answered, ["--objeto", "0" * 64], "OBJETO_DIVERGE"),
        (lambda: b"{}", [], "MALFORMADO"),
    ],
)
def test_an_answer_that_does_not_hold_is_not_shown(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[], bytes],
    more: list[str],
    reason: str,
) -> None:
    desk.write("resposta", make())
    assert desk.open(*more) == 1
    shown = capsys.readouterr()
    assert reason in shown.err
    assert shown.out == ""


def test_says_that_nobody_compared_of_what_an_answer_is(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("resposta", answered())
    assert desk.open() == 0
    assert "sem --objeto nem --leitores" in capsys.readouterr().err
    assert desk.open("--objeto", OBJECT) == 0
    assert "sem --objeto" not in capsys.readouterr().err


def test_an_answer_to_another_request_is_not_shown(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("resposta", answered())
    assert desk.open(jti="pedido-de-teste-02") == 1
    assert "PEDIDO_DIVERGE" in capsys.readouterr().err
