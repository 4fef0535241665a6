"""The key that a document vouches for: what is sealed to it, only the code that attests can open."""

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from aval.attestation.document import AttestationDocument
from aval.attestation.refusals import AttestationRefused, Reason

MIN_RSA_BITS: Final = 2048
"""What KMS takes for a recipient; who seals a portfolio asks for more."""


def rsa_key_of(document: AttestationDocument, *, at_least_bits: int = MIN_RSA_BITS) -> rsa.RSAPublicKey:
    """Raise `AttestationRefused` unless the document names an RSA key, as SubjectPublicKeyInfo in DER."""
    try:
        key = load_der_public_key(document.public_key or b"")
    except (ValueError, UnsupportedAlgorithm) as failure:
        raise _refused("o atestado não traz uma chave pública em DER") from failure
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < at_least_bits:
        raise _refused(f"a chave do atestado não é RSA de {at_least_bits} bits ou mais")
    # The library takes PKCS #1 too; a key has one spelling here, because it is known by its digest.
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != document.public_key:
        raise _refused("a chave do atestado não está na forma SubjectPublicKeyInfo em DER")
    return key


def _refused(detail: str) -> AttestationRefused:
    return AttestationRefused(Reason.PUBLIC_KEY, detail)
