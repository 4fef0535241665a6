import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aval.prudential.agent_state import AgentState
from aval.prudential.json_agents import MOST_AGENTS as MOST_IN_A_FILE
from aval.prudential.lotes import MOST_AGENTS, LoteKind
from aval.prudential.tasks import TaskAct
from aval.sealing import base64url
from aval.sealing.caveats import REMETENTE_NAO_AUTENTICADO
from aval.sealing.envelope import SealedKind
from aval.sealing.head import Head
from aval.sealing.readers import Readers
from aval.sealing.receipts import commitment_of
from aval.sealing.refusals import SealReason
from aval.sealing.statements import Act
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.week_engine import week_engine
from tests.support import workbooks
from tests.support.enclave import EVENT
from tests.support.enclave_lotes import (
    PARAMETERS,
    SENDER,
    LoteDesk,
    SealedFile,
    Sender,
    company,
    counterparties,
    lote_id,
    portfolio,
    wrong,
)
from tests.support.sealing import reader
from tests.support.week_agents import WeekAgent, parameters, request_of


@pytest.fixture
def lotes() -> LoteDesk:
    return LoteDesk.of()


def reason_of(lotes: LoteDesk, file: SealedFile, **changes: Any) -> str:
    """Of a file that is refused: nothing of it is in the journal."""
    code = lotes.arrived(file, **changes)
    before = dict(lotes.desk.vault.journals.get(EVENT, {}))
    outcome = lotes.done(code)
    assert (outcome.taken, outcome.chunks) == (0, 0)
    assert lotes.desk.vault.journals.get(EVENT, {}) == before
    return lotes.desk.vault.lotes[code].reason


def test_each_agent_is_computed_and_told_to_who_made_the_file(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(2))
    code = lotes.arrived(file)
    outcome = lotes.done(code)
    assert (outcome.taken, outcome.refused, outcome.rules) == (2, 0, {})
    assert (outcome.answers, outcome.chunks) == (1, 1)
    [payload] = lotes.answers(code, file)
    first, second = payload.pop("agentes")
    assert payload.pop("recibo").count(".") == 2
    assert len(payload.pop("sal")) == 64
    assert payload == {
        "ato": "LOTE",
        "lote": code,
        "tipo": "PORTFOLIO",
        "objeto": file.identity,
        "pedaco": 0,
        "de": 1,
        "parametros": {"versao": 1, "resumo": week_engine(parameters(), EVENT).used.digest},
        "metodo": "MP-2023.2.0",
    }
    [warning] = first.pop("avisos")
    assert (warning["regra"], warning["lugar"]) == ("data-base-antiga", "/agentes/0")
    assert first == {
        "cnpj": company(1),
        "versao": 1,
        "estado": "EM_PREENCHIMENTO",
        "calculo": None,
        "ciclo": 0,
        "fa": "0.170817703691",
        "fa_risco": "0.123970397024",
        "var": "2231467.146437",
        "res": "-843251.520000",
        "rwa": "2231467.146437",
        "pla": "18000000.000000",
    }
    assert second["cnpj"] == company(2)


def test_one_entry_takes_all_and_each_record_tells_where_its_agent_stands(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(2))
    code = lotes.arrived(file)
    lotes.done(code)
    assert list(lotes.desk.vault.journals[EVENT]) == [1]
    [[first, second]] = lotes.records(code)
    assert [(cnpj, version) for cnpj, version, *_ in (first, second)] == [(company(1), 1), (company(2), 1)]
    standing = first[3]
    assert (standing.before, standing.state, standing.counter) == (AgentState.OPEN, AgentState.FILLING, 1)
    assert standing.portfolio
    assert (standing.portfolio.identity, standing.portfolio.lote) == (file.identity, code)


def test_a_wrong_agent_is_refused_with_its_faults_and_the_others_are_taken(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), wrong(2), portfolio(3))
    code = lotes.arrived(file)
    outcome = lotes.done(code)
    assert (outcome.taken, outcome.refused, outcome.rules) == (2, 1, {"tipo": 1})
    first, second, third = lotes.agents_told(code, file)
    assert (first["versao"], third["versao"]) == (1, 1)
    [fault] = second.pop("faltas")
    assert second == {"cnpj": company(2)}
    assert (fault["regra"], fault["lugar"]) == ("tipo", "/agentes/1/patrimonioLiquido/dataBase")
    assert "ontem" in fault["detalhe"]


