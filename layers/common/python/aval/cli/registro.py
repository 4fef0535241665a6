"""`aval registro validar`: the registry's files judged as the loader would, before they are dropped."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from aval.cli.outcome import CommandFailed, ExitCode, reason
from aval.registry.drops import ReadDrop, judge_drop, read_drop
from aval.registry.formats import LARGEST_FILE
from aval.registry.refusals import DropRefused, LoadError
from aval.registry.reports import Document, error_document
from aval.registry.schemas import SCHEMAS, Dataset, Values


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = groups.add_parser("registro", help="arquivos do cadastro (docs/registry.md)")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    validate = commands.add_parser(
        "validar", help="confere arquivos antes de enviá-los; juntos, são o cadastro"
    )
    validate.add_argument("arquivos", nargs="+", type=Path, metavar="ARQUIVO")
    validate.add_argument("--json", action="store_true", dest="as_json", help="responde em JSON")
    validate.set_defaults(run=_validate)


def _validate(arguments: argparse.Namespace) -> ExitCode:
    try:
        files = [_read(path) for path in arguments.arquivos]
    except OSError as error:
        raise CommandFailed(f"não foi possível ler {error.filename}: {reason(error)}") from error
    errors = [*_claimed_twice(files), *(error for file in files for error in _judge(file, files))]
    verdict = _verdict(files, errors)
    print(json.dumps(verdict, ensure_ascii=False, indent=1) if arguments.as_json else _told(verdict))
    return ExitCode.REFUSED if errors else ExitCode.ACCEPTED


def _read(path: Path) -> ReadDrop:
    with path.open("rb") as file:
        return read_drop(path.name, file.read(LARGEST_FILE + 1))


def _judge(file: ReadDrop, files: Sequence[ReadDrop]) -> Sequence[LoadError]:
    """A file's own errors; those of what refers to it are its neighbour's."""
    targets = {reference.target for dataset in file.rows for reference in SCHEMAS[dataset].references}
    neighbours: Mapping[Dataset, list[Values]] = {
        dataset: [row.values for row in rows]
        for other in files
        for dataset, rows in other.rows.items()
        if dataset in targets and dataset not in file.rows
    }
    try:
        judge_drop(file, neighbours)
    except DropRefused as refused:
        return refused.errors
    return ()


def _claimed_twice(files: Sequence[ReadDrop]) -> Sequence[LoadError]:
    first: dict[Dataset, str] = {}
    errors = []
    for file in files:
        for dataset in file.rows:
            if dataset in first:
                detail = f"o conjunto já está em {first[dataset]}, e cada carga o substitui inteiro"
                errors.append(LoadError(file.file, str(dataset), "", detail))
            first.setdefault(dataset, file.file)
    return errors


def _verdict(files: Sequence[ReadDrop], errors: Sequence[LoadError]) -> Document:
    present = {dataset for file in files for dataset in file.rows}
    targets = {reference.target for dataset in present for reference in SCHEMAS[dataset].references}
    return {
        "aceito": not errors,
        "linhas": {str(dataset): len(rows) for file in files for dataset, rows in file.rows.items()},
        "referenciasNaoConferidas": sorted(targets - present),
        "erros": [error_document(error) for error in errors],
    }


def _told(verdict: Document) -> str:
    lines = [
        ": ".join(
            part for part in (error["arquivo"], error["local"], error["campo"], error["detalhe"]) if part
        )
        for error in verdict["erros"]
    ]
    lines += [f"{dataset}: {count} linhas" for dataset, count in verdict["linhas"].items()]
    if verdict["referenciasNaoConferidas"]:
        unseen = ", ".join(verdict["referenciasNaoConferidas"])
        lines.append(f"não conferido, por não estar entre os arquivos: referências a {unseen}")
    lines.append("aceito" if verdict["aceito"] else f"recusado: {len(verdict['erros'])} erro(s)")
    return "\n".join(lines)
