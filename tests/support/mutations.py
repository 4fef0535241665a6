"""Certificates with a few bytes changed: most still read as one, none is what its issuer signed."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from local.issuing import SERVER_AUTH, name_of
from tests.support import pki

_TAGS: Final = bytes.fromhex("0102030405060c131617181e303180a0")


@cache
def originals() -> tuple[bytes, ...]:
    """Different shapes, so that mutation meets every parser."""
    san = pki.cnpj_in_san(pki.COMPANY, 0x0C)
    return (
        pki.leaf(),
        pki.leaf(cnpj=None, other_names=(*san, x509.RFC822Name("a@b.example"), x509.DNSName("b.example"))),
        pki.leaf(key=pki.ec_key(), usages=(SERVER_AUTH,)),
        pki.leaf(key=pki.ed448_key(), digest=hashes.SHA384()),
        pki.leaf(subject=name_of("Ação & Reação", string_type=pki.BMP)),
    )


def mutations(shapes: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    for _ in range(count):
        mutated = bytearray(chance.choice(shapes))
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            mutate(mutated, chance)
        yield bytes(mutated)


def mutate(mutated: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(mutated))
    match chance.randrange(7):
        case 0:
            mutated[at] ^= 1 << chance.randrange(8)
        case 1:
            mutated[at] = chance.randrange(256)
        case 2:
            mutated[at] = chance.choice(_TAGS)
        case 3:
            del mutated[at + 1 : at + chance.randrange(2, 10)]
        case 4:
            mutated[at:at] = chance.randbytes(chance.randrange(1, 9))
        case 5:
            end = at + chance.randrange(1, 40)
            mutated[at:at] = mutated[at:end]
        case _:
            other = chance.randrange(len(mutated))
            mutated[at], mutated[other] = mutated[other], mutated[at]
