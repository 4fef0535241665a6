"""A week of the monitoring for the demo, open on any day of its month: the figures of the worked example."""

import json
from calendar import monthrange
from datetime import date, datetime
from typing import Any, Final

from aval.moments import SAO_PAULO, utc_now
from aval.prudential.parameters import METHOD, MONTHS, EnergyType, Submarket
from local.aws import Emulator
from local.seed.drops import PARAMETERS, deliver_once

_SHORT_NAMES: Final = ("JAN", "FEV", "MAR", "ABR", "MAI", "JUN", "JUL", "AGO", "SET", "OUT", "NOV", "DEZ")
_VOLATILITIES: Final = ("0.0734", "0.11894", "0.10205", "0.08728", "0.067", "0.05623", "0.0486")
_FORWARDS: Final = ("222.72", "227.35", "229.93", "263.05", "292.63", "313.43", "313.43")
_STRESS_LONG: Final = ("168.47", "134.86", "139.94", "173.77", "219.12", "231.91", "232.69")
_STRESS_SHORT: Final = ("279.76", "326.52", "333.03", "365.56", "372.34", "395.11", "389.62")
_DEADLINE_DAY: Final = 10
"""Of the month after: on the last day of its own there are days left."""


def drop(emulator: Emulator, bucket: str) -> None:
    """Drop this month's week unless it was dropped before. Raises `DropRefused` with the report."""
    told = parameters(utc_now().astimezone(SAO_PAULO).date())
    content = json.dumps(told, ensure_ascii=False).encode()
    deliver_once(emulator.client("s3"), bucket, PARAMETERS, f"semana-{told['evento']}", content)


def parameters(today: date) -> dict[str, Any]:
    """A parameter file; the same on every day of a month."""
    first = today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    following = _month_after(first, 1)
    opens = _moment(first, "00:00:00")
    return {
        "evento": f"{first:%Y%m}001",
        "versao": 1,
        "inicioOperacao": opens,
        "fimOperacao": _moment(last, "23:59:59"),
        "abertura": opens,
        "prazo": _moment(following.replace(day=_DEADLINE_DAY), "18:00:00"),
        "atualizadoEm": opens,
        "metodo": METHOD,
        "indiceConfianca": "0.95",
        "diasLiquidacao": 5,
        "k": "0",
        "theta": "0",
        "pldMinimo": "57.31",
        "pldMaximo": "785.27",
        "meses": [_month(number, _month_after(first, number)) for number in range(len(MONTHS))],
        "correlacao": [["1"] * len(MONTHS)] * len(MONTHS),
    }


def _month(number: int, month: date) -> dict[str, Any]:
    return {
        "mes": MONTHS[number],
        "rotulo": f"{_SHORT_NAMES[month.month - 1]}/{month.year}",
        "horas": 24 * monthrange(month.year, month.month)[1],
        "volatilidade": _VOLATILITIES[number],
        "forward": _FORWARDS[number],
        "spreadSubmercado": dict.fromkeys(Submarket, "0"),
        "spreadFonte": dict.fromkeys(EnergyType, "0"),
        "estresseComprado": _STRESS_LONG[number],
        "estresseVendido": _STRESS_SHORT[number],
    }


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _moment(day: date, time: str) -> str:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SAO_PAULO).isoformat()
