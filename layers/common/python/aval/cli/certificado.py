"""`aval certificado verificar`: the chamber's rules on one file, offline, before it is sent."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from aval.adapters.truststore_files import FolderTruststore
from aval.certificates.judgement import MAX_UPLOAD_BYTES, Judgement, judge
from aval.certificates.truststore import Truststore, TruststoreRefused
from aval.cli.arguments import add_moment, cnpj
from aval.cli.outcome import CommandFailed, ExitCode, reason
from aval.identifiers import Cnpj
from aval.settings import Settings

_MARKS: Final = {True: "ok", False: "RECUSADO"}


def register(groups: Any) -> None:
    group = groups.add_parser("certificado", help="certificados digitais")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    verify = commands.add_parser("verificar", help="diz quais regras um arquivo cumpre, sem enviá-lo")
    verify.add_argument("arquivo", type=Path, help="o arquivo .cer (X.509 em DER)")
    verify.add_argument("--cnpj", type=cnpj, help="a empresa que vai registrar o certificado")
    add_moment(verify)
    verify.add_argument(
        "--truststore", type=Path, metavar="PEM", help="autoridades; as autoassinadas são as âncoras"
    )
    verify.add_argument("--json", action="store_true", help="responde em JSON")
    verify.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> ExitCode:
    upload = _read(given.arquivo)
    truststore = _truststore(given.truststore)
    judgement = judge(upload, truststore=truststore, at=given.em, cnpj=given.cnpj)
    print(_as_json(judgement) if given.json else _as_text(judgement, given.cnpj))
    return ExitCode.ACCEPTED if judgement.accepted else ExitCode.REFUSED


def _read(path: Path) -> bytes:
    """The file, cut past what the rule `tamanho` still tells apart."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_UPLOAD_BYTES + 1)
    except OSError as failure:
        raise CommandFailed(f"não foi possível ler {path}: {reason(failure)}") from failure


def _truststore(path: Path | None) -> Truststore:
    try:
        if path is None:
            return FolderTruststore(Settings.from_env().truststore_folder()).current()
        return Truststore.from_pem(path.read_bytes())
    except OSError as failure:
        raise CommandFailed(f"não foi possível ler {path}: {reason(failure)}") from failure
    except TruststoreRefused as failure:
        hint = "" if path is not None else '; use --truststore ou "aval truststore construir"'
        raise CommandFailed(failure.detail + hint) from failure


def _as_json(judgement: Judgement) -> str:
    rules = [
        {"regra": verdict.rule, "ok": verdict.ok, "detalhe": verdict.detail} for verdict in judgement.verdicts
    ]
    return json.dumps({"aceito": judgement.accepted, "regras": rules}, ensure_ascii=False, indent=2)


def _as_text(judgement: Judgement, company: Cnpj | None) -> str:
    rows = [f"{_MARKS[verdict.ok]:<9}{verdict.rule:<11}{verdict.detail}" for verdict in judgement.verdicts]
    rows += [f"{'atenção':<20}{warning}" for warning in judgement.warnings]
    if judgement.accepted and company is None:
        rows.append(f"{'atenção':<20}não foi conferido de que empresa é o certificado (--cnpj)")
    return "\n".join([*rows, "ACEITO" if judgement.accepted else "RECUSADO"])