def test_an_agent_that_is_not_eligible_is_refused_at_its_place(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(9))
    code = lotes.arrived(file)
    assert lotes.done(code).rules == {"elegivel": 1}
    [fault] = lotes.agents_told(code, file)[1]["faltas"]
    assert (fault["regra"], fault["lugar"]) == ("elegivel", "/agentes/1")


def test_a_portfolio_of_another_week_is_refused(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(2, evento="202611004"))
    assert lotes.done(lotes.arrived(file)).rules == {"evento": 1}


def test_all_or_nothing_takes_nothing_where_one_is_wrong(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), wrong(2))
    assert reason_of(lotes, file, all_or_nothing=True) == "TUDO_OU_NADA"
    [code] = lotes.desk.vault.lotes
    [payload] = lotes.answers(code, file)
    assert (payload["recusa"], [len(one["faltas"]) for one in payload["agentes"]]) == ("TUDO_OU_NADA", [0, 1])
    assert "recibo" not in payload
    outcome = lotes.desk.vault.lotes[code].outcome
    assert outcome
    assert (outcome.refused, outcome.rules, outcome.answers) == (2, {"tipo": 1}, 1)


def test_all_or_nothing_takes_all_where_none_is_wrong(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(2))
    assert lotes.done(lotes.arrived(file, all_or_nothing=True)).taken == 2


