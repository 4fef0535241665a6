"""The files of a week for the demo's agents, three of them wrong in different cells."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook

from aval.identifiers import Cnpj, EventCode
from aval.prudential.portfolio_lines import (
    EQUITY_COLUMNS,
    EQUITY_SHEET,
    INSTRUCTIONS_SHEET,
    PORTFOLIO_COLUMNS,
    PORTFOLIO_SHEET,
)
from local.seed.registry import DEMO

SENDER: Final = Cnpj("33047509000149")
REPRESENTED: Final = "900"
"""How the CNPJs of the agents begin that the demo's company represents for its week."""
_BOUGHT: Final = (30, 25, 28, 20, 18, 26, 20)
_SOLD: Final = (20, 30, 20, 20, 30, 20, 20)
_BUYING: Final = (210, 215, 220, 240, 255, 280, 285)
_SELLING: Final = (205, 210, 212, 235, 250, 270, 275)
_Row = list[object]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Which agent's line is wrong, in which month, and what stands there instead."""

    agent: int
    line: str
    month: int
    value: str


MISTAKES: Final = (
    Mistake(4, "fontes.CONV", 2, "99"),
    Mistake(16, "requisito.mwm", 4, "-3"),
    Mistake(28, "recurso.preco", 1, "duzentos"),
)


def represented() -> tuple[Cnpj, ...]:
    """The demo registry's agents of the week."""
    registry = json.loads((DEMO / "registro.json").read_text())
    companies = [Cnpj.parse(one["cnpj"]) for one in registry["participantes"]]
    return tuple(one for one in companies if one.startswith(REPRESENTED))


def planted(company: Cnpj) -> str:
    """A figure that no other agent has, to look for where it must not be."""
    return f"{20_000_000 + int(company[3:8]) * 7919}.37"


def write(folder: Path, event: EventCode) -> None:
    """`carteiras.xlsx` with three mistakes, `correcao.xlsx` without those, and `contrapartes.json`."""
    agents = represented()
    wrong = [agents[mistake.agent] for mistake in MISTAKES]
    (folder / "carteiras.xlsx").write_bytes(workbook(agents, event, MISTAKES))
    (folder / "correcao.xlsx").write_bytes(workbook(wrong, event))
    (folder / "contrapartes.json").write_text(
        json.dumps(counterparties(agents, event), ensure_ascii=False, indent=1)
    )


def workbook(agents: Sequence[Cnpj], event: EventCode, mistakes: Sequence[Mistake] = ()) -> bytes:
    """The standard sheet (docs/portfolio-file.md) with the lines that are not zero."""
    sheets: dict[str, list[_Row]] = {
        PORTFOLIO_SHEET: [list(PORTFOLIO_COLUMNS)],
        EQUITY_SHEET: [list(EQUITY_COLUMNS)],
        INSTRUCTIONS_SHEET: [["evento", event]],
    }
    for number, company in enumerate(agents):
        own = [mistake for mistake in mistakes if mistake.agent == number]
        sheets[PORTFOLIO_SHEET] += _lines(company, number, own)
        sheets[EQUITY_SHEET].append([company.masked, "2026-06-30", planted(company), "2000000"])
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write_string(place, column, str(value))
    return written.getvalue()


def counterparties(agents: Sequence[Cnpj], event: EventCode) -> dict[str, Any]:
    """Two of each agent, which are its neighbours in the list."""
    listed = []
    for number, company in enumerate(agents):
        others = [agents[(number + step) % len(agents)] for step in (1, 2)]
        listed.append({"cnpj": company, "contrapartes": list(_exposures(others, number))})
    return {"evento": event, "agentes": listed}


def _exposures(others: Sequence[Cnpj], number: int) -> Iterator[dict[str, Any]]:
    for order, other in enumerate(others, start=1):
        value = f"{9_000_000 // order + 1000 * number}.00"
        covered = {"tipo": "FIANCA_BANCARIA", "valor": "2500000.00", "descricao": f"carta {number + 1}"}
        yield {
            "ordem": order,
            "cnpj": other,
            "sigla": f"CONTRAPARTE {other[:8]}",
            "mtm": value,
            "mitigadores": [covered] if order == 1 else [],
        }


def _lines(company: Cnpj, number: int, mistakes: Sequence[Mistake]) -> list[_Row]:
    bought = [amount + number % 5 for amount in _BOUGHT]
    net = [str(buys - sells) for buys, sells in zip(bought, _SOLD, strict=True)]
    figures: dict[str, list[str]] = {
        "recurso.mwm": list(map(str, bought)),
        "recurso.preco": [str(price + number % 7) for price in _BUYING],
        "requisito.mwm": list(map(str, _SOLD)),
        "requisito.preco": [str(price + number % 3) for price in _SELLING],
        "submercados.SE": net,
        "fontes.CONV": list(net),
    }
    for mistake in mistakes:
        figures[mistake.line][mistake.month] = mistake.value
    return [[company.masked, "precoFixo", line, *values] for line, values in figures.items()]
