"""The path from a pinned root to the key that signed a document (RFC 5280, section 6.1).

AWS revokes nothing here: certificates live for hours. There is one path, the one the document brings, so each
rule is asked of it in turn with a refusal of its own; then the library verifies the same path, signatures
included, and must come to the same authorities in the same order.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification

from aval.attestation.refusals import AttestationRefused, Reason
from aval.identifiers import Fingerprint
from aval.moments import for_people

LEEWAY: Final = timedelta(minutes=1)
"""How far a clock may be behind the one that issued."""

# What the library raises late, from fields that it parses only when asked.
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
_UNDERSTOOD: Final = frozenset({x509.BasicConstraints.oid, x509.KeyUsage.oid})
_CRITICAL: Final = verification.Criticality.CRITICAL
_EITHER: Final = verification.Criticality.AGNOSTIC
_AUTHORITY_POLICY: Final = (
    verification.ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, _CRITICAL, None)
    .require_present(x509.KeyUsage, _CRITICAL, None)
)
# A leaf has no subject alternative name, no extended key usage and no authority key identifier.
_LEAF_POLICY: Final = verification.ExtensionPolicy.permit_all().require_present(x509.KeyUsage, _EITHER, None)


_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of the path, read once and whole."""

    certificate: x509.Certificate = field(repr=False)
    subject: x509.Name
    issuer: x509.Name
    begins: datetime
    ends: datetime
    constraints: x509.BasicConstraints | None
    usage: x509.KeyUsage | None
    critical: frozenset[x509.ObjectIdentifier]
    key: object = field(repr=False)


def verify_chain(
    bundle: Sequence[bytes], leaf: bytes, *, root: Fingerprint, at: datetime, leeway: timedelta = timedelta()
) -> ec.EllipticCurvePublicKey:
    """The key of a leaf that `root` vouches for at the moment `at`; raise `AttestationRefused`."""
    # (1) The root is known by its fingerprint, before anything beside it is read; being there is no merit.
    if hashlib.sha256(bundle[0]).hexdigest() != root:
        raise AttestationRefused(Reason.ROOT, "a raiz do atestado não é a esperada")
    authorities = [_read(der) for der in bundle]
    last = _read(leaf)
    # (2) Each is issued by the one before: RFC 5280, section 6.1.3 (a) (4).
    for issuer, issued in zip(authorities, [*authorities[1:], last], strict=True):
        if issued.issuer != issuer.subject:
            raise AttestationRefused(Reason.CHAIN_ORDER, "um certificado não segue o de quem o emitiu")
    # (3) Who may issue what: section 6.1.4 (k) to (o).
    for below, authority in enumerate(reversed(authorities)):
        _verify_authority(authority, below)
    key = _verify_leaf(last)
    # (4) All of them at the same moment: section 6.1.3 (a) (2); both bounds are inclusive.
    path = [*authorities, last]
    begins, ends = max(link.begins for link in path), min(link.ends for link in path)
    _verify_moment(begins, ends, at, leeway)
    # (5) Signatures, and everything above once more, by the library. Inside the leeway it is the clock that
    # is taken to be behind, so the path is judged when it begins.
    _verify_signatures(authorities, last, max(at, begins))
    return key


def _verify_authority(link: Link, below: int) -> None:
    if link.constraints is None or not link.constraints.ca:
        raise AttestationRefused(Reason.NOT_AN_AUTHORITY, "um certificado da cadeia não é de autoridade")
    if link.constraints.path_length is not None and below > link.constraints.path_length:
        raise AttestationRefused(Reason.PATH_LENGTH, "há mais autoridades do que a cadeia permite")
    if link.usage is None or not link.usage.key_cert_sign:
        raise AttestationRefused(Reason.KEY_USAGE, "uma autoridade da cadeia não pode assinar certificados")
    _verify_criticals(link)


def _verify_leaf(link: Link) -> ec.EllipticCurvePublicKey:
    if link.constraints is not None and link.constraints.ca:
        raise AttestationRefused(Reason.LEAF_IS_AUTHORITY, "quem assina o atestado não pode ser autoridade")
    if link.usage is None or not link.usage.digital_signature:
        raise AttestationRefused(Reason.KEY_USAGE, "a chave do atestado não é de assinatura digital")
    _verify_criticals(link)
    if not (isinstance(link.key, ec.EllipticCurvePublicKey) and isinstance(link.key.curve, ec.SECP384R1)):
        raise AttestationRefused(Reason.LEAF_KEY, "a chave do atestado não é P-384")
    return link.key


def _verify_criticals(link: Link) -> None:
    # Section 6.1.4 (o) and 6.1.5 (f): what is critical must be understood.
    if link.critical - _UNDERSTOOD:
        raise AttestationRefused(
            Reason.CRITICAL_EXTENSION, "um certificado tem extensão crítica desconhecida"
        )


def _verify_moment(begins: datetime, ends: datetime, at: datetime, leeway: timedelta) -> None:
    if begins - at > leeway:
        raise AttestationRefused(
            Reason.NOT_YET_VALID,
            f"o atestado só vale a partir de {for_people(begins)}, e aqui são {for_people(at)}: "
            "o relógio está atrasado, ou o momento pedido é anterior",
        )
    if at > ends:
        raise AttestationRefused(
            Reason.EXPIRED,
            f"o atestado valeu até {for_people(ends)}, e aqui são {for_people(at)}: "
            "é antigo, ou o relógio está adiantado",
        )


def _verify_signatures(authorities: Sequence[Link], leaf: Link, at: datetime) -> None:
    certificates = [link.certificate for link in authorities]
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(certificates[:1]))
        .time(at)
        .max_chain_depth(len(certificates))
        .extension_policies(ca_policy=_AUTHORITY_POLICY, ee_policy=_LEAF_POLICY)
        .build_client_verifier()
    )
    try:
        verified = verifier.verify(leaf.certificate, certificates[1:])
    except (verification.VerificationError, *_UNREADABLE) as failure:
        raise AttestationRefused(
            Reason.CHAIN_SIGNATURE, "a cadeia do atestado não é a que a raiz assinou"
        ) from failure
    if verified.chain != [leaf.certificate, *reversed(certificates)]:
        raise AttestationRefused(Reason.CHAIN_ORDER, "a cadeia do atestado tem mais de um caminho")


def _read(der: bytes) -> Link:
    try:
        # The library warns of serials that are not positive; no rule minds them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            extensions = certificate.extensions
            return Link(
                certificate=certificate,
                subject=certificate.subject,
                issuer=certificate.issuer,
                begins=certificate.not_valid_before_utc,
                ends=certificate.not_valid_after_utc,
                constraints=_value(extensions, x509.BasicConstraints),
                usage=_value(extensions, x509.KeyUsage),
                critical=frozenset(one.oid for one in extensions if one.critical),
                key=certificate.public_key(),
            )
    except _UNREADABLE as failure:
        raise AttestationRefused(
            Reason.CERTIFICATE, "um certificado do atestado não pôde ser lido"
        ) from failure


def _value(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    return next((one.value for one in extensions if isinstance(one.value, kind)), None)
