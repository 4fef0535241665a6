"""`aval atestado verificar`: whether a file is an attestation of the expected code, offline."""

import argparse
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aval.attestation.document import MAX_DOCUMENT_BYTES, AttestationDocument, parse_document
from aval.attestation.expectation import verify_code
from aval.attestation.refusals import AttestationRefused, MeasurementLogRefused
from aval.attestation.roots import LABEL_FOR_PEOPLE, is_hardware
from aval.attestation.verification import MAX_AGE, verify_nonce, verify_origin
from aval.cli.arguments import moment
from aval.cli.expected_code import ExpectedCode, add_expected_code, expected_code, nonce, read_file, root_of
from aval.cli.outcome import ExitCode
from aval.moments import for_people, utc_now

_NOW: Final = "agora"
_OWN_TIME: Final = "documento"


def register(groups: Any) -> None:
    group = groups.add_parser("atestado", help="atestados de enclaves")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    verify = commands.add_parser("verificar", help="confere um atestado, sem rede")
    verify.add_argument("arquivo", type=Path, metavar="DOC", help="o atestado (COSE), como o enclave o deu")
    verify.add_argument(
        "--em",
        type=_moment,
        default=_NOW,
        metavar="agora|documento|DATA",
        help="o momento em que se julga; com um nonce, o atestado tem de ter sido feito até 5 minutos antes",
    )
    verify.add_argument("--nonce", type=nonce, metavar="HEX", help="a pergunta que o atestado deve responder")
    add_expected_code(verify)
    verify.add_argument("--json", action="store_true", help="responde em JSON")
    verify.set_defaults(run=_verify)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and how far the document could be read and its code was compared."""

    document: AttestationDocument | None
    code_compared: bool
    refusal: AttestationRefused | MeasurementLogRefused | None = None


def _verify(given: argparse.Namespace) -> ExitCode:
    # One byte more than is taken tells that there is more.
    data = read_file(given.arquivo, most=MAX_DOCUMENT_BYTES + 1)
    at = utc_now() if given.em == _NOW else given.em
    document = _readable(data)
    try:
        expected = expected_code(given)
    except MeasurementLogRefused as refusal:
        verdict = Verdict(document, code_compared=False, refusal=refusal)
    else:
        verdict = _judge(data, document, expected, at=None if at == _OWN_TIME else at, nonce=given.nonce)
    print(_as_json(verdict) if given.json else _as_text(verdict, is_hardware(root_of(given.raiz))))
    return ExitCode.ACCEPTED if verdict.refusal is None else ExitCode.REFUSED


def _judge(
    data: bytes,
    document: AttestationDocument | None,
    expected: ExpectedCode,
    *,
    at: datetime | None,
    nonce: bytes | None,
) -> Verdict:
    compared = False
    try:
        document = verify_origin(data, root=expected.root, at=at, max_age=MAX_AGE if nonce else None)
        if nonce:
            verify_nonce(document, nonce)
        if expected.is_told:
            compared = True
            verify_code(document.pcrs, expected.accepted(at or document.timestamp))
    except AttestationRefused as refusal:
        return Verdict(document, compared, refusal)
    return Verdict(document, compared)


def _readable(data: bytes) -> AttestationDocument | None:
    """What a refused document says of itself, for whoever looks for the cause."""
    try:
        return parse_document(data).content
    except AttestationRefused:
        return None


def _as_json(verdict: Verdict) -> str:
    document = verdict.document
    told = {
        "valido": verdict.refusal is None,
        "codigoComparado": verdict.code_compared,
        "motivo": verdict.refusal.reason if verdict.refusal else None,
        "modulo": document.module_id if document else None,
        "instante": _utc(document.timestamp) if document else None,
        "pcrs": {str(n): value.hex() for n, value in sorted(document.pcrs.items())} if document else None,
        "debug": document.is_debug if document else None,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_text(verdict: Verdict, by_hardware: bool) -> str:
    rows = []
    if verdict.document:
        rows += [
            f"módulo    {verdict.document.module_id}",
            f"instante  {for_people(verdict.document.timestamp)}",
            *(f"PCR{n:<7}{value.hex()}" for n, value in sorted(verdict.document.pcrs.items()) if any(value)),
        ]
    if not by_hardware:
        rows.append(f"atenção   {LABEL_FOR_PEOPLE}: a raiz informada não é a da AWS")
    if verdict.refusal:
        return "\n".join([*rows, f"RECUSADO  {verdict.refusal.reason}: {verdict.refusal.detail}"])
    if not verdict.code_compared:
        rows.append("atenção   não foi conferido qual código é (--pcr, --medidas)")
    return "\n".join([*rows, "VÁLIDO"])


def _utc(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(text: str) -> str | datetime:
    return text if text in {_NOW, _OWN_TIME} else moment(text)
