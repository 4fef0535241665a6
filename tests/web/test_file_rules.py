"""The page judges portfolios and counterparties as they are typed: by the enclave's rules, in its words."""

import copy
import json
import random
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from aval.errors import Fault, FaultsFound
from aval.prudential.counterparties import example, read_counterparties
from aval.prudential.portfolio_json import read_portfolio
from aval.prudential.portfolio_lines import LINES
from aval.prudential.portfolio_rules import warnings_of
from local.node import node
from local.places import ROOT
from tests.support.portfolio_files import OTHER_COMPANY, as_file, portfolio

_PAGES: Final = ROOT / "web/tests/pages/monitoring"
_TODAY: Final = date(2026, 11, 21)
_AMOUNTS: Final = ("0", "10", "-5", "0.0001", "-0.0001", "0.00005", "0.000100000001", "99999999999999999999")
_CASES: Final = 400
_OWN_WORDS: Final = frozenset({"cnpj", "texto", "numero"})
"""Rules of form, which the page tells of what was typed and the enclave of what a file holds."""


def judged_by_the_page(judge: str, cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [node(), str(_PAGES / judge)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    assert len(told) == len(cases)
    return told


def faults_of(read: Callable[[bytes], object], document: object) -> tuple[Fault, ...]:
    try:
        read(as_file(document))
    except FaultsFound as found:
        return tuple(found.faults)
    return ()


def put(month: dict[str, Any], path: str, value: str) -> None:
    *names, last = path.split("/")
    inside: Any = month
    for name in names:
        inside = inside[name]
    inside[last] = value


def portfolios() -> list[dict[str, Any]]:
    chance = random.Random(20230302)
    drawn = [portfolio()]
    for _ in range(_CASES):
        one = portfolio()
        for _ in range(chance.randrange(1, 5)):
            put(chance.choice(one["meses"]), chance.choice(LINES).path, chance.choice(_AMOUNTS))
        if chance.random() < 0.3:
            one["patrimonioLiquido"]["deducoes"] = [
                {"item": item, "valor": chance.choice(_AMOUNTS)}
                for item in sorted(chance.sample(["I", "IV", "VIII"], 2))
            ]
        one["patrimonioLiquido"]["dataBase"] = chance.choice(
            ["2022-12-31", "2026-11-21", "2026-11-22", "2025-11-21", "2025-11-20"]
        )
        drawn.append(one)
    return drawn


def test_the_page_finds_what_the_enclave_finds_in_a_portfolio_and_where() -> None:
    drawn = portfolios()
    found = [faults_of(read_portfolio, one) for one in drawn]
    assert sum(not faults for faults in found) > 20
    assert {fault.rule for faults in found for fault in faults} == {
        "nao-negativo",
        "soma-submercados",
        "soma-fontes",
        "soma-derivativos",
    }
    cases = [
        {"document": one, "pointers": [fault.pointer for fault in faults], "today": _TODAY.isoformat()}
        for one, faults in zip(drawn, found, strict=True)
    ]
    for one, faults, told in zip(
        drawn, found, judged_by_the_page("portfolio/judge-portfolios.ts", cases), strict=True
    ):
        by_the_enclave = [
            [fault.rule, place, fault.detail] for fault, place in zip(faults, told["fields"], strict=True)
        ]
        assert sorted(told["faults"]) == sorted(by_the_enclave), one


def test_the_page_warns_of_the_same_base_dates() -> None:
    drawn = [one for one in portfolios() if not faults_of(read_portfolio, one)]
    cases = [{"document": one, "pointers": [], "today": _TODAY.isoformat()} for one in drawn]
    warned = 0
    for one, told in zip(drawn, judged_by_the_page("portfolio/judge-portfolios.ts", cases), strict=True):
        found = warnings_of(read_portfolio(as_file(one)), lambda _, path: path, today=_TODAY)
        assert [[rule, detail] for rule, _, detail in told["warnings"]] == [
            [each.rule, each.detail] for each in found
        ]
        warned += len(found)
    assert 0 < warned < len(drawn)


def test_the_enclave_reads_the_page_s_file_as_the_one_that_was_shown() -> None:
    drawn = [one for one in portfolios() if not faults_of(read_portfolio, one)]
    cases = [{"document": one, "pointers": [], "today": _TODAY.isoformat()} for one in drawn]
    for one, told in zip(drawn, judged_by_the_page("portfolio/judge-portfolios.ts", cases), strict=True):
        made, shown = read_portfolio(as_file(told["document"])), read_portfolio(as_file(one))
        assert (made, made.months) == (shown, shown.months)


def counterparties() -> list[dict[str, Any]]:
    chance = random.Random(20230303)
    whole = json.loads(example())
    drawn = [whole]
    for _ in range(_CASES):
        one = copy.deepcopy(whole)
        listed = one["contrapartes"]
        for _ in range(chance.randrange(1, 4)):
            row = chance.choice(listed)
            match chance.randrange(4):
                case 0:
                    row["mtm"] = chance.choice(_AMOUNTS)
                case 1:
                    row["cnpj"] = chance.choice([one["cnpj"], listed[0]["cnpj"], OTHER_COMPANY])
                case 2 if row["mitigadores"]:
                    chance.choice(row["mitigadores"])["valor"] = chance.choice(_AMOUNTS)
                case _:
                    row["mitigadores"].append(
                        {"tipo": "NENHUM", "valor": chance.choice(_AMOUNTS), "descricao": ""}
                    )
        drawn.append(one)
    return drawn


def test_the_page_finds_what_the_enclave_finds_in_counterparties_and_where() -> None:
    drawn = counterparties()
    found = [faults_of(read_counterparties, one) for one in drawn]
    rules = {fault.rule for faults in found for fault in faults}
    assert {"propria", "repetido", "ordem", "nao-negativo", "nenhum-mitigador"} <= rules
    assert not rules & _OWN_WORDS
    cases = [
        {"document": one, "pointers": [fault.pointer for fault in faults]}
        for one, faults in zip(drawn, found, strict=True)
    ]
    told_of_all = judged_by_the_page("counterparties/judge-counterparties.ts", cases)
    for one, faults, told in zip(drawn, found, told_of_all, strict=True):
        by_the_enclave = [
            [fault.rule, place, fault.detail] for fault, place in zip(faults, told["fields"], strict=True)
        ]
        assert sorted(told["faults"]) == sorted(by_the_enclave), one


def test_the_page_reckons_the_same_exposures() -> None:
    drawn = [one for one in counterparties() if not faults_of(read_counterparties, one)]
    cases = [{"document": one, "pointers": []} for one in drawn]
    for one, told in zip(
        drawn, judged_by_the_page("counterparties/judge-counterparties.ts", cases), strict=True
    ):
        held = read_counterparties(as_file(one))
        assert read_counterparties(as_file(told["document"])) == held
        assert [float(each) for each in told["exposures"]] == [float(each.exposure) for each in held.listed]
