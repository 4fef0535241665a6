"""P6: sealing and opening an object, against the same cryptography bare: one RSA-OAEP and one AES-256-GCM.

What stands between the two figures is the form: base64url of everything, the header, and every check of it.
jwcrypto makes and reads the same form, and checks nothing of the header.
"""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwcrypto import jwe, jwk

from aval.identifiers import Cnpj, EventCode, KeyId
from aval.sealing.envelope import Expected, Header, SealedKind, new_request_id, open_sealed, seal
from aval.sealing.readers import ReaderKeys, Readers

SIZES: Final = (1_000_000, 50_000_000)
ROUNDS: Final = 7
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_NONCE: Final = bytes(12)
_ALGORITHMS: Final = ["RSA-OAEP-256", "A256GCM"]


@dataclass(frozen=True, slots=True)
class Bench:
    plaintext: bytes
    key: rsa.RSAPrivateKey
    header: Header
    peer_key: jwk.JWK

    def seal(self) -> bytes:
        return seal(self.plaintext, self.header, self.key.public_key())

    def open(self, sealed: bytes) -> bytes:
        told = Expected(self.header.event, self.header.sender, self.header.kind, self.header.issued_at)
        return open_sealed(sealed, {self.header.key_id: self.key}, told).plaintext

    def bare_seal(self) -> tuple[bytes, bytes]:
        content_key = AESGCM.generate_key(256)
        wrapped = self.key.public_key().encrypt(content_key, _OAEP)
        return wrapped, AESGCM(content_key).encrypt(_NONCE, self.plaintext, b"header")

    def bare_open(self, sealed: tuple[bytes, bytes]) -> bytes:
        wrapped, content = sealed
        return AESGCM(self.key.decrypt(wrapped, _OAEP)).decrypt(_NONCE, content, b"header")

    def peer_seal(self) -> bytes:
        made = jwe.JWE(self.plaintext, json.dumps(self.header.as_json()), algs=_ALGORITHMS)
        made.add_recipient(self.peer_key)
        compact: str = made.serialize(compact=True)
        return compact.encode()

    def peer_open(self, sealed: bytes) -> bytes:
        made = jwe.JWE(algs=_ALGORITHMS)
        made.deserialize(sealed.decode(), self.peer_key)
        plaintext: bytes = made.payload
        return plaintext


def report() -> None:
    print(f"\nP6  sealing and opening, median of {ROUNDS} rounds; RSA-3072")
    for size in SIZES:
        _report_size(_bench(size), f"{size // 1_000_000:>2} MB")


def _report_size(bench: Bench, size: str) -> None:
    sealed, bare = bench.seal(), bench.bare_seal()
    if {bench.open(sealed), bench.peer_open(sealed), bench.bare_open(bare)} != {bench.plaintext}:
        raise RuntimeError("the bench's own object did not open")
    _compare(f"seal {size}", bench.seal, bench.bare_seal, bench.peer_seal)
    _compare(
        f"open {size}",
        lambda: bench.open(sealed),
        lambda: bench.bare_open(bare),
        lambda: bench.peer_open(sealed),
    )


def _compare(what: str, *works: Callable[[], object]) -> None:
    rounds = [[_seconds(work) for work in works] for _ in range(ROUNDS)]
    ours, bare, peer = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
    ratios = f"aval/bare {ours / bare:5.2f}   aval/jwcrypto {ours / peer:5.2f}"
    print(f"    {what}   aval {ours:8.1f} ms   bare {bare:8.1f} ms   jwcrypto {peer:8.1f} ms   {ratios}")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _bench(size: int) -> Bench:
    header = Header(
        key_id=KeyId.parse("chave-de-medida"),
        event=EventCode.parse("202611003"),
        sender=Cnpj.parse("33047509000149"),
        kind=SealedKind.PORTFOLIO,
        issued_at=datetime.now(UTC),
        request_id=new_request_id(),
        readers=Readers((ReaderKeys.generate("leitor").public,)),
    )
    # Text as a portfolio is: what it is made of changes nothing in the figures.
    plaintext = (b'{"contrato":"00000000","montante":"12.345"},' * (size // 44 + 1))[:size]
    key = rsa.generate_private_key(65537, 3072)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Bench(plaintext, key, header, jwk.JWK.from_pem(pem))
