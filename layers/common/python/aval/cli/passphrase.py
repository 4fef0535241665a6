"""Asking for a password, or for what a key file is encrypted with."""

import getpass
import sys
from typing import Final

from aval.cli.outcome import CommandFailed
from aval.settings import Settings, Variable

SHORTEST: Final = 12


def passphrase(question: str = "Senha da chave: ") -> str:
    return Settings.from_env().optional(Variable.PASSWORD) or asked(question)


def new_passphrase() -> str:
    """One that is told twice, or once by whoever sets the variable; raise `CommandFailed` for a short one."""
    told = Settings.from_env().optional(Variable.PASSWORD)
    if not told:
        told = asked("Nova senha da chave: ")
        if told != asked("De novo: "):
            raise CommandFailed("as duas senhas não são iguais")
    if len(told) < SHORTEST:
        raise CommandFailed(f"a senha deve ter ao menos {SHORTEST} caracteres")
    return told


def asked(question: str, *, otherwise: str = f"a variável {Variable.PASSWORD}") -> str:
    """Ask on the terminal: other users can see a command line. Raise `CommandFailed` where there is none."""
    if not sys.stdin.isatty():
        raise CommandFailed(f"não há terminal em que perguntar; use {otherwise}")
    return getpass.getpass(question)
