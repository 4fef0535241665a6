import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from aval.edge.logs import logger
from aval.identity.caller import Caller, CallerKind
from aval.identity.tokens import TokenRefused
from lambdas.identity import authorize
from tests.support.gateway import Context

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

LOGIN = "11111111-2222-3333-4444-555555555555"
ASKED = {
    "routeKey": "GET /adesoes",
    "headers": {"authorization": "Bearer token"},
    "requestContext": {},
}


@dataclass
class FixedGate:
    answer: Caller | Exception

    def admit(self, *_: object, **__: object) -> Caller:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def answered(monkeypatch: pytest.MonkeyPatch, answer: Caller | Exception) -> Any:
    monkeypatch.setattr(authorize, "_gate", lambda: FixedGate(answer))
    return authorize.handler(dict(ASKED), cast("LambdaContext", Context()))


def test_a_caller_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told = answered(monkeypatch, Caller(CallerKind.PERSON, LOGIN))
    context = {"kind": "person", "subject": LOGIN, "person": "", "thumbprint": ""}
    assert told == {"isAuthorized": True, "context": context}


def test_a_refusal_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, TokenRefused("token expirado")) == {"isAuthorized": False}


def test_an_unknown_failure_lets_nobody_in_and_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    with pytest.raises(authorize.AuthorizationFailed) as failed:
        answered(monkeypatch, RuntimeError("529.982.247-25"))
    assert failed.value.__suppress_context__
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert line["error_type"] == "RuntimeError"
    assert line["transaction_id"] == Context().aws_request_id
    assert "529.982.247-25" not in log.getvalue()
