"""A reader's private halves in a file under a passphrase: JWE, PBES2-HS512+A256KW and A256GCM.

A form that any JOSE library writes and reads (RFC 7518, section 4.8), so that page and command share files.
"""

import secrets
import unicodedata
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from aval.sealing import base64url, ec_keys
from aval.sealing.canonical import canonical, read_object
from aval.sealing.readers import ReaderKeys
from aval.sealing.refusals import SealReason, SealRefused

KIND: Final = "aval-leitor"
SHORTEST_PASSPHRASE: Final = 12
ITERATIONS: Final = 600_000
"""Nearly three times what OWASP's cheat sheet on password storage asks of HMAC-SHA-512 (210 000)."""
FEWEST_ITERATIONS: Final = 210_000
_MOST_ITERATIONS: Final = 10_000_000
_ALGORITHM: Final = "PBES2-HS512+A256KW"
_HEADER: Final = frozenset({"alg", "enc", "typ", "p2s", "p2c"})
_CONTENT: Final = frozenset({"id", "enc", "sig"})
_LARGEST: Final = 8192
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


def protect(keys: ReaderKeys, passphrase: str, *, iterations: int = ITERATIONS) -> bytes:
    """Raise `SealRefused` for a passphrase that is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise SealRefused(
            SealReason.PASSPHRASE, f"a senha deve ter ao menos {SHORTEST_PASSPHRASE} caracteres"
        )
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    header = {
        "alg": _ALGORITHM,
        "enc": "A256GCM",
        "typ": KIND,
        "p2s": base64url.encode_text(salt),
        "p2c": iterations,
    }
    private = {
        "id": keys.id,
        "enc": ec_keys.private_jwk(keys.encryption),
        "sig": ec_keys.private_jwk(keys.signature),
    }
    protected = base64url.encode(canonical(header))
    content_key = AESGCM.generate_key(256)
    wrapped = aes_key_wrap(_derived(passphrase, salt, iterations), content_key)
    sealed = AESGCM(content_key).encrypt(nonce, canonical(private), protected)
    parts = (wrapped, nonce, sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:])
    return b".".join((protected, *(base64url.encode(part) for part in parts))) + b"\n"


def unprotect(data: bytes, passphrase: str) -> ReaderKeys:
    """Raise `SealRefused` for another file, or another passphrase."""
    parts = data.rstrip(b"\r\n").split(b".")
    if len(data) > _LARGEST or len(parts) != 5:
        raise _malformed()
    salt, iterations = _derivation(read_object(base64url.decode(parts[0]), largest=_LARGEST))
    wrapped, nonce, content, tag = (base64url.decode(part) for part in parts[1:])
    if len(nonce) != _NONCE_BYTES or len(tag) != _TAG_BYTES:
        raise _malformed()
    try:
        content_key = aes_key_unwrap(_derived(passphrase, salt, iterations), wrapped)
        private = AESGCM(content_key).decrypt(nonce, content + tag, parts[0])
    # A wrapped key of a strange length is a ValueError.
    except (InvalidUnwrap, InvalidTag, ValueError) as failure:
        raise SealRefused(SealReason.PASSPHRASE, "o arquivo do leitor não abre com esta senha") from failure
    return _keys(read_object(private, largest=_LARGEST))


def _derivation(header: dict[str, object]) -> tuple[bytes, int]:
    if (header.get("alg"), header.get("enc")) != (_ALGORITHM, "A256GCM"):
        raise SealRefused(SealReason.ALGORITHM, "o arquivo do leitor deve ser PBES2-HS512+A256KW com A256GCM")
    if header.keys() != _HEADER or header["typ"] != KIND:
        raise SealRefused(SealReason.HEADER_MEMBER, "o cabeçalho não é o do arquivo de um leitor")
    salt, iterations = header["p2s"], header["p2c"]
    if not (isinstance(salt, str) and isinstance(iterations, int)):
        raise _malformed()
    # Fewer would be somebody else's choice of a weaker file; many more, of a long wait.
    if not FEWEST_ITERATIONS <= iterations <= _MOST_ITERATIONS:
        raise SealRefused(
            SealReason.ALGORITHM, f"p2c deve estar entre {FEWEST_ITERATIONS} e {_MOST_ITERATIONS}"
        )
    return base64url.decode_text(salt), iterations


def _derived(passphrase: str, salt: bytes, iterations: int) -> bytes:
    # The same passphrase typed on another system may come in other code points (RFC 8265, section 4.2).
    typed = unicodedata.normalize("NFC", passphrase).encode()
    # RFC 7518, section 4.8.1.1: the algorithm's name is part of the salt.
    salted = _ALGORITHM.encode() + b"\0" + salt
    return PBKDF2HMAC(hashes.SHA512(), 32, salted, iterations).derive(typed)


def _keys(private: dict[str, object]) -> ReaderKeys:
    reader_id = private.get("id")
    if private.keys() != _CONTENT or not isinstance(reader_id, str):
        raise _malformed()
    return ReaderKeys(reader_id, ec_keys.private_key(private["enc"]), ec_keys.private_key(private["sig"]))


def _malformed() -> SealRefused:
    return SealRefused(SealReason.MALFORMED, "não é o arquivo de um leitor")
