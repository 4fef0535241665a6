"""Messages that no host could work off: each one's token fails, so that its machine tries anew."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aval.adapters import aws
from aval.adapters.stepfunctions_tokens import TaskTokens, TokenDead
from aval.edge.background import background

ERROR: Final = "NaoEntregue"
CAUSE: Final = "A mensagem da tarefa foi recebida até a última vez sem que ninguém a encerrasse."


@cache
def _tokens() -> TaskTokens:
    return TaskTokens(aws.states())


def fail_undelivered(event: Mapping[str, Any]) -> Mapping[str, object]:
    messages = [json.loads(record["body"]) for record in event["Records"]]
    return {"undelivered": [_code(message) for message in messages if _failed(message["token"])]}


def _code(message: Mapping[str, str]) -> str:
    """Of the task, or of the lote."""
    return message.get("tarefa") or message["lote"]


def _failed(token: str) -> bool:
    """Whether anybody still waited for it."""
    try:
        _tokens().fail(token, error=ERROR, cause=CAUSE)
    except TokenDead:
        return False
    return True


handler = background(fail_undelivered)
