"""Asking for what a key file is encrypted with: never on the command line, which other users can see."""

import getpass
import sys
from typing import Final

from aval.cli.outcome import CommandFailed
from aval.settings import Settings, Variable

SHORTEST: Final = 12


def passphrase(question: str = "Senha da chave: ") -> str:
    return Settings.from_env().optional(Variable.PASSWORD) or _asked(question)


def new_passphrase() -> str:
    """One that is told twice, or once by whoever sets the variable; raise `CommandFailed` for a short one."""
    told = Settings.from_env().optional(Variable.PASSWORD)
    if not told:
        told = _asked("Nova senha da chave: ")
        if told != _asked("De novo: "):
            raise CommandFailed("as duas senhas não são iguais")
    if len(told) < SHORTEST:
        raise CommandFailed(f"a senha deve ter ao menos {SHORTEST} caracteres")
    return told


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise CommandFailed(f"não há terminal em que perguntar a senha; use a variável {Variable.PASSWORD}")
    return getpass.getpass(question)
