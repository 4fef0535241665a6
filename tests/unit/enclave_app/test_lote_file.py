import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aval.errors import Fault, FaultsFound
from aval.prudential.counterparties import read_counterparties
from aval.prudential.leverage import Engine
from aval.prudential.parameters_json import read_parameters
from aval.prudential.portfolio_json import read_portfolio
from enclave_app.enclave.lote_file import FileAgent, LastFile, counterparties_of, portfolios_of
from tests.support import workbooks
from tests.support.enclave import EVENT
from tests.support.enclave_lotes import PARAMETERS, company, counterparties, portfolio, wrong

AT = datetime(2022, 12, 31, 1, 0, tzinfo=UTC)
"""In São Paulo it is the thirtieth still."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.of(read_parameters(json.dumps(PARAMETERS).encode()))


def file(*agents: Any) -> bytes:
    return json.dumps({"agentes": agents}).encode()


def test_agents_taken_and_refused_come_in_the_order_of_the_file(engine: Engine) -> None:
    read = portfolios_of(file(wrong(3), portfolio(1), wrong(4), portfolio(2)), engine, at=AT)
    assert [one.company for one in read] == [company(3), company(1), company(4), company(2)]
    assert [bool(one.faults) for one in read] == [True, False, True, False]
    assert [one.place for one in read] == [f"/agentes/{number}" for number in range(4)]


def test_a_workbook_and_its_json_are_kept_as_the_same(engine: Engine) -> None:
    [of_sheet] = portfolios_of(workbooks.book(portfolio(1), event=EVENT).file(), engine, at=AT)
    [of_json] = portfolios_of(file(portfolio(1)), engine, at=AT)
    assert (of_sheet.kept, of_sheet.figures) == (of_json.kept, of_json.figures)
    assert read_portfolio(of_sheet.kept) == read_portfolio(json.dumps(portfolio(1)).encode())


def test_what_the_agent_should_look_at_is_judged_by_the_day_in_sao_paulo(engine: Engine) -> None:
    [agent] = portfolios_of(file(portfolio(1)), engine, at=AT)
    assert [warning.rule for warning in agent.warnings] == ["data-base-antiga"]
    [agent] = portfolios_of(file(portfolio(1)), engine, at=AT.replace(hour=3))
    assert agent.warnings == ()


def test_an_agent_that_has_no_factor_is_told_why(engine: Engine) -> None:
    equity = portfolio(1)["patrimonioLiquido"] | {"valor": "0", "deducoes": []}
    [agent] = portfolios_of(file(portfolio(1, patrimonioLiquido=equity)), engine, at=AT)
    assert (agent.figures["fa"], agent.figures["fa_risco"]) == (None, None)
    assert "PLA" in str(agent.figures["motivo"])


def test_counterparties_are_kept_each_as_a_file_of_one_agent() -> None:
    told = {"evento": EVENT, "agentes": [counterparties(1), {"cnpj": company(2)}]}
    first, second = counterparties_of(json.dumps(told).encode(), EVENT)
    held = read_counterparties(first.kept)
    assert (held.company, held.event) == (company(1), EVENT)
    assert [fault.rule for fault in second.faults] == ["obrigatorio"]


def test_a_file_that_is_asked_for_again_is_not_read_again() -> None:
    last, reads = LastFile(), list[str]()

    def read_of(name: str) -> tuple[FileAgent, ...]:
        def read() -> tuple[FileAgent, ...]:
            reads.append(name)
            return (FileAgent(name, "/agentes/0"),)

        return last.read((name,), read)

    assert [read_of(name)[0].company for name in "aaba"] == list("aaba")
    assert reads == ["a", "b", "a"]


def test_a_file_that_could_not_be_read_leaves_nothing_behind() -> None:
    last = LastFile()

    def broken() -> tuple[FileAgent, ...]:
        raise FaultsFound("no file", [Fault("ilegivel", "no file")])

    for _ in range(2):
        with pytest.raises(FaultsFound):
            last.read(("a",), broken)
