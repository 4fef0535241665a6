from dataclasses import dataclass, field
from datetime import datetime

import pytest

from aval.prudential.canary import Canary
from tests.support.prudential import KeyItemsGiven, key_item
from tests.support.sealing import AT


@dataclass
class Cage:
    """KMS, the operator's bell and the note, all in one."""

    generates: bool = False
    decrypts: bool = False
    tried: list[bytes] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    noted: list[tuple[tuple[str, ...], datetime]] = field(default_factory=list)

    def lets_generate(self) -> bool:
        return self.generates

    def lets_decrypt(self, wrapped: bytes) -> bool:
        self.tried.append(wrapped)
        return self.decrypts

    def ring(self, subject: str, text: str) -> None:
        self.rung.append(f"{subject}: {text}")

    def note_canary(self, opened: tuple[str, ...], *, at: datetime) -> None:
        self.noted.append((opened, at))

    def fly(self, *items: bytes) -> tuple[str, ...]:
        return Canary(self, KeyItemsGiven(list(items)), self, self).run(at=AT)


def test_a_canary_that_is_refused_everything_rings_nobody() -> None:
    cage = Cage()
    assert cage.fly(key_item().to_bytes()) == ()
    assert cage.rung == []
    assert cage.noted == [((), AT)]


@pytest.mark.parametrize(
    ("cage", "opened"),
    [
        (Cage(generates=True), ("GenerateDataKey",)),
        (Cage(decrypts=True), ("Decrypt",)),
        (Cage(generates=True, decrypts=True), ("GenerateDataKey", "Decrypt")),
    ],
)
def test_whatever_lets_the_canary_in_rings_at_once_and_is_named(cage: Cage, opened: tuple[str, ...]) -> None:
    assert cage.fly(key_item().to_bytes()) == opened
    [rung] = cage.rung
    assert " e ".join(opened) in rung
    assert cage.noted == [(opened, AT)]


def test_it_tries_the_newest_key_of_the_enclave() -> None:
    cage = Cage()
    cage.fly(key_item(1).to_bytes(), key_item(2).to_bytes())
    assert cage.tried == [key_item(2).wrapped_key]


def test_before_the_first_ceremony_it_tries_what_needs_no_ciphertext() -> None:
    cage = Cage(generates=True)
    assert cage.fly() == ("GenerateDataKey",)
    assert cage.tried == []
