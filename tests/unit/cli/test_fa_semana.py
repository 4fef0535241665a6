"""The weekly commands against an enclave in this process: what is shown was opened and held."""

import json
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from aval.prudential.tasks import TaskAct
from aval.settings import Variable
from tests.support.enclave import COMPANY, EVENT
from tests.support.enclave_platform import OTHERS, WEEK, EnclavePlatform, access, enclave_platform
from tests.support.platform import Asked
from tests.support.week_agents import FACTOR, parameters

FIRST, SECOND = OTHERS


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EnclavePlatform:
    return enclave_platform(tmp_path, monkeypatch)


def fa(word: str, *more: str, keys: str | None = "ana.chaves") -> int:
    told = ["--evento", EVENT, "--remetente", COMPANY, *access()]
    return main(["fa", word, *told, *(["--chaves", keys] if keys else []), *more])


def shown(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    agents: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["agentes"]
    return agents


def test_states_are_listed_without_a_reader(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    assert fa("listar", keys=None) == 0
    assert capsys.readouterr().out.splitlines() == [
        "CNPJ                SIGLA       ESTADO     RESULTADO",
        "33.047.509/0001-49  SIGLA 3304  CALCULADO",
        "11.222.333/0001-81  SIGLA 1122  ABERTO",
        "12.ABC.345/01DE-35  SIGLA 12AB  ABERTO",
        "",
        "portfolio: 1 / 3",
        "3 agentes: 2 ABERTO, 1 CALCULADO",
    ]
    assert platform.platform.told("POST") == []


def test_factors_are_opened_and_held_against_their_calculation(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    assert fa("listar", "--json") == 0
    told = {one["cnpj"]: one for one in shown(capsys)}
    calculation = platform.desk.vault.rows[EVENT, COMPANY].standing.calculation
    assert told[COMPANY] == {
        "cnpj": COMPANY,
        "sigla": "SIGLA 3304",
        "estado": "CALCULADO",
        "fa": FACTOR,
        "calculo": calculation,
    }
    assert told[FIRST] == {"cnpj": FIRST, "sigla": "SIGLA 1122", "estado": "ABERTO"}


def test_a_week_from_computed_to_sent(platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.deliver(COMPANY)
    platform.deliver(FIRST)
    files = platform.sealed_files()
    assert fa("validar", "--todos", "--selado", *files) == 0
    assert [platform.state(one) for one in platform.companies] == ["VALIDADO", "VALIDADO", "ABERTO"]
    capsys.readouterr()
    assert fa("enviar", "--todos", "--selado", *files, "--json") == 0
    assert [platform.state(one) for one in platform.companies] == ["ENVIADO", "ENVIADO", "ABERTO"]
    told = {one["cnpj"]: one for one in shown(capsys)}
    assert (told[COMPANY]["fa"], told[COMPANY]["estado"]) == (FACTOR, "ENVIADO")
    (platform.folder / "recibo.jws").write_text(told[COMPANY]["recibo"])
    kept = json.loads((platform.folder / "ana.chaves.vistos.json").read_text())
    assert kept[EVENT]["contador"] == 8


def test_what_is_done_is_not_done_again(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    for word in ("validar", "enviar"):
        assert fa(word, "--todos") == 0
        asked = len(platform.platform.told("POST"))
        capsys.readouterr()
        assert fa(word, "--todos") == 0
        assert len(platform.platform.told("POST")) == asked
        assert "nada a fazer" in capsys.readouterr().out


def test_an_agent_without_a_factor_is_sent_with_the_reason(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = {"dataBase": "2026-01-31", "valor": "0", "deducoes": []}
    platform.deliver(COMPANY, patrimonioLiquido=nothing)
    assert fa("validar", "--cnpj", COMPANY) == 0
    capsys.readouterr()
    assert fa("enviar", "--cnpj", COMPANY, "--json") == 0
    (told,) = shown(capsys)
    assert (told["fa"], told["motivo"]) == (
        None,
        "FA não calculável: o patrimônio líquido ajustado (PLA) é zero",
    )


def test_a_cancelled_calculation_is_computed_again(platform: EnclavePlatform) -> None:
    platform.deliver(COMPANY)
    assert fa("cancelar", "--cnpj", COMPANY) == 0
    assert platform.state() == "EM_PREENCHIMENTO"
    assert fa("recalcular", "--cnpj", COMPANY) == 0
    assert platform.state() == "CALCULADO"


def test_all_that_was_delivered_is_read_back(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    assert fa("ler", "--cnpj", COMPANY, "-o", "lido.json") == 0
    place = platform.folder / "lido.json"
    assert place.stat().st_mode & 0o777 == 0o600
    (told,) = json.loads(place.read_text())["agentes"]
    assert told["conteudo"]["portfolio"]["cnpj"] == COMPANY
    assert told["conteudo"]["contrapartes"]["contrapartes"][0]["ordem"] == 1
    assert FACTOR in capsys.readouterr().out


def test_a_what_if_is_told_as_such(platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.deliver(COMPANY)
    changes = {"mudancas": [{"caminho": "/patrimonioLiquido/valor", "valor": "40000000"}]}
    (platform.folder / "mudancas.json").write_text(json.dumps(changes))
    assert fa("simular", "--cnpj", COMPANY, "--mudancas", "mudancas.json") == 0
    assert f"SIMULAÇÃO  {FACTOR} → 0.0" in capsys.readouterr().out
    (platform.folder / "mudancas.json").write_text('{"mudancas": [{"caminho": "/nada", "valor": "1"}]}')
    assert fa("simular", "--cnpj", COMPANY, "--mudancas", "mudancas.json") == 1
    assert "/mudancas/0/caminho" in capsys.readouterr().out
    (platform.folder / "mudancas.json").write_bytes(b"\xff")
    assert fa("simular", "--cnpj", COMPANY, "--mudancas", "mudancas.json") == 1


def test_an_act_that_takes_long_is_asked_for_until_it_is_done(platform: EnclavePlatform) -> None:
    platform.deliver(COMPANY)
    platform.slow = 3
    assert fa("validar", "--cnpj", COMPANY) == 0
    assert platform.state() == "VALIDADO"
    assert len({one.body for one in platform.platform.asked if one.url.endswith("leitura")}) == 1
    platform.slow = 1000
    assert fa("enviar", "--cnpj", COMPANY) == 1


def test_data_that_came_with_other_readers_are_sent_with_all_of_them(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY, "ana", "bia")
    assert fa("validar", "--cnpj", COMPANY) == 0
    capsys.readouterr()
    assert fa("enviar", "--cnpj", COMPANY) == 1
    assert "--leitor" in capsys.readouterr().out
    assert fa("enviar", "--cnpj", COMPANY, "--leitor", "ana.json", "bia.json") == 0


def test_who_reads_nothing_of_an_agent_validates_nothing(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    assert fa("validar", "--cnpj", COMPANY, keys="bia.chaves") == 1
    assert platform.state() == "CALCULADO"
    assert "RECUSADO" in capsys.readouterr().out


def test_one_agent_that_is_refused_keeps_no_other_back(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    platform.deliver(FIRST, "bia")
    assert fa("validar", "--todos") == 1
    assert (platform.state(), platform.state(FIRST)) == ("VALIDADO", "CALCULADO")
    assert "1 recusados" in capsys.readouterr().out


def test_an_agent_that_was_named_must_fit(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fa("validar", "--cnpj", FIRST) == 1
    assert "neste estado não cabe validar" in capsys.readouterr().out
    assert fa("validar", "--todos") == 0
    assert fa("ler", "--cnpj", FIRST) == 1


def test_an_agent_of_somebody_else_is_told(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fa("validar", "--cnpj", "90003717000180") == 2
    assert "90.003.717/0001-80" in capsys.readouterr().err
    assert platform.platform.told("POST") == []


def test_data_that_somebody_else_delivered_are_not_validated(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    platform.deliver(FIRST)
    assert fa("validar", "--cnpj", COMPANY, "--selado", *platform.sealed_files(FIRST)) == 1
    assert "OBJETO_DIVERGE" in capsys.readouterr().out
    only_portfolio = platform.sealed_files(COMPANY)[:1]
    assert fa("validar", "--cnpj", COMPANY, "--selado", *only_portfolio) == 1
    assert "contrapartes" in capsys.readouterr().out
    assert platform.state() == "CALCULADO"


@pytest.mark.parametrize("name", ["calculo", "portfolio", "contrapartes"])
def test_a_list_that_names_something_else_is_found_out(platform: EnclavePlatform, name: str) -> None:
    platform.deliver(COMPANY)
    platform.deliver(FIRST)
    told = platform.listed

    def changed(asked: Asked) -> Any:
        status, page = told(asked)
        if len(page["agentes"]) == 2:
            page["agentes"][0][name] = page["agentes"][1][name]
        return status, page

    platform.platform.routes[f"GET {WEEK}/agentes"] = changed
    assert fa("validar", "--cnpj", COMPANY) == 1
    assert platform.state() == "CALCULADO"


def test_parameters_that_the_enclave_did_not_use_are_found_out(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    other = json.loads(parameters(2, indiceConfianca="0.99"))
    platform.platform.answers(f"GET {WEEK}", (200, {"parametros": other}))
    assert fa("validar", "--cnpj", COMPANY) == 1
    assert "o cálculo não é o dos dados, parâmetros e método" in capsys.readouterr().out
    platform.platform.answers(f"GET {WEEK}", (200, {"parametros": {}}))
    assert fa("validar", "--cnpj", COMPANY) == 2


def test_an_answer_to_another_question_is_refused(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    """A platform that gives an old answer again, or another agent's, is found out by the request's code."""
    platform.deliver(COMPANY)
    route = f"POST {WEEK}/agentes/{COMPANY}/leitura"
    genuine: list[Any] = []
    done = platform.platform.routes[route]
    assert callable(done)

    def first(asked: Asked) -> Any:
        genuine.append(done(asked))
        return genuine[0]

    platform.platform.routes[route] = first
    assert fa("listar", "--cnpj", COMPANY) == 0
    assert fa("listar", "--cnpj", COMPANY) == 1
    assert "PEDIDO_DIVERGE" in capsys.readouterr().out


def test_a_platform_out_of_reach_ends_the_command(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    platform.platform.answers(f"POST {WEEK}/agentes/{COMPANY}/leitura", (200, b"<html>"))
    assert fa("validar", "--cnpj", COMPANY) == 2
    assert "não em JSON" in capsys.readouterr().err


def test_an_interrupted_command_says_that_it_may_be_repeated(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Asked) -> Any:
        raise KeyboardInterrupt

    platform.platform.routes[f"GET {WEEK}/agentes"] = interrupted
    assert fa("validar", "--todos") == 130
    assert "repetir o comando faz o resto" in capsys.readouterr().err


@pytest.mark.parametrize("more", [(), ("--todos", "--cnpj", COMPANY)])
@pytest.mark.usefixtures("platform")
def test_whom_to_act_for_is_told(more: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as told:
        fa("validar", *more)
    assert told.value.code == 2


def test_nothing_is_asked_of_code_that_the_log_does_not_name(
    platform: EnclavePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(Variable.MEASUREMENTS_SIGNER, raising=False)
    platform.deliver(COMPANY)
    assert fa("validar", "--todos", "--pcr", f"0={'ab' * 48}") == 1
    assert platform.platform.told("POST") == []


def test_the_enclaves_own_sentence_is_told(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    agent = platform.agent()
    stale = agent.stated(TaskAct.CANCEL, platform.desk.vault.rows[EVENT, COMPANY].standing.calculation)
    listed = platform.listed(Asked("GET", f"{WEEK}?remetente={COMPANY}", {}, b""))
    assert platform.parent.do(stale).reason == ""
    platform.platform.answers(f"GET {WEEK}/agentes", (listed[0], {**listed[1], "proxima": None}))
    assert fa("cancelar", "--cnpj", COMPANY) == 1
    assert "não há cálculo com os parâmetros em vigor, ou ele foi cancelado" in capsys.readouterr().out


def test_without_a_root_told_none_but_the_hardwares_is_believed(platform: EnclavePlatform) -> None:
    told = ["--evento", EVENT, "--remetente", COMPANY, "--api", access()[1], "--chave-medidas", "medidas.pem"]
    assert main(["fa", "validar", "--todos", "--chaves", "ana.chaves", *told]) == 1
    assert platform.platform.told("POST") == []


def test_figures_of_other_parameters_are_found_out_where_no_calculation_stands_too(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    """A host may bring any parameters to a reading, which leaves no entry."""
    platform.deliver(COMPANY)
    assert fa("cancelar", "--cnpj", COMPANY) == 0
    assert fa("listar", "--cnpj", COMPANY) == 0
    platform.desk.vault.weeks[EVENT] = parameters(2, indiceConfianca="0.99")
    capsys.readouterr()
    assert fa("listar", "--cnpj", COMPANY) == 1
    assert "o fator calculado aqui é outro" in capsys.readouterr().out


def test_what_was_cancelled_is_computed_validated_and_sent_in_its_next_cycle(
    platform: EnclavePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.deliver(COMPANY)
    for word in ("validar", "cancelar", "recalcular", "validar", "enviar"):
        assert fa(word, "--cnpj", COMPANY) == 0
    assert platform.state() == "ENVIADO"
    assert platform.desk.vault.rows[EVENT, COMPANY].standing.cycle == 1
