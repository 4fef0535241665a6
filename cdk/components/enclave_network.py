"""The network of the enclave's hosts: two zones, no way out but to the services that they call."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, Fn, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.components.names import DELIVERED_LOG_GROUPS
from cdk.components.storage_key import StorageKey

NETWORK = "10.45.0.0/24"
ZONES = ("10.45.0.0/26", "10.45.0.64/26")
HTTPS = 443
ANYWHERE = "0.0.0.0/0"


class EnclaveNetwork(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, key: StorageKey) -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.CfnVPC(
            self, "Vpc", cidr_block=NETWORK, enable_dns_support=True, enable_dns_hostnames=True
        )
        # No gateway, no address from outside: the one route of the table is the network itself.
        self._routes = ec2.CfnRouteTable(self, "Routes", vpc_id=self.vpc.ref)
        self.subnets = [self._subnet(zone, block) for zone, block in enumerate(ZONES)]
        self._door = self._make_door()
        self._take_down_flows(key)

    def host_group(self) -> ec2.CfnSecurityGroup:
        """Nobody calls a host: the group has no rule inward."""
        return ec2.CfnSecurityGroup(
            self,
            "Hosts",
            group_description="Hosts of the enclave: nothing comes in, HTTPS goes out to the endpoints",
            vpc_id=self.vpc.ref,
            security_group_ingress=[],
            # S3 and DynamoDB have addresses outside the network; no route leads to any other of them.
            security_group_egress=[_https(ANYWHERE, "Endpoints; there is no other route")],
        )

    def reach(self, service: str, statements: Sequence[Mapping[str, object]]) -> None:
        """An interface of a service in both zones, for the named calls alone."""
        ec2.CfnVPCEndpoint(
            self,
            "".join(word.capitalize() for word in service.replace("-", ".").split(".")),
            vpc_id=self.vpc.ref,
            service_name=f"com.amazonaws.{Aws.REGION}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[subnet.ref for subnet in self.subnets],
            security_group_ids=[self._door.ref],
            policy_document=_policy(statements),
        )

    def reach_by_gateway(self, service: str, statements: Sequence[Mapping[str, object]]) -> None:
        ec2.CfnVPCEndpoint(
            self,
            service.capitalize(),
            vpc_id=self.vpc.ref,
            service_name=f"com.amazonaws.{Aws.REGION}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=[self._routes.ref],
            policy_document=_policy(statements),
        )

    def _subnet(self, zone: int, block: str) -> ec2.CfnSubnet:
        subnet = ec2.CfnSubnet(
            self,
            f"Zone{zone}",
            vpc_id=self.vpc.ref,
            cidr_block=block,
            availability_zone=Fn.select(zone, Fn.get_azs()),
            map_public_ip_on_launch=False,
        )
        ec2.CfnSubnetRouteTableAssociation(
            self, f"Zone{zone}Routes", subnet_id=subnet.ref, route_table_id=self._routes.ref
        )
        return subnet

    def _make_door(self) -> ec2.CfnSecurityGroup:
        return ec2.CfnSecurityGroup(
            self,
            "Endpoints",
            group_description="Endpoints of AWS services, called from this network",
            vpc_id=self.vpc.ref,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp", from_port=HTTPS, to_port=HTTPS, cidr_ip=NETWORK, description="Hosts"
                )
            ],
            security_group_egress=[_https(NETWORK, "Nowhere but here")],
        )

    def _take_down_flows(self, key: StorageKey) -> None:
        group = logs.LogGroup(
            self,
            "FlowLogs",
            log_group_name=f"{DELIVERED_LOG_GROUPS}/enclave-network",
            retention=logs.RetentionDays.ONE_YEAR,
            encryption_key=key.key,
            removal_policy=RemovalPolicy.RETAIN,
        )
        flows = Stack.of(self).format_arn(service="ec2", resource="vpc-flow-log", resource_name="*")
        role = iam.Role(
            self,
            "FlowRole",
            assumed_by=iam.ServicePrincipal(
                "vpc-flow-logs.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": flows},
                },
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[group.log_group_arn]
            )
        )
        ec2.CfnFlowLog(
            self,
            "Flows",
            resource_type="VPC",
            resource_id=self.vpc.ref,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=group.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
        )


def _https(cidr: str, description: str) -> ec2.CfnSecurityGroup.EgressProperty:
    return ec2.CfnSecurityGroup.EgressProperty(
        ip_protocol="tcp", from_port=HTTPS, to_port=HTTPS, cidr_ip=cidr, description=description
    )


def _policy(statements: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
