"""An agent's week through its doors: filled in, computed, validated, cancelled, sent; two people at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aval.identifiers import Cnpj
from aval.sealing.statements import Act
from tests.e2e.week_agent import WeekAgent
from tests.support.stack import Stack

# Each represented by BOLT in the demo, and no other test's.
OF_CYCLE, OF_RACE, OF_LIST = "90003717000180", "90003617000153", "90003517000127"
CHANGES = {"mudancas": [{"caminho": "/meses/0/precoFixo/requisito/preco", "valor": "230"}]}


def computed(agent: WeekAgent) -> tuple[str, str, dict[str, Any]]:
    """The portfolio's identity, the calculation's name, and what its readers are told."""
    delivered = agent.portfolio()
    assert agent.done(delivered)["estado"] == "EM_PREENCHIMENTO"
    completing = agent.counterparties()
    assert agent.done(completing)["estado"] == "CALCULADO"
    told: dict[str, Any] = agent.get("fator").json()
    return (
        delivered.identity,
        told["calculo"],
        dict(agent.opened(told["resposta"], completing.request_id).payload),
    )


def test_an_agent_goes_through_its_week(stack: Stack) -> None:
    agent = WeekAgent(stack, Cnpj.parse(OF_CYCLE))
    assert agent.get("fator").json()["type"] == "urn:aval:problema:nada-a-ler"
    portfolio, calculation, told = computed(agent)
    number = told["agente"]["fa"]

    early = agent.ask(agent.sending(calculation, number))
    assert (early.status, early.json()["codigo"], early.json()["estado"]) == (
        409,
        "NAO_VALIDADO",
        "CALCULADO",
    )
    assert agent.done(agent.act("cancelamento", Act.CANCELAR, calculation))["estado"] == "EM_PREENCHIMENTO"
    assert agent.done(agent.act("calculo", Act.RECALCULAR, portfolio))["estado"] == "CALCULADO"
    # What is computed after a cancellation may have another name.
    calculation = agent.get("fator").json()["calculo"]
    assert agent.done(agent.act("validacao", Act.VALIDAR, calculation))["estado"] == "VALIDADO"

    wrong = agent.ask(agent.sending(calculation, f"{number}1"))
    assert (wrong.status, wrong.json()["codigo"], wrong.json()["estado"]) == (
        422,
        "NUMERO_DIVERGE",
        "VALIDADO",
    )
    assert agent.get("recibo").status == 404
    sending = agent.sending(calculation, number)
    sent = agent.done(sending)
    assert (sent["estado"], sent["liberado"]["fa"]) == ("ENVIADO", number)
    assert agent.done(sending) == sent
    receipt = agent.get("recibo")
    assert (receipt.headers["Content-Type"], receipt.body.decode()) == (
        "application/jose",
        sent["liberado"]["recibo"],
    )

    for asked in (agent.act("leitura", Act.LER, portfolio), agent.what_if(portfolio, CHANGES)):
        answer = agent.done(asked)
        assert (answer["estado"], answer["liberado"]) == ("ENVIADO", None)
        assert agent.opened(answer["resposta"], asked.request_id).payload["objeto"] == portfolio


def test_of_two_people_who_validate_at_once_one_wins_and_the_other_is_told_the_state(stack: Stack) -> None:
    agent = WeekAgent(stack, Cnpj.parse(OF_RACE))
    _, calculation, _ = computed(agent)
    both = [agent.act("validacao", Act.VALIDAR, calculation) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(agent.ask, both), key=lambda answer: answer.status)
    assert [answer.status for answer in answers] == [200, 409]
    won, lost = (answer.json() for answer in answers)
    assert won["estado"] == "VALIDADO"
    assert (lost["codigo"], lost["estado"]) == ("JA_VALIDADO", "VALIDADO")


def test_models_are_handed_out_to_be_filled_in(stack: Stack) -> None:
    agent = WeekAgent(stack, Cnpj.parse(OF_LIST))
    query = f"evento={agent.event}&remetente=33047509000149"
    workbook = stack.request("GET", f"/prudencial/modelos/portfolio.xlsx?{query}", token=agent.token)
    assert (workbook.status, workbook.body[:2]) == (200, b"PK")
    for name in ("portfolio.json", "contrapartes.json", "contrapartes.schema.json"):
        assert stack.request("GET", f"/prudencial/modelos/{name}", token=agent.token).status == 200
