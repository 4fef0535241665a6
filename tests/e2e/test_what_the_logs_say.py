"""The logs of everything that ran before this file, which pytest collects last."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.places import ROOT
from tests.e2e.conftest import Stack
from tests.support.agents import ANA, BOLT, PASSWORD, Person, certificate, offered

PLANTED_HOLDER = "FULANA PLANTADA DE TAL"
PLANTED_PASSWORD = "segredoPlantado1"


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


def test_no_log_holds_a_password_a_cpf_or_a_holder(stack: Stack) -> None:
    act(stack)
    forbidden = {PASSWORD, PLANTED_PASSWORD, PLANTED_HOLDER, *stack.passwords.values()}
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
    lines = list(function_lines(stack))
    assert len(lines) > 10
    without = [(name, line[:200]) for name, line in lines if not _transaction(line)]
    assert without == []


def _transaction(line: str) -> Any:
    try:
        return json.loads(line).get("transaction_id")
    except ValueError:
        return None
