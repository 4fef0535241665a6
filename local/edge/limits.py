"""What API Gateway refuses by itself, with the bodies that it answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

import json
from dataclasses import dataclass

MOST_BODY_BYTES = 10 * 1024 * 1024
MOST_HEADER_BYTES = 10_240


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    media_type: str
    body: bytes


def _message(status: int, text: str) -> Refusal:
    return Refusal(status, "application/json", json.dumps({"message": text}, separators=(",", ":")).encode())


NOT_FOUND = _message(404, "Not Found")
BAD_REQUEST = _message(400, "Bad Request")
HEADERS_TOO_LARGE = _message(431, "Request Header Fields Too Large")
UNAVAILABLE = _message(503, "Service Unavailable")
# API Gateway's own member beside a problem document (RFC 9457), so that an agent reads why.
BODY_TOO_LARGE = Refusal(
    413,
    "application/problem+json",
    json.dumps(
        {
            "type": "about:blank",
            "title": "Corpo grande demais",
            "status": 413,
            "detail": "O corpo da requisição passa de 10 MB, o limite do gateway.",
            "message": "Request Entity Too Large",
        },
        ensure_ascii=False,
    ).encode(),
)
