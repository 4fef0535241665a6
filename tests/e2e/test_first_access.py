"""A person of the registry without a login comes in by the e-mail alone, and back in after forgetting."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.agents import Person
from tests.support.newcomer import MAILED_WITHIN_SECONDS, NAME, Newcomer, known
from tests.support.stack import Answer, Stack

CHOSEN, CHOSEN_LATER = "Escolhida-por-Gil-1", "Escolhida-depois-2"


@pytest.fixture
def newcomer(stack: Stack) -> Iterator[Newcomer]:
    with known(stack) as person:
        yield person


def ask(stack: Stack, email: str) -> Answer:
    body = json.dumps({"email": email}).encode()
    return stack.request("POST", "/acessos", body=body, headers={"Content-Type": "application/json"})


def log_in(newcomer: Newcomer, password: str) -> Any:
    given = {"USERNAME": newcomer.email, "PASSWORD": password}
    return newcomer.call("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)


def choose(newcomer: Newcomer, session: str, password: str) -> Any:
    return newcomer.call(
        "respond_to_auth_challenge",
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=session,
        ChallengeResponses={"USERNAME": newcomer.email, "NEW_PASSWORD": password},
    )


def refused(call: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(*given)
    return str(error.value.response["Error"]["Code"])


def test_a_person_comes_in_by_the_first_mail_and_back_in_by_a_code(stack: Stack, newcomer: Newcomer) -> None:
    sent = len(newcomer.mails())
    assert ask(stack, newcomer.email).status == 202
    first = newcomer.told(after=sent)
    # Asked again before it was used: another password, and the first one is worth nothing.
    assert ask(stack, newcomer.email.upper()).status == 202
    second = newcomer.told(after=sent + 1)
    assert refused(log_in, newcomer, first) == "NotAuthorizedException"

    challenge = log_in(newcomer, second)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert refused(choose, newcomer, "made-up-" * 8, CHOSEN) == "NotAuthorizedException"
    assert refused(choose, newcomer, challenge["Session"], "curta") == "InvalidPasswordException"
    token = choose(newcomer, challenge["Session"], CHOSEN)["AuthenticationResult"]["AccessToken"]
    session = Person(stack, token).get("/sessao").json()
    assert (session["nome"], session["empresas"]) == (NAME, [])

    assert ask(stack, newcomer.email).status == 202
    code = newcomer.told(after=sent + 2)
    assert log_in(newcomer, CHOSEN)["AuthenticationResult"]
    newcomer.call(
        "confirm_forgot_password", Username=newcomer.email, ConfirmationCode=code, Password=CHOSEN_LATER
    )
    assert refused(log_in, newcomer, CHOSEN) == "NotAuthorizedException"
    assert log_in(newcomer, CHOSEN_LATER)["AuthenticationResult"]


def test_every_address_reads_the_same_and_a_strangers_is_sent_nothing(
    stack: Stack, newcomer: Newcomer
) -> None:
    stranger = ask(stack, "ninguem@demo.aval.example")
    registered = ask(stack, newcomer.email)
    assert (stranger.status, stranger.body) == (registered.status, registered.body)
    # Requests are worked off one by one: when the second one's mail is there, the first one's would be.
    newcomer.told(after=0)
    assert "ninguem@demo.aval.example" not in json.dumps(stack.mails())


@pytest.mark.parametrize(
    "body", [{}, {"email": "sem arroba"}, {"email": "a@b@c"}, {"email": 1}, {"mail": "a@b"}]
)
def test_what_is_no_address_is_refused_with_its_place(stack: Stack, body: dict[str, Any]) -> None:
    answer = stack.request(
        "POST", "/acessos", body=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status == 422
    assert answer.json()["errors"]


def test_no_log_holds_an_address_that_was_asked_for(stack: Stack) -> None:
    needle = "agulha-no-palheiro@demo.aval.example"
    assert ask(stack, needle).status == 202
    sent = stack.logs / "aval-send-access.log"
    deadline = time.monotonic() + MAILED_WITHIN_SECONDS
    while not (sent.exists() and '"unknown"' in sent.read_text()):
        assert time.monotonic() < deadline, "the request was never worked off"
        time.sleep(0.1)
    for log in stack.logs.glob("aval-*.log"):
        assert needle not in log.read_text(errors="replace"), log.name
