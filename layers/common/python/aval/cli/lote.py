"""`aval lote selar`: seal a file to the enclave, after its attestation held and not otherwise.

What sends a lote and follows it is in `lote_envio`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from aval.cli.arguments import cnpj, event
from aval.cli.expected_code import read_file
from aval.cli.lote_envio import register_sending
from aval.cli.offered_key import add_offered_key, key_to_seal_to, refusals_end_the_command
from aval.cli.outcome import ExitCode
from aval.cli.output_file import write_over
from aval.cli.reader_keys import reader_keys, readers_in
from aval.cli.sealed_work import About
from aval.cli.seen_heads import SeenHeads
from aval.moments import utc_now
from aval.sealing.envelope import MAX_PLAINTEXT_BYTES, Header, SealedKind, identity_of, new_request_id
from aval.sealing.readers import MOST_READERS


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
    command.add_argument(
        "--assinar",
        type=Path,
        metavar="CHAVES",
        help="para CONTRAPARTES: as chaves do leitor que assina o arquivo antes de selado",
    )
    command.add_argument("--jti", metavar="CODIGO", help="código do pedido; sem isto, um novo")
    command.add_argument(
        "--vistos", type=Path, metavar="ARQUIVO", help="até onde um leitor já viu o diário (….vistos.json)"
    )
    command.add_argument("-o", "--saida", required=True, type=Path, metavar="OUT", help="o objeto selado")
    command.add_argument("--json", action="store_true", help="responde em JSON")
    command.set_defaults(run=_seal)
    register_sending(commands)


def _seal(given: argparse.Namespace) -> ExitCode:
    now = utc_now()
    with refusals_end_the_command():
        about = About(
            event=given.evento,
            sender=given.remetente,
            kind=given.tipo,
            readers=readers_in(given.leitor),
            request_id=given.jti or new_request_id(),
            seen=SeenHeads.read(given.vistos).of(given.evento) if given.vistos else None,
        )
    key = key_to_seal_to(given, now=now)
    # One byte more than is taken tells that there is more.
    content = read_file(given.arquivo, most=MAX_PLAINTEXT_BYTES + 1)
    with refusals_end_the_command():
        if given.assinar:
            content = about.signed_counterparties(content, reader_keys(given.assinar), at=now)
        header = about.header(key, at=now)
        sealed = about.sealed(content, key, at=now)
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
