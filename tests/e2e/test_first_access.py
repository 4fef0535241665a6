"""A person of the registry without a login comes in by the e-mail alone, and back in after forgetting."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.places import ROOT
from local.seed.drops import REGISTRY, deliver
from tests.support.agents import Person
from tests.support.stack import Answer, Stack

CHOSEN, CHOSEN_LATER = "Escolhida-por-Gil-1", "Escolhida-depois-2"
DEMO: dict[str, list[dict[str, Any]]] = json.loads((ROOT / "local/demo/registro.json").read_text())
MAILED_WITHIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Newcomer:
    stack: Stack
    email: str

    def ask(self, email: str) -> Answer:
        return self.stack.request(
            "POST",
            "/acessos",
            body=json.dumps({"email": email}).encode(),
            headers={"Content-Type": "application/json"},
        )

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
        client = self.stack.client("cognito-idp")
        return getattr(client, operation)(ClientId=self.stack.outputs["UserPoolClientId"], **given)

    def log_in(self, password: str) -> Any:
        given = {"USERNAME": self.email, "PASSWORD": password}
        return self.call("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)

    def choose(self, session: str, password: str) -> Any:
        return self.call(
            "respond_to_auth_challenge",
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session,
            ChallengeResponses={"USERNAME": self.email, "NEW_PASSWORD": password},
        )


@pytest.fixture
def newcomer(stack: Stack) -> Iterator[Newcomer]:
    """In the registry for this test alone, as nobody's representative."""
    # A person of each test's own: only so many mails go to one within the hour.
    nine = f"{random.randrange(10**9):09d}"
    email = f"gil-{nine}@demo.aval.example"
    person = {"cpf": nine + _check_digits(nine), "nome": "Gil Demonstração", "email": email}
    _drop(stack, [*DEMO["pessoas"], person])
    try:
        yield Newcomer(stack, email)
    finally:
        _drop(stack, DEMO["pessoas"])


def _check_digits(nine: str) -> str:
    digits = [int(one) for one in nine]
    for _ in range(2):
        weighted = sum(one * weight for one, weight in zip(reversed(digits), range(2, 12), strict=False))
        digits.append(weighted * 10 % 11 % 10)
    return f"{digits[9]}{digits[10]}"


def _drop(stack: Stack, people: list[dict[str, Any]]) -> None:
    content = json.dumps({"pessoas": people}, ensure_ascii=False).encode()
    bucket = stack.outputs[REGISTRY.bucket_output]
    report = deliver(stack.client("s3"), bucket, REGISTRY, "pessoas-do-primeiro-acesso.json", content)
    assert report["aceito"], report


def refused(call: Any, *given: str) -> str:
    with pytest.raises(ClientError) as error:
        call(*given)
    return str(error.value.response["Error"]["Code"])


def test_a_person_comes_in_by_the_first_mail_and_back_in_by_a_code(newcomer: Newcomer) -> None:
    sent = len(newcomer.mails())
    assert newcomer.ask(newcomer.email).status == 202
    first = newcomer.told(after=sent)
    # Asked again before it was used: another password, and the first one is worth nothing.
    assert newcomer.ask(newcomer.email.upper()).status == 202
    second = newcomer.told(after=sent + 1)
    assert refused(newcomer.log_in, first) == "NotAuthorizedException"

    challenge = newcomer.log_in(second)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert refused(newcomer.choose, "made-up-" * 8, CHOSEN) == "NotAuthorizedException"
    assert refused(newcomer.choose, challenge["Session"], "curta") == "InvalidPasswordException"
    token = newcomer.choose(challenge["Session"], CHOSEN)["AuthenticationResult"]["AccessToken"]
    session = Person(newcomer.stack, token).get("/sessao").json()
    assert (session["nome"], session["empresas"]) == ("Gil Demonstração", [])

    assert newcomer.ask(newcomer.email).status == 202
    code = newcomer.told(after=sent + 2)
    assert newcomer.log_in(CHOSEN)["AuthenticationResult"]
    newcomer.call(
        "confirm_forgot_password", Username=newcomer.email, ConfirmationCode=code, Password=CHOSEN_LATER
    )
    assert refused(newcomer.log_in, CHOSEN) == "NotAuthorizedException"
    assert newcomer.log_in(CHOSEN_LATER)["AuthenticationResult"]


def test_every_address_reads_the_same_and_a_strangers_is_sent_nothing(newcomer: Newcomer) -> None:
    stranger = newcomer.ask("ninguem@demo.aval.example")
    known = newcomer.ask(newcomer.email)
    assert (stranger.status, stranger.body) == (known.status, known.body)
    # Requests are worked off one by one: when the second one's mail is there, the first one's would be.
    newcomer.told(after=0)
    assert "ninguem@demo.aval.example" not in json.dumps(newcomer.stack.mails())


@pytest.mark.parametrize(
    "body", [{}, {"email": "sem arroba"}, {"email": "a@b@c"}, {"email": 1}, {"mail": "a@b"}]
)
def test_what_is_no_address_is_refused_with_its_place(stack: Stack, body: dict[str, Any]) -> None:
    answer = stack.request(
        "POST", "/acessos", body=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status == 422
    assert answer.json()["errors"]


def test_no_log_holds_an_address_that_was_asked_for(newcomer: Newcomer) -> None:
    needle = "agulha-no-palheiro@demo.aval.example"
    assert newcomer.ask(needle).status == 202
    sent = newcomer.stack.logs / "aval-send-access.log"
    deadline = time.monotonic() + MAILED_WITHIN_SECONDS
    while not (sent.exists() and '"unknown"' in sent.read_text()):
        assert time.monotonic() < deadline, "the request was never worked off"
        time.sleep(0.1)
    for log in newcomer.stack.logs.glob("aval-*.log"):
        assert needle not in log.read_text(errors="replace"), log.name
