"""HTTP APIs answer as API Gateway's do where the emulator's answer otherwise."""

from collections.abc import Awaitable, Callable
from typing import Any

from ministack.services import apigateway, lambda_svc

from local.emulator import client_certificate
from local.emulator.upstream import edit, replace

Answer = tuple[int, dict[str, str], bytes]
Record = dict[str, Any]

JSON = {"Content-Type": "application/json"}


class AuthorizerSaysUnauthorized(Exception):
    """The authorizer function raised `Unauthorized`."""


def install(*, edge_secret: str) -> None:
    replace(
        lambda_svc,
        "lambda_execute_result_to_api_proxy_response",
        still_has='"statusCode": 502',
        by=_answering_500_for_a_failed_function,
    )
    replace(
        apigateway,
        "_invoke_request_authorizer_lambda",
        still_has='if not result or result.get("error"):',
        by=_telling_unauthorized_apart,
    )
    replace(
        apigateway,
        "_authorize_request_v2",
        still_has="payload = await _invoke_request_authorizer_lambda(",
        by=_answering_401_when_told_so,
    )
    # An API without CORS routes an OPTIONS like any other method.
    edit(
        apigateway,
        "_handle_execute_in_scope",
        line='    if method == "OPTIONS":',
        becomes='    if method == "OPTIONS" and cors_cfg:',
    )
    replace(
        apigateway,
        "_cors_response_headers",
        still_has='cors_cfg.get("allowOrigins", [])',
        by=lambda original: lambda config, origin: original(_camel_case(config), origin),
    )
    replace(
        apigateway,
        "_cors_preflight_response",
        still_has='"CORS origin denied"',
        by=_answering_preflight,
    )
    replace(
        lambda_svc,
        "_execute_function",
        still_has="request_id = new_uuid()",
        by=lambda original: _settling_events(original, edge_secret),
    )


def _answering_500_for_a_failed_function(original: Callable[..., Any]) -> Callable[..., Any]:
    """AWS answers 500 and keeps the error to itself; 503 when the function is throttled."""

    def respond(result: Record) -> tuple[Record | None, str | None]:
        if result.get("throttle"):
            return _message(503, "Service Unavailable"), None
        if result.get("error"):
            return _message(500, "Internal Server Error"), None
        response: tuple[Record | None, str | None] = original(result)
        return response

    return respond


def _camel_case(config: Record) -> Record:
    """CloudFormation says `AllowOrigins`, the API `allowOrigins`; the emulator keeps what it got."""
    return {name[:1].lower() + name[1:]: value for name, value in config.items()}


def _answering_preflight(original: Callable[..., Any]) -> Callable[..., Any]:
    """API Gateway answers every preflight 204, with headers for an allowed origin only."""

    def answer(config: Record, origin: str) -> Answer:
        response: Answer = original(_camel_case(config), origin)
        return response if response[0] == 204 else (204, {}, b"")

    return answer


def _message(status: int, text: str) -> Record:
    return {"statusCode": status, "headers": dict(JSON), "body": f'{{"message":"{text}"}}'}


def _telling_unauthorized_apart(_original: Callable[..., Any]) -> Callable[..., Any]:
    """Replace the call of an authorizer, which drops its error, by one that reads it."""

    async def invoke(authorizer: Record, event: Record, account_id: str, region: str) -> Record | None:
        reference = apigateway._extract_lambda_ref_from_integration_uri(authorizer.get("authorizerUri", ""))
        function, config, _ = lambda_svc._get_func_record_for_ref_in_scope(
            reference, account_id=account_id, region=region
        )
        if function is None or config is None:
            return None
        record = lambda_svc._execution_record_for_config(function, config)
        result = await apigateway.run_reentrant(
            lambda_svc._execute_function_with_config_scope,
            record,
            event,
            thread_name="authorizer",
        )
        answer = result.get("body")
        if result.get("error"):
            # "To return a 401, throw Unauthorized": API Gateway, Lambda authorizers for HTTP APIs.
            if isinstance(answer, dict) and answer.get("errorMessage") == "Unauthorized":
                raise AuthorizerSaysUnauthorized
            return None
        return answer if isinstance(answer, dict) else None

    return invoke


def _answering_401_when_told_so(original: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    async def authorize(*given: object, **named: object) -> tuple[Answer | None, Record | None]:
        try:
            decision: tuple[Answer | None, Record | None] = await original(*given, **named)
        except AuthorizerSaysUnauthorized:
            return (401, dict(JSON), b'{"message":"Unauthorized"}'), None
        refusal, context = decision
        # AWS writes its messages without spaces; the emulator does so for some.
        return refusal and (refusal[0], refusal[1], refusal[2].replace(b'": "', b'":"')), context

    return authorize


def _settling_events(original: Callable[..., Any], edge_secret: str) -> Callable[..., Any]:
    """Complete each HTTP event: cookies and the client certificate are where AWS puts them."""

    def execute(function: Record, event: object, *rest: object) -> object:
        if (
            isinstance(event, dict)
            and event.get("version") == "2.0"
            and "http" in event.get("requestContext", {})
        ):
            client_certificate.settle(event, edge_secret)
            cookie = event["headers"].pop("cookie", None)
            if cookie:
                event["cookies"] = [part.strip() for part in cookie.split(";")]
        return original(function, event, *rest)

    return execute
