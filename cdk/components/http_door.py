"""One HTTP API: its routes behind the authorizer, its limits, its access log."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.components.acknowledgement import acknowledge
from cdk.components.custom_domain import CustomDomain
from cdk.components.names import DELIVERED_LOG_GROUPS
from cdk.components.service_function import ServiceFunction
from cdk.components.storage_key import StorageKey

REQUESTS_PER_SECOND = 50
BURST = 100

# The route, not the path: a path holds a CNPJ and a fingerprint. No header, no caller.
LOGGED = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}


@dataclass(frozen=True, slots=True)
class RouteLimit:
    per_second: int
    burst: int


class HttpDoor(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        authorize: ServiceFunction,
        key: StorageKey,
        cors: apigateway.CorsPreflightOptions | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._name = construct_id.lower()
        self.api = apigateway.HttpApi(self, "Api", api_name=f"aval-{self._name}", cors_preflight=cors)
        self._authorizer = authorizers.HttpLambdaAuthorizer(
            "Authorizer",
            authorize.function,
            authorizer_name=f"aval-{self._name}",
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=["$request.header.Authorization"],
            # A certificate or login that is gone must be gone at the next call.
            results_cache_ttl=Duration.seconds(0),
        )
        self._paths: set[str] = set()
        self._limit_and_log(key)

    @property
    def paths(self) -> Sequence[str]:
        """Every path that leads somewhere, as the routes name it."""
        return sorted(self._paths)

    def route(self, method: apigateway.HttpMethod, path: str, function: ServiceFunction) -> None:
        self._add(method, path, function, self._authorizer)

    def public_route(
        self, method: apigateway.HttpMethod, path: str, function: ServiceFunction, *, reason: str
    ) -> Sequence[apigateway.HttpRoute]:
        routes = self._add(method, path, function, None)
        for route in routes:
            acknowledge(route, "APIG4", reason=reason)
        return routes

    def hold_back(self, routes: Sequence[apigateway.HttpRoute], *, limit: RouteLimit) -> None:
        """Let less through to routes that anybody may call and that cost something."""
        stage = self._stage()
        settings = stage.route_settings if isinstance(stage.route_settings, dict) else {}
        for route in routes:
            settings[route_key(route)] = {
                "ThrottlingRateLimit": limit.per_second,
                "ThrottlingBurstLimit": limit.burst,
                "DetailedMetricsEnabled": True,
            }
            # A stage cannot speak of a route that is not there yet.
            stage.node.add_dependency(route)
        stage.route_settings = settings

    def answer_at(self, domain: CustomDomain) -> None:
        domain.lead_to(self.api)
        resource = self.api.node.default_child
        if not isinstance(resource, apigateway.CfnApi):
            raise TypeError(resource)
        # Beside the domain, the default endpoint would be a way round mutual TLS.
        resource.disable_execute_api_endpoint = domain.if_given(True, otherwise=False)

    def _add(
        self,
        method: apigateway.HttpMethod,
        path: str,
        function: ServiceFunction,
        authorizer: apigateway.IHttpRouteAuthorizer | None,
    ) -> Sequence[apigateway.HttpRoute]:
        self._paths.add(path)
        return self.api.add_routes(
            path=path,
            methods=[method],
            integration=integrations.HttpLambdaIntegration(
                function.node.id,
                function.function,
                payload_format_version=apigateway.PayloadFormatVersion.VERSION_2_0,
            ),
            authorizer=authorizer,
        )

    def _stage(self) -> apigateway.CfnStage:
        stage = self.api.default_stage
        resource = stage.node.default_child if stage else None
        if not isinstance(resource, apigateway.CfnStage):
            raise TypeError(resource)
        return resource

    def _limit_and_log(self, key: StorageKey) -> None:
        resource = self._stage()
        resource.default_route_settings = apigateway.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=REQUESTS_PER_SECOND,
            throttling_burst_limit=BURST,
            detailed_metrics_enabled=True,
        )
        group = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"{DELIVERED_LOG_GROUPS}/{self._name}",
            retention=logs.RetentionDays.ONE_YEAR,
            encryption_key=key.key,
            removal_policy=RemovalPolicy.RETAIN,
        )
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(LOGGED)
        )


def route_key(route: apigateway.HttpRoute) -> str:
    resource = route.node.default_child
    if not isinstance(resource, apigateway.CfnRoute):
        raise TypeError(resource)
    return resource.route_key
