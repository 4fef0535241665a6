"""Each refusal that the confidential core promises has the tests that its page names."""

import ast
import re
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[1]
PAGE: Final = TESTS.parent / "docs/confidential.md"
ROW: Final = re.compile(r"^\| (?P<refused>[^|]+) \| (?P<held>`[^|]+`) \|$", re.MULTILINE)
NAMED: Final = re.compile(r"`([^`]+)`")
# What must be refused, one row each: a row that is lost is a promise that nobody holds any more.
PROMISED: Final = 55


def rows() -> dict[str, list[str]]:
    _, _, section = PAGE.read_text(encoding="utf-8").partition("\n## Each refusal and its test\n")
    told = ROW.findall(section.partition("\n## ")[0])
    assert len({refused for refused, _ in told}) == len(told)
    return {refused: NAMED.findall(held) for refused, held in told}


def functions_of(path: Path) -> set[str]:
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in parsed.body if isinstance(node, ast.FunctionDef)}


def test_every_refusal_names_at_least_one_test() -> None:
    assert len(rows()) == PROMISED
    assert all(rows().values())


def test_every_test_that_a_refusal_names_exists() -> None:
    named = {tuple(name.split("::")) for held in rows().values() for name in held}
    assert [(file, name) for file, name in sorted(named) if name not in functions_of(TESTS / file)] == []
