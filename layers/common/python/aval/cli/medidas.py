"""`aval medidas`: the signed log of the measurements that agents accept."""

import argparse
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from aval.attestation.measurements import (
    LogAct,
    LogEntry,
    Measurement,
    MeasurementLog,
    read_measurement,
)
from aval.attestation.refusals import MeasurementLogRefused
from aval.cli.arguments import add_moment
from aval.cli.expected_code import log_head, pcr, read_file, read_log, signer_pem
from aval.cli.outcome import CommandFailed, ExitCode, reason
from aval.cli.output_file import write_new
from aval.cli.passphrase import new_passphrase, passphrase
from aval.moments import for_people, to_storage, utc_now


def register(groups: Any) -> None:
    group = groups.add_parser("medidas", help="registro assinado das medidas liberadas")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    _register_key(commands)
    _register_append(commands)
    _register_verify(commands)


def _register_key(commands: Any) -> None:
    make = commands.add_parser("gerar-chave", help="cria a chave de quem mantém o registro, sob uma senha")
    make.add_argument("-o", "--saida", required=True, type=Path, metavar="PEM", help="chave privada")
    make.add_argument("--publica", required=True, type=Path, metavar="PEM", help="chave pública, a divulgar")
    make.set_defaults(run=_make_key)


def _register_append(commands: Any) -> None:
    append = commands.add_parser("anexar", help="libera ou retira uma medida: uma linha a mais")
    append.add_argument("registro", type=Path, help="o registro; é criado se não existir")
    append.add_argument("--chave", required=True, type=Path, metavar="PEM", help="chave privada do registro")
    append.add_argument("--ato", required=True, type=LogAct, choices=list(LogAct), help="o que se faz")
    append.add_argument("--versao", required=True, metavar="TEXTO", help="nome da versão, como 2026.11.2")
    what = append.add_mutually_exclusive_group(required=True)
    what.add_argument("--medida", type=Path, metavar="JSON", help="o que make enclave imprime")
    what.add_argument("--pcr", action="append", type=pcr, metavar="N=HEX", help="cada PCR da medida")
    append.set_defaults(run=_append)


def _register_verify(commands: Any) -> None:
    verify = commands.add_parser("verificar", help="confere cada linha e diz o que está em vigor")
    verify.add_argument("registro", type=Path)
    verify.add_argument("--chave-medidas", type=Path, metavar="PEM", help="chave pública do registro")
    verify.add_argument(
        "--visto", type=log_head, metavar="N:HEX", help="fim que já foi visto: o registro tem de continuá-lo"
    )
    add_moment(verify)
    verify.add_argument("--json", action="store_true", help="responde em JSON")
    verify.set_defaults(run=_verify)


def _make_key(given: argparse.Namespace) -> ExitCode:
    key = ec.generate_private_key(ec.SECP384R1())
    secret = BestAvailableEncryption(new_passphrase().encode())
    write_new(given.saida, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret), mode=0o600)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_new(given.publica, public, mode=0o644)
    print(f"chave em {given.saida}; divulgue {given.publica}")
    return ExitCode.ACCEPTED


def _append(given: argparse.Namespace) -> ExitCode:
    measurement = _measurement(given)
    key = _private_key(given.chave)
    try:
        log = _existing(given.registro, key)
        entry = LogEntry(given.ato, utc_now().replace(microsecond=0), given.versao, measurement)
        line = log.append(entry, key)
        head = log.with_line(line, key.public_key()).head
    except MeasurementLogRefused as refusal:
        raise CommandFailed(f"{refusal.reason}: {refusal.detail}", ExitCode.REFUSED) from refusal
    _add_line(given.registro, line)
    print(f"{given.ato} {given.versao}; fim do registro: {head.count}:{head.digest}")
    return ExitCode.ACCEPTED


def _verify(given: argparse.Namespace) -> ExitCode:
    try:
        log = read_log(given.registro, signer_pem(given.chave_medidas), seen=given.visto)
    except MeasurementLogRefused as refusal:
        told = {"valido": False, "motivo": refusal.reason.value, "fim": None, "medidas": None}
        print(_json(told) if given.json else f"RECUSADO  {refusal.reason}: {refusal.detail}")
        return ExitCode.REFUSED
    accepted = log.accepted(given.em)
    if given.json:
        head = {"n": log.head.count, "resumo": log.head.digest}
        medidas = [_told(measurement) for measurement in accepted]
        print(_json({"valido": True, "motivo": None, "fim": head, "medidas": medidas}))
    else:
        print("\n".join(_rows(log, given.em)))
    return ExitCode.ACCEPTED


def _rows(log: MeasurementLog, at: datetime) -> list[str]:
    accepted = log.accepted(at)
    rows = [
        f"{to_storage(entry.at)}  {entry.act:<8}  {entry.version:<20}  PCR0 {_shortened(entry.measurement)}"
        for entry in log.entries
    ]
    rows.append(f"fim       {log.head.count}:{log.head.digest}")
    rows += [f"em vigor  PCR0 {measurement.pcrs[0].hex()}" for measurement in accepted]
    return rows if accepted else [*rows, f"atenção   nenhuma medida está em vigor em {for_people(at)}"]


def _existing(path: Path, key: ec.EllipticCurvePrivateKey) -> MeasurementLog:
    if not path.exists():
        return MeasurementLog()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return read_log(path, public)


def _private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(read_file(path), password=passphrase().encode())
    except (ValueError, TypeError) as failure:
        raise CommandFailed(f"{path} não é uma chave em PEM, ou a senha não é a dela") from failure
    if not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP384R1)):
        raise CommandFailed(f"{path} não é uma chave P-384")
    return key


def _measurement(given: argparse.Namespace) -> Measurement:
    if given.pcr:
        pcrs = dict(given.pcr)
        if len(pcrs) != len(given.pcr):
            raise CommandFailed("--pcr diz o mesmo PCR duas vezes")
        return Measurement(pcrs)
    try:
        return read_measurement(json.loads(read_file(given.medida)))
    except ValueError as failure:
        raise CommandFailed(f'{given.medida} não tem a forma {{"0": "…", "1": "…"}}') from failure


def _add_line(path: Path, line: str) -> None:
    try:
        with path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            complete = size == 0 or file.read(1) == b"\n"
            file.write(b"" if complete else b"\n")
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        raise CommandFailed(f"não foi possível escrever em {path}: {reason(failure)}") from failure


def _shortened(measurement: Measurement) -> str:
    return f"{measurement.pcrs[0].hex()[:16]}…"


def _told(measurement: Measurement) -> dict[str, str]:
    return {str(index): value.hex() for index, value in sorted(measurement.pcrs.items())}


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
