"""Task tokens say whose they are, as AWS's do: policies allow SendTaskSuccess by the machine's ARN."""

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from ministack.core import iam_actions

from local.emulator.upstream import replace

_APART: Final = "."


class TaskIsOver(Exception):
    """The task of the token has had its outcome."""


def install() -> None:
    replace(
        iam_actions,
        "extract_resource_arn",
        still_has='arn = _safe_json_field(body, "stateMachineArn")',
        by=_with_machines_of_tokens,
    )


def token_of(machine_arn: str, drawn: str) -> str:
    return f"{base64.urlsafe_b64encode(machine_arn.encode()).decode()}{_APART}{drawn}"


def machine_of(token: str) -> str:
    """Return the ARN of the machine that gave the token, or nothing for a token of another form."""
    named, apart, _drawn = token.partition(_APART)
    try:
        return base64.urlsafe_b64decode(named).decode() if apart else ""
    except ValueError:
        return ""


def _with_machines_of_tokens(original: Callable[..., str]) -> Callable[..., str]:
    def arn(service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any) -> str:
        named = _machine_in(body) if service == "states" else ""
        return named or original(service, method, path, headers, body, *rest)

    return arn


def _machine_in(body: bytes) -> str:
    try:
        request = json.loads(body)
    except ValueError:
        return ""
    return machine_of(str(request.get("taskToken", ""))) if isinstance(request, dict) else ""
