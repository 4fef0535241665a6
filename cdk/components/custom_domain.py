"""A host name of ours in front of an HTTP API, made when the deployer gives one."""

from aws_cdk import CfnCondition, CfnOutput, CfnParameter, CfnRule, CfnRuleAssertion, Fn, IResolvable
from aws_cdk import ICfnRuleConditionExpression as Expression
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_s3 as s3
from constructs import Construct


class CustomDomain(Construct):
    """`truststore` is the bucket with the CAs that a client's certificate must come from, if it needs one."""

    def __init__(
        self, scope: Construct, construct_id: str, *, purpose: str, truststore: s3.Bucket | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        name = _optional(scope, f"{purpose}DomainName", "Host name of this API; empty: no own host name")
        certificate = _optional(scope, f"{purpose}CertificateArn", "Its ACM certificate, in this region")
        needed = {"a certificate": certificate}
        mutual_tls = None
        if truststore:
            authorities = _optional(
                scope, f"{purpose}Truststore", "Key in the trust bucket, truststore/<generation>.pem"
            )
            needed["a truststore"] = authorities
            mutual_tls = apigateway.CfnDomainName.MutualTlsAuthenticationProperty(
                truststore_uri=f"s3://{truststore.bucket_name}/{authorities.value_as_string}"
            )
        _require_together(scope, f"{purpose}DomainIsWhole", name, needed)
        self._given = CfnCondition(scope, f"{purpose}DomainGiven", expression=_is_given(name))
        self._name = name.value_as_string
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
            mutual_tls_authentication=mutual_tls,
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

    def name_or(self, otherwise: str) -> IResolvable:
        return Fn.condition_if(self._given.logical_id, self._name, otherwise)

    def _publish_target(self, scope: Construct, purpose: str) -> None:
        for name, value in (
            ("Target", self._domain.attr_regional_domain_name),
            ("HostedZone", self._domain.attr_regional_hosted_zone_id),
        ):
            CfnOutput(scope, f"{purpose}Domain{name}", value=value, condition=self._given)


def _optional(scope: Construct, name: str, description: str) -> CfnParameter:
    return CfnParameter(scope, name, description=description, default="")


def _is_given(parameter: CfnParameter) -> Expression:
    return Fn.condition_not(Fn.condition_equals(parameter.value_as_string, ""))


def _require_together(
    scope: Construct, construct_id: str, name: CfnParameter, needed: dict[str, CfnParameter]
) -> None:
    CfnRule(
        scope,
        construct_id,
        rule_condition=_is_given(name),
        assertions=[
            CfnRuleAssertion(assert_=_is_given(parameter), assert_description=f"A host name needs {what}")
            for what, parameter in needed.items()
        ],
    )
