"""The `aval` command: groups of words, each registered by a module of its own."""

import argparse
import io
import sys
from collections.abc import Sequence
from typing import Final

from aval.cli import atestado, certificado, contrato, fa, leitor, lote, medidas, recibo, registro, truststore
from aval.cli.outcome import CommandFailed, ExitCode

# Each module has `register(groups)`; its commands set `run`, which takes the namespace and gives the code.
GROUPS: Final = (atestado, certificado, contrato, fa, leitor, lote, medidas, recibo, registro, truststore)


def main(arguments: Sequence[str] | None = None) -> int:
    _speak_utf8()
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except CommandFailed as failure:
        print(f"aval: {failure.detail}", file=sys.stderr)
        return failure.code
    except BrokenPipeError:
        return ExitCode.UNUSABLE


def _speak_utf8() -> None:
    """JSON is UTF-8 (RFC 8259, section 8.1), and a name that a locale cannot spell must not end a verdict."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aval", description="Integração e monitoramento prudencial.")
    groups = parser.add_subparsers(required=True, metavar="GRUPO", title="grupos")
    for group in GROUPS:
        group.register(groups)
    return parser
