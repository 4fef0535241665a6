"""One signature checked against one key, whatever the names beside it say."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from aval.certificates.der import has_one_algorithm, signs_in_whole_octets


class SignatureRefused(Exception):
    """The signature does not come from this key, or cannot be checked."""


def verify_signature(
    signed: x509.Certificate | x509.CertificateRevocationList, der: bytes, key: CertificatePublicKeyTypes
) -> None:
    """Raise `SignatureRefused` unless `key` signed the certificate or list whose bytes are `der`.

    `verify_directly_issued_by` is not used: it compares the names' DER, and an ICP-Brasil issuer may be
    written in another string type than its parent's subject.
    """
    message = (
        signed.tbs_certificate_bytes if isinstance(signed, x509.Certificate) else signed.tbs_certlist_bytes
    )
    try:
        parameters, digest = signed.signature_algorithm_parameters, signed.signature_hash_algorithm
        _verify(key, signed.signature, message, parameters, digest)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError) as failure:
        raise SignatureRefused from failure
    if not (has_one_algorithm(der) and signs_in_whole_octets(der)):
        raise SignatureRefused


def _verify(
    key: CertificatePublicKeyTypes,
    signature: bytes,
    message: bytes,
    parameters: object,
    digest: HashAlgorithm | None,
) -> None:
    match key, parameters:
        case rsa.RSAPublicKey(), PKCS1v15() | PSS() if digest is not None:
            key.verify(signature, message, parameters, digest)
        case ec.EllipticCurvePublicKey(), ec.ECDSA():
            key.verify(signature, message, parameters)
        case ((ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()), None):
            key.verify(signature, message)
        case _:
            raise InvalidSignature
