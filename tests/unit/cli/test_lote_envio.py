"""`aval lote enviar` and `acompanhar`: one request, however often the command is repeated."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from aval.sealing.envelope import identity_of
from aval.sealing.head import Head
from aval.sealing.statements import Act, ExpectedStatement, verify_statement
from aval.settings import Variable
from tests.support.attested import OTHER_MEASUREMENTS
from tests.support.platform import URL
from tests.support.sealing import COMPANY, EVENT, OTHER_COMPANY, readers
from tests.support.week_platform import (
    LOTE,
    LOTES,
    STORE,
    WeekPlatform,
    access,
    all_taken,
    piece,
    state_of,
    week_platform,
)

FAULT = {"regra": "soma-fontes", "lugar": "Portfolio!C4", "detalhe": "some as fontes\nde novo"}
READERS = ("--leitor", "ana.json", "bia.json")


@pytest.fixture
def week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WeekPlatform:
    made = week_platform(tmp_path, monkeypatch)
    made.desk.write("carteiras.json", '{"agentes":[]}')
    return made


def send(week: WeekPlatform, *more: str, kind: str = "PORTFOLIO", file: str = "carteiras.json") -> int:
    told = ["--evento", EVENT, "--remetente", COMPANY, "--tipo", kind, *READERS]
    return main(["lote", "enviar", file, *told, *access(week.desk), *more])


def follow(week: WeekPlatform, *more: str) -> int:
    told = ["--evento", EVENT, "--remetente", COMPANY]
    return main(["lote", "acompanhar", LOTE, *told, *access(week.desk), *more])


def refused_one(week: WeekPlatform) -> None:
    week.told(estado="PROCESSADO_COM_ERROS", progresso=100, aceitos=1, recusados=1, respostas=1)
    week.told(regras={"soma-fontes": 1})
    lines: list[dict[str, Any]] = [{"cnpj": COMPANY, "fa": "0.1"}, {"cnpj": OTHER_COMPANY, "faltas": [FAULT]}]
    week.payloads = [piece(lines)]


def test_a_file_is_sealed_announced_sent_followed_and_its_answer_opened(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(week, "--chaves", "ana.chaves") == 0
    opened = week.sealed()
    assert opened.plaintext == b'{"agentes":[]}'
    assert opened.header.readers == readers("ana", "bia")
    assert week.lote["sha256"] == identity_of(week.uploads[0])
    assert week.platform.told("POST") == [LOTES, STORE]
    assert capsys.readouterr().out == f"lote {LOTE}: PROCESSADO\n1 aceitos, 0 recusados\n"
    assert state_of(week.desk.folder, "ana.chaves.vistos.json") == {EVENT: week.head.as_json()}


def test_refused_agents_are_told_by_cell_and_sentence(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    week.ended = refused_one
    assert send(week, "--chaves", "ana.chaves") == 1
    assert capsys.readouterr().out.splitlines() == [
        "CNPJ            LUGAR         REGRA        O QUE FAZER",
        f"{OTHER_COMPANY}  Portfolio!C4  soma-fontes  some as fontes\\u000ade novo",
        "",
        f"lote {LOTE}: PROCESSADO_COM_ERROS",
        "1 aceitos, 1 recusados",
        "faltas por regra: soma-fontes 1",
    ]


def test_a_program_gets_every_line_as_json(week: WeekPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    week.ended = refused_one
    assert send(week, "--chaves", "ana.chaves", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {**week.lote, "agentes": week.payloads[0]["agentes"]}


def test_without_a_readers_keys_counts_alone_are_told(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    week.ended = refused_one
    assert send(week) == 1
    told = capsys.readouterr()
    assert "soma-fontes 1" in told.out
    assert "abra-as com --chaves" in told.err
    assert f"{LOTES}/{LOTE}/respostas/0" not in week.platform.told("GET")


def test_counterparties_go_inside_a_statement_of_a_reader(week: WeekPlatform) -> None:
    assert send(week, "--chaves", "ana.chaves", kind="CONTRAPARTES") == 0
    opened, listed = week.sealed(), readers("ana", "bia")
    expected = ExpectedStatement(Act.CONTRAPARTES, EVENT, COMPANY, listed.digest)
    statement = verify_statement(opened.plaintext.decode(), listed, expected)
    assert statement.extra == {"conteudo": '{"agentes":[]}'}
    assert statement.request_id == opened.header.request_id


@pytest.mark.parametrize(
    ("more", "kind", "sentence"),
    [((), "CONTRAPARTES", "--chaves"), (("--leitor", "ana.json"), "PORTFOLIO", "LEITORES_INVALIDOS")],
)
def test_a_request_that_nobody_would_take_is_not_sealed(
    week: WeekPlatform, more: tuple[str, ...], kind: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(week, *more, kind=kind) != 0
    assert sentence in capsys.readouterr().err
    assert not list(week.desk.folder.glob("*.selado"))


def test_nothing_is_sealed_to_code_that_the_log_does_not_name(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(week, "--pcr", f"0={OTHER_MEASUREMENTS[0].pcrs[0].hex()}") == 1
    assert "aval: " in capsys.readouterr().err
    assert week.platform.told("POST") == []
    assert not list(week.desk.folder.glob("*.selado"))


def test_a_log_that_was_not_signed_by_its_keeper_is_refused(week: WeekPlatform) -> None:
    week.platform.answers("GET /prudencial/medidas", (200, b"{}\n"))
    assert send(week) == 1
    assert week.platform.told("POST") == []


def test_a_repeat_of_the_command_is_the_same_request(week: WeekPlatform) -> None:
    assert send(week, "--chaves", "ana.chaves") == 0
    asked = len(week.platform.asked)
    assert send(week, "--chaves", "ana.chaves") == 0
    assert len(week.uploads) == 1
    again = [one.url.removeprefix(URL) for one in week.platform.asked[asked:]]
    assert again[:2] == [f"{LOTES}/{LOTE}", f"{LOTES}/{LOTE}"]


def test_a_command_killed_between_its_steps_goes_on_where_it_was(week: WeekPlatform) -> None:
    week.platform.answers(f"POST {LOTES}", (422, {"detail": "ainda não"}))
    assert send(week) == 1
    week.platform.answers(f"POST {LOTES}", (404, {"detail": "não há evento com este código"}))
    assert send(week) == 2
    sealed = (week.desk.folder / "carteiras.json.selado").read_bytes()
    week.platform.routes[f"POST {LOTES}"] = week.announced
    week.platform.answers(f"POST {STORE}", (403, b""))
    assert send(week) == 2
    week.platform.routes[f"POST {STORE}"] = week.arrived
    assert send(week) == 0
    assert week.uploads == [sealed]
    assert week.platform.told("POST") == [LOTES, LOTES, LOTES, STORE, STORE]


def test_a_file_that_came_although_its_answer_was_lost_is_not_sent_again(week: WeekPlatform) -> None:
    def lost(asked: Any) -> Any:
        week.arrived(asked)
        return 400, b""

    week.platform.routes[f"POST {STORE}"] = lost
    assert send(week) == 0
    assert len(week.uploads) == 1


def test_a_form_that_ran_out_is_announced_again_with_the_same_sealed_file(week: WeekPlatform) -> None:
    week.platform.answers(f"POST {STORE}", (403, b""))
    assert send(week) == 2
    week.told(estado="EXPIRADO", progresso=100)
    week.platform.routes[f"POST {STORE}"] = week.arrived
    assert send(week) == 0
    assert week.uploads == [(week.desk.folder / "carteiras.json.selado").read_bytes()]


def test_a_rejected_file_stays_rejected_until_it_is_sealed_anew(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    def rejected(_: WeekPlatform) -> None:
        week.told(estado="REJEITADO", progresso=100, motivo="CHAVE_DESCONHECIDA", frase="sele de novo")

    week.ended = rejected
    assert send(week) == 1
    assert "RECUSADO  CHAVE_DESCONHECIDA: sele de novo" in capsys.readouterr().out
    assert send(week) == 1
    assert "--de-novo" in capsys.readouterr().err
    assert len(week.uploads) == 1
    week.ended = all_taken
    assert send(week, "--de-novo") == 0
    assert len({identity_of(one) for one in week.uploads}) == 2


def test_another_file_or_option_is_another_request(week: WeekPlatform) -> None:
    assert send(week) == 0
    assert send(week, "--tudo-ou-nada") == 0
    week.desk.write("carteiras.json", '{"agentes":[1]}')
    assert send(week, "--tudo-ou-nada") == 0
    assert len({identity_of(one) for one in week.uploads}) == len(week.uploads) == 3


def test_a_sealed_file_that_changed_is_sealed_again(week: WeekPlatform) -> None:
    assert send(week) == 0
    week.desk.write("carteiras.json.selado", b"outra coisa")
    assert send(week) == 0
    assert len(week.uploads) == 2


def test_a_damaged_state_is_told(week: WeekPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    week.desk.write("carteiras.json.selado.lote.json", "{}")
    assert send(week) == 2
    assert "está danificado" in capsys.readouterr().err


def test_the_state_is_its_owners_alone(week: WeekPlatform) -> None:
    send(week)
    place = week.desk.folder / "carteiras.json.selado.lote.json"
    assert place.stat().st_mode & 0o777 == 0o600
    assert (state_of(week.desk.folder, place.name)["campos"], week.lote["estado"]) == ({}, "PROCESSADO")


def test_a_lote_is_followed_by_its_code(week: WeekPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    week.ended = refused_one
    assert send(week) == 1
    capsys.readouterr()
    opening = ("--chaves", "ana.chaves", "--selado", "carteiras.json.selado")
    assert follow(week, *opening) == 1
    assert "Portfolio!C4" in capsys.readouterr().out
    assert follow(week) == 1
    assert "Portfolio!C4" not in capsys.readouterr().out
    assert follow(week, "--chaves", "ana.chaves") == 2


def test_a_lote_is_asked_for_until_it_ends(week: WeekPlatform) -> None:
    states = iter([{"estado": "RECEBIDO", "progresso": 10}, {"estado": "EM_PROCESSAMENTO", "progresso": 40}])
    send(week)
    ended = dict(week.lote)
    week.platform.routes[f"GET {LOTES}/{LOTE}"] = lambda _: (200, {**ended, **next(states, {})})
    assert follow(week) == 0
    assert week.platform.pauses == [0.5, 0.75]


def test_an_interrupted_command_says_how_to_go_on(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    send(week)

    def interrupted(_: Any) -> Any:
        raise KeyboardInterrupt

    week.platform.routes[f"GET {LOTES}/{LOTE}"] = interrupted
    assert follow(week) == 130
    assert f"aval lote acompanhar {LOTE}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [{"pedaco": 1}, {"de": 2}, {"lote": "0b" * 16}, {"objeto": "0" * 64}],
    ids=str,
)
def test_an_answer_of_something_else_is_refused(
    week: WeekPlatform, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(made: WeekPlatform) -> None:
        refused_one(made)
        made.payloads = [{**made.payloads[0], **change}]

    week.ended = ended
    assert send(week, "--chaves", "ana.chaves") == 1
    told = capsys.readouterr()
    assert ("OBJETO_DIVERGE" in told.err, told.out) == (True, "")


def test_an_answer_from_a_journal_rolled_back_is_refused(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = {EVENT: Head(9, "9" * 64).as_json()}
    week.desk.write("ana.chaves.vistos.json", json.dumps(seen))
    assert send(week, "--chaves", "ana.chaves") == 1
    assert "DIARIO_ANTERIOR" in capsys.readouterr().err
    assert week.sealed().header.seen == Head(9, "9" * 64)


def test_answers_of_many_pieces_are_put_together(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(made: WeekPlatform) -> None:
        made.told(estado="PROCESSADO", progresso=100, aceitos=3, recusados=0, respostas=3)
        made.payloads = [piece([{"cnpj": f"{number}"}], number, 3) for number in range(3)]

    week.ended = ended
    assert send(week, "--chaves", "ana.chaves", "--json") == 0
    assert [one["cnpj"] for one in json.loads(capsys.readouterr().out)["agentes"]] == ["0", "1", "2"]


def test_a_file_refused_as_a_whole_tells_its_own_faults(
    week: WeekPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(made: WeekPlatform) -> None:
        made.told(estado="REJEITADO", progresso=100, aceitos=0, recusados=0, respostas=1)
        made.told(motivo="ARQUIVO_ILEGIVEL", frase="o arquivo não pôde ser lido")
        made.payloads = [{"ato": "LOTE", "lote": LOTE, "faltas": [FAULT]}]

    week.ended = ended
    assert send(week, "--chaves", "ana.chaves") == 1
    shown = capsys.readouterr().out
    assert "soma-fontes" in shown
    assert "RECUSADO  ARQUIVO_ILEGIVEL" in shown


def test_the_key_is_asked_with_a_nonce_of_ones_own(
    week: WeekPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda size: b"\x07" * size)
    assert send(week) == 0
    assert f"/prudencial/chave?nonce={'07' * 32}" in week.platform.told("GET")


def test_a_person_without_a_token_is_told_so(
    week: WeekPlatform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(Variable.PERSONAL_TOKEN)
    assert send(week) == 2
    assert "diga quem pede" in capsys.readouterr().err
