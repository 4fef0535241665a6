"""What the TLS edge has seen of a request, put where API Gateway puts it: host and client certificate.

The emulator's HTTP API knows no mutual TLS. The edge sends both in headers beside a secret made at start;
whoever does not know the secret has such headers dropped.
"""

import hmac
import urllib.parse
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from cryptography import x509

CERTIFICATE_HEADER = "x-aval-client-certificate"
HOST_HEADER = "x-aval-host"
SECRET_HEADER = "x-aval-edge-secret"
PREFIX = "x-aval-"


def settle(event: MutableMapping[str, Any], secret: str) -> None:
    """Take every header of ours out of `event`; with the right secret, attest what they tell."""
    headers = event["headers"]
    ours = {name: headers.pop(name) for name in list(headers) if name.startswith(PREFIX)}
    if not hmac.compare_digest(ours.get(SECRET_HEADER, ""), secret):
        return
    # At a custom domain the function sees that domain, not the API's own.
    headers["host"] = ours[HOST_HEADER]
    event["requestContext"]["domainName"] = ours[HOST_HEADER].partition(":")[0]
    certificate = ours.get(CERTIFICATE_HEADER)
    if certificate is not None:
        pem = urllib.parse.unquote(certificate)
        event["requestContext"]["authentication"] = {"clientCert": describe(pem)}


def describe(pem: str) -> dict[str, Any]:
    """Return `requestContext.authentication.clientCert` as API Gateway documents it."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    serial = f"{certificate.serial_number:x}"
    serial = serial.zfill(len(serial) + len(serial) % 2)
    return {
        "clientCertPem": pem,
        "subjectDN": certificate.subject.rfc4514_string(),
        "issuerDN": certificate.issuer.rfc4514_string(),
        "serialNumber": ":".join(serial[at : at + 2] for at in range(0, len(serial), 2)),
        "validity": {
            "notBefore": _openssl_time(certificate.not_valid_before_utc),
            "notAfter": _openssl_time(certificate.not_valid_after_utc),
        },
    }


def _openssl_time(moment: datetime) -> str:
    """Return the text that openssl prints and API Gateway passes on: `Aug  5 09:36:04 2021 GMT`."""
    return f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S %Y} GMT"
