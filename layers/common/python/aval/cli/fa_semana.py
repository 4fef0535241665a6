"""`aval fa listar, validar, enviar, cancelar, recalcular, ler, simular`: a week's factors, over the API."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any, Final

from aval.adapters.platform_api import PlatformUnusable
from aval.cli.arguments import cnpj, event
from aval.cli.expected_code import add_expected_code, read_file
from aval.cli.offered_key import REFUSALS, warn
from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.output_file import write_over
from aval.cli.platform_access import add_certificate, add_platform, platform_of
from aval.cli.progress import Progress
from aval.cli.tables import shown, table
from aval.cli.week_desk import ActNotDone, WeekDesk
from aval.cli.week_rows import AgentListed, AgentsListed, agents_of
from aval.cli.week_steps import STEPS, Line, WeekStep, listed
from aval.sealing.caveats import FOR_PEOPLE

SIMULATE: Final = "simular"
_BINDING: Final = frozenset({"validar", "enviar"})
_AT_ONCE: Final = 4
_LARGEST_CHANGES: Final = 1_000_000
_HEADINGS: Final = ("CNPJ", "SIGLA", "ESTADO", "RESULTADO")
_EPILOG: Final = """códigos de saída:
  0  feito para todos os agentes pedidos
  1  algum agente recusado, ou uma resposta que não confere
  2  não foi possível: opções, arquivos, conexão ou acesso; repetir o comando continua de onde parou
130  interrompido (Ctrl-C)"""


def register_week(commands: Any) -> None:
    listing = _parser(commands, "listar", "mostra o estado de cada agente e, com --chaves, o fator aberto")
    listing.set_defaults(run=partial(_guarded, _list))
    for step in STEPS:
        parser = _parser(commands, step.name, step.told, needs_keys=True)
        parser.set_defaults(run=partial(_guarded, partial(_act, step)))
        if step.name == SIMULATE:
            parser.add_argument(
                "--mudancas",
                required=True,
                type=Path,
                metavar="JSON",
                help='{"mudancas": [{"caminho", "valor"}], "alvo"}',
            )


def _parser(commands: Any, name: str, told: str, *, needs_keys: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=told,
        description=told,
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--evento", required=True, type=event, help="o evento, como 202611003")
    parser.add_argument("--remetente", required=True, type=cnpj, metavar="CNPJ", help="a empresa que age")
    who = parser.add_mutually_exclusive_group(required=needs_keys)
    who.add_argument(
        "--cnpj", nargs="+", action="extend", default=[], type=cnpj, metavar="CNPJ", help="estes agentes"
    )
    who.add_argument("--todos", action="store_true", help="todos os agentes do remetente")
    parser.add_argument(
        "--chaves", required=needs_keys, type=Path, metavar="CHAVES", help="as chaves de um leitor dos dados"
    )
    parser.add_argument(
        "--leitor",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="KEY",
        help="a lista com que os dados foram entregues; sem isto, só quem assina",
    )
    parser.add_argument(
        "--selado",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="ARQUIVO",
        help="os arquivos selados que você enviou: só o que veio deles é aceito",
    )
    parser.add_argument("-o", "--saida", type=Path, metavar="OUT", help="grava o resultado, em JSON")
    parser.add_argument("--json", action="store_true", help="responde em JSON")
    add_platform(parser)
    add_certificate(parser)
    add_expected_code(parser)
    return parser


def _guarded(run: Callable[[argparse.Namespace], ExitCode], given: argparse.Namespace) -> ExitCode:
    try:
        return run(given)
    except KeyboardInterrupt:
        raise CommandFailed(
            "interrompido; o que foi feito está feito, e repetir o comando faz o resto", ExitCode.INTERRUPTED
        ) from None


def _list(given: argparse.Namespace) -> ExitCode:
    if given.chaves is None:
        found = agents_of(platform_of(given, given.remetente), given.evento, given.remetente)
        lines = [Line(one, one.state, "") for one in found.named(given.cnpj)]
    else:
        desk = WeekDesk.opened(given)
        found = agents_of(desk.api, desk.event, desk.sender)
        lines = _each(desk, found.named(given.cnpj), listed)
    return _told(lines, given, found)


def _act(step: WeekStep, given: argparse.Namespace) -> ExitCode:
    changes = read_file(given.mudancas, most=_LARGEST_CHANGES) if step.name == SIMULATE else b""
    desk = WeekDesk.opened(given)
    if desk.own is None and step.name in _BINDING:
        warn("sem --selado, não se confere que os dados são os que você selou")
    found = agents_of(desk.api, desk.event, desk.sender)
    acting, others = step.chosen(found.named(given.cnpj), by_name=bool(given.cnpj))
    done = _each(desk, acting, lambda at, agent: step.run(at, agent, changes))
    return _told(sorted([*others, *done], key=lambda one: one.agent.company), given)


def _each(
    desk: WeekDesk, agents: Sequence[AgentListed], run: Callable[[WeekDesk, AgentListed], Line]
) -> list[Line]:
    """Some at once; one that is refused keeps no other back, a platform out of reach ends all."""
    lines: list[Line] = []
    progress = Progress("agentes")
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        waiting = [pool.submit(_one, desk, agent, run) for agent in agents]
        for done in as_completed(waiting):
            lines.append(done.result())
            failed = sum(line.failed for line in lines)
            progress.show(len(lines), len(agents), f"({failed} recusados)" if failed else "")
    finally:
        pool.shutdown(cancel_futures=True)
        progress.end()
        desk.keep_heads()
    return sorted(lines, key=lambda one: one.agent.company)


def _one(desk: WeekDesk, agent: AgentListed, run: Callable[[WeekDesk, AgentListed], Line]) -> Line:
    try:
        return run(desk, agent)
    except ActNotDone as failure:
        return Line(agent, agent.state, failure.detail, failed=True)
    except REFUSALS as refusal:
        return Line(agent, agent.state, f"{refusal.reason}: {refusal.detail}", failed=True)
    except PlatformUnusable as failure:
        raise CommandFailed(failure.detail) from failure


def _told(lines: Sequence[Line], given: argparse.Namespace, found: AgentsListed | None = None) -> ExitCode:
    for caveat in sorted({caveat for line in lines for caveat in line.caveats}):
        warn(FOR_PEOPLE.get(caveat, caveat))
    told: dict[str, Any] = {"agentes": [line.as_json() for line in lines]}
    if found is not None:
        told["contadores"] = dict(found.progress)
    text = json.dumps(told, ensure_ascii=False, indent=2)
    if given.saida is not None:
        # What was opened is for its reader alone, on the disk too.
        write_over(given.saida, text.encode(), mode=0o600)
    print(text if given.json else _as_text(lines, found))
    return ExitCode.REFUSED if any(line.failed for line in lines) else ExitCode.ACCEPTED


def _as_text(lines: Sequence[Line], found: AgentsListed | None) -> str:
    rows = [(line.agent.company.masked, shown(line.agent.sigla), line.state, _result(line)) for line in lines]
    states = Counter(line.state for line in lines)
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    counters = [
        f"{name}: {count['n']} / {count['N']}"
        for name, count in sorted((found.progress if found else {}).items())
    ]
    failed = sum(line.failed for line in lines)
    totals = [f"{len(lines)} agentes: {counts}"] if lines else ["nenhum agente"]
    refused = [f"{failed} recusados"] if failed else []
    return "\n".join([table([_HEADINGS, *rows]), "", *counters, *totals, *refused])


def _result(line: Line) -> str:
    return f"RECUSADO  {shown(line.result)}" if line.failed else shown(line.result)
