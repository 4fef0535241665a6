"""One client's connection: requests in, each passed on or refused, answers out."""

import asyncio
import secrets
import ssl
import urllib.parse
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import h11

from local.edge import cognito, limits
from local.edge.page import Page, with_headers
from local.edge.upstream import READ_BYTES, Request, Response, UpstreamFailed, end_to_end, send
from local.emulator.client_certificate import CERTIFICATE_HEADER, HOST_HEADER, PREFIX, SECRET_HEADER

IDLE_SECONDS = 75.0
# How long and how much a client whose body was refused may still send before it reads the answer.
DRAIN_SECONDS = 10.0
DRAIN_BYTES = 256 * 1024 * 1024
KMS_ACTIONS = b"TrentService."


class Refused(Exception):
    def __init__(self, refusal: limits.Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class Traffic(Enum):
    """What a door lets through."""

    API = auto()
    DESCRIPTIONS = auto()
    """WSDLs alone: what the load balancer passes on in AWS (cdk/components/wsdl_balancer.py)."""
    KMS = auto()
    """Calls of KMS alone, with the Host that the caller signed: the end of the enclave's TLS."""
    COGNITO = auto()
    """What a page calls at Cognito, and the questions of its browser before."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where requests of one port go, and what proves to the emulator that they came through here."""

    api_host: str
    emulator_host: str
    emulator_port: int
    secret: str = field(repr=False)
    traffic: Traffic = Traffic.API
    page: Page | None = None
    """What is served beside the API."""

    def passes(self, method: bytes, target: bytes, action: bytes = b"") -> bool:
        """`action` is the header X-Amz-Target, by which the JSON protocols of AWS name what is called."""
        if self.traffic is Traffic.DESCRIPTIONS:
            return method == b"GET" and target.startswith(b"/ws/")
        if self.traffic is Traffic.KMS:
            return (method, target) == (b"POST", b"/") and action.startswith(KMS_ACTIONS)
        if self.traffic is Traffic.COGNITO:
            called = method == b"OPTIONS" or (method == b"POST" and cognito.is_public_call(action))
            return target == b"/" and called
        return True


class ClientConnection:
    def __init__(self, door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._door = door
        self._reader = reader
        self._writer = writer
        # A little more than the limit, so that what is too large is still read and answered.
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=8 * limits.MOST_HEADER_BYTES)
        self._without_body = False

    async def serve(self) -> None:
        while True:
            try:
                request = await self._read_request()
                if request is None:
                    return
                response = await self._answer_to(request)
            except Refused as refused:
                await self._refuse(refused.refusal)
                return
            except h11.RemoteProtocolError as error:
                too_large = error.error_status_hint == limits.HEADERS_TOO_LARGE.status
                await self._refuse(limits.HEADERS_TOO_LARGE if too_large else limits.BAD_REQUEST)
                return
            await self._answer(response)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _read_request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Request):
                head = event
                self._without_body = event.method == b"HEAD"  # RFC 9110, section 9.3.2
                # h11 takes any version; the preface of HTTP/2 without ALPN (RFC 9113, section 3.4) is none.
                if event.http_version not in (b"1.0", b"1.1"):
                    raise Refused(limits.BAD_REQUEST)
                self._require_small_headers(event)
                action = dict(event.headers).get(b"x-amz-target", b"")
                if not self._door.passes(event.method, event.target, action):
                    raise Refused(limits.NOT_FOUND)
                await self._invite_body()
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > limits.MOST_BODY_BYTES:
                    raise Refused(limits.BODY_TOO_LARGE)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return Request(head.method, head.target, self._headers_to_pass(head), bytes(body))
            else:
                return None

    async def _next_event(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(await asyncio.wait_for(self._reader.read(READ_BYTES), IDLE_SECONDS))

    @staticmethod
    def _require_small_headers(head: h11.Request) -> None:
        size = len(head.method) + len(head.target) + sum(len(n) + len(v) for n, v in head.headers)
        if size > limits.MOST_HEADER_BYTES:
            raise Refused(limits.HEADERS_TOO_LARGE)
        declared = dict(head.headers).get(b"content-length", b"0")
        if int(declared) > limits.MOST_BODY_BYTES:
            raise Refused(limits.BODY_TOO_LARGE)

    async def _invite_body(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))
            await self._writer.drain()

    def _headers_to_pass(self, head: h11.Request) -> list[tuple[bytes, bytes]]:
        raw = end_to_end(list(head.headers))
        host = dict(head.headers).get(b"host", b"").decode("latin-1")
        match self._door.traffic:
            case Traffic.KMS:
                added = {"host": host}
            case Traffic.COGNITO:
                added = {"host": host, "authorization": cognito.REGION_HEADER}
            case _:
                added = {"host": self._door.api_host, HOST_HEADER: host, **self._proof()}
        dropped = {b"host", *(name.encode() for name in added)}
        headers = [(n, v) for n, v in raw if n not in dropped and not n.startswith(PREFIX.encode())]
        return [*headers, *((name.encode(), value.encode("latin-1")) for name, value in added.items())]

    def _proof(self) -> Mapping[str, str]:
        session = self._writer.get_extra_info("ssl_object")
        der = session.getpeercert(binary_form=True)
        proof = {SECRET_HEADER: self._door.secret}
        if der:
            proof[CERTIFICATE_HEADER] = urllib.parse.quote(ssl.DER_cert_to_PEM_cert(der))
        return proof

    async def _answer_to(self, request: Request) -> Response:
        if self._door.traffic is Traffic.COGNITO:
            if request.method == b"OPTIONS":
                return cognito.preflight()
            return cognito.for_every_origin(await self._pass_on(request))
        page = self._door.page
        if page is None:
            return await self._pass_on(request)
        behaviour = page.behaviour_of(request.target)
        found = page.answer(request, behaviour) if behaviour.of_files else await self._pass_on(request)
        return with_headers(found, behaviour.headers)

    async def _pass_on(self, request: Request) -> Response:
        try:
            return await send(request, host=self._door.emulator_host, port=self._door.emulator_port)
        except UpstreamFailed as error:
            raise Refused(limits.UNAVAILABLE) from error

    async def _answer(self, response: Response) -> None:
        length = (b"content-length", b"%d" % len(response.body))
        headers = list(response.headers)
        if response.status not in (204, 304) and not self._without_body:
            headers.append(length)
        self._write(h11.Response(status_code=response.status, headers=headers))
        self._write_body(response.body)
        self._write(h11.EndOfMessage())
        await self._writer.drain()

    async def _refuse(self, refusal: limits.Refusal) -> None:
        """Answer at once, then read on for a while: a client that still sends would else see a reset."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        headers = [
            (b"content-type", refusal.media_type.encode()),
            (b"content-length", b"%d" % len(refusal.body)),
            # API Gateway's number for every request, refused ones included.
            (b"apigw-requestid", b64encode(secrets.token_bytes(11))),
            (b"connection", b"close"),
        ]
        self._write(h11.Response(status_code=refusal.status, headers=headers))
        self._write_body(refusal.body)
        self._write(h11.EndOfMessage())
        await self._writer.drain()
        await self._drain_client()

    async def _drain_client(self) -> None:
        drained = 0
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while drained < DRAIN_BYTES and (chunk := await self._reader.read(READ_BYTES)):
                    drained += len(chunk)
        except TimeoutError:
            return

    def _write(self, event: h11.Response | h11.InformationalResponse | h11.EndOfMessage) -> None:
        self._writer.write(self._http.send(event) or b"")

    def _write_body(self, body: bytes) -> None:
        if body and not self._without_body:
            self._writer.write(self._http.send(h11.Data(data=body)) or b"")
