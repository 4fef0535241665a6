"""A person whom the registry came to know just now, and the mails that go to them."""

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from local.places import ROOT
from local.seed.drops import REGISTRY, deliver
from tests.support.stack import Stack

NAME: Final = "Gil Demonstração"
DEMO: Final[dict[str, list[dict[str, Any]]]] = json.loads((ROOT / "local/demo/registro.json").read_text())
MAILED_WITHIN_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Newcomer:
    stack: Stack
    email: str

    def mails(self) -> list[str]:
        """The texts sent to the newcomer, newest first."""
        return [mail["BodyText"] for mail in self.stack.mails() if self.email in mail["To"]]

    def told(self, *, after: int) -> str:
        """What the mail after so many ends in: a password or a code."""
        deadline = time.monotonic() + MAILED_WITHIN_SECONDS
        while len(self.mails()) <= after:
            assert time.monotonic() < deadline, "no mail came"
            time.sleep(0.1)
        return self.mails()[0].rsplit(maxsplit=1)[-1]

    def call(self, operation: str, **given: Any) -> Any:
        """One of Cognito's public calls, as the page's client."""
        client = self.stack.client("cognito-idp")
        return getattr(client, operation)(ClientId=self.stack.outputs["UserPoolClientId"], **given)


@contextmanager
def known(stack: Stack) -> Iterator[Newcomer]:
    """In the registry while the block lasts, as nobody's representative."""
    # A person of each test's own: only so many mails go to one within the hour.
    nine = f"{random.randrange(10**9):09d}"
    email = f"gil-{nine}@demo.aval.example"
    person = {"cpf": cpf_of(nine), "nome": NAME, "email": email}
    drop(stack, {"pessoas": [*DEMO["pessoas"], person]})
    try:
        yield Newcomer(stack, email)
    finally:
        drop(stack, {"pessoas": DEMO["pessoas"]})


def cpf_of(nine: str) -> str:
    """With its check digits."""
    digits = [int(one) for one in nine]
    for _ in range(2):
        weighted = sum(one * weight for one, weight in zip(reversed(digits), range(2, 12), strict=False))
        digits.append(weighted * 10 % 11 % 10)
    return "".join(map(str, digits))


def drop(stack: Stack, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Let the registry load these rows, as its operator would."""
    content = json.dumps(rows, ensure_ascii=False).encode()
    bucket = stack.outputs[REGISTRY.bucket_output]
    report = deliver(stack.client("s3"), bucket, REGISTRY, "pessoas-de-um-teste.json", content)
    assert report["aceito"], report
