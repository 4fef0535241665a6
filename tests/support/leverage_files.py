"""The worked example of tests/support/leverage.py as the files that an agent has."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.support import leverage, portfolio_files
from tests.support.workbooks import book

NOTHING: Final = {"mwm": "0", "preco": "0"}
NO_SUBMARKETS: Final = dict.fromkeys(("SE", "S", "NE", "N"), "0")
NO_SOURCES: Final = dict.fromkeys(("CONV", "I0", "I5", "CQ5", "I8", "I1"), "0")


def parameters(**changes: Any) -> dict[str, Any]:
    months = [
        {
            "mes": f"M+{month}",
            "rotulo": leverage.NAMES[month],
            "horas": int(leverage.HOURS[month]),
            "volatilidade": leverage.VOLATILITIES[month],
            "forward": leverage.FORWARDS[month],
            "spreadSubmercado": dict(NO_SUBMARKETS),
            "spreadFonte": dict(NO_SOURCES),
            "estresseComprado": leverage.STRESS_LONG[month],
            "estresseVendido": leverage.STRESS_SHORT[month],
        }
        for month in range(7)
    ]
    return {**portfolio_files.parameters(), "meses": months, **changes}


def portfolio(
    company: str = portfolio_files.COMPANY, *, sold_at: Sequence[str] = leverage.SOLD_LOW, **changes: Any
) -> dict[str, Any]:
    months = [_month(month, sold_at[month]) for month in range(7)]
    return {**portfolio_files.portfolio(company), "meses": months, **changes}


def write(folder: Path, name: str, *documents: dict[str, Any]) -> Path:
    """A workbook, or JSON: one document as it is, more of them under `agentes`."""
    path = folder / name
    if path.suffix == ".xlsx":
        path.write_bytes(book(*documents).file())
    elif len(documents) == 1:
        path.write_bytes(portfolio_files.as_file(documents[0]))
    else:
        path.write_bytes(portfolio_files.as_file({"agentes": list(documents)}))
    return path


def _month(month: int, sold_at: str) -> dict[str, Any]:
    net = str(int(leverage.BOUGHT[month]) - int(leverage.SOLD[month]))
    return {
        "mes": f"M+{month}",
        "precoFixo": {
            "submercados": NO_SUBMARKETS | {"SE": net},
            "fontes": NO_SOURCES | {"CONV": net},
            "recurso": {"mwm": leverage.BOUGHT[month], "preco": leverage.BOUGHT_AT[month]},
            "requisito": {"mwm": leverage.SOLD[month], "preco": sold_at},
        },
        "geracao": "0",
        "consumo": "0",
        "precoVariavel": {side: {"mwm": "0", "spread": "0"} for side in ("recurso", "requisito")},
        "derivativos": {
            "submercados": dict(NO_SUBMARKETS),
            "recurso": dict(NOTHING),
            "requisito": dict(NOTHING),
        },
        "mercadoRegulado": "0.00",
    }
