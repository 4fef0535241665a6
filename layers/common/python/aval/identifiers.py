"""Kinds of text that must not be mixed up."""

import re
from collections.abc import Sequence
from typing import Final, NewType, Self

from aval.errors import DomainError

Fingerprint = NewType("Fingerprint", str)
"""SHA-256 of a certificate's DER, lower-case hex."""

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_EVENT: Final = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])[0-9]{3}")
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CNPJ: Final = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_CNPJ_MASK: Final = str.maketrans("", "", "./- ")
_CPF: Final = re.compile(r"[0-9]{11}")
_CPF_MASK: Final = str.maketrans("", "", ".- ")
_CNPJ_WEIGHTS: Final = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_CPF_WEIGHTS: Final = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)


class IdentifierInvalid(DomainError):
    """A CNPJ, CPF or fingerprint that cannot be one."""


class Cnpj(str):
    """A company: twelve of [0-9A-Z] and two check digits (IN RFB 2.229/2024), never a number."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept masked or bare text; raise `IdentifierInvalid` saying what is wrong."""
        bare = text.strip().upper().translate(_CNPJ_MASK)
        # Upper case turns some letters from outside ASCII into ours: a dotless "ı" is no "I".
        if not (text.strip().isascii() and _CNPJ.fullmatch(bare)):
            raise IdentifierInvalid("o CNPJ deve ter 12 letras ou algarismos e 2 dígitos verificadores")
        if set(bare) == {"0"}:
            raise IdentifierInvalid("o CNPJ não pode ser formado só de zeros")
        if bare[12:] != cls.check_digits(bare[:12]):
            raise IdentifierInvalid("os dígitos verificadores do CNPJ não conferem")
        return cls(bare)

    @staticmethod
    def check_digits(twelve: str) -> str:
        values = [ord(character) - 48 for character in twelve]
        first = _check_digit(values, _CNPJ_WEIGHTS[1:])
        return f"{first}{_check_digit([*values, first], _CNPJ_WEIGHTS)}"

    @property
    def root(self) -> str:
        """The eight characters that name the company, its branches alike."""
        return self[:8]

    @property
    def masked(self) -> str:
        return f"{self[:2]}.{self[2:5]}.{self[5:8]}/{self[8:12]}-{self[12:]}"


class Cpf(str):
    """A person; shown nowhere and logged nowhere."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        bare = text.strip().translate(_CPF_MASK)
        if not _CPF.fullmatch(bare) or len(set(bare)) == 1:
            raise IdentifierInvalid("o CPF deve ter 11 algarismos, não todos iguais")
        values = [int(character) for character in bare[:9]]
        first = _check_digit(values, _CPF_WEIGHTS[1:])
        if bare[9:] != f"{first}{_check_digit([*values, first], _CPF_WEIGHTS)}":
            raise IdentifierInvalid("os dígitos verificadores do CPF não conferem")
        return cls(bare)

    def __repr__(self) -> str:
        return "Cpf(***)"


class EventCode(str):
    """A week of prudential monitoring, `YYYYMMNNN`: its year and month, and which of that month's it is."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _EVENT.fullmatch(text):
            raise IdentifierInvalid("o evento deve ter 9 algarismos: ano, mês e número, como 202303001")
        return cls(text)


class KeyId(str):
    """Which of the enclave's key pairs: made inside it, never chosen by who uses it."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _KEY_ID.fullmatch(text):
            raise IdentifierInvalid("o kid deve ter de 8 a 64 letras, algarismos, - ou _")
        return cls(text)


def parse_fingerprint(text: str) -> Fingerprint:
    bare = text.strip().replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(bare):
        raise IdentifierInvalid("a impressão digital deve ter 64 algarismos hexadecimais (SHA-256)")
    return Fingerprint(bare)


def _check_digit(values: Sequence[int], weights: Sequence[int]) -> int:
    remainder = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if remainder < 2 else 11 - remainder
