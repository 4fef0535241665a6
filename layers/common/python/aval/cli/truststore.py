"""`aval truststore construir`: a generation of authorities, built under pinned roots alone."""

import argparse
import sys
from pathlib import Path
from typing import Any

from aval.adapters.authority_sources import SourceUnreadable, read_authorities
from aval.adapters.truststore_files import FolderTruststore
from aval.certificates.generation import Generation, build_generation
from aval.certificates.truststore import TruststoreRefused, trusted_roots
from aval.cli.arguments import add_moment
from aval.cli.outcome import CommandFailed, ExitCode, reason
from aval.settings import Settings, Variable


def register(groups: Any) -> None:
    group = groups.add_parser("truststore", help="autoridades confiáveis")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    build = commands.add_parser("construir", help="confere um conjunto de autoridades e o põe em vigor")
    build.add_argument(
        "--origem",
        required=True,
        metavar="ORIGEM",
        help="arquivo PEM ou ZIP, pasta, endereço https, ou certifi-icpbr (pacote do PyPI instalado)",
    )
    build.add_argument("-o", "--saida", type=Path, metavar="PASTA", help="sem isto, a pasta do usuário")
    add_moment(build)
    build.set_defaults(run=_build)


def _build(given: argparse.Namespace) -> ExitCode:
    settings = Settings.from_env()
    pins = trusted_roots(settings.optional(Variable.TRUSTED_ROOTS))
    folder = given.saida or settings.truststore_folder()
    try:
        generation = build_generation(read_authorities(given.origem), pins=pins, at=given.em)
        FolderTruststore(folder).publish(generation)
    except SourceUnreadable as failure:
        raise CommandFailed(failure.detail) from failure
    except TruststoreRefused as refusal:
        raise CommandFailed(refusal.detail, ExitCode.REFUSED) from refusal
    except OSError as failure:
        raise CommandFailed(f"não foi possível escrever em {folder}: {reason(failure)}") from failure
    _report(generation, folder)
    return ExitCode.ACCEPTED


def _report(generation: Generation, folder: Path) -> None:
    for item in generation.left_out:
        print(f"deixado de fora: {item.subject} ({item.reason})", file=sys.stderr)
    print(f"{generation.count} autoridades em vigor em {folder} (geração {generation.name})")
