"""Where the enclave runs: nothing comes in, and what goes out is named."""

import json
import re
import subprocess
from typing import Any

from cdk.components.enclave_fleet import ENCLAVE, FIRST_START
from cdk.components.enclave_host_role import SESSIONS
from enclave_app.configure import RELAY_PORT, TASK_PORT
from enclave_app.enclave.addresses import ANY_CID
from tests.infrastructure.assembly import Assembly, Resource, Statement, as_list

STACK = "aval-enclave"
INTERFACES = {"sqs", "states", "kms", "logs", "monitoring", "ecr.api", "ecr.dkr"}
GATEWAYS = {"s3", "dynamodb"}


def _made(assembly: Assembly, *types: str) -> list[Resource]:
    return [one for one in assembly.resources(*types) if one.stack == STACK]


def _hosts(assembly: Assembly) -> dict[str, Any]:
    [template] = _made(assembly, "AWS::EC2::LaunchTemplate")
    data: dict[str, Any] = template.properties["LaunchTemplateData"]
    return data


def _group(assembly: Assembly, name: str) -> Resource:
    [found] = [one for one in _made(assembly, "AWS::EC2::SecurityGroup") if name in one.name]
    return found


def test_the_network_has_no_way_to_the_internet_in_either_direction(assembly: Assembly) -> None:
    types = {one.type for one in _made(assembly)}
    assert not types & {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::Route",
        "AWS::EC2::EIP",
    }


def test_no_host_has_a_public_address(assembly: Assembly) -> None:
    for subnet in _made(assembly, "AWS::EC2::Subnet"):
        assert subnet.properties["MapPublicIpOnLaunch"] is False
    [interface] = _hosts(assembly)["NetworkInterfaces"]
    assert interface["AssociatePublicIpAddress"] is False
    assert interface["Groups"] == [f"{_group(assembly, 'Hosts').name}.GroupId"] or interface["Groups"] == [
        _group(assembly, "Hosts").name
    ]


def test_nothing_comes_in_to_a_host(assembly: Assembly) -> None:
    hosts = _group(assembly, "Hosts").properties
    assert hosts.get("SecurityGroupIngress", []) == []
    assert _made(assembly, "AWS::EC2::SecurityGroupIngress") == []


def test_only_https_leaves_a_host_and_only_the_network_reaches_an_endpoint(assembly: Assembly) -> None:
    rules = [
        *_group(assembly, "Hosts").properties["SecurityGroupEgress"],
        *_group(assembly, "Endpoints").properties["SecurityGroupIngress"],
        *_group(assembly, "Endpoints").properties["SecurityGroupEgress"],
    ]
    assert {(one["IpProtocol"], one["FromPort"], one["ToPort"]) for one in rules} == {("tcp", 443, 443)}
    [vpc] = _made(assembly, "AWS::EC2::VPC")
    assert {one["CidrIp"] for one in rules[1:]} == {vpc.properties["CidrBlock"]}


def _endpoints(assembly: Assembly) -> dict[str, Resource]:
    prefix = "com.amazonaws.${AWS::Region}."
    return {
        one.properties["ServiceName"].removeprefix(prefix): one
        for one in _made(assembly, "AWS::EC2::VPCEndpoint")
    }


def test_hosts_reach_the_services_that_they_call_and_no_other(assembly: Assembly) -> None:
    endpoints = _endpoints(assembly)
    kinds = {name: one.properties["VpcEndpointType"] for name, one in endpoints.items()}
    assert kinds == {**dict.fromkeys(INTERFACES, "Interface"), **dict.fromkeys(GATEWAYS, "Gateway")}
    for name in INTERFACES:
        assert endpoints[name].properties["PrivateDnsEnabled"] is True
        assert len(endpoints[name].properties["SubnetIds"]) == 2


def test_an_endpoint_takes_named_calls_of_the_hosts_role_alone(assembly: Assembly) -> None:
    role = assembly.the("AWS::IAM::Role", RoleName="aval-enclave-parent")
    for name, endpoint in _endpoints(assembly).items():
        for raw in endpoint.properties["PolicyDocument"]["Statement"]:
            statement = Statement(endpoint.name, raw)
            assert [action for action in statement.actions if "*" in action] == []
            if name == "s3" and statement.actions == ["s3:GetObject"]:
                # Packages and layers, from buckets of AWS's own: read, whoever asks.
                assert all(":s3:::" in one for one in statement.resources)
                continue
            assert statement.conditions == {"ArnEquals": {"aws:PrincipalArn": f"{role.name}.Arn"}}


