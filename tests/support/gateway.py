"""Events as API Gateway's HTTP API (payload 2.0) hands them to a function."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Context:
    """The little of a Lambda context that handlers read."""

    aws_request_id: str = "5f9b0a52-6e4d-4a9a-8f2c-0d5f4b7a9c01"
    function_name: str = "function-of-the-test"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:sa-east-1:000000000000:function:test"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


def event(
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    caller: dict[str, str] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", **(headers or {})},
        "queryStringParameters": query,
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
            "authorizer": {"lambda": caller or {}},
        },
        "body": text,
        "isBase64Encoded": False,
    } | changes
