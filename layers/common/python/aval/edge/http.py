"""The HTTP edge of every JSON operation: shape checked, refusals told as problems, transaction id on all."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestValidationError,
    ResponseValidationError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.edge import problems
from aval.edge.bodies import read_json, require_readable_body
from aval.edge.caller import caller_name
from aval.edge.logs import TRANSACTION_HEADER, current_transaction, logger, start_transaction, unexpected
from aval.edge.requests import RouteUnknown
from aval.edge.shape_faults import SHAPE, faults_of_shape
from aval.errors import DomainError, Fault, FaultsFound

_NO_SUCH_SHAPE: Final = "o pedido não tem a forma esperada"
_NO_OPERATION: Final = "nenhuma operação responde a este método e caminho"
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


def api() -> APIGatewayHttpResolver:
    """A resolver whose every refusal is a problem document."""
    app = APIGatewayHttpResolver(
        enable_validation=True,
        response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
        serializer=_write_json,
        json_body_deserializer=read_json,
    )
    app.use([_refuse_unknown_parameters])

    @app.exception_handler(DomainError)
    def refuse(error: DomainError) -> Response[str]:
        return _problem(error)

    @app.exception_handler(RequestValidationError)
    def refuse_shape(error: RequestValidationError) -> Response[str]:
        return _problem(FaultsFound(_NO_SUCH_SHAPE, faults_of_shape(error.errors())))

    @app.exception_handler(ResponseValidationError)
    def fail(error: ResponseValidationError) -> Response[str]:
        raise error

    @app.exception_handler(NotFoundError)
    def refuse_route(_: NotFoundError) -> Response[str]:
        return _problem(RouteUnknown(_NO_OPERATION))

    return app


def entrypoint(app: APIGatewayHttpResolver) -> Handler:
    """The Lambda handler of `app`: the outermost edge, where nothing may escape."""

    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        transaction_id = start_transaction(
            context, route=event.get("routeKey", ""), caller=caller_name(event)
        )
        try:
            answer = _answer(app, event, context)
        except Exception as error:  # noqa: BLE001 - the outermost edge: an unknown error tells the caller nothing
            unexpected(error)
            document = problems.unexpected_document(transaction_id=transaction_id)
            answer = _rendered(document, HTTPStatus.INTERNAL_SERVER_ERROR)
        headers = answer.setdefault("headers", {})
        headers[TRANSACTION_HEADER] = transaction_id
        # Nothing told to one caller may lie in a browser's or a proxy's cache: RFC 9111, section 5.2.2.5.
        headers.setdefault("Cache-Control", "no-store")
        logger.info("request answered", status=answer["statusCode"])
        return answer

    return handler


def _refuse_unknown_parameters(
    app: APIGatewayHttpResolver, go_on: Callable[[APIGatewayHttpResolver], Response[Any]]
) -> Response[Any]:
    """A filter that is misspelt would otherwise be none, and the answer everything."""
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    unknown = sorted(set(app.current_event.query_string_parameters) - known)
    if unknown:
        faults = [Fault(SHAPE, "parâmetro desconhecido; retire-o", f"query:{name}") for name in unknown]
        raise FaultsFound(_NO_SUCH_SHAPE, faults)
    return go_on(app)


def _answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    try:
        # Powertools would let a line feed end a path unseen.
        if not event["rawPath"].isprintable():
            raise RouteUnknown(_NO_OPERATION)
        readable = require_readable_body(event)
    except DomainError as error:
        return _rendered(_document(error), problems.kind_of(error).status)
    return app.resolve(readable, context)


def _write_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _problem(error: DomainError) -> Response[str]:
    kind = problems.kind_of(error)
    # What the caller is told alike, the operator may tell apart.
    reason = getattr(error, "reason", None)
    logger.info("request refused", problem=kind.slug, reason=reason, rules=sorted(_rules(error)))
    return Response(
        status_code=kind.status.value,
        content_type=problems.MEDIA_TYPE,
        body=_write_json(_document(error)),
        # RFC 9110, section 10.2.3.
        headers={"Retry-After": str(kind.retry_after_seconds)} if kind.retry_after_seconds else None,
    )


def _rules(error: DomainError) -> set[str]:
    return {fault.rule for fault in error.faults} if isinstance(error, FaultsFound) else set()


def _document(error: DomainError) -> dict[str, object]:
    return problems.problem_document(error, transaction_id=current_transaction())


def _rendered(document: dict[str, object], status: HTTPStatus) -> dict[str, Any]:
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": problems.MEDIA_TYPE},
        "body": _write_json(document),
        "isBase64Encoded": False,
    }