def test_a_file_of_wrong_agents_alone_is_refused(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(wrong(1), portfolio(9))
    assert reason_of(lotes, file) == "NENHUM_ACEITO"


@pytest.mark.parametrize(
    ("content", "reason", "rule"),
    [
        (b"\x00 no file", "ARQUIVO_ILEGIVEL", "ilegivel"),
        (b"PK\x03\x04 no workbook", "ARQUIVO_ILEGIVEL", "truncado"),
        (b'{"agentes": []}', "FALTAS_NO_ARQUIVO", "quantidade"),
        (workbooks.book(event="202611004").file(), "FALTAS_NO_ARQUIVO", "evento"),
        (workbooks.packed({"[Content_Types].xml": b"", "a": b"0" * 10**7}), "ARQUIVO_ILEGIVEL", "inflacao"),
    ],
    ids=["no JSON", "no workbook", "no agents", "another week", "a bomb"],
)
def test_what_is_wrong_with_the_file_refuses_it_and_is_told_sealed(
    lotes: LoteDesk, content: bytes, reason: str, rule: str
) -> None:
    file = lotes.sender.file(content)
    assert reason_of(lotes, file) == reason
    [code] = lotes.desk.vault.lotes
    [payload] = lotes.answers(code, file)
    assert (payload["recusa"], payload["agentes"], payload["objeto"]) == (reason, [], file.identity)
    assert rule in [fault["regra"] for fault in payload["faltas"]]
    outcome = lotes.desk.vault.lotes[code].outcome
    assert outcome
    assert rule in outcome.rules


def test_more_agents_than_a_lote_may_have_are_refused_whichever_file_they_are_in(
    lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_AGENTS == MOST_IN_A_FILE == 20_000
    monkeypatch.setattr("enclave_app.enclave.lote.MOST_AGENTS", 1)
    file = lotes.sender.file(workbooks.book(portfolio(1), portfolio(2), event=EVENT).file())
    assert reason_of(lotes, file) == "FALTAS_NO_ARQUIVO"


def test_a_workbook_gives_each_agent_the_factor_that_its_json_gives(lotes: LoteDesk) -> None:
    file = lotes.sender.file(workbooks.book(portfolio(2), portfolio(1), event=EVENT).file())
    code = lotes.arrived(file)
    assert lotes.done(code).taken == 2
    told = lotes.agents_told(code, file)
    assert [one["cnpj"] for one in told] == [company(2), company(1)]
    assert {one["fa"] for one in told} == {"0.170817703691"}
    assert told[0]["avisos"][0]["lugar"] == "Portfolio!A2"


def test_agents_are_told_a_hundred_at_a_time_in_the_order_of_the_file() -> None:
    lotes = LoteDesk.of(range(1, 202))
    listed = [wrong(number) if number % 50 == 0 else portfolio(number) for number in range(201, 0, -1)]
    file = lotes.sender.portfolios(*listed)
    code = lotes.arrived(file)
    outcome = lotes.done(code)
    assert (outcome.taken, outcome.refused, outcome.answers, outcome.chunks) == (197, 4, 3, 3)
    payloads = lotes.answers(code, file)
    assert [(one["pedaco"], one["de"], len(one["agentes"])) for one in payloads] == [
        (0, 3, 100),
        (1, 3, 100),
        (2, 3, 1),
    ]
    told = [agent["cnpj"] for one in payloads for agent in one["agentes"]]
    assert told == [company(number) for number in range(201, 0, -1)]
    # A row says in which answer its agent is told: records lie in the chunk of the same number.
    for payload, chunk in zip(payloads, lotes.records(code), strict=True):
        taken = [agent["cnpj"] for agent in payload["agentes"] if "versao" in agent]
        assert [cnpj for cnpj, *_ in chunk] == taken


def test_of_a_million_faults_the_first_are_told_and_all_are_counted(
    lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enclave_app.enclave.lote_answers._MOST_FAULTS_OF_ONE", 2)
    monkeypatch.setattr("enclave_app.enclave.lote_answers._MOST_FAULTS", 3)
    months = [month | {"geracao": "?", "consumo": "?"} for month in portfolio(1)["meses"]]
    file = lotes.sender.portfolios(*(portfolio(number, meses=months) for number in (1, 2, 3)))
    code = lotes.arrived(file)
    assert lotes.done(code).rules == {"numero": 42}
    told = [[fault["regra"] for fault in one["faltas"]] for one in lotes.agents_told(code, file)]
    assert told == [["numero", "numero", "quantidade"], ["numero", "quantidade"], ["numero", "quantidade"]]


def test_a_second_lote_makes_the_next_version_of_its_agents_alone(lotes: LoteDesk) -> None:
    lotes.done(lotes.arrived(lotes.sender.portfolios(portfolio(1), portfolio(2))))
    second = lotes.sender.portfolios(portfolio(2), portfolio(3), request_id="portfolios-of-many-2")
    code = lotes.arrived(second, number=2)
    lotes.done(code)
    [records] = lotes.records(code)
    assert [(cnpj, version) for cnpj, version, *_ in records] == [(company(2), 2), (company(3), 1)]


def test_the_same_triple_is_answered_again_without_an_entry(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), wrong(2))
    code = lotes.arrived(file)
    first = lotes.done(code)
    before = lotes.agents_told(code, file), lotes.records(code)
    lotes.desk.vault.lotes[code] = replace(lotes.desk.vault.lotes[code], outcome=None)
    second = lotes.done(code)
    assert (second.taken, second.refused, second.rules) == (first.taken, first.refused, first.rules)
    assert lotes.agents_told(code, file) == before[0]
    assert [[(one[0], one[1], one[3]) for one in chunk] for chunk in lotes.records(code)] == [
        [(one[0], one[1], one[3]) for one in chunk] for chunk in before[1]
    ]
    assert list(lotes.desk.vault.journals[EVENT]) == [1]


def test_a_repeat_takes_who_was_taken_then_whatever_the_list_has_become(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), portfolio(2), portfolio(9))
    code = lotes.arrived(file, all_or_nothing=False)
    lotes.done(code)
    lotes.eligible = [company(9)]
    lotes.done(lotes.arrived(file, all_or_nothing=True))
    told = lotes.agents_told(code, file)
    assert [one.get("versao") for one in told] == [1, 1, None]
    assert told[2]["faltas"][0]["regra"] == "lote-aceito"


@pytest.mark.parametrize("change", ["another lote", "another file", "a single delivery before"])
def test_a_request_used_for_anything_else_is_a_replay(lotes: LoteDesk, change: str) -> None:
    file = lotes.sender.portfolios(portfolio(1))
    lotes.done(lotes.arrived(file))
    if change == "another lote":
        assert reason_of(lotes, file, number=2) == "PEDIDO_REPETIDO"
    elif change == "another file":
        other = lotes.sender.portfolios(portfolio(2))
        assert reason_of(lotes, other, number=2) == "PEDIDO_REPETIDO"
    else:
        lotes.desk.parent().do(lotes.sender.agent.delivery(request_id="delivery-of-a-number"))
        other = lotes.sender.portfolios(portfolio(2), request_id="delivery-of-a-number")
        assert reason_of(lotes, other, number=2) == "PEDIDO_REPETIDO"


def test_a_replay_is_told_to_nobody_but_by_its_code(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1))
    lotes.done(lotes.arrived(file))
    code = lotes.arrived(file, number=2)
    assert lotes.done(code).answers == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sender": company(7)}, SealReason.SENDER_MISMATCH),
        ({"event": "202611004"}, SealReason.EVENT_MISMATCH),
        ({"kind": SealedKind.ENSAIO}, SealReason.KIND_MISMATCH),
        ({"issued_at": None}, SealReason.FROM_THE_FUTURE),
    ],
)
def test_a_header_that_says_otherwise_than_the_lote_is_refused(
    lotes: LoteDesk, changes: dict[str, Any], reason: SealReason
) -> None:
    if "issued_at" in changes:
        changes = {"issued_at": lotes.desk.now + timedelta(hours=1)}
    body = lotes.sender.agent.sealed(
        "{}", request_id="a-file-of-another", **{"kind": SealedKind.PORTFOLIO, **changes}
    )
    assert reason_of(lotes, SealedFile(LoteKind.PORTFOLIO, body, "a-file-of-another")) == reason


