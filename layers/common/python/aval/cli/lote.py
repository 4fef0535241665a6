"""`aval lote selar`: seal a file to the enclave, after its attestation held and not otherwise."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from aval.cli.arguments import cnpj
from aval.cli.expected_code import read_file
from aval.cli.offered_key import add_offered_key, key_to_seal_to, refusals_end_the_command
from aval.cli.outcome import ExitCode
from aval.cli.output_file import write_over
from aval.cli.seen_heads import SeenHeads
from aval.identifiers import EventCode, IdentifierInvalid
from aval.moments import utc_now
from aval.sealing.canonical import read_object
from aval.sealing.envelope import (
    MAX_PLAINTEXT_BYTES,
    Header,
    SealedKind,
    identity_of,
    new_request_id,
    seal,
)
from aval.sealing.readers import MOST_READERS, Reader, Readers

_LARGEST_READER: Final = 4096


def register(groups: Any) -> None:
    group = groups.add_parser("lote", help="arquivos selados para o enclave")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    command = commands.add_parser(
        "selar",
        help="sela um arquivo, depois de conferir o atestado da chave",
        description="Sela um arquivo para o código medido; nada é selado se o atestado não confere.",
    )
    command.add_argument("arquivo", type=Path, metavar="FILE", help="o que se sela, até 50 MB")
    add_offered_key(command, live=True)
    command.add_argument("--evento", required=True, type=event, help="o evento, como 202611003")
    command.add_argument("--remetente", required=True, type=cnpj, metavar="CNPJ", help="quem envia")
    command.add_argument("--tipo", required=True, type=SealedKind, choices=list(SealedKind), help="para quê")
    command.add_argument(
        "--leitor",
        required=True,
        nargs="+",
        action="extend",
        type=Path,
        metavar="KEY",
        help=f"chaves públicas de quem pode ler as respostas, até {MOST_READERS} (aval leitor publicar)",
    )
    command.add_argument("--jti", metavar="CODIGO", help="código do pedido; sem isto, um novo")
    command.add_argument(
        "--vistos", type=Path, metavar="ARQUIVO", help="até onde um leitor já viu o diário (….vistos.json)"
    )
    command.add_argument("-o", "--saida", required=True, type=Path, metavar="OUT", help="o objeto selado")
    command.add_argument("--json", action="store_true", help="responde em JSON")
    command.set_defaults(run=_seal)


def event(text: str) -> EventCode:
    try:
        return EventCode.parse(text)
    except IdentifierInvalid as failure:
        raise argparse.ArgumentTypeError(failure.detail) from failure


def read_reader(path: Path) -> Reader:
    """Raise `CommandFailed` for what is no published reader."""
    with refusals_end_the_command():
        return Reader.from_json(
            read_object(read_file(path, most=_LARGEST_READER + 1), largest=_LARGEST_READER)
        )


def _seal(given: argparse.Namespace) -> ExitCode:
    now = utc_now()
    with refusals_end_the_command():
        readers = Readers(tuple(read_reader(path) for path in given.leitor))
    key = key_to_seal_to(given, now=now)
    with refusals_end_the_command():
        key.declaration.require_event(given.evento)
        header = Header(
            key_id=key.key_id,
            event=given.evento,
            sender=given.remetente,
            kind=given.tipo,
            issued_at=now,
            request_id=given.jti or new_request_id(),
            readers=readers,
            seen=SeenHeads.read(given.vistos).of(given.evento) if given.vistos else None,
        )
        # One byte more than is taken tells that there is more.
        sealed = seal(read_file(given.arquivo, most=MAX_PLAINTEXT_BYTES + 1), header, key.sealing)
    write_over(given.saida, sealed)
    print(_as_json(header, sealed) if given.json else _as_text(header, sealed, given.saida))
    return ExitCode.ACCEPTED


def _as_json(header: Header, sealed: bytes) -> str:
    told = {
        "identidade": identity_of(sealed),
        "jti": header.request_id,
        "kid": header.key_id,
        "leitores": header.readers.digest,
        "bytes": len(sealed),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_text(header: Header, sealed: bytes, path: Path) -> str:
    rows = [f"identidade  {identity_of(sealed)}", f"jti         {header.request_id}"]
    rows += [f"leitor      {reader.id}  {reader.fingerprint}" for reader in header.readers.listed]
    return "\n".join([*rows, f"SELADO em {path}"])
