"""`pagina.json`: whom the page believes, which no server may tell it at run time."""

import json

from aval.attestation.roots import is_hardware
from aval.identifiers import Fingerprint


def trust_document(root: Fingerprint, keeper: str) -> str:
    """`keeper` is the public key (PEM) of whoever signs the log of measurements."""
    told = {"raiz": str(root), "chaveMedidas": keeper, "hardware": is_hardware(root)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