def test_a_file_of_who_saw_a_journal_that_was_never_there_is_refused_to_him(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), seen=Head(3, "ab" * 32))
    assert reason_of(lotes, file) == "DIARIO_ANTERIOR"
    [code] = lotes.desk.vault.lotes
    [payload] = lotes.answers(code, file)
    assert payload["recusa"] == "DIARIO_ANTERIOR"


def test_counterparties_of_a_reader_who_saw_a_journal_that_was_never_there_are_refused(
    lotes: LoteDesk,
) -> None:
    """Told in the statement inside the file, where its own header tells nothing."""
    told = {"seen": Head(3, "ab" * 32)}
    assert reason_of(lotes, lotes.sender.counterparties(counterparties(1), statement=told)) == (
        "DIARIO_ANTERIOR"
    )


def test_older_parameters_than_the_journals_are_refused(lotes: LoteDesk) -> None:
    lotes.desk.vault.weeks[EVENT] = json.dumps(PARAMETERS | {"versao": 2}).encode()
    lotes.done(lotes.arrived(lotes.sender.portfolios(portfolio(1))))
    lotes.desk.vault.weeks[EVENT] = json.dumps(PARAMETERS).encode()
    file = lotes.sender.portfolios(portfolio(2), request_id="portfolios-of-many-2")
    assert reason_of(lotes, file, number=2) == "PARAMETROS_ANTERIORES"


def test_a_repeat_is_told_no_figures_of_other_parameters(lotes: LoteDesk) -> None:
    """It makes no entry, in which older or other ones would be refused."""
    file = lotes.sender.portfolios(portfolio(1))
    code = lotes.arrived(file)
    lotes.done(code)
    lotes.desk.vault.weeks[EVENT] = json.dumps(PARAMETERS | {"diasLiquidacao": 10}).encode()
    lotes.done(lotes.arrived(file))
    [payload] = lotes.answers(code, file)
    assert (payload["recusa"], payload["agentes"]) == ("PARAMETROS_DIVERGEM", [])


