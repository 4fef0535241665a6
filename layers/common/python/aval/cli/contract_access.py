"""Options by which a contract command reaches a bus, and the bus that they describe."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aval.cli.arguments import cnpj
from aval.cli.outcome import CommandFailed, reason
from aval.cli.passphrase import asked
from aval.contracts.bus import Acting
from aval.contracts.model import Author, ProfileCode
from aval.settings import Settings, Variable

if TYPE_CHECKING:
    from aval.adapters.ccee.bus import CceeContractBus

_LARGEST_FILE: Final = 1_000_000
_LONGEST_PASSWORD: Final = 200


def add_access(parser: argparse.ArgumentParser) -> None:
    reach = parser.add_argument_group("acesso ao barramento")
    reach.add_argument(
        "--ambiente",
        required=True,
        metavar="AMBIENTE",
        help="piloto, producao (da CCEE) ou o endereço https de um Aval",
    )
    reach.add_argument("--cnpj", required=True, type=cnpj, help="a empresa em cujo nome se pede")
    reach.add_argument("--perfil", required=True, type=_profile, help="código do perfil de agente")
    reach.add_argument(
        "--certificado", required=True, type=Path, metavar="PEM", help="certificado e suas autoridades"
    )
    reach.add_argument(
        "--chave", type=Path, metavar="PEM", help="chave privada; sem isto, a do arquivo do certificado"
    )
    reach.add_argument(
        "--autoridades", type=Path, metavar="PEM", help="quem atesta o servidor; sem isto, as do sistema"
    )
    reach.add_argument(
        "--arquivo-da-senha",
        type=Path,
        metavar="ARQUIVO",
        help=f"lê a senha deste arquivo; sem isto, de {Variable.PASSWORD}, ou é perguntada",
    )


def bus_of(given: argparse.Namespace) -> "CceeContractBus":
    """Raise `CommandFailed` for options that no connection can be made with."""
    # zeep takes a second to import: other commands need not wait for it.
    from aval.adapters.ccee.access import (  # noqa: PLC0415
        Access,
        AccessUnusable,
        Environment,
        Identity,
    )
    from aval.adapters.ccee.bus import CceeContractBus  # noqa: PLC0415
    from aval.adapters.ccee.transport import Patience  # noqa: PLC0415

    certificate = _read(given.certificado)
    key = _read(given.chave) if given.chave else certificate
    # "ENCRYPTED" stands in the label or in a header of every encrypted key in PEM (RFC 7468, section 11).
    key_password = _asked("Senha da chave privada: ") if b"ENCRYPTED" in key else ""
    authorities = _read(given.autoridades) if given.autoridades else b""
    try:
        environment = Environment.named(given.ambiente)
        access = Access(
            given.cnpj,
            given.perfil,
            _password(given.arquivo_da_senha),
            Identity(certificate, key, key_password),
            authorities,
        )
        patience = Patience(connect_seconds=10, operation_seconds=60, total_seconds=180)
        return CceeContractBus.reaching(environment, access, patience)
    except AccessUnusable as failure:
        raise CommandFailed(failure.detail) from failure


def acting_of(given: argparse.Namespace) -> Acting:
    """What the other side lets this profile see is its own to say."""
    profile: ProfileCode = given.perfil
    return Acting(Author(given.cnpj, profile), frozenset({profile}))


def _profile(text: str) -> ProfileCode:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**63):
        raise argparse.ArgumentTypeError(f"{text!r} não é um código de perfil")
    return ProfileCode(int(text))


def _password(path: Path | None) -> str:
    if path is not None:
        told = _read(path)[:_LONGEST_PASSWORD]
        return told.decode("utf-8", errors="replace").partition("\n")[0].rstrip("\r")
    return Settings.from_env().optional(Variable.PASSWORD) or _asked("Senha: ")


def _asked(question: str) -> str:
    return asked(question, otherwise=f"--arquivo-da-senha ou a variável {Variable.PASSWORD}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as failure:
        raise CommandFailed(f"não foi possível ler {path}: {reason(failure)}") from failure
