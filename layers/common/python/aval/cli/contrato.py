"""`aval contrato`: files of contracts sent to a bus, their results, and lists, over SOAP and mutual TLS."""

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aval.cli.arguments import moment
from aval.cli.contract_access import acting_of, add_access, bus_of
from aval.cli.contract_file import read_contracts
from aval.cli.contract_following import FINAL, Following, how_to_go_on
from aval.cli.contract_tables import (
    contract_document,
    contract_table,
    outcome_document,
    result_line,
    summary,
)
from aval.cli.outcome import CommandFailed, ExitCode
from aval.contracts.bus import (
    AnyContract,
    ContractQuery,
    ProcessingCode,
    ProcessingState,
    RowStatus,
    Submission,
)
from aval.contracts.imports.reception import digest_of
from aval.contracts.model import Market, Period, Side
from aval.contracts.paging import MAX_PAGE_SIZE, PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProfileForbidden, SubmissionUncertain
from aval.errors import DomainError
from aval.moments import utc_now

_EPILOG: Final = """códigos de saída:
  0  tudo aceito
  1  recusado: ao menos uma linha com erro, o arquivo inteiro, ou a consulta
  2  não foi possível: opções, arquivos, conexão, acesso ou falha do barramento
  3  envio incerto: o barramento pode ter recebido o arquivo; não o envie de novo sem conferir
130  interrompido (Ctrl-C); a mensagem diz como continuar"""
_CODES: Final = {
    ParametersInvalid: ExitCode.REFUSED,
    ProfileForbidden: ExitCode.REFUSED,
    NothingFound: ExitCode.REFUSED,
    SubmissionUncertain: ExitCode.UNCERTAIN,
}


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = groups.add_parser("contrato", help="contratos, na CCEE ou num Aval (docs/ccee-bus.md)")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    send = _command(commands, "importar", "envia um arquivo, uma só vez, e espera o resultado", _import)
    send.add_argument("arquivo", type=Path, metavar="ARQUIVO", help="o XML de importação")
    send.add_argument("--sem-esperar", action="store_true", help="sai assim que o arquivo for aceito")
    read = _command(commands, "resultado", "mostra o resultado de um processamento", _result)
    which = read.add_mutually_exclusive_group(required=True)
    which.add_argument("codigo", nargs="?", type=int, metavar="CODIGO", help="código do processamento")
    which.add_argument(
        "--arquivo", type=Path, metavar="ARQUIVO", help="o último deste mesmo arquivo (só num Aval)"
    )
    read.add_argument("--esperar", action="store_true", help="espera até que termine")
    _add_filters(_command(commands, "listar", "lista contratos do perfil", _list))


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    told: str,
    run: Callable[[argparse.Namespace], ExitCode],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=told,
        description=told,
        epilog=_EPILOG,
        # "--senha" cut short from another option would put a password where it is printed.
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_access(parser)
    parser.add_argument("--json", action="store_true", dest="as_json", help="responde em JSON")
    parser.set_defaults(run=lambda given: _guarded(run, given))
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inicio", required=True, type=moment, metavar="DATA", help="começo do período")
    parser.add_argument("--fim", required=True, type=moment, metavar="DATA", help="fim do período, fora dele")
    parser.add_argument("--mercado", type=Market, default=Market.FREE, choices=list(Market))
    parser.add_argument("--papel", type=Side, choices=list(Side))
    parser.add_argument("--nao-validados", action="store_true", help="só com montantes não validados")


def _guarded(run: Callable[[argparse.Namespace], ExitCode], given: argparse.Namespace) -> ExitCode:
    """Refusals of the bus end the command with their sentence and a code of their own."""
    # What adapters log is for operators of functions; whoever reads the command has its sentences.
    logging.getLogger("aval").addHandler(logging.NullHandler())
    try:
        return run(given)
    except CommandFailed:
        raise
    except DomainError as failure:
        raise CommandFailed(failure.detail, _CODES.get(type(failure), ExitCode.UNUSABLE)) from failure
    except KeyboardInterrupt:
        raise CommandFailed("interrompido", ExitCode.INTERRUPTED) from None


def _import(given: argparse.Namespace) -> ExitCode:
    text = read_contracts(given.arquivo)
    bus, acting = bus_of(given), acting_of(given)
    try:
        code = bus.submit(Submission(acting, text), at=utc_now())
    except SubmissionUncertain as failure:
        raise CommandFailed(f"{failure.detail}; {_how_to_look(given)}", ExitCode.UNCERTAIN) from failure
    except KeyboardInterrupt:
        # Between sending and the answer nobody knows.
        detail = f"interrompido durante o envio, que pode ter chegado; {_how_to_look(given)}"
        raise CommandFailed(detail, ExitCode.UNCERTAIN) from None
    print(f"aceito como processamento {code}", file=sys.stderr)
    if given.sem_esperar:
        print(json.dumps({"codigo": code}) if given.as_json else code)
        return ExitCode.ACCEPTED
    return _told(Following(bus, acting), code, given, wait=True)


def _result(given: argparse.Namespace) -> ExitCode:
    bus, acting = bus_of(given), acting_of(given)
    if given.arquivo is not None:
        code = bus.latest_submission(digest_of(read_contracts(given.arquivo)), acting)
    else:
        code = ProcessingCode(given.codigo)
    return _told(Following(bus, acting), code, given, wait=given.esperar)


def _told(following: Following, code: ProcessingCode, given: argparse.Namespace, *, wait: bool) -> ExitCode:
    """Print what a processing said; what it did not refuse is accepted."""
    found = (
        following.to_its_end(code)
        if wait
        else following.bus.outcome(code, PageRequest(1, 1), following.acting)
    )
    is_final = found.processing.state in FINAL
    rows = list(following.results(code)) if is_final else []
    if given.as_json:
        print(_as_json(outcome_document(found, rows)))
    else:
        print(
            "\n".join(
                [
                    *(result_line(row) for row in rows if row.status is not RowStatus.DONE),
                    summary(found, rows),
                ]
            )
        )
    if not is_final:
        print(f"ainda não terminou; {how_to_go_on(code)}", file=sys.stderr)
    is_clean = found.processing.state not in (ProcessingState.REFUSED, ProcessingState.FAILED)
    is_clean = is_clean and all(row.status is not RowStatus.REFUSED for row in rows)
    return ExitCode.ACCEPTED if is_clean else ExitCode.REFUSED


def _list(given: argparse.Namespace) -> ExitCode:
    if given.inicio >= given.fim:
        raise CommandFailed("--fim deve vir depois de --inicio")
    profiles = frozenset({given.perfil}) if given.mercado is Market.FREE else frozenset()
    query = ContractQuery(
        given.mercado,
        Period(given.inicio, given.fim),
        profiles,
        side=given.papel,
        only_not_validated=given.nao_validados,
    )
    bus, acting = bus_of(given), acting_of(given)
    found: list[AnyContract] = []
    number, last = 1, 1
    while number <= last:
        try:
            page = bus.contracts(query, PageRequest(number, MAX_PAGE_SIZE), acting)
        except NothingFound:
            break
        found += page.rows
        number, last = number + 1, page.total_pages
    if given.as_json:
        print(_as_json([contract_document(contract) for contract in found]))
    else:
        print(contract_table(found) if found else "nenhum contrato")
    return ExitCode.ACCEPTED


def _how_to_look(given: argparse.Namespace) -> str:
    if given.ambiente in ("piloto", "producao"):
        return 'confira com "aval contrato listar" se os contratos foram registrados'
    return f'procure-o com "aval contrato resultado --arquivo {given.arquivo}"'


def _as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
