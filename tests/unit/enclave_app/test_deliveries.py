"""A week's portfolio and counterparties, as the enclave takes them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from aval.attestation.roots import NAO_ATESTADO_POR_HARDWARE
from aval.prudential.agent_state import AgentState, Delivered
from aval.sealing.caveats import REMETENTE_NAO_AUTENTICADO
from aval.sealing.envelope import SealedKind
from aval.sealing.head import Head
from aval.sealing.receipts import commitment_of
from aval.sealing.statements import Act, Statement, sign_statement
from tests.support.enclave import COMPANY, EVENT, STRANGER
from tests.support.sealing import reader
from tests.support.week_agents import (
    FACTOR,
    SENDER,
    Run,
    WeekAgent,
    counterparties,
    parameters,
    portfolio,
    request_of,
    verified_receipt,
)


def faults(told: Any) -> set[tuple[str, str]]:
    assert told["recusa"] == "FALTAS"
    assert all(len(one["detalhe"]) > 10 for one in told["faltas"])
    return {(one["regra"], one["lugar"]) for one in told["faltas"]}


def test_a_portfolio_is_computed_where_it_arrives() -> None:
    run = Run()
    task = run.agent.portfolio()
    told = run.told(task)
    assert told["agente"]["fa"] == FACTOR
    assert (told["ato"], told["versao"], told["objeto"]) == ("PORTFOLIO", 1, task.identity)
    assert (told["estado"], told["calculo"], told["metodo"]) == ("EM_PREENCHIMENTO", None, "MP-2023.2.0")
    assert told["portfolio"]["patrimonioLiquido"]["valor"] == "20000000.00"
    assert told["explicacao"]["alvo"]["fa"] == "0.200000000000"
    assert [one["regra"] for one in told["avisos"]] == ["data-base-antiga"]
    assert run.standing.before is AgentState.OPEN
    assert run.standing.portfolio == Delivered(1, task.identity, run.agent.readers.digest)


def test_an_answer_is_as_long_with_a_factor_as_with_none() -> None:
    """Whoever carries it would otherwise see which agents have no number, before they tell."""
    lengths = set()
    for equity in ({}, {"valor": "999999999"}, {"valor": "0", "deducoes": []}, {"valor": "-1"}):
        run, told = Run(), portfolio()
        told["patrimonioLiquido"] |= equity
        lengths.add(len(run.do(run.agent.portfolio(told)).answer))
    assert len(lengths) == 1


def test_a_receipt_tells_inputs_parameters_method_and_commits_to_the_factor() -> None:
    run = Run()
    _, second = run.delivered()
    told = run.told(second)
    verified = verified_receipt(told)
    receipt = verified.receipt
    standing = run.standing
    assert standing.portfolio
    assert standing.counterparties
    assert receipt.inputs == {
        "PORTFOLIO": standing.portfolio.identity,
        "CONTRAPARTES": standing.counterparties.identity,
    }
    assert receipt.versions == {"PORTFOLIO": 1, "CONTRAPARTES": 1}
    assert receipt.parameters == told["parametros"]["resumo"]
    assert receipt.switches == {"metodo": "MP-2023.2.0", "compensacaoEntreMeses": "SEM_SINAL"}
    assert receipt.commitment == commitment_of(told["agente"], bytes.fromhex(told["sal"]))
    assert receipt.released is None
    assert set(receipt.caveats) == {NAO_ATESTADO_POR_HARDWARE, REMETENTE_NAO_AUTENTICADO}
    assert verified.declaration.method == "MP-2023.2.0"


def test_both_of_one_reader_list_complete_the_agent_in_either_order() -> None:
    for first, second in (("portfolio", "counterparties"), ("counterparties", "portfolio")):
        run = Run()
        for name in (first, second):
            task = getattr(run.agent, name)()
            told = run.told(task)
        assert (told["estado"], told["agente"]["fa"]) == ("CALCULADO", FACTOR)
        assert told["calculo"] == run.calculation != ""


def test_counterparties_alone_are_told_without_a_factor() -> None:
    run = Run()
    told = run.told(run.agent.counterparties())
    assert "agente" not in told
    assert told["exposicoes"] == [{"ordem": 1, "exposicao": "4000000.000000", "participacao": None}]
    assert told["contrapartes"] == counterparties()


def test_counterparties_under_later_parameters_are_told_without_a_factor() -> None:
    """The portfolio was computed with the former ones: what counts next is asked for."""
    run = Run()
    assert run.do(run.agent.portfolio()).reason == ""
    run.desk.vault.weeks[EVENT] = parameters(2)
    told = run.told(run.agent.counterparties())
    assert (told["estado"], told["calculo"]) == ("COMPLETO", None)
    assert told.keys() & {"agente", "recibo", "sal"} == set()


def test_with_the_portfolio_there_each_exposure_has_its_share_of_the_equity() -> None:
    run = Run()
    _, second = run.delivered()
    assert run.told(second)["exposicoes"][0]["participacao"] == "0.222222222222"


def test_counterparties_are_taken_while_the_portfolios_record_is_on_its_way() -> None:
    """As after a host that died between the entry and the rest: the factor is told by the next act."""
    run = Run()
    assert run.do(run.agent.portfolio()).reason == ""
    del run.desk.vault.records[EVENT, COMPANY, "PORTFOLIO", 1]
    told = run.told(run.agent.counterparties())
    assert (told["estado"], "agente" in told) == ("CALCULADO", False)


def test_another_company_may_send_for_the_agent() -> None:
    run = Run()
    run.agent = WeekAgent(run.desk, sender=SENDER)
    run.delivered()
    assert run.standing.state is AgentState.COMPUTED


def test_refuses_a_portfolio_of_another_agent() -> None:
    run = Run()
    told = run.told(run.agent.portfolio(portfolio(STRANGER)))
    assert told["recusa"] == "EMPRESA_DIVERGE"
    assert EVENT not in {event for event, _ in run.desk.vault.rows}


def test_refuses_counterparties_of_another_agent() -> None:
    run = Run()
    assert run.told(run.agent.counterparties(counterparties(SENDER)))["recusa"] == "EMPRESA_DIVERGE"


def test_every_fault_of_a_portfolio_is_told_and_sealed_to_its_readers_alone() -> None:
    run = Run()
    wrong = portfolio(evento="202611004", mais=1)
    wrong["patrimonioLiquido"]["valor"] = "muito"
    task = run.agent.portfolio(wrong)
    outcome = run.do(task)
    assert (outcome.reason, outcome.released) == ("FALTAS", "")
    assert b"muito" not in outcome.answer
    assert faults(run.told(task)) == {
        ("evento", "/evento"),
        ("desconhecido", ""),
        ("numero", "/patrimonioLiquido/valor"),
    }
    assert run.desk.vault.journals.get(EVENT, {}) == {}


def test_every_fault_of_counterparties_is_told() -> None:
    run = Run()
    told = run.told(run.agent.counterparties(counterparties(contrapartes=[{"ordem": 1}])))
    assert ("obrigatorio", "/contrapartes/0/cnpj") in faults(told)


def test_what_is_no_json_is_a_fault() -> None:
    run = Run()
    body = run.agent.sealed("PK not json", request_id="unreadable-portfolio", kind=SealedKind.PORTFOLIO)
    task = replace(run.agent.portfolio(), body=body)
    told = run.agent.opened(run.do(task), "unreadable-portfolio").payload
    assert faults(told) == {("ilegivel", "")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event": "202611004"}, "EVENTO_DIVERGE"),
        ({"sender": STRANGER}, "REMETENTE_DIVERGE"),
        ({"kind": SealedKind.ENSAIO}, "TIPO_DIVERGE"),
        ({"kind": SealedKind.CONTRAPARTES}, "TIPO_DIVERGE"),
    ],
    ids=str,
)
def test_refuses_a_sealed_file_made_for_something_else(change: dict[str, Any], reason: str) -> None:
    run = Run()
    task = run.agent.portfolio(**change)
    outcome = run.do(replace(task, sender=COMPANY))
    assert (outcome.reason, outcome.answer) == (reason, b"")


def test_forged_counterparties_are_refused_for_no_reader_signed_them() -> None:
    """Whoever knows the public keys of the readers can name them, and still signs for none of them."""
    run = Run()
    run.delivered()
    ana, eve = reader("ana"), reader("eve")
    forged = WeekAgent(run.desk, names=("eve",))
    told = {"subject": run.agent.readers.digest}
    task = forged.counterparties(
        request_id="forged-counterparties", readers=run.agent.readers, statement=told
    )
    assert run.do(task).reason == "NAO_E_LEITOR"
    # Nor under a name that is in the list.
    same_name = replace(eve, id=ana.id)
    jws = sign_as(same_name, run, told)
    body = run.agent.sealed(jws, request_id="forged-counterparties", kind=SealedKind.CONTRAPARTES)
    outcome = run.do(replace(task, id=type(task.id)("f" * 64), body=body))
    assert (outcome.reason, outcome.answer) == ("ASSINATURA_NAO_CONFERE", b"")
    assert run.standing.counterparties
    assert run.standing.counterparties.version == 1


def sign_as(keys: Any, run: Run, told: dict[str, Any]) -> str:
    statement = Statement(
        act=Act.CONTRAPARTES,
        event=EVENT,
        company=COMPANY,
        request_id="forged-counterparties",
        issued_at=run.desk.now,
        extra={"conteudo": json.dumps(counterparties())},
        **told,
    )
    return sign_statement(statement, keys)


def test_refuses_counterparties_beside_a_portfolio_of_other_readers() -> None:
    """A stranger's own file is signed by its own readers: it is joined to nobody's data."""
    run = Run()
    run.do(run.agent.portfolio())
    stranger = WeekAgent(run.desk, names=("eve",))
    task = stranger.counterparties()
    assert run.told(task, reader="eve", agent=stranger)["recusa"] == "LEITORES_DIVERGEM"
    assert run.standing.counterparties is None


def test_counterparties_of_another_list_that_came_first_are_not_joined() -> None:
    run = Run()
    run.do(WeekAgent(run.desk, names=("eve",)).counterparties())
    told = run.told(run.agent.portfolio())
    assert (told["estado"], told["calculo"]) == ("EM_PREENCHIMENTO", None)
    assert set(verified_receipt(told).receipt.inputs) == {"PORTFOLIO"}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({"subject": "b" * 64}, "OBJETO_DIVERGE"),
        ({"company": STRANGER}, "EMPRESA_DIVERGE"),
        ({"event": "202611004"}, "EVENTO_DIVERGE"),
        ({"request_id": "another-request-than-it"}, "PEDIDO_DIVERGE"),
        ({"act": Act.SIMULAR}, "ATO_DIVERGE"),
    ],
    ids=str,
)
def test_refuses_counterparties_signed_for_something_else(statement: dict[str, Any], reason: str) -> None:
    run = Run()
    jws_of = {"extra": {"conteudo": json.dumps(counterparties())}, "company": COMPANY, **statement}
    act = jws_of.pop("act", Act.CONTRAPARTES)
    subject = jws_of.pop("subject", run.agent.readers.digest)
    jws = run.agent.signed(act, subject, **{"request_id": "signed-for-something", **jws_of})
    body = run.agent.sealed(jws, request_id="signed-for-something", kind=SealedKind.CONTRAPARTES)
    outcome = run.do(replace(run.agent.counterparties(), body=body))
    assert (outcome.reason, outcome.answer) == (reason, b"")


def test_refuses_counterparties_without_a_signature() -> None:
    run = Run()
    body = run.agent.sealed(
        counterparties(), request_id="unsigned-counterparties", kind=SealedKind.CONTRAPARTES
    )
    assert run.do(replace(run.agent.counterparties(), body=body)).reason == "MALFORMADO"


def test_a_file_of_counterparties_may_be_larger_than_a_statement_in_clear() -> None:
    run = Run()
    told = counterparties()
    mitigator = {"tipo": "OUTRO", "valor": "1", "descricao": "x" * 500}
    told["contrapartes"][0]["mitigadores"] = [mitigator] * 20
    told["contrapartes"] += [
        {**told["contrapartes"][0], "ordem": order, "cnpj": cnpj, "mtm": "1"}
        for order, cnpj in enumerate(("00000000000191", "60872504000123"), start=2)
    ]
    assert run.do(run.agent.counterparties(told)).reason == ""


def test_a_repeat_is_answered_again_without_another_entry() -> None:
    run = Run()
    tasks = run.delivered()
    entries = len(run.desk.vault.journals[EVENT])
    for task in tasks:
        outcome = run.parent.again(task)
        assert run.agent.opened(outcome, request_of(task)).payload["objeto"] == task.identity
    assert len(run.desk.vault.journals[EVENT]) == entries


def test_a_repeat_is_told_no_figures_of_other_parameters() -> None:
    """It makes no entry, in which older or other ones would be refused."""
    run = Run()
    for number, task in enumerate(run.delivered()):
        run.desk.vault.weeks[EVENT] = parameters(diasLiquidacao=10)
        told = run.told(replace(task, id=type(task.id)(f"{number}e" * 32)))
        assert (told["recusa"], "agente" in told) == ("PARAMETROS_DIVERGEM", False)


def test_a_record_whose_host_died_is_written_by_the_repeat() -> None:
    run = Run()
    task = run.agent.portfolio()
    run.do(task)
    rows = run.desk.vault.rows.copy()
    run.desk.vault.records.clear()
    run.desk.vault.rows.clear()
    run.parent.again(task)
    assert (EVENT, COMPANY, "PORTFOLIO", 1) in run.desk.vault.records
    assert {key: row.standing for key, row in run.desk.vault.rows.items()} == {
        key: row.standing for key, row in rows.items()
    }


def test_refuses_a_jti_used_for_any_other_file_act_or_agent() -> None:
    run = Run()
    delivered, _ = run.delivered()
    used = "portfolio-of-the-week"
    other = run.agent.portfolio(portfolio(mercado=1), request_id=used)
    assert run.do(other).reason == "PEDIDO_REPETIDO"
    assert run.do(run.agent.counterparties(request_id=used)).reason == "PEDIDO_REPETIDO"
    # The very body that was taken, in another agent's name.
    stranger = replace(delivered, company=STRANGER, id=type(other.id)("e" * 64))
    assert run.do(stranger).reason == "PEDIDO_REPETIDO"
    assert run.standing.counter == 2


def test_refuses_a_file_of_who_saw_a_journal_that_this_store_never_had() -> None:
    """Told in the header, or in the statement inside."""
    run, seen = Run(), Head(3, "9" * 64)
    assert run.told(run.agent.portfolio(seen=seen))["recusa"] == "DIARIO_ANTERIOR"
    places: list[dict[str, Any]] = [{"seen": seen}, {"statement": {"seen": seen}}]
    for number, told in enumerate(places):
        task = run.agent.counterparties(request_id=f"counterparties-seen-{number}", **told)
        assert run.told(task)["recusa"] == "DIARIO_ANTERIOR"
    assert (EVENT, COMPANY) not in run.desk.vault.rows


def test_a_new_portfolio_is_the_next_version_with_its_own_readers() -> None:
    run = Run()
    run.delivered()
    later = WeekAgent(run.desk, names=("bia",))
    task = later.portfolio(request_id="portfolio-of-another-list")
    told = run.told(task, reader="bia", agent=later)
    assert (told["versao"], told["estado"]) == (2, "EM_PREENCHIMENTO")
    assert run.standing.portfolio == Delivered(2, task.identity, later.readers.digest)


def test_the_authorised_list_has_no_reservation_of_its_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    asked: list[tuple[object, ...]] = []

    def authorised(signed: object, company: object, roots: object, *, at: object) -> str | None:
        asked.append((signed, company, at))
        return run.agent.readers.digest if signed == ("signed list",) else None

    monkeypatch.setattr("enclave_app.enclave.week_desk.authorised_digest", authorised)
    run.desk.vault.reader_lists[COMPANY] = ["signed list"]
    task = run.agent.portfolio()
    answer = run.agent.opened(run.do(task), request_of(task))
    assert answer.caveats == (NAO_ATESTADO_POR_HARDWARE,)
    assert verified_receipt(answer.payload).receipt.caveats == (NAO_ATESTADO_POR_HARDWARE,)
    assert asked == [(("signed list",), COMPANY, run.desk.now)]
    other = WeekAgent(run.desk, names=("bia",)).portfolio(request_id="portfolio-of-another-list")
    answer = WeekAgent(run.desk, names=("bia",)).opened(run.do(other), request_of(other), reader_name="bia")
    assert REMETENTE_NAO_AUTENTICADO in answer.caveats
