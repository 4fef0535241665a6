"""What KMS answers an attested caller with: CMS EnvelopedData in BER, as AWS writes it (RFC 5652, section 6).

Two genuine answers that AWS published differ in how they hold the content: in pieces, or in one. Both are
made here. The octets are put together by hand, for no library writes lengths left open.
"""

import secrets
from enum import Enum
from typing import Final

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from aval.sealing.cms import OAEP_SHA256, subject_key_identifier

_ENVELOPED_DATA: Final = bytes.fromhex("06092a864886f70d010703")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_AES256_CBC: Final = bytes.fromhex("060960864801650304012a")
_VERSION_2: Final = bytes.fromhex("020102")
_END: Final = bytes(2)
_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 0x04
_CONTENT_IN_PIECES, _CONTENT_IN_ONE, _RECIPIENT_KEY = 0xA0, 0x80, 0x80
_AES_BLOCK: Final = 16
_PIECE_BYTES: Final = 4096


class Shape(Enum):
    """How the content is held: X.690, sections 8.7.3 and 8.7.2."""

    PIECES = "pieces"
    ONE = "one"


def make_enveloped_data(
    plaintext: bytes, key: rsa.RSAPublicKey, *, shape: Shape = Shape.PIECES, piece: int = _PIECE_BYTES
) -> bytes:
    content_key, vector = secrets.token_bytes(32), secrets.token_bytes(_AES_BLOCK)
    padder = padding.PKCS7(8 * _AES_BLOCK).padder()
    encryptor = Cipher(algorithms.AES256(content_key), modes.CBC(vector)).encryptor()
    content = encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()
    wrapped = key.encrypt(content_key, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), label=None))
    recipient = _definite(
        _SEQUENCE,
        _VERSION_2
        + _definite(_RECIPIENT_KEY, subject_key_identifier(key))
        + OAEP_SHA256
        + _definite(_OCTETS, wrapped),
    )
    algorithm = _definite(_SEQUENCE, _AES256_CBC + _definite(_OCTETS, vector))
    information = _open_ended(_SEQUENCE, _DATA + algorithm + _held(content, shape, piece))
    enveloped = _open_ended(_SEQUENCE, _VERSION_2 + _definite(_SET, recipient) + information)
    return _open_ended(_SEQUENCE, _ENVELOPED_DATA + _open_ended(0xA0, enveloped))


def _held(content: bytes, shape: Shape, piece: int) -> bytes:
    if shape is Shape.ONE:
        return _definite(_CONTENT_IN_ONE, content)
    pieces = (content[start : start + piece] for start in range(0, len(content), piece))
    return _open_ended(_CONTENT_IN_PIECES, b"".join(_definite(_OCTETS, one) for one in pieces))


def _definite(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _open_ended(tag: int, content: bytes) -> bytes:
    return bytes((tag, 0x80)) + content + _END