def test_no_call_to_kms_leaves_but_the_enclaves_own(assembly: Assembly) -> None:
    [raw] = _endpoints(assembly)["kms"].properties["PolicyDocument"]["Statement"]
    key = assembly.the("AWS::KMS::Key", MultiRegion=True)
    assert (raw["Action"], raw["Resource"]) == (["kms:Decrypt", "kms:GenerateDataKey"], [f"{key.name}.Arn"])


def test_hosts_run_enclaves_and_hand_their_credentials_one_hop_by_version_two(assembly: Assembly) -> None:
    data = _hosts(assembly)
    assert data["EnclaveOptions"] == {"Enabled": True}
    assert data["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
    }
    assert "KeyName" not in data
    [volume] = data["BlockDeviceMappings"]
    assert volume["Ebs"]["Encrypted"] is True


def test_hosts_and_their_image_are_arm64(assembly: Assembly) -> None:
    parameters = assembly.templates[STACK]["Parameters"]
    assert parameters["HostType"]["Default"].startswith("m6g.")
    assert parameters["HostImage"]["Default"].endswith("-arm64")


def test_there_are_two_hosts_at_least_in_two_zones(assembly: Assembly) -> None:
    [group] = _made(assembly, "AWS::AutoScaling::AutoScalingGroup")
    assert int(group.properties["MinSize"]) == 2 < int(group.properties["MaxSize"])
    assert len(group.properties["VPCZoneIdentifier"]) == 2
    zones = {json.dumps(one.properties["AvailabilityZone"]) for one in _made(assembly, "AWS::EC2::Subnet")}
    assert len(zones) == 2
    rolling = group.raw["UpdatePolicy"]["AutoScalingRollingUpdate"]
    assert (rolling["MinInstancesInService"], rolling["MaxBatchSize"]) == (2, 1)


def test_hosts_follow_the_tasks_that_wait(assembly: Assembly) -> None:
    [policy] = _made(assembly, "AWS::AutoScaling::ScalingPolicy")
    specified = policy.properties["TargetTrackingConfiguration"]["CustomizedMetricSpecification"]
    measured = {
        one["MetricStat"]["Metric"]["MetricName"]: one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
        for one in specified["Metrics"]
        if "MetricStat" in one
    }
    [tasks] = [one for one in assembly.resources("AWS::SQS::Queue") if "/TasksQueue" in one.name]
    [group] = _made(assembly, "AWS::AutoScaling::AutoScalingGroup")
    assert measured == {
        "ApproximateNumberOfMessagesVisible": f"{tasks.name}.QueueName",
        "GroupInServiceInstances": group.name,
    }


def test_no_session_begins_on_a_host(assembly: Assembly) -> None:
    denied = [one for one in assembly.role_statements("aval-enclave-parent") if not one.allows]
    [statement] = denied
    assert set(statement.actions) == set(SESSIONS)
    assert {"ssm:StartSession", "ssmmessages:OpenDataChannel"} <= set(statement.actions)
    assert statement.resources == ["*"]


def test_what_crosses_the_network_is_taken_down(assembly: Assembly) -> None:
    [flows] = _made(assembly, "AWS::EC2::FlowLog")
    assert flows.properties["TrafficType"] == "ALL"


def test_the_hosts_first_start_is_a_shell_script_with_every_place_given(assembly: Assembly) -> None:
    script = FIRST_START.read_text()
    subprocess.run(["bash", "-n"], input=script.encode(), check=True)
    given = json.dumps(_hosts(assembly)["UserData"])
    assert re.findall(r"@[A-Z]\w+@", script)
    assert re.findall(r"@[A-Z]\w+@", given) == []
    assert "--debug-mode" not in script


def test_hosts_and_the_measured_configuration_agree_on_ports() -> None:
    assert (ENCLAVE["TaskPort"], ENCLAVE["RelayPort"]) == (str(TASK_PORT), str(RELAY_PORT))
    assert ENCLAVE["AnyCid"] == str(ANY_CID)


def test_the_parent_is_told_all_that_it_reads(assembly: Assembly) -> None:
    given = json.dumps(_hosts(assembly)["UserData"])
    for name in ("TASK_QUEUE_URL", "KEY_QUEUE_URL", "CONFIDENTIAL_TABLE", "CONFIDENTIAL_BUCKET"):
        assert f"AVAL_{name}=" in given


def test_the_profile_of_a_host_carries_that_role_alone(assembly: Assembly) -> None:
    [profile] = _made(assembly, "AWS::IAM::InstanceProfile")
    role = assembly.the("AWS::IAM::Role", RoleName="aval-enclave-parent")
    assert as_list(profile.properties["Roles"]) == [role.name]
