"""What KMS answers an attested enclave with: CMS EnvelopedData for its key (RFC 5652, section 6; RFC 5754).

CMS as KMS uses it authenticates nothing. That the answer is KMS's comes from TLS, which ends inside the
enclave (docs/enclave.md); here a message is taken in one way or refused in one way.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from aval.sealing.refusals import SealReason, SealRefused

MOST_BYTES: Final = 64 * 1024
"""KMS answers with at most 4096 bytes of content; what is larger is not an answer of its."""
OAEP_SHA256: Final = bytes.fromhex(
    "303c06092a864886f70d010107302f"  # rsaesOaep, RFC 4055, section 4.1
    "a00f300d06096086480165030402010500"  # [0] SHA-256, NULL
    "a11c301a06092a864886f70d010108300d06096086480165030402010500"  # [1] MGF1 with SHA-256, NULL
)
"""As KMS writes it. Any other hash, any label and any default is refused, by comparing bytes."""
_OAEP_WITHOUT_NULLS: Final = bytes.fromhex(
    "303806092a864886f70d010107302b"
    "a00d300b0609608648016503040201"
    "a11a301806092a864886f70d010108300b0609608648016503040201"
)
"""As OpenSSL writes it: RFC 4055, section 2.1, has both spellings taken as one."""
_AES_BLOCK: Final = 16
_AES_256: Final = 32


@dataclass(frozen=True, slots=True)
class EnvelopedData:
    """The one form that is read: one recipient by its key's identifier, RSAES-OAEP, AES-256-CBC."""

    recipient: bytes
    encrypted_key: bytes
    vector: bytes
    content: bytes


def open_enveloped_data(message: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """Return the content that `message` holds for `key`; raise `SealRefused` for anything else."""
    enveloped = read_enveloped_data(message)
    if not hmac.compare_digest(enveloped.recipient, subject_key_identifier(key.public_key())):
        raise _refused(SealReason.CMS_RECIPIENT)
    return _decrypted(enveloped, _content_key(enveloped.encrypted_key, key))


def read_enveloped_data(message: bytes) -> EnvelopedData:
    """Read the form alone; raise `SealRefused`."""
    if not 0 < len(message) <= MOST_BYTES:
        raise _refused(SealReason.CMS_MALFORMED)
    try:
        enveloped = _enveloped(message)
        recipient, encrypted_key = _recipient(enveloped["recipient_infos"])
        vector, content = _encrypted_content(enveloped["encrypted_content_info"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # asn1crypto decodes late, and says in any of these ways that it could not.
        raise _refused(SealReason.CMS_MALFORMED) from error
    return EnvelopedData(recipient, encrypted_key, vector, content)


def subject_key_identifier(key: rsa.RSAPublicKey) -> bytes:
    """Name a recipient as KMS does: by SHA-256 of its SubjectPublicKeyInfo."""
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest()


def _enveloped(message: bytes) -> cms.EnvelopedData:
    outer = cms.ContentInfo.load(message, strict=True)
    if outer["content_type"].native != "enveloped_data":
        raise _refused(SealReason.CMS_MALFORMED)
    enveloped = outer["content"]
    # RFC 5652, section 6.1: version 2 is what a recipient named by its key's identifier asks for.
    if enveloped["version"].native != "v2" or enveloped["originator_info"].native is not None:
        raise _refused(SealReason.CMS_MALFORMED)
    if enveloped["unprotected_attrs"].native is not None:
        raise _refused(SealReason.CMS_MALFORMED)
    return enveloped


def _recipient(recipients: cms.RecipientInfos) -> tuple[bytes, bytes]:
    if len(recipients) != 1 or recipients[0].name != "ktri":
        raise _refused(SealReason.CMS_RECIPIENT)
    recipient = recipients[0].chosen
    identifier = recipient["rid"]
    # RFC 5652, section 6.2.1: version 2 and the key's identifier go together.
    if recipient["version"].native != "v2" or identifier.name != "subject_key_identifier":
        raise _refused(SealReason.CMS_RECIPIENT)
    if recipient["key_encryption_algorithm"].dump() not in {OAEP_SHA256, _OAEP_WITHOUT_NULLS}:
        raise _refused(SealReason.CMS_ALGORITHM)
    return bytes(identifier.chosen.native), bytes(recipient["encrypted_key"].native)


def _encrypted_content(info: cms.EncryptedContentInfo) -> tuple[bytes, bytes]:
    algorithm = info["content_encryption_algorithm"]
    if info["content_type"].native != "data" or algorithm["algorithm"].native != "aes256_cbc":
        raise _refused(SealReason.CMS_ALGORITHM)
    vector = algorithm["parameters"].native
    content = info["encrypted_content"]
    if not isinstance(vector, bytes) or len(vector) != _AES_BLOCK:
        raise _refused(SealReason.CMS_MALFORMED)
    # Primitive, or any number of pieces: X.690, section 8.7. `native` joins them, and is None for none.
    return vector, bytes(content.native)


def _content_key(encrypted_key: bytes, key: rsa.RSAPrivateKey) -> bytes:
    try:
        content_key = key.decrypt(encrypted_key, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), label=None))
    except ValueError:
        raise _refused(SealReason.CMS_UNOPENED) from None
    if len(content_key) != _AES_256:
        raise _refused(SealReason.CMS_UNOPENED)
    return content_key


def _decrypted(enveloped: EnvelopedData, content_key: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES256(content_key), modes.CBC(enveloped.vector)).decryptor()
    unpadder = padding.PKCS7(8 * _AES_BLOCK).unpadder()
    try:
        padded = decryptor.update(enveloped.content) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        # One refusal for every way not to open: nobody learns from it which byte was wrong.
        raise _refused(SealReason.CMS_UNOPENED) from None


def _refused(reason: SealReason) -> SealRefused:
    return SealRefused(reason, "a resposta do KMS não é uma mensagem CMS que este enclave possa abrir")
