"""One HTTP API: its routes behind the authorizer, its limits, its access log."""

import json
from collections.abc import Sequence

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
        self._limit_and_log(key)

    def route(self, method: apigateway.HttpMethod, path: str, function: ServiceFunction) -> None:
        self._add(method, path, function, self._authorizer)

    def public_route(
        self, method: apigateway.HttpMethod, path: str, function: ServiceFunction, *, reason: str
    ) -> None:
        for route in self._add(method, path, function, None):
            acknowledge(route, "APIG4", reason=reason)

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

    def _limit_and_log(self, key: StorageKey) -> None:
        stage = self.api.default_stage
        resource = stage.node.default_child if stage else None
        if not isinstance(resource, apigateway.CfnStage):
            raise TypeError(resource)
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