def test_parameters_that_are_none_refuse_the_file(lotes: LoteDesk) -> None:
    lotes.desk.vault.weeks[EVENT] = b"{}"
    assert reason_of(lotes, lotes.sender.portfolios(portfolio(1))) == "SEM_PARAMETROS"


def test_counterparties_complete_the_portfolios_of_the_same_readers(lotes: LoteDesk) -> None:
    lotes.done(lotes.arrived(lotes.sender.portfolios(portfolio(1), portfolio(2))))
    file = lotes.sender.counterparties(counterparties(1), counterparties(3))
    code = lotes.arrived(file, number=2)
    assert lotes.done(code).taken == 2
    first, second = lotes.agents_told(code, file)
    assert (first["estado"], second["estado"]) == ("CALCULADO", "EM_PREENCHIMENTO")
    assert second == {
        "cnpj": company(3),
        "versao": 1,
        "estado": "EM_PREENCHIMENTO",
        "calculo": None,
        "ciclo": 0,
        "avisos": [],
    }
    [[record, _]] = lotes.records(code)
    assert (record[3].before, record[3].calculation) == (AgentState.FILLING, first["calculo"])


def test_counterparties_of_other_readers_than_a_portfolios_are_refused_for_that_agent(
    lotes: LoteDesk,
) -> None:
    lotes.done(lotes.arrived(lotes.sender.portfolios(portfolio(1))))
    stranger = Sender(lotes.desk, ("bia",))
    file = stranger.counterparties(counterparties(1), counterparties(2))
    code = lotes.arrived(file, number=2)
    outcome = lotes.done(code)
    assert (outcome.taken, outcome.rules) == (1, {"LEITORES_DIVERGEM": 1})


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({"act": Act.SIMULAR}, "ATO_DIVERGE"),
        ({"company": company(7)}, "EMPRESA_DIVERGE"),
        ({"event": "202611004"}, "EVENTO_DIVERGE"),
        ({"subject": "ab" * 32}, "OBJETO_DIVERGE"),
        ({"request_id": "another-request-than"}, "PEDIDO_DIVERGE"),
    ],
)
def test_counterparties_are_signed_for_exactly_this_file(
    lotes: LoteDesk, statement: dict[str, Any], reason: str
) -> None:
    file = lotes.sender.counterparties(counterparties(1), statement=statement)
    assert reason_of(lotes, file) == reason


def test_counterparties_that_no_reader_of_their_own_list_signed_are_refused(lotes: LoteDesk) -> None:
    others = Readers((reader("bia").public,))
    file = lotes.sender.counterparties(counterparties(1), readers=others)
    assert reason_of(lotes, file) == "NAO_E_LEITOR"


def test_a_portfolio_is_no_file_of_counterparties(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), kind=SealedKind.CONTRAPARTES)
    assert file.kind is LoteKind.COUNTERPARTIES
    assert reason_of(lotes, file) == "MALFORMADO"


