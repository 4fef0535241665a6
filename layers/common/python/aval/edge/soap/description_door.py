"""The edge of the WSDLs: one function behind two doors, whose events differ."""

import json
from collections.abc import Callable, Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.edge import problems
from aval.edge.logs import TRANSACTION_HEADER, logger, start_transaction, unexpected
from aval.edge.requests import RouteUnknown
from aval.edge.soap.descriptions import MEDIA_TYPE, described
from aval.edge.soap.door import Handler
from aval.errors import DomainError

# A client keeps what it has read for a day: the documents change with a release.
_KEPT: Final = "public, max-age=86400"


def entrypoint(services_url: Callable[[], str]) -> Handler:
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        transaction_id = start_transaction(context, route=event.get("routeKey", "ALB"))
        status, media_type = HTTPStatus.OK, MEDIA_TYPE
        try:
            method, path, query = _asked(event)
            if method not in (HTTPMethod.GET, HTTPMethod.HEAD):
                raise RouteUnknown("os documentos dos serviços são lidos com GET")  # noqa: TRY301
            text = described(path, query, services_url=services_url())
        except DomainError as error:
            status, media_type = problems.kind_of(error).status, problems.MEDIA_TYPE
            text = _written(problems.problem_document(error, transaction_id=transaction_id))
        except Exception as error:  # noqa: BLE001 - the outermost edge: an unknown error tells the caller nothing
            unexpected(error)
            status, media_type = HTTPStatus.INTERNAL_SERVER_ERROR, problems.MEDIA_TYPE
            text = _written(problems.unexpected_document(transaction_id=transaction_id))
        logger.info("request answered", status=status.value)
        kept = _KEPT if status is HTTPStatus.OK else "no-store"
        return {
            "statusCode": status.value,
            "statusDescription": f"{status.value} {status.phrase}",
            "headers": {
                "Content-Type": media_type,
                "Cache-Control": kept,
                TRANSACTION_HEADER: transaction_id,
            },
            "body": text,
            "isBase64Encoded": False,
        }

    return handler


def _asked(event: Mapping[str, Any]) -> tuple[str, str, str]:
    """Method, path and query, from API Gateway (payload 2.0) or from a load balancer."""
    if "rawPath" in event:
        return event["requestContext"]["http"]["method"], event["rawPath"], event.get("rawQueryString", "")
    parameters: Mapping[str, str] = event.get("queryStringParameters") or {}
    query = "&".join(f"{name}={value}" if value else name for name, value in parameters.items())
    return event["httpMethod"], event["path"], query


def _written(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False)
