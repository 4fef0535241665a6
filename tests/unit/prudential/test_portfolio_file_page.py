"""docs/portfolio-file.md: it lists every rule, line and limit of the code."""

import ast
import re
from pathlib import Path
from typing import Final

from aval.prudential import workbook_cells, workbook_gate, workbook_parts
from aval.prudential.portfolio_lines import BLOCKS, LINES
from aval.prudential.portfolio_template import MOST_AGENTS

PAGE: Final = (Path(__file__).resolve().parents[3] / "docs/portfolio-file.md").read_text(encoding="utf-8")
SOURCES: Final = (
    "gathered_lines",
    "portfolio_xlsx",
    "workbook_cells",
    "workbook_gate",
    "workbook_parts",
    "workbook_sheets",
)


def rules_of(source: str) -> set[str]:
    """The first words of every `Fault` and `CellRefused` that the module writes out."""
    folder = Path(workbook_cells.__file__).parent
    tree = ast.parse((folder / f"{source}.py").read_text(encoding="utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in {"Fault", "CellRefused"} and isinstance(call.args[0], ast.Constant)
        if isinstance(call.args[0].value, str)
    }


def test_the_page_lists_every_rule_and_no_other() -> None:
    rules = {rule for source in SOURCES for rule in rules_of(source)}
    rules |= {why.value for why in workbook_parts.Mute}
    tables = [told.partition("\n\n")[0] for told in PAGE.split("\n| rule |")[1:]]
    rows = [row.split("|")[1] for table in tables for row in table.splitlines()[2:]]
    listed = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert listed == rules


def test_the_page_lists_every_line() -> None:
    for block in BLOCKS:
        [told] = re.findall(rf"^\| `{block}` \| (.*) \|$", PAGE, re.MULTILINE)
        names = re.findall(r"`([\w.]+)`(?: \+ ([\w ]+))?", told)
        listed = {f"{name}{end}" for name, ends in names for end in (ends.split() or [""])}
        assert listed == {line.name for line in LINES if line.block == block}


def test_the_page_tells_the_limits_of_the_code() -> None:
    for limit in (
        workbook_gate.LARGEST_FILE,
        workbook_gate.MOST_PARTS,
        workbook_parts.MOST_CELLS,
        workbook_parts.LAST_ROW,
        workbook_parts.MOST_FORMULA_CHARACTERS,
        MOST_AGENTS,
    ):
        assert f"{limit:,}".replace(",", " ") in PAGE
    assert f"more than {workbook_gate.MOST_INFLATION} times" in PAGE
    assert f"{workbook_gate.LARGEST_INFLATED // 2**20} MiB" in PAGE