def test_the_senders_authorised_list_has_no_reservation(
    lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lotes.sender.portfolios(portfolio(1))
    code = lotes.arrived(file)
    lotes.done(code)
    assert REMETENTE_NAO_AUTENTICADO in lotes.opened(code, file)[0].caveats

    listed = [reader("eve").public]

    def authorised(signed: object, company: object, roots: object, *, at: object) -> str | None:
        assert (signed, company, roots, at) == (("signed-list",), SENDER, "", lotes.desk.now)
        return Readers(tuple(listed)).digest

    monkeypatch.setattr("enclave_app.enclave.lote.authorised_digest", authorised)
    lotes.desk.vault.reader_lists[SENDER] = ["signed-list"]
    lotes.done(lotes.arrived(file))
    assert REMETENTE_NAO_AUTENTICADO in lotes.opened(code, file)[0].caveats
    listed[:] = lotes.sender.agent.readers.listed
    lotes.done(lotes.arrived(file))
    assert REMETENTE_NAO_AUTENTICADO not in lotes.opened(code, file)[0].caveats


def test_an_entry_that_waits_to_be_stored_goes_before_the_next_lote(
    lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = lotes.desk.parent()
    file = lotes.sender.portfolios(portfolio(1))
    code = lotes.arrived(file)
    with monkeypatch.context() as patched:
        patched.setattr(lotes.desk.vault, "commit_lote", _dies)
        with pytest.raises(Died):
            lotes.done(code, parent)
    other = lotes.arrived(lotes.sender.portfolios(portfolio(2), request_id="portfolios-of-many-2"), number=2)
    assert lotes.done(other, parent).taken == 1
    assert sorted(lotes.desk.vault.journals[EVENT]) == [1, 2]
    assert lotes.done(code, parent).taken == 1
    assert sorted(lotes.desk.vault.journals[EVENT]) == [1, 2]


class Died(Exception):
    """The host ended here."""


def _dies(_commit: object) -> None:
    raise Died


def test_a_repeat_is_not_read_again(lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    parent, file = lotes.desk.parent(), lotes.sender.portfolios(portfolio(1))
    code = lotes.arrived(file)
    lotes.done(code, parent)
    monkeypatch.setattr("enclave_app.enclave.lote.portfolios_of", None)
    lotes.desk.vault.lotes[code] = replace(lotes.desk.vault.lotes[code], outcome=None)
    assert lotes.done(code, parent).taken == 1


def test_one_document_of_the_module_vouches_for_every_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    lotes, asked = LoteDesk.of(range(1, 202)), list[object]()
    attest = Nsm.attest

    def noted(module: Nsm, **told: Any) -> bytes:
        # One without user data is for KMS, which hands the week's key out.
        asked.extend([told] if told.get("user_data") else [])
        return attest(module, **told)

    file = lotes.sender.portfolios(*map(portfolio, range(1, 202)))
    code, parent = lotes.arrived(file), lotes.desk.parent()
    monkeypatch.setattr(Nsm, "attest", noted)
    lotes.done(code, parent)
    receipts = [one["recibo"] for one in lotes.answers(code, file)]
    assert (len(receipts), len(asked)) == (3, 1)


def test_a_receipt_commits_to_what_its_answer_tells_of_the_agents(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1), wrong(2), portfolio(3))
    code = lotes.arrived(file)
    lotes.done(code)
    [payload] = lotes.answers(code, file)
    told = json.loads(base64url.decode_text(payload["recibo"].split(".")[1]))
    assert told["compromisso"] == commitment_of(payload["agentes"], bytes.fromhex(payload["sal"]))
    assert told["versoes"] == {company(1): 1, company(3): 1}
    assert (told["entradas"], told["tipo"]) == ({"PORTFOLIO": file.identity}, "PORTFOLIO")
    assert told["cabeca"]["contador"] == 1


def test_no_figure_of_an_agent_is_outside_the_seal(lotes: LoteDesk) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1), wrong(2)))
    lotes.done(code)
    outside = repr([reply.fields for reply in lotes.desk.replies]) + repr(lotes.desk.vault.lotes[code])
    assert not [told for told in ("0.1708", "18000000", "ontem", company(2)) if told in outside]


def test_what_a_lote_delivered_is_read_computed_and_validated_as_what_came_alone(lotes: LoteDesk) -> None:
    """The records of a lote are those of single acts: whoever reads one reads the other."""
    for number, file in enumerate(
        (lotes.sender.portfolios(portfolio(1)), lotes.sender.counterparties(counterparties(1))), start=1
    ):
        code = lotes.arrived(file, number=number)
        lotes.done(code)
        lotes.persist(code)
    agent, parent = WeekAgent(lotes.desk, company(1)), lotes.desk.parent()
    reading = agent.stated(TaskAct.READ_BACK, lotes.desk.vault.lotes[lote_id(1)].identity)
    outcome = parent.do(reading)
    assert outcome.reason == ""
    told: Any = agent.opened(outcome, request_of(reading)).payload
    assert told["agente"]["fa"] == "0.170817703691"
    assert told["estado"] == "CALCULADO"
    validation = agent.stated(TaskAct.APPROVE, told["calculo"])
    assert parent.do(validation).reason == ""
    assert lotes.desk.vault.rows[EVENT, company(1)].standing.state is AgentState.VALIDATED
