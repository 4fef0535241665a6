"""The system user's password: what it may be, and how it is kept."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Protocol, Self

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type

from aval.errors import Fault
from aval.identifiers import Cnpj

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 64
_RULE: Final = "senha"
_POINTER: Final = "#/senha"
_LONGEST_RUN: Final = 5
_STEPS: Final = {0: "repetições", 1: "sequências crescentes", -1: "sequências decrescentes"}


@dataclass(frozen=True, slots=True)
class Password:
    """Text that never shows in a representation, an exception or a log line."""

    text: str = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        # The same keys may reach us composed or decomposed (RFC 8265, section 4.2.2).
        return cls(unicodedata.normalize("NFC", text))


def password_faults(password: Password, company: Cnpj) -> tuple[Fault, ...]:
    return tuple(Fault(_RULE, sentence, _POINTER) for sentence in _refusals(password.text, company))


def _refusals(text: str, company: Cnpj) -> Iterator[str]:
    """The guide's text wants 8 digits, its screen 8 characters or more of several kinds: both are taken."""
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        yield f"a senha deve ter de {MIN_LENGTH} a {MAX_LENGTH} caracteres"
    if not text.isprintable():
        yield "a senha não pode ter caracteres de controle"
    if text.isascii() and text.isdigit():
        if len(text) > MIN_LENGTH:
            yield "a senha só de algarismos deve ter exatamente 8; para uma mais longa, misture letras"
    elif not (any(map(str.isalpha, text)) and any(map(str.isdecimal, text))):
        yield "a senha deve ter exatamente 8 algarismos, ou ao menos uma letra e um algarismo"
    lowered = text.casefold()
    yield from _weak_patterns(lowered)
    if company.root.casefold() in lowered:
        yield "a senha não pode conter os oito primeiros caracteres do CNPJ"


def _weak_patterns(lowered: str) -> Iterator[str]:
    for step, pattern in _STEPS.items():
        if _longest_run(lowered, step) > _LONGEST_RUN:
            yield f"a senha não pode ter {pattern} de mais de {_LONGEST_RUN} caracteres"
    if lowered and lowered in (lowered * 2)[1:-1] and len(set(lowered)) > 1:
        yield "a senha não pode ser um mesmo trecho repetido"


def _longest_run(text: str, step: int) -> int:
    longest = current = 1
    for before, after in pairwise(text):
        current = current + 1 if ord(after) - ord(before) == step else 1
        longest = max(longest, current)
    return longest


class Pepper(Protocol):
    """A keyed hash whose key nobody can read."""

    def mac(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class PasswordKeeper:
    """Argon2id over the pepper's HMAC: without the pepper, 10^8 candidates would be searched in hours."""

    pepper: Pepper

    def hash(self, company: Cnpj, password: Password) -> str:
        return _HASHER.hash(self._peppered(company, password))

    def matches(self, company: Cnpj, stored: str | None, password: Password) -> bool:
        """Do the same work whether or not there is a stored hash; only a true match answers True."""
        peppered = self._peppered(company, password)
        try:
            _HASHER.verify(stored or _DECOY, peppered)
        except VerifyMismatchError:
            return False
        return stored is not None

    def _peppered(self, company: Cnpj, password: Password) -> bytes:
        return self.pepper.mac(
            b"aval/senha/1\x00" + company.encode() + b"\x00" + password.text.encode("utf-8", "surrogatepass")
        )


# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane; it fits beside a Lambda's own memory.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
# Written down, not hashed: making one would cost the first unknown user of a cold start twice the work.
_DECOY: Final = f"$argon2id$v=19$m=19456,t=2,p=1${'A' * 22}${'A' * 43}"
