"""A file of contracts as text, whatever the program that wrote it took for its encoding."""

import re
from pathlib import Path
from typing import Final

from aval.cli.outcome import CommandFailed, ExitCode, reason

MOST_BYTES: Final = 4_000_000
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,20})[\"']")
_SINGLE_BYTE: Final = {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252"}


def read_contracts(path: Path) -> str:
    """Raise `CommandFailed` when there is no text to be had from it."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as failure:
        raise CommandFailed(f"não foi possível ler {path}: {reason(failure)}") from failure
    if len(content) > MOST_BYTES:
        raise CommandFailed(
            f"{path} tem mais de 4 MB; divida-o, ou envie-o pela API JSON (POST /contratos/importacoes)",
            ExitCode.REFUSED,
        )
    text = _decoded(content)
    if text is None:
        raise CommandFailed(f"{path} não está em UTF-8 nem na codificação que declara", ExitCode.REFUSED)
    if not text.strip():
        raise CommandFailed(f"{path} está vazio", ExitCode.REFUSED)
    return text.strip()


def _decoded(content: bytes) -> str | None:
    """As UTF-8 where it is that, whatever it declares: many declare ISO-8859-1 and write UTF-8.

    Text in a single-byte encoding that happens to be UTF-8 as well has, almost surely, no accent in it.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _DECLARED.match(content)
    encoding = _SINGLE_BYTE.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding is None:
        return None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
