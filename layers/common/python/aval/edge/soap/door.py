"""The outermost edge of a SOAP service: who calls is proved here, and every refusal leaves as a fault."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.adhesion.access import SystemAccess
from aval.contracts.bus import ContractBus
from aval.contracts.standing import Standing
from aval.edge.caller import arrival_of, require_client_certificate
from aval.edge.logs import TRANSACTION_HEADER, logger, start_transaction, unexpected
from aval.edge.requests import BodyUnreadable, MediaTypeUnsupported
from aval.edge.soap.documents import read_document
from aval.edge.soap.envelope import page_of, profile_of, read_envelope
from aval.edge.soap.faults import ActionUnknown, fault_of, kind_of, unexpected_fault
from aval.edge.soap.operations import Call
from aval.edge.soap.replies import reply_envelope
from aval.edge.soap.services import Operation, Service
from aval.errors import DomainError
from aval.moments import Clock, utc_now

MEDIA_TYPE: Final = "text/xml; charset=utf-8"
_UNKNOWN_ACTION: Final = "a SOAPAction não é de uma operação deste serviço"
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a service needs to know a caller and to answer it."""

    access: SystemAccess
    standing: Standing
    bus: ContractBus


def entrypoint(service: Service, desk: Callable[[], Desk], *, now: Clock = utc_now) -> Handler:
    """The Lambda handler of `service`; SOAP 1.1 over HTTP tells every fault with 500 (section 6.2)."""

    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        transaction_id = start_transaction(context, route=event.get("routeKey", ""), caller="")
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        try:
            text = _answer(service, desk(), event, transaction_id, now)
            status = HTTPStatus.OK
        except DomainError as error:
            # What the caller is told alike, the operator may tell apart.
            reason = getattr(error, "reason", None) or type(error).__name__
            logger.info("request refused", fault=kind_of(error).code, reason=reason)
            text = fault_of(error, uri=service.path, transaction_id=transaction_id)
        except Exception as error:  # noqa: BLE001 - the outermost edge: an unknown error tells the caller nothing
            unexpected(error)
            text = unexpected_fault(uri=service.path, transaction_id=transaction_id)
        logger.info("request answered", status=status.value)
        return {
            "statusCode": status.value,
            "headers": {"Content-Type": MEDIA_TYPE, TRANSACTION_HEADER: transaction_id},
            "body": text,
            "isBase64Encoded": False,
        }

    return handler


def _answer(service: Service, desk: Desk, event: Mapping[str, Any], transaction_id: str, now: Clock) -> str:
    """Cheap checks before dear ones; nothing that a request says is looked at before its sender is known."""
    thumbprint = require_client_certificate(event)
    operation = _operation(service, event["headers"])
    envelope = read_envelope(read_document(_body(event)), service.dialect)
    at, credentials = now(), envelope.credentials
    desk.access.authenticate_system(credentials.company, credentials.password, thumbprint, at=at)
    logger.append_keys(caller=credentials.company)
    acting = desk.standing.system_acting(credentials.company, profile_of(envelope), at=at)
    request = envelope.request
    if (request.namespace, request.name) != (service.dialect.messages, operation.request):
        raise ActionUnknown(_UNKNOWN_ACTION)
    paging = page_of(envelope, service.dialect)
    arrived = arrival_of(event, now=at)
    reply = operation.answer(Call(desk.bus, acting, service.dialect, request, paging, arrived))
    return reply_envelope(
        reply,
        dialect=service.dialect,
        prefixes=service.prefixes,
        transaction_id=transaction_id,
        version=envelope.header.text("versao"),
    )


def _operation(service: Service, headers: Mapping[str, str]) -> Operation:
    # SOAP 1.1, section 6.1.1: the header's value is in quotes; many clients leave them out.
    action = headers.get("soapaction", "").strip()
    if len(action) >= 2 and action[0] == action[-1] == '"':
        action = action[1:-1]
    try:
        return service.operations[action]
    except KeyError as error:
        raise ActionUnknown(_UNKNOWN_ACTION) from error


def _body(event: Mapping[str, Any]) -> bytes:
    """Raise unless it is named XML in UTF-8, or nothing, and was not compressed."""
    headers: Mapping[str, str] = event["headers"]
    media_type, _, parameters = headers.get("content-type", "text/xml").partition(";")
    if media_type.strip().lower() not in ("text/xml", "application/xml"):
        raise MediaTypeUnsupported("envie a mensagem como text/xml; charset=utf-8")
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(" \"'") not in ("utf-8", "utf8", "us-ascii"):
            raise MediaTypeUnsupported("envie a mensagem em UTF-8: text/xml; charset=utf-8")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaTypeUnsupported("envie a mensagem sem compressão, sem o cabeçalho Content-Encoding")
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        # The gateway puts this sign where bytes were no UTF-8.
        if _REPLACEMENT in body:
            raise BodyUnreadable("a mensagem deve ser XML em UTF-8")
        return body.encode(errors="replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise BodyUnreadable("a mensagem deve ser XML em UTF-8") from error
