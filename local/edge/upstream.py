"""One request to the emulator's HTTP API and its answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import h11

Headers = Sequence[tuple[bytes, bytes]]

READ_BYTES = 64 * 1024
# Of one connection only: RFC 9110, section 7.6.1.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"expect",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)


class UpstreamFailed(Exception):
    """The emulator is not there, or what it says is no HTTP."""


@dataclass(frozen=True, slots=True)
class Request:
    method: bytes
    target: bytes
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Headers
    body: bytes


def end_to_end(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return the headers without those that belong to one connection, and without the body's length."""
    named = {
        option.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for option in value.split(b",")
    }
    dropped = HOP_BY_HOP | named | {b"content-length"}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


async def send(request: Request, *, host: str, port: int) -> Response:
    """Send `request` over a connection of its own. Raises `UpstreamFailed`."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        raise UpstreamFailed from error
    try:
        return await _exchange(request, reader, writer)
    except (OSError, h11.ProtocolError) as error:
        raise UpstreamFailed from error
    finally:
        writer.close()


async def _exchange(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Response:
    connection = h11.Connection(h11.CLIENT)
    headers = [*request.headers, (b"connection", b"close")]
    if request.body or request.method in (b"POST", b"PUT", b"PATCH"):
        headers.append((b"content-length", b"%d" % len(request.body)))
    writer.write(
        connection.send(h11.Request(method=request.method, target=request.target, headers=headers)) or b""
    )
    if request.body:
        writer.write(connection.send(h11.Data(data=request.body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(READ_BYTES))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = end_to_end(head.headers.raw_items())
            if request.method == b"HEAD":  # tells the length of a body that does not come
                headers += [item for item in head.headers.raw_items() if item[0].lower() == b"content-length"]
            return Response(head.status_code, headers, bytes(body))
        elif not isinstance(event, h11.InformationalResponse):
            raise UpstreamFailed
