"""Messages that no host could work off: each one's token fails, so that its machine tries anew."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.stepfunctions_tasks import TaskTokens
from aval.edge.background import background


@cache
def _tokens() -> TaskTokens:
    return TaskTokens(aws.states())


def fail_undelivered(event: Mapping[str, Any]) -> Mapping[str, object]:
    messages = [json.loads(record["body"]) for record in event["Records"]]
    waited = [message["tarefa"] for message in messages if _tokens().give_up(message["token"])]
    return {"undelivered": len(messages), "tarefas": waited}


handler = background(fail_undelivered)
