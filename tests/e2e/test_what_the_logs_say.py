"""The logs of everything that ran before this file, which pytest collects last."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.places import ROOT
from tests.support.agents import ANA, BOLT, ELISA, PASSWORD, Person, certificate, offered
from tests.support.contract_agents import Agent, Month, amount, registration
from tests.support.stack import Stack

PLANTED_HOLDER = "FULANA PLANTADA DE TAL"
PLANTED_PASSWORD = "segredoPlantado1"
PLANTED_AMOUNT, PLANTED_HOUR = "71.934582", "71.934583"
PLANTED_WORDS = "CLAUSULA PLANTADA"
VENTO, CAMPO = 10030, 10050


def people() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((ROOT / "local/demo/registro.json").read_text())["pessoas"]
    return rows


def function_lines(stack: Stack) -> Iterator[tuple[str, str]]:
    for log in sorted(stack.logs.glob("aval-*.log")):
        for line in log.read_text().splitlines():
            yield log.name, line


def act(stack: Stack) -> None:
    ana = Person.logged_in(stack, ANA)
    ana.empty(BOLT)
    file = certificate(stack, PLANTED_HOLDER, cnpj=BOLT)
    assert ana.change(BOLT, senha=PLANTED_PASSWORD, adicionar=[offered(file)]).status == 200
    assert ana.verify(BOLT, file[:-1]).status == 200
    assert ana.change(BOLT, senha="curta", adicionar=[offered(file)]).status == 422
    assert ana.get(f"/adesoes/{BOLT}/historico").status == 200


def trade(stack: Stack) -> None:
    """Import contracts that are taken, that are refused, and that cannot be read; validate and look."""
    begins, ends = Month.ahead(1), Month.ahead(2)
    seller = Agent(Person.logged_in(stack, ANA), VENTO)
    buyer = Agent(Person.logged_in(stack, ELISA), CAMPO)
    planted = [amount(begins, ends, PLANTED_AMOUNT)]
    lawful = registration(VENTO, CAMPO, months=1, referencia=PLANTED_WORDS, montantes=planted)
    uneven = [amount(begins, ends, PLANTED_AMOUNT, montantesHorarios=[PLANTED_HOUR])]
    done, refused = seller.imported(registrar=[lawful, {**lawful, "idVendedor": CAMPO}])
    assert (done["status"], refused["status"]) == ("SUCESSO", "ERRO")
    for wrong in ({"montantes": uneven}, {"tipo": PLANTED_WORDS}):
        assert seller.post("/contratos/importacoes", registrar=[{**lawful, **wrong}]).status == 422
    unreadable = f'<ContratosCCEAL><Contrato referencia="{PLANTED_WORDS}" montanteMedio="{PLANTED_AMOUNT}">'
    assert seller.awaited(seller.submit(arquivo=unreadable))["situacao"] == "RECUSADO"
    code = done["contrato"]["codigo"]
    assert buyer.validate(code, begins.begins).json()["status"] == "SUCESSO"
    assert buyer.amounts(code) == [(begins.begins, PLANTED_AMOUNT, "VALIDADO")]
    assert buyer.get("/contratos", perfil=VENTO).status == 403


def test_no_log_holds_a_password_a_person_or_what_a_contract_says(stack: Stack) -> None:
    act(stack)
    trade(stack)
    forbidden = {PASSWORD, PLANTED_PASSWORD, PLANTED_HOLDER, *stack.passwords.values()}
    forbidden |= {PLANTED_AMOUNT, PLANTED_HOUR, PLANTED_WORDS}
    for person in people():
        forbidden |= {person["cpf"], person["nome"], person["email"]}
    leaks = [
        (log.name, secret)
        for log in sorted(Path(stack.logs).iterdir())
        for secret in forbidden
        if secret in log.read_text(errors="replace")
    ]
    assert leaks == []


def test_every_line_of_a_function_carries_its_transaction(stack: Stack) -> None:
    act(stack)
    trade(stack)
    lines = list(function_lines(stack))
    assert len(lines) > 10
    without = [(name, line[:200]) for name, line in lines if not _transaction(line)]
    assert without == []


def _transaction(line: str) -> Any:
    try:
        return json.loads(line).get("transaction_id")
    except ValueError:
        return None
