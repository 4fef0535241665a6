"""A host name of ours in front of the page, when the deployer gives one."""

from typing import Any

from aws_cdk import CfnCondition, CfnParameter, CfnRule, CfnRuleAssertion, Fn
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

TLS_POLICY = "TLSv1.2_2021"


class PageDomain(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        name = CfnParameter(
            scope, "PageDomainName", description="Host name of the page; empty: CloudFront's own", default=""
        ).value_as_string
        certificate = CfnParameter(
            scope,
            "PageCertificateArn",
            description="Its ACM certificate, in us-east-1: CloudFront looks nowhere else",
            default="",
            allowed_pattern="|arn:aws:acm:us-east-1:.+",
        ).value_as_string
        named = Fn.condition_not(Fn.condition_equals(name, ""))
        CfnRule(
            scope,
            "PageDomainIsWhole",
            rule_condition=named,
            assertions=[
                CfnRuleAssertion(
                    assert_=Fn.condition_not(Fn.condition_equals(certificate, "")),
                    assert_description="A host name needs a certificate",
                )
            ],
        )
        self._given = CfnCondition(scope, "PageDomainGiven", expression=named).logical_id
        self._name, self._certificate = name, certificate

    def name(self, distribution: cloudfront.Distribution) -> None:
        """Let the distribution answer to the name, by TLS 1.2 at least."""
        resource = distribution.node.default_child
        if not isinstance(resource, cloudfront.CfnDistribution):
            raise TypeError(resource)
        resource.add_property_override(
            "DistributionConfig.Aliases", self._when([self._name], {"Ref": "AWS::NoValue"})
        )
        ours = {
            "AcmCertificateArn": self._certificate,
            "MinimumProtocolVersion": TLS_POLICY,
            "SslSupportMethod": "sni-only",
        }
        resource.add_property_override(
            "DistributionConfig.ViewerCertificate", self._when(ours, {"CloudFrontDefaultCertificate": True})
        )

    def _when(self, given: Any, otherwise: Any) -> dict[str, list[Any]]:
        return {"Fn::If": [self._given, given, otherwise]}
