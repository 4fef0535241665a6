"""A host name of ours in front of an HTTP API, made when the deployer gives one."""

from aws_cdk import CfnCondition, CfnOutput, CfnParameter, Fn, IResolvable
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct


class CustomDomain(Construct):
    """`truststore` is the `s3://` address of the CAs that a client's certificate must come from."""

    def __init__(
        self, scope: Construct, construct_id: str, *, purpose: str, truststore: str | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        name = CfnParameter(
            scope,
            f"{purpose}DomainName",
            description=f"Host name of the API {purpose}; empty: the default endpoint alone",
            default="",
        )
        certificate = CfnParameter(
            scope,
            f"{purpose}CertificateArn",
            description=f"ACM certificate of {purpose}DomainName, in this region",
            default="",
        )
        self._given = CfnCondition(
            scope,
            f"{purpose}DomainGiven",
            expression=Fn.condition_not(Fn.condition_equals(name.value_as_string, "")),
        )
        self._domain = apigateway.CfnDomainName(
            self,
            "Name",
            domain_name=name.value_as_string,
            domain_name_configurations=[
                apigateway.CfnDomainName.DomainNameConfigurationProperty(
                    certificate_arn=certificate.value_as_string,
                    endpoint_type="REGIONAL",
                    security_policy="TLS_1_2",
                )
            ],
            mutual_tls_authentication=_mutual_tls(scope, purpose, truststore) if truststore else None,
        )
        self._domain.cfn_options.condition = self._given
        self._publish_target(scope, purpose)

    def lead_to(self, api: apigateway.HttpApi) -> None:
        mapping = apigateway.CfnApiMapping(
            self, "Mapping", api_id=api.api_id, domain_name=self._domain.ref, stage="$default"
        )
        mapping.cfn_options.condition = self._given
        if api.default_stage:
            mapping.node.add_dependency(api.default_stage)

    def if_given(self, value: bool, *, otherwise: bool) -> IResolvable:
        return Fn.condition_if(self._given.logical_id, value, otherwise)

    def _publish_target(self, scope: Construct, purpose: str) -> None:
        for name, value in (
            ("Target", self._domain.attr_regional_domain_name),
            ("HostedZone", self._domain.attr_regional_hosted_zone_id),
        ):
            CfnOutput(scope, f"{purpose}Domain{name}", value=value, condition=self._given)


def _mutual_tls(
    scope: Construct, purpose: str, truststore: str
) -> apigateway.CfnDomainName.MutualTlsAuthenticationProperty:
    # Without a version API Gateway keeps the truststore that it read first.
    version = CfnParameter(
        scope,
        f"{purpose}TruststoreVersion",
        description="Version of the truststore's object in the trust bucket; empty: the newest at creation",
        default="",
    )
    given = CfnCondition(
        scope,
        f"{purpose}TruststoreVersionGiven",
        expression=Fn.condition_not(Fn.condition_equals(version.value_as_string, "")),
    )
    return apigateway.CfnDomainName.MutualTlsAuthenticationProperty(
        truststore_uri=truststore,
        truststore_version=Fn.condition_if(
            given.logical_id, version.value_as_string, Fn.ref("AWS::NoValue")
        ).to_string(),
    )
