"""`aval leitor`: a reader's keys under a passphrase, what it signs, and the answers sealed to it."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from aval.cli.arguments import cnpj, event
from aval.cli.expected_code import read_file
from aval.cli.leitor_lista import register_lists
from aval.cli.offered_key import add_offered_key, key_that_signed, refusals_end_the_command, warn
from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.output_file import write_new, write_over
from aval.cli.passphrase import new_passphrase
from aval.cli.reader_keys import heads_beside, reader_keys
from aval.moments import utc_now
from aval.sealing.answers import MAX_ANSWER_BYTES, Answer, ExpectedAnswer, open_answer
from aval.sealing.canonical import canonical
from aval.sealing.caveats import FOR_PEOPLE
from aval.sealing.envelope import new_request_id
from aval.sealing.reader_file import protect
from aval.sealing.readers import Reader, ReaderKeys
from aval.sealing.statements import MAX_CARRIED_CHARACTERS, Act, Statement, sign_statement

_LARGEST_CONTENT: Final = MAX_CARRIED_CHARACTERS


def register(groups: Any) -> None:
    group = groups.add_parser("leitor", help="chaves de quem lê as respostas do enclave")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    _register_make(commands)
    _register_publish(commands)
    _register_sign(commands)
    _register_open(commands)
    register_lists(commands)


def _register_make(commands: Any) -> None:
    make = commands.add_parser("criar", help="cria as chaves de um leitor, num arquivo sob uma senha")
    make.add_argument("--id", required=True, help="o nome do leitor: letras, algarismos, ponto, - ou _")
    make.add_argument("-o", "--saida", required=True, type=Path, metavar="ARQUIVO", help="as chaves privadas")
    make.add_argument("--publica", type=Path, metavar="ARQUIVO", help="a parte pública, a divulgar")
    make.set_defaults(run=_make)


def _register_publish(commands: Any) -> None:
    publish = commands.add_parser("publicar", help="mostra a parte pública de um leitor e a sua impressão")
    publish.add_argument("arquivo", type=Path, help="as chaves do leitor")
    publish.add_argument("-o", "--saida", type=Path, metavar="ARQUIVO", help="grava a parte pública")
    publish.set_defaults(run=_publish)


def _register_sign(commands: Any) -> None:
    sign = commands.add_parser("assinar", help="assina um ato sobre dados guardados")
    sign.add_argument("arquivo", type=Path, help="as chaves do leitor")
    sign.add_argument("--ato", required=True, type=Act, choices=list(Act), help="o que se pede")
    sign.add_argument("--evento", required=True, type=event, help="o evento, como 202611003")
    sign.add_argument("--cnpj", required=True, type=cnpj, help="a empresa dos dados")
    sign.add_argument("--objeto", required=True, metavar="HEX", help="identidade do que foi entregue")
    number = sign.add_mutually_exclusive_group()
    number.add_argument("--fa", metavar="NUMERO", help="para ENVIAR: o número, como foi lido")
    number.add_argument("--motivo", metavar="TEXTO", help="para ENVIAR sem número: o texto, como foi lido")
    sign.add_argument(
        "--conteudo",
        type=Path,
        metavar="ARQUIVO",
        help="para CONTRAPARTES e SIMULAR: o arquivo",
    )
    sign.add_argument("--jti", metavar="CODIGO", help="código do pedido; sem isto, um novo")
    sign.add_argument("--vistos", type=Path, metavar="ARQUIVO", help="até onde já se viu o diário")
    sign.add_argument(
        "-o", "--saida", type=Path, metavar="OUT", help="grava o ato assinado; sem isto, mostra"
    )
    sign.set_defaults(run=_sign)


def _register_open(commands: Any) -> None:
    opens = commands.add_parser("abrir", help="abre uma resposta, depois de conferir de quem e a quê ela é")
    opens.add_argument("arquivo", type=Path, help="as chaves do leitor")
    opens.add_argument("resposta", type=Path, help="a resposta selada")
    add_offered_key(opens, live=False)
    opens.add_argument("--evento", required=True, type=event, help="o evento do pedido")
    opens.add_argument("--cnpj", required=True, type=cnpj, help="a empresa dos dados")
    opens.add_argument("--jti", required=True, metavar="CODIGO", help="código do pedido")
    opens.add_argument("--leitores", metavar="HEX", help="resumo da lista de leitores com que se selou")
    opens.add_argument("--objeto", metavar="HEX", help="identidade do que foi entregue")
    opens.add_argument("--vistos", type=Path, metavar="ARQUIVO", help="até onde já se viu o diário")
    opens.add_argument("-o", "--saida", type=Path, metavar="OUT", help="grava o conteúdo; sem isto, mostra")
    opens.set_defaults(run=_open)


def _make(given: argparse.Namespace) -> ExitCode:
    with refusals_end_the_command():
        keys = ReaderKeys.generate(given.id)
        write_new(given.saida, protect(keys, new_passphrase()), mode=0o600)
    if given.publica:
        write_new(given.publica, _published(keys.public), mode=0o644)
    print(f"leitor {keys.id} em {given.saida}\nimpressão {keys.public.fingerprint}")
    return ExitCode.ACCEPTED


def _publish(given: argparse.Namespace) -> ExitCode:
    reader = reader_keys(given.arquivo).public
    if given.saida:
        write_over(given.saida, _published(reader))
        print(f"leitor {reader.id} em {given.saida}\nimpressão {reader.fingerprint}")
    else:
        print(_published(reader).decode(), end="")
    return ExitCode.ACCEPTED


def _sign(given: argparse.Namespace) -> ExitCode:
    with refusals_end_the_command():
        statement = Statement(
            act=given.ato,
            event=given.evento,
            company=given.cnpj,
            subject=given.objeto,
            request_id=given.jti or new_request_id(),
            issued_at=utc_now(),
            extra=_extra(given),
            # An enclave whose journal was rolled back, and grew again since, is found out by what was seen.
            seen=heads_beside(given.arquivo, given.vistos).of(given.evento),
        )
    signed = sign_statement(statement, reader_keys(given.arquivo))
    if given.saida:
        write_over(given.saida, signed.encode())
        print(f"{statement.act} assinado em {given.saida}; jti {statement.request_id}")
    else:
        print(signed)
    return ExitCode.ACCEPTED


def _open(given: argparse.Namespace) -> ExitCode:
    signer = key_that_signed(given).signing
    keys = reader_keys(given.arquivo)
    heads = heads_beside(given.arquivo, given.vistos)
    with refusals_end_the_command():
        answer = open_answer(
            read_file(given.resposta, most=MAX_ANSWER_BYTES + 1),
            keys,
            signer=signer,
            expected=ExpectedAnswer(
                given.evento, given.cnpj, given.jti, heads.of(given.evento), given.leitores, given.objeto
            ),
        )
    if given.objeto is None and given.leitores is None:
        warn("sem --objeto nem --leitores, outro pode ter entregue, com este jti, aquilo de que se trata")
    heads.keep(given.evento, answer.head)
    _show(answer, given.saida)
    return ExitCode.ACCEPTED


def _show(answer: Answer, path: Path | None) -> None:
    for caveat in answer.caveats:
        warn(FOR_PEOPLE.get(caveat, caveat))
    text = json.dumps(answer.payload, ensure_ascii=False, indent=2)
    if path is None:
        print(text)
    else:
        # What was sealed is for the reader alone, on its disk too.
        write_over(path, text.encode(), mode=0o600)


def _extra(given: argparse.Namespace) -> dict[str, object]:
    told: dict[str, object] = {}
    if given.fa is not None:
        told["fa"] = given.fa
    if given.motivo is not None:
        told |= {"fa": None, "motivo": given.motivo}
    if given.conteudo is not None:
        told["conteudo"] = _content(given.conteudo)
    return told


def _content(path: Path) -> str:
    """What is no text is refused: the statement carries it as it stands."""
    try:
        return read_file(path, most=_LARGEST_CONTENT).decode()
    except UnicodeDecodeError as failure:
        raise CommandFailed(f"{path}: o conteúdo deve ser texto em UTF-8") from failure


def _published(reader: Reader) -> bytes:
    return canonical(reader.as_json()) + b"\n"
