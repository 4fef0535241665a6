"""docs/prudential.md: its examples read as they stand, and it lists every rule."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from aval.prudential import json_document
from aval.prudential.counterparties import MitigatorKind, read_counterparties
from aval.prudential.parameters import MONTHS
from aval.prudential.parameters_json import read_parameters
from aval.prudential.portfolio_json import read_portfolio
from tests.support.portfolio_files import as_file

PAGE: Final = (Path(__file__).resolve().parents[3] / "docs/prudential.md").read_text(encoding="utf-8")
SOURCES: Final = (
    "correlation",
    "counterparties",
    "json_agents",
    "json_document",
    "parameters_json",
    "portfolio_json",
    "portfolio_rules",
)


def example(name: str) -> Any:
    [block] = re.findall(rf"^```json {name}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return json.loads(block)


def of_seven_months(document: Any) -> Any:
    [month] = document["meses"]
    return document | {"meses": [month | {"mes": label} for label in MONTHS]}


def test_the_example_of_parameters_reads_and_tells_what_is_meant_where_nothing_is_told() -> None:
    document = of_seven_months(example("parametros"))
    document["correlacao"] *= 7
    shortened = {
        name: document[name] for name in document if name not in ("opcoes", "periodicidade", "classes")
    }
    assert read_parameters(as_file(document)) == read_parameters(as_file(shortened))


def test_the_example_of_a_portfolio_reads() -> None:
    assert read_portfolio(as_file(of_seven_months(example("portfolio")))).equity.adjusted == 18000000


def test_the_example_of_counterparties_reads() -> None:
    assert len(read_counterparties(as_file(example("contrapartes"))).listed) == 1


def test_every_kind_of_mitigator_is_listed() -> None:
    assert [kind for kind in MitigatorKind if f"`{kind}`" not in PAGE] == []


def rules_of(name: str) -> Iterator[str]:
    """The names of rules stand where a fault is made, and nowhere else."""
    source = Path(json_document.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        place = {"Fault": 0, "refuse": 0, "read_as": 2}.get(called)
        if place is not None and isinstance(rule := call.args[place], ast.Constant):
            yield str(rule.value)


@pytest.mark.parametrize("name", SOURCES)
def test_every_rule_is_listed(name: str) -> None:
    rules = set(rules_of(name))
    assert rules
    assert {rule for rule in rules if f"`{rule}`" not in PAGE} == set()
