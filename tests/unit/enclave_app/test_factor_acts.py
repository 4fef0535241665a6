"""What readers ask about their factor: computed, validated, cancelled, sent, read and tried out."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aval.identifiers import EventCode
from aval.prudential.act_places import require_place
from aval.prudential.agent_state import AgentState, ParametersUsed
from aval.prudential.figures import CONTEXT
from aval.prudential.portfolio import Portfolio
from aval.prudential.refusals import ActOutOfPlace
from aval.prudential.tasks import Task, TaskAct
from aval.sealing.envelope import SealedKind
from aval.sealing.head import Head
from aval.sealing.readers import Readers
from aval.sealing.statements import Act
from enclave_app.enclave.week_engine import week_engine
from enclave_app.enclave.week_records import StoredPortfolio
from tests.support.enclave import COMPANY, EVENT, STRANGER
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

ABOUT_PORTFOLIO = (TaskAct.COMPUTE, TaskAct.READ_BACK)
ABOUT_CALCULATION = (TaskAct.APPROVE, TaskAct.CANCEL)
OTHER = "b" * 64


@pytest.fixture
def run() -> Run:
    """An agent whose factor is computed."""
    made = Run()
    made.delivered()
    return made


def stated(run: Run, act: TaskAct, **changes: Any) -> Task:
    """About what the act is about, unless a change says otherwise."""
    assert run.standing.portfolio
    subject = run.standing.portfolio.identity if act in ABOUT_PORTFOLIO else run.calculation
    return run.agent.stated(act, changes.pop("subject", subject), **changes)


def later(run: Run, version: int = 2, **changes: Any) -> None:
    run.desk.vault.weeks[EVENT] = parameters(version, **changes)


def test_a_factor_is_validated_and_sent_and_only_then_told_in_clear(run: Run) -> None:
    calculation = run.calculation
    validation = run.do(stated(run, TaskAct.APPROVE))
    assert (validation.reason, validation.released) == ("", "")
    assert run.standing.state is AgentState.VALIDATED
    task = run.agent.release(calculation)
    told = run.told(task)
    assert (told["fa"], told["estado"], told["calculo"], told["objeto"]) == (
        FACTOR,
        "ENVIADO",
        calculation,
        calculation,
    )
    published = json.loads(run.do(task).released)
    assert published == {"fa": FACTOR, "recibo": told["recibo"]}
    receipt = verified_receipt(published).receipt
    assert receipt.released
    assert (receipt.released.number, receipt.kind, receipt.commitment) == (FACTOR, SealedKind.ENVIO, None)
    assert set(receipt.inputs) == {"PORTFOLIO", "CONTRAPARTES"}
    assert receipt.switches == {"metodo": "MP-2023.2.0", "compensacaoEntreMeses": "SEM_SINAL"}
    assert run.standing.sending
    assert run.standing.sending.calculation == calculation


@pytest.mark.parametrize(("equity", "text"), [("0", "zero"), ("-1", "negativo")])
def test_where_there_is_no_number_its_text_is_sent(equity: str, text: str) -> None:
    run = Run()
    told = portfolio()
    told["patrimonioLiquido"] |= {"valor": equity, "deducoes": []}
    found = run.told(run.agent.portfolio(told))["agente"]
    assert (found["fa"], text in found["motivo"]) == (None, True)
    assert run.do(run.agent.counterparties()).reason == ""
    run.validated()
    wrong = run.agent.release(run.calculation, "0", request_id="sending-of-a-number")
    assert run.do(wrong).reason == "NUMERO_DIVERGE"
    task = run.agent.release(run.calculation, extra={"fa": None, "motivo": found["motivo"]})
    assert json.loads(run.do(task).released)["motivo"] == found["motivo"]


@pytest.mark.parametrize("act", [*ABOUT_PORTFOLIO, *ABOUT_CALCULATION], ids=str)
@pytest.mark.parametrize("name", ["eve", "ana"])
def test_refuses_an_act_signed_by_a_stranger(run: Run, act: TaskAct, name: str) -> None:
    stranger = WeekAgent(run.desk, names=("eve",))
    subject = stated(run, act)
    told: Any = {"request_id": "request-of-a-stranger"}
    if name == "eve":
        task = stranger.stated(act, run.calculation, **told)
        reason = "NAO_E_LEITOR"
    else:
        # Another's key under the name of a reader.
        jws = task_text(stranger.stated(act, run.calculation, **told))
        head, payload, signature = jws.split(".")
        ours = task_text(subject).split(".")[0]
        task = run.agent.task(act, f"{ours}.{payload}.{signature}".encode())
        assert head != ours
        reason = "ASSINATURA_NAO_CONFERE"
    outcome = run.do(task)
    assert (outcome.reason, outcome.answer) == (reason, b"")
    assert run.standing.counter == 2


def task_text(task: Task) -> str:
    return task.body.decode()


@pytest.mark.parametrize("act", [*ABOUT_PORTFOLIO, *ABOUT_CALCULATION], ids=str)
def test_refuses_an_act_about_another_object(run: Run, act: TaskAct) -> None:
    assert run.standing.portfolio
    told = run.told(stated(run, act, subject=OTHER))
    assert (told["recusa"], told["objeto"]) == ("OBJETO_DIVERGE", run.standing.portfolio.identity)
    assert run.standing.counter == 2


@pytest.mark.parametrize(
    ("act", "other"),
    [
        (TaskAct.APPROVE, Act.CANCELAR),
        (TaskAct.CANCEL, Act.VALIDAR),
        (TaskAct.COMPUTE, Act.LER),
        (TaskAct.READ_BACK, Act.RECALCULAR),
    ],
    ids=str,
)
def test_refuses_a_statement_of_another_act(run: Run, act: TaskAct, other: Act) -> None:
    jws = run.agent.signed(other, run.calculation, request_id="of-another-act-than-asked")
    assert run.do(run.agent.task(act, jws.encode())).reason == "ATO_DIVERGE"


def test_refuses_a_validation_in_the_place_of_a_sending_and_the_other_way_around(run: Run) -> None:
    """Neither passes for the other, wherever it is put."""
    validation = stated(run, TaskAct.APPROVE)
    sealed = run.agent.sealed(task_text(validation), request_id=request_of(validation), kind=SealedKind.ENVIO)
    assert run.do(run.agent.task(TaskAct.RELEASE, sealed)).reason == "ATO_DIVERGE"
    sending = run.agent.signed(
        Act.ENVIAR, run.calculation, request_id="sending-in-the-clear", extra={"fa": FACTOR}
    )
    assert run.do(run.agent.task(TaskAct.APPROVE, sending.encode())).reason == "ATO_DIVERGE"
    assert run.standing.state is AgentState.COMPUTED


@pytest.mark.parametrize("change", [{"company": STRANGER}, {"event": EventCode("202611004")}], ids=str)
@pytest.mark.parametrize("act", [*ABOUT_PORTFOLIO, *ABOUT_CALCULATION], ids=str)
def test_refuses_a_statement_about_another_company_or_week(
    run: Run, act: TaskAct, change: dict[str, Any]
) -> None:
    outcome = run.do(stated(run, act, **change))
    assert outcome.reason == ("EMPRESA_DIVERGE" if "company" in change else "EVENTO_DIVERGE")


def test_nothing_is_asked_about_what_nobody_delivered() -> None:
    run = Run()
    for act in (*ABOUT_PORTFOLIO, *ABOUT_CALCULATION):
        assert run.do(run.agent.stated(act, OTHER)).reason == "VERSAO_DIVERGE"
    assert run.do(run.agent.release(OTHER)).reason == "VERSAO_DIVERGE"
    assert run.do(run.agent.simulation(OTHER, {"mudancas": []})).reason == "VERSAO_DIVERGE"


def test_without_counterparties_there_is_nothing_to_compute_validate_cancel_or_send() -> None:
    run = Run()
    task = run.agent.portfolio()
    run.do(task)
    assert run.told(run.agent.stated(TaskAct.COMPUTE, task))["recusa"] == "INCOMPLETO"
    for act in ABOUT_CALCULATION:
        assert run.told(run.agent.stated(act, OTHER))["recusa"] == "INCOMPLETO"
    assert run.told(run.agent.release(OTHER))["recusa"] == "INCOMPLETO"


def test_refuses_a_second_validation(run: Run) -> None:
    run.validated()
    again = stated(run, TaskAct.APPROVE, request_id="second-validation")
    assert run.told(again)["recusa"] == "JA_VALIDADO"


def test_refuses_a_release_signed_by_a_stranger(run: Run) -> None:
    run.validated()
    stranger = WeekAgent(run.desk, names=("eve",))
    assert run.do(stranger.release(run.calculation)).reason == "LEITORES_DIVERGEM"
    told: Any = {"request_id": "sending-by-a-stranger", "readers": run.agent.readers}
    outcome = run.do(stranger.release(run.calculation, **told))
    assert (outcome.reason, outcome.answer, outcome.released) == ("NAO_E_LEITOR", b"", "")


def test_refuses_a_sending_before_the_validation(run: Run) -> None:
    outcome = run.do(run.agent.release(run.calculation))
    assert (outcome.reason, outcome.released) == ("NAO_VALIDADO", "")
    assert run.standing.state is AgentState.COMPUTED


@pytest.mark.parametrize("number", ["0.1708177036910", "0.170817703692", "0.17", "-0.170817703691"])
def test_refuses_to_send_any_other_spelling_of_the_number(run: Run, number: str) -> None:
    run.validated()
    outcome = run.do(run.agent.release(run.calculation, number))
    assert (outcome.reason, outcome.released) == ("NUMERO_DIVERGE", "")
    assert FACTOR.encode() not in outcome.answer
    assert run.standing.state is AgentState.VALIDATED


def test_refuses_a_sending_for_another_calculation(run: Run) -> None:
    run.validated()
    assert run.told(run.agent.release(OTHER))["recusa"] == "OBJETO_DIVERGE"


def test_a_factor_is_sent_once(run: Run) -> None:
    run.validated()
    run.sent()
    again = run.agent.release(run.calculation, request_id="second-sending-of-factor")
    assert run.told(again)["recusa"] == "JA_ENVIADO"
    for act in ABOUT_CALCULATION:
        assert run.told(stated(run, act))["recusa"] == "JA_ENVIADO"
    assert run.standing.state is AgentState.SENT


def test_another_calculation_is_sent_after_a_full_cycle_and_replaces_the_former(run: Run) -> None:
    run.validated()
    run.sent()
    former = run.standing.sending
    told = portfolio()
    told["patrimonioLiquido"]["valor"] = "30000000"
    found = run.told(run.agent.portfolio(told, request_id="portfolio-once-more"))["agente"]["fa"]
    assert found != FACTOR
    assert (run.standing.state, run.standing.sending) == (AgentState.COMPUTED, former)
    early = run.agent.release(run.calculation, found, request_id="sending-too-early")
    assert run.do(early).reason == "NAO_VALIDADO"
    run.validated(request_id="second-validation")
    run.sent(number=found, request_id="second-sending-of-factor")
    assert run.standing.sending != former
    assert run.desk.vault.released[EVENT, COMPANY].number == found


def test_a_validation_of_the_former_portfolio_sends_nothing_of_the_next(run: Run) -> None:
    former = run.calculation
    run.validated()
    run.do(run.agent.portfolio(request_id="portfolio-once-more"))
    assert run.told(run.agent.release(former))["recusa"] == "OBJETO_DIVERGE"
    current = run.agent.release(run.calculation, request_id="sending-of-the-next")
    assert run.told(current)["recusa"] == "NAO_VALIDADO"


def test_a_cancelled_calculation_waits_for_another(run: Run) -> None:
    run.validated()
    told = run.told(stated(run, TaskAct.CANCEL))
    assert (told["estado"], told["calculo"]) == ("EM_PREENCHIMENTO", None)
    former, calculation = str(told["objeto"]), run.calculation
    assert (told["ciclo"], run.standing.cycle, calculation == former) == (1, 1, False)
    for act in ABOUT_CALCULATION:
        again = run.agent.stated(act, calculation, request_id=f"after-cancelling-{act}")
        assert run.told(again)["recusa"] == "NAO_CALCULADO"
    assert run.told(run.agent.release(calculation))["recusa"] == "NAO_CALCULADO"
    found = run.told(stated(run, TaskAct.COMPUTE))
    assert (found["estado"], found["calculo"], found["agente"]["fa"]) == ("CALCULADO", calculation, FACTOR)
    early = run.agent.release(calculation, request_id="sending-after-cancelling")
    assert run.told(early)["recusa"] == "NAO_VALIDADO"


def test_what_was_signed_before_a_cancellation_and_kept_back_counts_no_more(run: Run) -> None:
    """The host brings it once exactly the same was computed again."""
    validation = run.agent.stated(TaskAct.APPROVE, run.calculation, request_id="validation-kept-back")
    sending = run.agent.release(run.calculation, request_id="sending-kept-back")
    assert run.do(stated(run, TaskAct.CANCEL)).reason == ""
    assert run.told(stated(run, TaskAct.COMPUTE))["agente"]["fa"] == FACTOR
    assert run.do(validation).reason == "OBJETO_DIVERGE"
    run.validated()
    assert run.do(sending).reason == "OBJETO_DIVERGE"
    run.sent()


def test_later_parameters_ask_for_a_new_calculation(run: Run) -> None:
    former = run.calculation
    run.validated()
    later(run, diasLiquidacao=10)
    assert run.told(run.agent.release(former))["recusa"] == "NAO_CALCULADO"
    told = run.told(stated(run, TaskAct.COMPUTE))
    assert (told["estado"], told["parametros"]["versao"]) == ("CALCULADO", 2)
    assert told["agente"]["fa"] != FACTOR
    assert run.calculation != former
    assert run.standing.before is AgentState.COMPLETE
    assert run.standing.parameters == ParametersUsed.from_json(told["parametros"])


def _cancel(run: Run) -> None:
    assert run.do(stated(run, TaskAct.CANCEL, request_id="cancelled-beforehand")).reason == ""


def _compute(run: Run) -> None:
    assert run.do(stated(run, TaskAct.COMPUTE, request_id="computed-beforehand")).reason == ""


def _validate(run: Run) -> None:
    run.validated(request_id="validated-beforehand")


def _send(run: Run) -> None:
    run.sent(request_id="sent-beforehand-by-ana")


@pytest.mark.parametrize("act", [*ABOUT_CALCULATION, TaskAct.COMPUTE, TaskAct.RELEASE], ids=str)
@pytest.mark.parametrize(
    "before",
    [
        (),
        (_validate,),
        (_validate, _send),
        (_cancel,),
        (_cancel, _compute),
        (later,),
        (_validate, later),
        (_validate, _send, later),
        (_cancel, later),
        (later, _compute),
        (_validate, _send, later, _compute),
    ],
    ids=lambda steps: " ".join(step.__name__.strip("_") for step in steps) or "computed",
)
def test_the_door_lets_through_what_the_enclave_does_and_nothing_else(
    run: Run, before: tuple[Callable[[Run], None], ...], act: TaskAct
) -> None:
    for step in before:
        step(run)
    row = run.desk.vault.rows[EVENT, COMPANY]
    at_the_door = True
    try:
        in_force = week_engine(run.desk.vault.weeks[EVENT], EVENT).used
        require_place(act, row, in_force, computing=False)
    except ActOutOfPlace:
        at_the_door = False
    # Later parameters of the test change nothing but their number, so that the factor is the same.
    task = run.agent.release(run.calculation) if act is TaskAct.RELEASE else stated(run, act)
    assert (run.do(task).reason == "") is at_the_door


@pytest.mark.parametrize(
    ("version", "changes", "reason"),
    [(1, {}, "PARAMETROS_ANTERIORES"), (2, {"diasLiquidacao": 10}, "PARAMETROS_DIVERGEM")],
    ids=["older", "others under the same number"],
)
@pytest.mark.parametrize("act", [*TaskAct][4:], ids=str)
def test_no_act_goes_back_to_other_parameters(
    act: TaskAct, version: int, changes: dict[str, Any], reason: str
) -> None:
    run = Run()
    later(run)
    run.delivered()
    later(run, version, **changes)
    task = {
        TaskAct.PORTFOLIO: lambda: run.agent.portfolio(request_id="portfolio-once-more"),
        TaskAct.COUNTERPARTIES: lambda: run.agent.counterparties(request_id="counterparties-again"),
        TaskAct.RELEASE: lambda: run.agent.release(run.calculation),
        TaskAct.SIMULATE: lambda: run.agent.simulation(OTHER, {"mudancas": []}),
    }.get(act, lambda: stated(run, act))()
    assert run.told(task)["recusa"] == reason
    assert run.standing.counter == 2


def test_a_reading_gives_back_all_that_is_there_and_changes_nothing(run: Run) -> None:
    before = run.standing
    told = run.told(stated(run, TaskAct.READ_BACK))
    assert told["agente"]["fa"] == FACTOR
    assert told["portfolio"]["meses"][0]["precoFixo"]["recurso"] == {"mwm": "30", "preco": "210"}
    assert told["contrapartes"] == counterparties()
    assert (told["estado"], told["calculo"]) == ("CALCULADO", run.calculation)
    assert verified_receipt(told).receipt.commitment
    assert run.standing == before
    assert len(run.desk.vault.journals[EVENT]) == 2


def test_a_reading_shows_no_counterparties_of_another_list() -> None:
    run = Run()
    run.do(WeekAgent(run.desk, names=("eve",)).counterparties())
    task = run.agent.portfolio()
    run.do(task)
    told = run.told(run.agent.stated(TaskAct.READ_BACK, task))
    assert (told["contrapartes"], told["exposicoes"]) == (None, [])


def test_an_answer_opens_for_no_one_but_the_readers_of_the_data(run: Run) -> None:
    """Whoever asks, and whatever the request names."""
    outcome = run.do(stated(run, TaskAct.READ_BACK))
    recipients = json.loads(outcome.answer)["recipients"]
    assert [one["header"]["kid"] for one in recipients] == ["ana"]


@pytest.mark.parametrize("act", ["release", "simulation"])
def test_refuses_a_sealed_act_that_names_other_readers(run: Run, act: str) -> None:
    """Or its answer would be sealed to whom the data were not."""
    run.validated()
    others = WeekAgent(run.desk, names=("ana", "eve")).readers
    assert run.standing.portfolio
    task = (
        run.agent.release(run.calculation, readers=others)
        if act == "release"
        else run.agent.simulation(run.standing.portfolio.identity, {"mudancas": []}, readers=others)
    )
    outcome = run.do(task)
    assert (outcome.reason, outcome.answer) == ("LEITORES_DIVERGEM", b"")


def test_refuses_a_signed_release_inside_another_request(run: Run) -> None:
    run.validated()
    jws = run.agent.signed(Act.ENVIAR, run.calculation, request_id="one-request-of-two", extra={"fa": FACTOR})
    body = run.agent.sealed(jws, request_id="other-request-of-two", kind=SealedKind.ENVIO)
    assert run.do(run.agent.task(TaskAct.RELEASE, body)).reason == "PEDIDO_DIVERGE"


def test_another_company_may_send_the_factor_in_the_agents_name(run: Run) -> None:
    run.agent = WeekAgent(run.desk, sender=SENDER)
    run.validated()
    run.sent()
    assert run.standing.state is AgentState.SENT


def test_a_what_if_is_answered_beside_what_was_declared_and_keeps_nothing(run: Run) -> None:
    before, records = run.standing, run.desk.vault.records.copy()
    assert before.portfolio
    change = {"caminho": "/patrimonioLiquido/valor", "valor": "38000000"}
    task = run.agent.simulation(before.portfolio.identity, {"mudancas": [change], "alvo": "0.10"})
    told = run.told(task)
    assert (told["simulacao"], told["declarado"]["fa"]) == (True, FACTOR)
    assert told["simulado"]["pla"] == "36000000.000000"
    assert told["explicacao"]["alvo"]["fa"] == "0.100000000000"
    with_twice = CONTEXT.divide(CONTEXT.create_decimal(FACTOR), 2)
    assert abs(CONTEXT.create_decimal(told["simulado"]["fa"]) - with_twice) < CONTEXT.create_decimal("1e-11")
    assert (run.standing, run.desk.vault.records) == (before, records)
    assert len(run.desk.vault.journals[EVENT]) == 2


def test_refuses_a_what_if_about_another_object(run: Run) -> None:
    """A portfolio came in between: its reader would be told of figures that he does not have before him."""
    assert run.standing.portfolio
    former = run.standing.portfolio.identity
    run.do(run.agent.portfolio(request_id="portfolio-once-more"))
    assert run.told(run.agent.simulation(former, {"mudancas": []}))["recusa"] == "OBJETO_DIVERGE"


def test_a_what_if_with_no_change_by_a_stranger_is_refused(run: Run) -> None:
    assert run.standing.portfolio
    about = run.standing.portfolio.identity
    stranger = WeekAgent(run.desk, names=("eve",))
    own_list = stranger.simulation(about, {"mudancas": []})
    assert run.do(own_list).reason == "LEITORES_DIVERGEM"
    named = stranger.simulation(
        about, {"mudancas": []}, request_id="what-if-of-a-stranger", readers=run.agent.readers
    )
    outcome = run.do(named)
    assert (outcome.reason, outcome.answer) == ("NAO_E_LEITOR", b"")


def test_the_faults_of_a_what_if_are_told(run: Run) -> None:
    assert run.standing.portfolio
    about = run.standing.portfolio.identity
    changes = [
        ({"caminho": "/meses/9/geracao", "valor": "1"}, "caminho"),
        ({"caminho": "/cnpj", "valor": STRANGER}, "caminho"),
        ({"caminho": "/meses/0/geracao", "valor": "-1"}, "nao-negativo"),
    ]
    for index, (change, rule) in enumerate(changes):
        task = run.agent.simulation(about, {"mudancas": [change]}, request_id=f"what-if-of-faults-{index}")
        told = run.told(task)
        assert (told["recusa"], rule in {one["regra"] for one in told["faltas"]}) == ("FALTAS", True)


@pytest.mark.parametrize("act", [TaskAct.COMPUTE, TaskAct.APPROVE, TaskAct.CANCEL, TaskAct.RELEASE], ids=str)
def test_a_repeat_is_answered_as_the_first_without_another_entry(run: Run, act: TaskAct) -> None:
    if act is TaskAct.RELEASE:
        run.validated()
    task = run.agent.release(run.calculation) if act is TaskAct.RELEASE else stated(run, act)
    first = run.told(task)
    entries, standing = len(run.desk.vault.journals[EVENT]), run.standing
    again = run.agent.opened(run.parent.again(task), request_of(task)).payload
    changing = {"recibo", "sal"}
    assert {name: one for name, one in again.items() if name not in changing} == {
        name: one for name, one in first.items() if name not in changing
    }
    assert (len(run.desk.vault.journals[EVENT]), run.standing) == (entries, standing)


def test_a_repeated_sending_tells_the_number_that_was_sent_whatever_is_in_force_now(run: Run) -> None:
    """Its entry may have been stored by another host, and parameters loaded since."""
    run.validated()
    task = run.sent()
    first = verified_receipt(json.loads(run.do(task).released)).receipt
    run.desk.vault.released.clear()
    later(run, diasLiquidacao=10, opcoes={"compensacaoEntreMeses": "COM_SINAL"})
    outcome = run.parent.again(task)
    again = verified_receipt(json.loads(outcome.released)).receipt
    assert json.loads(outcome.released)["fa"] == FACTOR
    assert (again.parameters, again.switches, again.inputs) == (
        first.parameters,
        first.switches,
        first.inputs,
    )
    assert run.desk.vault.released[EVENT, COMPANY].number == FACTOR


def test_refuses_the_request_of_one_act_in_another(run: Run) -> None:
    used = "request-that-is-used-twice"
    run.validated(request_id=used)
    assert run.do(stated(run, TaskAct.CANCEL, request_id=used)).reason == "PEDIDO_REPETIDO"
    assert run.do(run.agent.release(run.calculation, request_id=used)).reason == "PEDIDO_REPETIDO"


def test_refuses_the_body_of_one_act_in_another(run: Run) -> None:
    """It is a repeat of nothing, whatever else would refuse it."""
    done = run.validated()
    for act in (TaskAct.CANCEL, TaskAct.READ_BACK):
        again = replace(done, act=act, id=type(done.id)("e" * 64))
        assert run.do(again).reason == "PEDIDO_REPETIDO"
        run.desk.vault.tasks.pop(again.id, None)


def test_refuses_a_record_that_names_other_readers_than_the_journal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody but a mistaken enclave could make one: an answer would go to who did not seal the data."""

    def mistaken(readers: Readers, held: Portfolio) -> StoredPortfolio:
        assert readers == run.agent.readers
        return StoredPortfolio(WeekAgent(run.desk, names=("eve",)).readers, held)

    monkeypatch.setattr("enclave_app.enclave.deliveries.StoredPortfolio", mistaken)
    run.do(run.agent.portfolio(request_id="portfolio-once-more"))
    outcome = run.do(stated(run, TaskAct.READ_BACK))
    assert (outcome.reason, outcome.answer) == ("LEITORES_DIVERGEM", b"")


