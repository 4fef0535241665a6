"""`aval leitor autorizar` and `adicionar`: the reader list that a company stands for."""

import argparse
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from aval.certificates.truststore import TruststoreRefused, certificates_in
from aval.cli.arguments import cnpj
from aval.cli.expected_code import read_file
from aval.cli.offered_key import refusals_end_the_command
from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.output_file import write_over
from aval.cli.passphrase import asked
from aval.cli.platform_access import (
    add_certificate,
    add_platform,
    platform_ends_the_command,
    platform_of,
)
from aval.cli.reader_keys import read_reader, reader_keys, readers_in
from aval.identifiers import Cnpj
from aval.moments import utc_now
from aval.sealing.authorisation import (
    MAX_AUTHORISATION_CHARACTERS,
    readers_told,
    sign_addition,
    sign_authorisation,
)
from aval.sealing.certified_signatures import MOST_CERTIFICATES
from aval.sealing.readers import MOST_READERS, Readers

_LARGEST_PEM: Final = 200_000


def register_lists(commands: Any) -> None:
    authorise = commands.add_parser(
        "autorizar",
        help="assina a lista de leitores com o certificado ICP-Brasil da empresa",
        description="Assina a lista de leitores com o certificado da empresa, e a registra se houver --api.",
    )
    _add_list(authorise)
    add_certificate(authorise, required=True)
    add_platform(authorise, required=False)
    authorise.set_defaults(run=_authorise)
    add = commands.add_parser(
        "adicionar",
        help="assina a próxima lista com as chaves de um leitor da lista em vigor",
        description="Acrescenta leitores à lista em vigor, ou os retira; assina quem já é leitor dela.",
    )
    add.add_argument("arquivo", type=Path, help="as chaves de quem assina, leitor da lista em vigor")
    add.add_argument(
        "--anterior",
        required=True,
        type=Path,
        metavar="JWS",
        help="a autorização em vigor, como foi assinada",
    )
    add.add_argument("--retirar", action="append", default=[], metavar="ID", help="quem deixa de ser leitor")
    _add_list(add, required=False)
    add_certificate(add)
    add_platform(add, required=False)
    add.set_defaults(run=_add)


def _add_list(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--cnpj", required=True, type=cnpj, help="a empresa")
    parser.add_argument(
        "--leitor",
        required=required,
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="KEY",
        help=f"chaves públicas dos leitores, até {MOST_READERS} na lista (aval leitor publicar)",
    )
    parser.add_argument("-o", "--saida", type=Path, metavar="JWS", help="grava a autorização assinada")


def _authorise(given: argparse.Namespace) -> ExitCode:
    _require_a_way_out(given)
    with refusals_end_the_command():
        readers = readers_in(given.leitor)
        chain, key = _certificate(given.certificado, given.chave_do_certificado)
        signed = sign_authorisation(readers, given.cnpj, chain, key, at=utc_now())
    return _hand_out(signed, readers, given)


def _add(given: argparse.Namespace) -> ExitCode:
    _require_a_way_out(given)
    with refusals_end_the_command():
        former = readers_told(_text(given.anterior))
        leaving = {former[reader_id].id for reader_id in given.retirar}
        kept = tuple(one for one in former.listed if one.id not in leaving)
        readers = Readers((*kept, *(read_reader(path) for path in given.leitor)))
        keys = reader_keys(given.arquivo)
        # Whoever is not in it would sign what nobody takes.
        if former[keys.id] != keys.public:
            raise CommandFailed(
                "a lista em vigor tem outras chaves sob este id; assine com as que estão nela"
            )
        signed = sign_addition(readers, given.cnpj, former.digest, keys, at=utc_now())
    return _hand_out(signed, readers, given)


def _hand_out(signed: str, readers: Readers, given: argparse.Namespace) -> ExitCode:
    if given.saida:
        write_over(given.saida, signed.encode())
    rows = [f"leitor      {one.id}  {one.fingerprint}" for one in readers.listed]
    if given.api:
        _send(signed, given.cnpj, given)
        rows.append(f"REGISTRADA para {given.cnpj.masked}")
    else:
        rows.append(f"ASSINADA em {given.saida}")
    print("\n".join([*rows[:-1], f"resumo      {readers.digest}", rows[-1]]))
    return ExitCode.ACCEPTED


def _send(signed: str, company: Cnpj, given: argparse.Namespace) -> None:
    api = platform_of(given, company)
    with platform_ends_the_command():
        api.ask("PUT", f"/prudencial/empresas/{company}/leitores", {"autorizacao": signed})


def _require_a_way_out(given: argparse.Namespace) -> None:
    if given.saida is None and given.api is None:
        raise CommandFailed("diga onde a lista assinada fica: -o ARQUIVO, --api URL, ou os dois")


def _certificate(path: Path, key_path: Path | None) -> tuple[list[bytes], PrivateKeyTypes]:
    pem = read_file(path, most=_LARGEST_PEM)
    try:
        chain = certificates_in(pem)
    except TruststoreRefused as failure:
        raise CommandFailed(f"{path} não é um certificado em PEM") from failure
    return chain[:MOST_CERTIFICATES], _private_key(key_path or path)


def _private_key(path: Path) -> PrivateKeyTypes:
    pem = read_file(path, most=_LARGEST_PEM)
    # "ENCRYPTED" stands in the label or in a header of every encrypted key in PEM (RFC 7468, section 11).
    secret = asked("Senha da chave privada: ").encode() if b"ENCRYPTED" in pem else None
    try:
        return load_pem_private_key(pem, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as failure:
        raise CommandFailed(f"{path} não tem uma chave privada que se abra com esta senha") from failure


def _text(path: Path) -> str:
    return read_file(path, most=MAX_AUTHORISATION_CHARACTERS + 1).decode("ascii", "replace").strip()
