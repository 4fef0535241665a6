"""`aval recibo verificar`: whether a receipt is what released code signed, offline."""

import argparse
import json
from pathlib import Path
from typing import Any

from aval.attestation.roots import LABEL_FOR_PEOPLE, is_hardware
from aval.cli.expected_code import add_expected_code, expected_code, read_file, root_of
from aval.cli.offered_key import REFUSALS, Refusal
from aval.cli.outcome import CommandFailed, ExitCode
from aval.moments import for_people, to_storage
from aval.sealing.caveats import FOR_PEOPLE
from aval.sealing.receipts import MAX_RECEIPT_CHARACTERS, VerifiedReceipt, verify_receipt


def register(groups: Any) -> None:
    group = groups.add_parser("recibo", help="recibos do enclave")
    commands = group.add_subparsers(required=True, metavar="COMANDO", title="comandos")
    verify = commands.add_parser("verificar", help="confere um recibo, sem rede")
    verify.add_argument("arquivo", type=Path, metavar="RECIBO", help="o recibo (JWS)")
    add_expected_code(verify)
    verify.add_argument("--json", action="store_true", help="responde em JSON")
    verify.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> ExitCode:
    text = read_file(given.arquivo, most=MAX_RECEIPT_CHARACTERS + 2).decode("ascii", errors="replace")
    try:
        expected = expected_code(given)
        if not expected.names_image:
            raise CommandFailed("diga que código se espera: --medidas, com a sua chave, ou --pcr 0=HEX")
        found = verify_receipt(text.strip("\r\n"), root=expected.root, accepted=expected.accepted)
    except REFUSALS as refusal:
        hardware = is_hardware(root_of(given.raiz))
        print(_refused_json(refusal.reason) if given.json else _refused_text(refusal, hardware=hardware))
        return ExitCode.REFUSED
    print(_json(found) if given.json else _text(found))
    return ExitCode.ACCEPTED


def _json(found: VerifiedReceipt) -> str:
    told = {
        "valido": True,
        "motivo": None,
        "atestadoPorHardware": found.hardware,
        "recibo": found.receipt.as_json(),
        "declaracao": found.declaration.as_json(),
        "modulo": found.document.module_id,
        "pcrs": {str(n): value.hex() for n, value in sorted(found.document.pcrs.items())},
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _refused_json(reason: str) -> str:
    nothing = dict.fromkeys(("atestadoPorHardware", "recibo", "declaracao", "modulo", "pcrs"))
    return json.dumps({"valido": False, "motivo": reason, **nothing}, ensure_ascii=False, indent=2)


def _text(found: VerifiedReceipt) -> str:
    receipt = found.receipt
    rows = [
        ("evento", receipt.event),
        ("empresa", receipt.company.masked),
        ("pedido", receipt.request_id),
        ("emitido", f"{to_storage(receipt.issued_at)}, {for_people(receipt.issued_at)}"),
        *((f"entrada {name}", identity) for name, identity in sorted(receipt.inputs.items())),
        ("parâmetros", receipt.parameters),
        ("método", found.declaration.method),
        ("PCR0", found.document.pcrs[0].hex()),
        ("diário", f"{receipt.head.counter}:{receipt.head.digest}"),
    ]
    if receipt.released:
        rows.append(("liberado", receipt.released.number or f"sem número: {_shown(receipt.released.reason)}"))
    rows += [("atenção", FOR_PEOPLE.get(caveat, caveat)) for caveat in receipt.caveats]
    return "\n".join([*(f"{name:<20}{value}" for name, value in rows), "VÁLIDO"])


def _shown(text: str) -> str:
    """An agent's own words in one line: a line break or an escape of the terminal could write other rows."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _refused_text(refusal: Refusal, *, hardware: bool) -> str:
    rows = [] if hardware else [f"{'atenção':<20}{LABEL_FOR_PEOPLE}: a raiz informada não é a da AWS"]
    return "\n".join([*rows, f"RECUSADO  {refusal.reason}: {refusal.detail}"])
