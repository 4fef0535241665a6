"""`aval fa calcular`: the leverage factor offline, by the engine that the measured code runs.

The commands of a week, over the platform, are in `fa_semana`.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from aval.cli.expected_code import read_file
from aval.cli.fa_semana import register_week
from aval.cli.leverage_tables import agent_text, engine_text
from aval.cli.outcome import CommandFailed, ExitCode
from aval.errors import Fault, FaultsFound
from aval.identifiers import EventCode
from aval.moments import SAO_PAULO, utc_now
from aval.prudential.figures import FigureInvalid, parse_decimal
from aval.prudential.json_document import LARGEST_FILE
from aval.prudential.leverage import Engine
from aval.prudential.leverage_json import document
from aval.prudential.parameters_json import read_parameters
from aval.prudential.portfolio import PortfoliosRead
from aval.prudential.portfolio_json import read_portfolios
from aval.prudential.portfolio_rules import warnings_of
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.prudential.refusals import DocumentUnreadable

_READERS: Final = {".json": read_portfolios, ".xlsx": read_portfolio_workbook}
Read = TypeVar("Read")


@dataclass(slots=True)
class _Faults:
    """What is wrong with the files of one command, all of it, and how the command ends for it."""

    told: list[dict[str, str]] = field(default_factory=list)
    code: ExitCode = ExitCode.ACCEPTED

    def note(self, path: Path, company: str, faults: tuple[Fault, ...]) -> None:
        self.code = max(self.code, ExitCode.REFUSED)
        self.told += [
            {
                "arquivo": path.name,
                "cnpj": company,
                "lugar": fault.pointer,
                "regra": fault.rule,
                "detalhe": fault.detail,
            }
            for fault in faults
        ]

    def read(self, path: Path, reader: Callable[[bytes], Read]) -> Read | None:
        # One byte more than is taken tells that there is more.
        data = read_file(path, most=LARGEST_FILE + 1)
        try:
            return reader(data)
        except FaultsFound as refusal:
            self.note(path, "", refusal.faults)
            if isinstance(refusal, DocumentUnreadable):
                self.code = ExitCode.UNUSABLE
            return None


def register(groups: Any) -> None:
    group = groups.add_parser("fa", help="fator de alavancagem")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    command = commands.add_parser(
        "calcular",
        help="calcula o fator de alavancagem sem rede, com cada número do caminho",
        description="Calcula o fator de alavancagem sem rede, com o mesmo motor do código medido.",
        epilog="Termina com 0 se calculou (também um FA não calculável), 1 se há faltas, 2 se não leu.",
    )
    command.add_argument(
        "--parametros", required=True, type=Path, metavar="P.json", help="os parâmetros do evento"
    )
    command.add_argument(
        "--portfolio",
        required=True,
        type=Path,
        metavar="X.(json|xlsx)",
        help='o portfólio de um agente, ou de muitos: {"agentes": […]} ou a planilha-padrão',
    )
    command.add_argument(
        "--alvo", type=_target, metavar="FA", help="mostra o PLA a partir do qual o FA não passa deste"
    )
    command.add_argument("--json", action="store_true", help="responde em JSON")
    command.set_defaults(run=_compute)
    register_week(commands)


def _compute(given: argparse.Namespace) -> ExitCode:
    reader = _READERS.get(given.portfolio.suffix.lower())
    if reader is None:
        raise CommandFailed(f"{given.portfolio} deve terminar em .json ou .xlsx")
    faults = _Faults()
    parameters = faults.read(given.parametros, read_parameters)
    event: EventCode | None = None if parameters is None else parameters.event
    read = faults.read(given.portfolio, lambda data: reader(data, event=event))
    for agent in read.refused if read else ():
        faults.note(given.portfolio, agent.company, agent.faults)
    if parameters is None or read is None:
        return _answer({}, faults, given)
    engine = Engine.of(parameters)
    _warn(read)
    if given.json:
        return _answer(document(engine.method, map(engine.compute, read.taken)), faults, given)
    print(engine_text(engine))
    for held in read.taken:
        print(f"\n{agent_text(engine, held, engine.compute(held), given.alvo)}")
    return _answer({}, faults, given)


def _answer(told: dict[str, object], faults: _Faults, given: argparse.Namespace) -> ExitCode:
    """`falhas` is there only where there are some, beside the agents that have none."""
    if given.json:
        answer = told | ({"falhas": faults.told} if faults.told else {})
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return faults.code
    for fault in faults.told:
        place = " ".join(part for part in (fault["arquivo"], fault["cnpj"], fault["lugar"]) if part)
        print(f"RECUSADO  {place}: {fault['detalhe']} ({fault['regra']})", file=sys.stderr)
    return faults.code


def _warn(read: PortfoliosRead) -> None:
    today = utc_now().astimezone(SAO_PAULO).date()
    for held in read.taken:
        for warning in warnings_of(held, lambda _, path: path, today=today):
            print(f"atenção   {held.company}: {warning.detail}", file=sys.stderr)


def _target(text: str) -> Decimal:
    try:
        found = parse_decimal(text)
    except FigureInvalid as failure:
        raise argparse.ArgumentTypeError(failure.detail) from failure
    if found <= 0:
        raise argparse.ArgumentTypeError("o alvo deve ser maior que zero")
    return found
