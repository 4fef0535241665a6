"""The caller that the authorizer handed on, and the certificate that the mutual-TLS host attests."""

import hashlib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aval.edge.requests import ClientCertificateMissing
from aval.identifiers import Cnpj, Cpf, Fingerprint
from aval.identity.caller import Caller, CallerKind
from aval.identity.tokens import TokenRefused


def authorizer_context(caller: Caller) -> dict[str, str]:
    """What the authorizer hands on; the gateway carries text only, so absence is an empty text."""
    return {
        "kind": caller.kind.value,
        "subject": caller.subject,
        "person": caller.person or "",
        "thumbprint": caller.thumbprint or "",
    }


def arrival_of(event: Mapping[str, Any], *, now: datetime) -> datetime:
    """When the gateway took the request: a function that has to start first looks at it seconds later."""
    arrived = event["requestContext"].get("timeEpoch")
    return now if arrived is None else min(now, datetime.fromtimestamp(arrived / 1000, UTC))


def caller_of(event: Mapping[str, Any]) -> Caller:
    context = event["requestContext"]["authorizer"]["lambda"]
    kind = CallerKind(context["kind"])
    return Caller(
        kind=kind,
        subject=context["subject"],
        person=Cpf(context["person"]) if context["person"] else None,
        company=Cnpj(context["subject"]) if kind is CallerKind.SYSTEM else None,
        thumbprint=Fingerprint(context["thumbprint"]) if context["thumbprint"] else None,
    )


def caller_name(event: Mapping[str, Any]) -> str:
    """For the log: a login of the pool or a CNPJ, neither of which names a person; empty without a token."""
    authorizer = event["requestContext"].get("authorizer") or {}
    return str((authorizer.get("lambda") or {}).get("subject", ""))


def client_certificate_thumbprint(event: Mapping[str, Any]) -> Fingerprint | None:
    """SHA-256 of the certificate that TLS verified, never of one that a header names."""
    certificate = (event["requestContext"].get("authentication") or {}).get("clientCert")
    if certificate is None:
        return None
    der = ssl.PEM_cert_to_DER_cert(certificate["clientCertPem"].strip())
    return Fingerprint(hashlib.sha256(der).hexdigest())


def require_client_certificate(event: Mapping[str, Any]) -> Fingerprint:
    thumbprint = client_certificate_thumbprint(event)
    if thumbprint is None:
        raise ClientCertificateMissing("use o endereço de sistemas, com o certificado registrado da empresa")
    return thumbprint


def bearer_token(event: Mapping[str, Any]) -> str:
    scheme, _, token = event.get("headers", {}).get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused("apresente o token no cabeçalho Authorization, como Bearer")
    return str(token.strip())
