"""Options by which a command reaches the platform, and what it needs of it before anything is sealed."""

import argparse
import secrets
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aval.adapters.platform_api import PlatformApi, PlatformRefused, PlatformUnusable, require_private
from aval.attestation.measurements import MeasurementLog
from aval.attestation.roots import LABEL_FOR_PEOPLE, is_hardware
from aval.cli.expected_code import ExpectedCode, expected_code, read_file, signer_pem
from aval.cli.offered_key import refusals_end_the_command, warn
from aval.cli.outcome import CommandFailed, ExitCode, reason
from aval.cli.passphrase import asked
from aval.identifiers import Cnpj
from aval.moments import utc_now
from aval.sealing.offered_key import AttestedKey, KeyOffer, verify_offer
from aval.settings import Settings, Variable

# What was asked was understood and judged; any other refusal is about access, address or the platform itself.
_JUDGED: Final = frozenset(
    {HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_LARGEST_TOKEN: Final = 16_384
_NONCE_BYTES: Final = 32
_TOKEN_SECONDS: Final = 8 * 60
"""A system's token lives ten minutes; a new one is asked for before the old one ends."""


def add_platform(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    reach = parser.add_argument_group("acesso à plataforma")
    reach.add_argument("--api", required=required, metavar="URL", help="o endereço https da plataforma")
    reach.add_argument(
        "--autoridades", type=Path, metavar="PEM", help="quem atesta o servidor; sem isto, as do sistema"
    )
    reach.add_argument(
        "--token",
        type=Path,
        metavar="ARQUIVO",
        help=f"o token de uma pessoa; sem isto, o da variável {Variable.PERSONAL_TOKEN}",
    )
    reach.add_argument(
        "--sistemas", metavar="URL", help="o endereço de sistemas: pede lá um token com o certificado"
    )


def add_certificate(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    told = parser.add_argument_group("certificado da empresa")
    told.add_argument(
        "--certificado", required=required, type=Path, metavar="PEM", help="certificado e suas autoridades"
    )
    told.add_argument(
        "--chave-do-certificado",
        type=Path,
        metavar="PEM",
        help="chave privada; sem isto, a do arquivo do certificado",
    )
    told.add_argument(
        "--arquivo-da-senha", type=Path, metavar="ARQUIVO", help="a senha da empresa, definida na adesão"
    )


@dataclass(frozen=True, slots=True)
class PersonalToken:
    value: str = field(repr=False)

    def token(self, *, anew: bool) -> str | None:
        if anew:
            raise CommandFailed("o token não é mais aceito; entre de novo e repita o comando")
        return self.value


@dataclass(slots=True)
class SystemTokens:
    """Tokens of a company's own system, by its certificate and password (docs/certificates.md)."""

    systems: PlatformApi
    company: Cnpj
    password: str = field(repr=False)
    _held: str = field(default="", init=False, repr=False)
    _since: float = field(default=0.0, init=False)

    def token(self, *, anew: bool) -> str | None:
        if anew or not self._held or time.monotonic() - self._since > _TOKEN_SECONDS:
            told = self.systems.ask("POST", "/sistema/token", {"cnpj": self.company, "senha": self.password})
            self._held, self._since = str(told.document["access_token"]), time.monotonic()
        return self._held


def platform_of(given: argparse.Namespace, company: Cnpj) -> PlatformApi:
    """As a person, or as the system of `company`; raise `CommandFailed` for options that do not do."""
    with platform_ends_the_command():
        require_private(given.api)
        context = _context(given)
        if given.sistemas is None:
            return PlatformApi(given.api, context, PersonalToken(_personal_token(given.token)))
        if given.certificado is None or given.arquivo_da_senha is None:
            raise CommandFailed("--sistemas pede --certificado e --arquivo-da-senha")
        systems = PlatformApi(given.sistemas, _with_certificate(_context(given), given))
        password = _line(given.arquivo_da_senha)
        return PlatformApi(given.api, context, SystemTokens(systems, company, password))


@contextmanager
def platform_ends_the_command() -> Iterator[None]:
    try:
        yield
    except PlatformUnusable as failure:
        raise CommandFailed(failure.detail) from failure
    except PlatformRefused as refusal:
        code = ExitCode.REFUSED if refusal.status in _JUDGED else ExitCode.UNUSABLE
        raise CommandFailed(f"a plataforma recusou ({refusal.status}): {refusal.detail}", code) from refusal


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A key that was attested just now, and the offer itself, to verify answers by later."""

    attested: AttestedKey
    offer: bytes = field(repr=False)


def offered_key(api: PlatformApi, given: argparse.Namespace) -> OfferedKey:
    """The enclave's key with a nonce of our own; raise `CommandFailed` unless released code attests it."""
    expected = released_code(api, given)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    with platform_ends_the_command():
        offer = api.get("/prudencial/chave", {"nonce": nonce.hex()}).body
    now = utc_now()
    with refusals_end_the_command():
        attested = verify_offer(
            KeyOffer.read(offer),
            root=expected.root,
            measurements=expected.accepted(now),
            now=now,
            nonce=nonce,
        )
    if not is_hardware(expected.root):
        warn(f"{LABEL_FOR_PEOPLE}: a raiz informada não é a da AWS")
    return OfferedKey(attested, offer)


def released_code(api: PlatformApi, given: argparse.Namespace) -> ExpectedCode:
    """What the options say; without a log among them, the one that the platform publishes, signed."""
    with refusals_end_the_command():
        told = expected_code(given)
        if told.names_image:
            return told
        with platform_ends_the_command():
            text = api.get("/prudencial/medidas").body.decode("ascii", "replace")
        log = MeasurementLog.parse(text, signer_pem(given.chave_medidas), seen=given.medidas_vistas)
        return ExpectedCode(told.root, told.pcrs, log)


def _context(given: argparse.Namespace) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=given.autoridades)
    except (OSError, ssl.SSLError) as failure:
        raise CommandFailed(f"não foi possível usar as autoridades em {given.autoridades}") from failure
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _with_certificate(context: ssl.SSLContext, given: argparse.Namespace) -> ssl.SSLContext:
    try:
        context.load_cert_chain(
            given.certificado, given.chave_do_certificado, lambda: asked("Senha da chave privada: ")
        )
    except OSError as failure:
        raise CommandFailed(f"não foi possível usar {given.certificado}: {reason(failure)}") from failure
    return context


def _personal_token(path: Path | None) -> str:
    told = _line(path) if path else Settings.from_env().optional(Variable.PERSONAL_TOKEN)
    if not told:
        raise CommandFailed(
            f"diga quem pede: --token ARQUIVO, a variável {Variable.PERSONAL_TOKEN}, ou --sistemas"
        )
    return told


def _line(path: Path) -> str:
    return (
        read_file(path, most=_LARGEST_TOKEN).decode("utf-8", errors="replace").partition("\n")[0].strip("\r")
    )
