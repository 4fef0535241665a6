from dataclasses import dataclass, field

import pytest

from aval.prudential.key_asking import KeyDesk
from aval.prudential.refusals import KeyUnavailable
from aval.prudential.vault import KeyAnswer

ANSWER = KeyAnswer(b"attestation", {"kid": "k"}, {"kty": "EC"})


@dataclass
class Enclave:
    """Answers after so many looks; None: never."""

    looks_until_answer: int | None
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    looks: int = 0
    pauses: int = 0

    def ask(self, request: str, nonce: bytes) -> None:
        self.asked.append((request, nonce))

    def key_answer(self, request: str) -> KeyAnswer | None:
        assert (request, b"nonce") in self.asked
        self.looks += 1
        answers = self.looks_until_answer is not None and self.looks > self.looks_until_answer
        return ANSWER if answers else None

    def pause(self) -> None:
        self.pauses += 1


def ask(enclave: Enclave, *, patience: int) -> KeyAnswer:
    desk = KeyDesk(enclave, enclave, enclave.pause)
    return desk.ask(b"nonce", request="pedido", is_time_up=lambda: enclave.pauses >= patience)


def test_an_answer_is_handed_on_as_soon_as_it_is_there() -> None:
    enclave = Enclave(looks_until_answer=3)
    assert ask(enclave, patience=10) == ANSWER
    assert (enclave.looks, enclave.pauses) == (4, 3)
    assert enclave.asked == [("pedido", b"nonce")]


@pytest.mark.parametrize("looks", [None, 10])
def test_an_answer_that_does_not_come_in_time_is_told_as_that(looks: int | None) -> None:
    with pytest.raises(KeyUnavailable):
        ask(Enclave(looks), patience=10)