@pytest.mark.parametrize("moved", ["agent", "version", "kind", "week"])
def test_refuses_a_record_moved_from_another_place(run: Run, moved: str) -> None:
    records = run.desk.vault.records
    place = (EVENT, COMPANY, "PORTFOLIO", 1)
    if moved == "agent":
        other = WeekAgent(run.desk, company=SENDER, sender=SENDER)
        run.do(other.portfolio(portfolio(SENDER), request_id="portfolio-of-another"))
        records[place] = records[EVENT, SENDER, "PORTFOLIO", 1]
    elif moved == "version":
        former = records[place]
        run.do(run.agent.portfolio(request_id="portfolio-once-more"))
        records[EVENT, COMPANY, "PORTFOLIO", 2] = former
    elif moved == "kind":
        records[place] = records[EVENT, COMPANY, "CONTRAPARTES", 1]
    else:
        week = EventCode("202611004")
        run.desk.vault.weeks[week] = parameters(event=week)
        content = portfolio(event=week)
        sealed = run.agent.sealed(
            content, request_id="portfolio-of-next-week", kind=SealedKind.PORTFOLIO, event=week
        )
        run.do(run.agent.task(TaskAct.PORTFOLIO, sealed, event=week))
        records[place] = records[week, COMPANY, "PORTFOLIO", 1]
    task = stated(run, TaskAct.READ_BACK)
    outcome = run.do(task)
    assert (outcome.reason, outcome.answer) == ("REGISTRO_NAO_ABRE", b"")


