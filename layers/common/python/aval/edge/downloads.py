"""Files handed out as they were sent."""

import base64
import re
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response


def download(content: bytes, *, media_type: str, name: str) -> Response[str]:
    """The gateway turns the base64 back into bytes; the validation would read bytes as text."""
    disposition = {"Content-Disposition": attachment(name)}
    response = Response(200, media_type, base64.b64encode(content).decode(), disposition)
    response.base64_encoded = True
    return response


def attachment(name: str) -> str:
    """A `Content-Disposition` for a file name in any script (RFC 6266, section 5)."""
    ascii_name = re.sub(r'[^ -~]|["\\%]', "_", name)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
