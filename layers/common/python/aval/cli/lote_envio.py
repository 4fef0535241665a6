"""`aval lote enviar` and `acompanhar`: a file of many agents, sealed, sent and followed to its end."""

import argparse
from pathlib import Path
from typing import Any, Final

from aval.adapters.platform_api import PlatformApi, PlatformRefused
from aval.cli.arguments import cnpj, event
from aval.cli.expected_code import add_expected_code, read_file
from aval.cli.lote_following import LoteFollowing
from aval.cli.lote_result import LoteResult, Opening
from aval.cli.lote_state import SentLote, digest_of_request, read_sealed, sealed_path, state_path
from aval.cli.offered_key import refusals_end_the_command, warn
from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.output_file import write_over
from aval.cli.platform_access import (
    add_certificate,
    add_platform,
    offered_key,
    platform_ends_the_command,
    platform_of,
)
from aval.cli.progress import Progress
from aval.cli.reader_keys import heads_beside, reader_keys, readers_in
from aval.cli.sealed_work import About
from aval.identifiers import IdentifierInvalid
from aval.moments import utc_now
from aval.prudential.lotes import LoteId, LoteKind, LoteState
from aval.sealing.envelope import MAX_PLAINTEXT_BYTES, SealedKind, identity_of, new_request_id
from aval.sealing.readers import MOST_READERS, ReaderKeys

_EPILOG: Final = """códigos de saída:
  0  todos os agentes aceitos
  1  algum agente recusado, ou o arquivo inteiro
  2  não foi possível: opções, arquivos, conexão ou acesso; repetir o comando continua o mesmo pedido
130  interrompido (Ctrl-C); a mensagem diz como continuar"""


def register_sending(commands: Any) -> None:
    send = _command(commands, "enviar", "sela um arquivo de muitos agentes, envia e espera o resultado")
    send.add_argument("arquivo", type=Path, metavar="FILE", help="a planilha (XLSX) ou o JSON, até 50 MB")
    send.add_argument("--evento", required=True, type=event, help="o evento, como 202611003")
    send.add_argument("--remetente", required=True, type=cnpj, metavar="CNPJ", help="a empresa que envia")
    send.add_argument(
        "--tipo", required=True, type=LoteKind, choices=list(LoteKind), help="o que o arquivo é"
    )
    send.add_argument(
        "--leitor",
        required=True,
        nargs="+",
        action="extend",
        type=Path,
        metavar="KEY",
        help=f"chaves públicas de quem pode ler as respostas, até {MOST_READERS} (aval leitor publicar)",
    )
    send.add_argument("--tudo-ou-nada", action="store_true", help="com um agente errado, nada é aceito")
    send.add_argument("--de-novo", action="store_true", help="sela outra vez, como pedido novo")
    send.set_defaults(run=_send)
    follow = _command(commands, "acompanhar", "espera o fim de um lote e mostra o resultado")
    follow.add_argument("lote", type=_lote, metavar="LOTE", help="o código do lote")
    follow.add_argument("--evento", required=True, type=event, help="o evento do lote")
    follow.add_argument(
        "--remetente", required=True, type=cnpj, metavar="CNPJ", help="a empresa que o enviou"
    )
    follow.add_argument(
        "--selado",
        type=Path,
        metavar="ARQUIVO",
        help="o arquivo selado que foi enviado, para abrir as respostas",
    )
    follow.set_defaults(run=_follow)


def _command(commands: Any, name: str, told: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=told,
        description=told,
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--chaves",
        type=Path,
        metavar="CHAVES",
        help="as chaves de um leitor: assina contrapartes, abre respostas",
    )
    parser.add_argument("--json", action="store_true", help="responde em JSON")
    add_platform(parser)
    add_certificate(parser)
    add_expected_code(parser)
    return parser


def _send(given: argparse.Namespace) -> ExitCode:
    # One byte more than is taken tells that there is more.
    content = read_file(given.arquivo, most=MAX_PLAINTEXT_BYTES + 1)
    keys = reader_keys(given.chaves) if given.chaves else None
    api = platform_of(given, given.remetente)
    sealed_at = sealed_path(given.arquivo)
    sent = _sealed(content, sealed_at, keys, api, given)
    sent = _delivered(sent, sealed_at, api, given)
    return _told(sent, LoteFollowing(api, given.evento, sent.lote), keys, given)


def _follow(given: argparse.Namespace) -> ExitCode:
    keys = reader_keys(given.chaves) if given.chaves else None
    sent = SentLote.read(state_path(given.selado)) if given.selado else None
    if keys and (sent is None or sent.lote != given.lote):
        raise CommandFailed("para abrir as respostas, diga com --selado o arquivo selado deste lote")
    api = platform_of(given, given.remetente)
    return _told(sent, LoteFollowing(api, given.evento, given.lote), keys, given)