def test_a_record_that_is_gone_answers_nobody(run: Run) -> None:
    del run.desk.vault.records[EVENT, COMPANY, "PORTFOLIO", 1]
    assert run.do(stated(run, TaskAct.COMPUTE)).reason == "REGISTRO_NAO_ABRE"


def test_refuses_a_reader_who_saw_a_journal_that_this_store_never_had(run: Run) -> None:
    seen = Head(2, "9" * 64)
    assert run.told(stated(run, TaskAct.APPROVE, seen=seen))["recusa"] == "DIARIO_BIFURCADO"
    further = stated(run, TaskAct.APPROVE, seen=Head(9, "9" * 64), request_id="saw-a-longer-journal")
    assert run.told(further)["recusa"] == "DIARIO_ANTERIOR"
    assert run.standing.state is AgentState.COMPUTED
    run.validated()
    assert run.told(run.agent.release(run.calculation, seen=seen))["recusa"] == "DIARIO_BIFURCADO"
    assert run.standing.sending is None


def test_an_act_of_the_week_needs_its_parameters(run: Run) -> None:
    del run.desk.vault.weeks[EVENT]
    assert run.do(stated(run, TaskAct.APPROVE)).reason == "SEM_PARAMETROS"
    run.desk.vault.weeks[EVENT] = parameters(event=EventCode("202611004"))
    assert run.do(stated(run, TaskAct.CANCEL)).reason == "SEM_PARAMETROS"
    run.desk.vault.weeks[EVENT] = b"{}"
    assert run.do(replace(stated(run, TaskAct.COMPUTE))).reason == "SEM_PARAMETROS"


def test_a_second_enclave_goes_on_where_the_first_stopped(run: Run) -> None:
    run.validated()
    other = run.desk.parent()
    task = run.agent.release(run.calculation)
    assert json.loads(other.do(task).released)["fa"] == FACTOR
