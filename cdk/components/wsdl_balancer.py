"""The WSDLs on port 442, which API Gateway does not listen on: a small load balancer in a network of its own.

It is made when the deployer gives a certificate. Behind it is one function that serves public documents;
nothing else is in its network, and nothing leaves it.
"""

from collections.abc import Sequence

from aws_cdk import CfnCondition, CfnOutput, CfnParameter, CfnResource, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.components.acknowledgement import acknowledge
from cdk.components.service_function import ServiceFunction

PORT = 442
ANYBODY = "0.0.0.0/0"
NETWORK = "10.44.2.0/27"
# A balancer must stand in two zones.
SUBNETS = ("10.44.2.0/28", "10.44.2.16/28")
TARGET_GROUP = "aval-wsdl"
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


class WsdlBalancer(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, function: ServiceFunction) -> None:
        super().__init__(scope, construct_id)
        certificate = CfnParameter(
            scope,
            "WsdlCertificateArn",
            description="ACM certificate of the WSDLs' host name, in this region; empty: no port 442",
            default="",
        ).value_as_string
        given = CfnCondition(
            scope,
            "WsdlCertificateGiven",
            expression=Fn.condition_not(Fn.condition_equals(certificate, "")),
        )
        network = ec2.CfnVPC(self, "Network", cidr_block=NETWORK, enable_dns_support=True)
        acknowledge(
            network,
            "VPC7",
            reason="Nothing is in this network but the balancer, whose one port serves public documents; "
            "the function's log has a line for each of them.",
        )
        balancer = self._balancer(network, self._public_subnets(network))
        self._listener(balancer, self._target(function), certificate)
        for name, value in (
            ("Target", balancer.attr_dns_name),
            ("HostedZone", balancer.attr_canonical_hosted_zone_id),
        ):
            CfnOutput(scope, f"Wsdl{name}", value=value, condition=given)
        for child in self.node.find_all():
            if isinstance(child, CfnResource):
                child.cfn_options.condition = given

    def _public_subnets(self, network: ec2.CfnVPC) -> list[ec2.CfnSubnet]:
        gateway = ec2.CfnInternetGateway(self, "Gateway")
        attached = ec2.CfnVPCGatewayAttachment(
            self, "Attachment", vpc_id=network.ref, internet_gateway_id=gateway.ref
        )
        routes = ec2.CfnRouteTable(self, "Routes", vpc_id=network.ref)
        outward = ec2.CfnRoute(
            self,
            "Outward",
            route_table_id=routes.ref,
            destination_cidr_block=ANYBODY,
            gateway_id=gateway.ref,
        )
        outward.add_dependency(attached)
        subnets = []
        for zone, block in enumerate(SUBNETS):
            subnet = ec2.CfnSubnet(
                self,
                f"Zone{zone}",
                vpc_id=network.ref,
                cidr_block=block,
                availability_zone=Fn.select(zone, Fn.get_azs()),
                map_public_ip_on_launch=False,
            )
            ec2.CfnSubnetRouteTableAssociation(
                self, f"Zone{zone}Routes", subnet_id=subnet.ref, route_table_id=routes.ref
            )
            subnets.append(subnet)
        return subnets

    def _balancer(self, network: ec2.CfnVPC, subnets: Sequence[ec2.CfnSubnet]) -> balancing.CfnLoadBalancer:
        group = ec2.CfnSecurityGroup(
            self,
            "Door",
            group_description="Anybody reads the WSDLs; a function is called without this network",
            vpc_id=network.ref,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    cidr_ip=ANYBODY,
                    description="TLS, the WSDLs",
                )
            ],
            # A group without a rule outward gets one that lets all pass.
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    ip_protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    cidr_ip=NETWORK,
                    description="Nowhere but here",
                )
            ],
        )
        acknowledge(
            group,
            "EC23",
            reason="Clients of every agent read the WSDLs from anywhere before they have a certificate; "
            "the port leads to one function that serves files of this repository.",
        )
        balancer = balancing.CfnLoadBalancer(
            self,
            "Balancer",
            type="application",
            scheme="internet-facing",
            subnets=[subnet.ref for subnet in subnets],
            security_groups=[group.ref],
            load_balancer_attributes=[
                _attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
                _attribute("routing.http.desync_mitigation_mode", "strictest"),
                _attribute("deletion_protection.enabled", "false"),
            ],
        )
        acknowledge(
            balancer,
            "ELB2",
            reason="It serves public documents without a login: who read them is nobody's to know, and the "
            "function's log tells how often and with what outcome.",
        )
        return balancer

    def _target(self, function: ServiceFunction) -> balancing.CfnTargetGroup:
        invoke = lambda_.CfnPermission(
            self,
            "Invoke",
            action="lambda:InvokeFunction",
            function_name=function.function.function_arn,
            principal="elasticloadbalancing.amazonaws.com",
            # A group registers its target only when it may call it, so its own number is not known yet.
            source_arn=Stack.of(self).format_arn(
                service="elasticloadbalancing", resource="targetgroup", resource_name=f"{TARGET_GROUP}/*"
            ),
        )
        target = balancing.CfnTargetGroup(
            self,
            "Target",
            name=TARGET_GROUP,
            target_type="lambda",
            targets=[balancing.CfnTargetGroup.TargetDescriptionProperty(id=function.function.function_arn)],
        )
        target.add_dependency(invoke)
        return target

    def _listener(
        self, balancer: balancing.CfnLoadBalancer, target: balancing.CfnTargetGroup, certificate: str
    ) -> None:
        listener = balancing.CfnListener(
            self,
            "Listener",
            load_balancer_arn=balancer.ref,
            port=PORT,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificates=[balancing.CfnListener.CertificateProperty(certificate_arn=certificate)],
            default_actions=[
                balancing.CfnListener.ActionProperty(
                    type="fixed-response",
                    fixed_response_config=balancing.CfnListener.FixedResponseConfigProperty(
                        status_code="404"
                    ),
                )
            ],
        )
        balancing.CfnListenerRule(
            self,
            "Descriptions",
            listener_arn=listener.ref,
            priority=1,
            conditions=[
                balancing.CfnListenerRule.RuleConditionProperty(
                    field="http-request-method",
                    http_request_method_config=balancing.CfnListenerRule.HttpRequestMethodConfigProperty(
                        values=["GET"]
                    ),
                ),
                balancing.CfnListenerRule.RuleConditionProperty(
                    field="path-pattern",
                    path_pattern_config=balancing.CfnListenerRule.PathPatternConfigProperty(values=["/ws/*"]),
                ),
            ],
            actions=[balancing.CfnListenerRule.ActionProperty(type="forward", target_group_arn=target.ref)],
        )


def _attribute(key: str, value: str) -> balancing.CfnLoadBalancer.LoadBalancerAttributeProperty:
    return balancing.CfnLoadBalancer.LoadBalancerAttributeProperty(key=key, value=value)