def _sealed(
    content: bytes, path: Path, keys: ReaderKeys | None, api: PlatformApi, given: argparse.Namespace
) -> SentLote:
    """What was sealed before for the same request, or sealed now."""
    kind, readers = SealedKind(given.tipo), readers_in(given.leitor)
    if kind is SealedKind.CONTRAPARTES and keys is None:
        raise CommandFailed("contrapartes vão assinadas por um leitor: diga as chaves dele com --chaves")
    asked = digest_of_request(
        content, given.evento, given.remetente, kind, readers.digest, str(given.tudo_ou_nada)
    )
    before = None if given.de_novo else SentLote.read(state_path(path))
    if before is not None and before.asked == asked and _is_intact(before, path):
        return before
    offered, now = offered_key(api, given), utc_now()
    seen = heads_beside(given.chaves).of(given.evento) if given.chaves else None
    about = About(given.evento, given.remetente, kind, readers, new_request_id(), seen)
    with refusals_end_the_command():
        if kind is SealedKind.CONTRAPARTES and keys is not None:
            content = about.signed_counterparties(content, keys, at=now)
        sealed = about.sealed(content, offered.attested, at=now)
    write_over(path, sealed)
    return SentLote(
        asked=asked,
        evento=given.evento,
        remetente=given.remetente,
        tipo=kind,
        jti=about.request_id,
        identidade=identity_of(sealed),
        leitores=readers.digest,
        visto=seen.as_json() if seen else None,
        chave=offered.offer.decode(),
    ).keep(state_path(path))


def _is_intact(sent: SentLote, path: Path) -> bool:
    return path.exists() and identity_of(read_sealed(path)) == sent.identidade


def _delivered(sent: SentLote, path: Path, api: PlatformApi, given: argparse.Namespace) -> SentLote:
    """Announced and uploaded, each once: a lote that ended without having been taken is announced anew."""
    state = _state_of(sent, api)
    if state in (LoteState.REJECTED, LoteState.EXPIRED):
        if state is LoteState.REJECTED:
            warn("o envio anterior deste arquivo foi rejeitado; para selar outra vez, use --de-novo")
            return sent
        sent = sent.announced("", "", {})
    if not sent.lote:
        sent = _announced(sent, path, api, given).keep(state_path(path))
    if not sent.enviado and state in (None, LoteState.AWAITING, LoteState.EXPIRED):
        _upload(sent, path, api)
        sent = sent.sent().keep(state_path(path))
    return sent


def _state_of(sent: SentLote, api: PlatformApi) -> LoteState | None:
    """None for a lote that was not announced yet."""
    if not sent.lote:
        return None
    return LoteState(LoteFollowing(api, sent.evento, sent.lote).now()["estado"])


def _announced(sent: SentLote, path: Path, api: PlatformApi, given: argparse.Namespace) -> SentLote:
    request = {
        "remetente": sent.remetente,
        "tipo": sent.tipo,
        "nomeDoArquivo": path.name,
        "tamanho": path.stat().st_size,
        "sha256": sent.identidade,
        "tudoOuNada": given.tudo_ou_nada,
    }
    with platform_ends_the_command():
        told = api.ask("POST", f"/prudencial/semanas/{sent.evento}/lotes", request).document
    return sent.announced(told["lote"], told["url"], told["campos"])


def _upload(sent: SentLote, path: Path, api: PlatformApi) -> None:
    sealed, progress = read_sealed(path), Progress("bytes")
    try:
        with platform_ends_the_command():
            api.upload(
                sent.url, sent.campos, sealed, lambda done: progress.show(done, len(sealed), "enviados")
            )
    except CommandFailed as failure:
        # The file may have come although the answer was lost.
        if isinstance(failure.__cause__, PlatformRefused) and _state_of(sent, api) is not LoteState.AWAITING:
            return
        raise
    finally:
        progress.end()


def _told(
    sent: SentLote | None, following: LoteFollowing, keys: ReaderKeys | None, given: argparse.Namespace
) -> ExitCode:
    told = following.to_its_end()
    opened = None
    if keys is not None and sent is not None:
        opened = Opening(following.api, given, sent, keys).opened(following.answers(told))
        for one in opened:
            heads_beside(given.chaves).keep(sent.evento, one.head)
    result = LoteResult.of(told, opened)
    print(result.as_json() if given.json else result.as_text())
    if keys is None and told["recusados"]:
        warn("as faltas de cada agente estão nas respostas seladas; abra-as com --chaves")
    return result.code


def _lote(text: str) -> str:
    try:
        return LoteId.parse(text)
    except IdentifierInvalid as failure:
        raise argparse.ArgumentTypeError(failure.detail) from failure
