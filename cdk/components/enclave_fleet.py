"""The enclave's hosts: at least two, one in each zone, as many more as tasks are waiting for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Aws, CfnParameter, CfnTag, CfnUpdatePolicy, Duration, Fn
from aws_cdk import CfnAutoScalingRollingUpdate as RollingUpdate
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.components.acknowledgement import acknowledge
from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.enclave_network import EnclaveNetwork

FIRST_START = Path(__file__).resolve().parents[1] / "hosts" / "enclave.sh"
FEWEST, MOST = 2, 6
# The rehearsals' enclave takes some tens of tasks a minute: a host more for each twenty that wait.
TASKS_WAITING_PER_HOST = 20
# Amazon Linux of last week is replaced by this week's.
OLDEST_HOST = Duration.days(7)
ENCLAVE = {
    "EnclaveCid": "16",
    "EnclaveProcessors": "2",
    "EnclaveMemoryMib": "6144",
    "TaskPort": "5000",
    "RelayPort": "5001",
    "AnyCid": "4294967295",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a deployer says of the hosts."""

    instance_type: str
    machine_image: str
    enclave_image: str
    parent_image: str

    @classmethod
    def of(cls, scope: Construct) -> "Choices":
        return cls(
            # Enclaves run on sixth-generation Graviton with two processors left for the parent.
            instance_type=_asked(scope, "HostType", "Type of the hosts: arm64, enclaves", "m6g.xlarge"),
            machine_image=CfnParameter(
                scope,
                "HostImage",
                type="AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                description="Public parameter of Amazon Linux 2023 for arm64",
                default="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
            ).value_as_string,
            enclave_image=_asked(
                scope, "EnclaveImage", "Key of the EIF in the confidential bucket", "imagens/enclave.eif"
            ),
            parent_image=_asked(
                scope, "ParentImage", "Digest of the parent's image in its repository", f"sha256:{'0' * 64}"
            ),
        )


class EnclaveFleet(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: EnclaveNetwork,
        kept: ConfidentialResources,
        choices: Choices,
    ) -> None:
        super().__init__(scope, construct_id)
        template = self._template(network, kept, choices)
        self.group = autoscaling.CfnAutoScalingGroup(
            self,
            "Group",
            auto_scaling_group_name="aval-enclave",
            min_size=str(FEWEST),
            max_size=str(MOST),
            vpc_zone_identifier=[subnet.ref for subnet in network.subnets],
            launch_template=autoscaling.CfnAutoScalingGroup.LaunchTemplateSpecificationProperty(
                launch_template_id=template.ref, version=template.attr_latest_version_number
            ),
            health_check_type="EC2",
            health_check_grace_period=300,
            max_instance_lifetime=OLDEST_HOST.to_seconds(),
            metrics_collection=[
                autoscaling.CfnAutoScalingGroup.MetricsCollectionProperty(
                    granularity="1Minute", metrics=["GroupInServiceInstances"]
                )
            ],
        )
        # A roll of the measurements changes the image's key: hosts are replaced one after another.
        self.group.cfn_options.update_policy = CfnUpdatePolicy(
            auto_scaling_rolling_update=RollingUpdate(
                max_batch_size=1, min_instances_in_service=FEWEST, pause_time="PT5M"
            )
        )
        acknowledge(
            self.group,
            "AS3",
            reason="Hosts come and go with the backlog and each week; who must know is told by the alarms on "
            "what they leave undone: unanswered key requests, undelivered tasks, timed-out executions.",
        )
        self._follow_the_backlog(kept)

    def _template(
        self, network: EnclaveNetwork, kept: ConfidentialResources, choices: Choices
    ) -> ec2.CfnLaunchTemplate:
        profile = iam.CfnInstanceProfile(self, "Profile", roles=[kept.host_role.role.role_name])
        data = ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(
            image_id=choices.machine_image,
            instance_type=choices.instance_type,
            iam_instance_profile=ec2.CfnLaunchTemplate.IamInstanceProfileProperty(arn=profile.attr_arn),
            enclave_options=ec2.CfnLaunchTemplate.EnclaveOptionsProperty(enabled=True),
            # Version 2 alone, one hop: no container of a bridge, no proxy, reads the role's credentials.
            metadata_options=ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            monitoring=ec2.CfnLaunchTemplate.MonitoringProperty(enabled=True),
            network_interfaces=[
                ec2.CfnLaunchTemplate.NetworkInterfaceProperty(
                    device_index=0, associate_public_ip_address=False, groups=[network.host_group().ref]
                )
            ],
            block_device_mappings=[
                ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                    device_name="/dev/xvda",
                    ebs=ec2.CfnLaunchTemplate.EbsProperty(
                        encrypted=True, volume_type="gp3", volume_size=16, delete_on_termination=True
                    ),
                )
            ],
            tag_specifications=[
                ec2.CfnLaunchTemplate.TagSpecificationProperty(
                    resource_type="instance", tags=[CfnTag(key="Name", value="aval-enclave")]
                )
            ],
            user_data=Fn.base64(_first_start(kept, choices)),
        )
        return ec2.CfnLaunchTemplate(
            self, "Template", launch_template_name="aval-enclave", launch_template_data=data
        )

    def _follow_the_backlog(self, kept: ConfidentialResources) -> None:
        metric = autoscaling.CfnScalingPolicy
        waiting = _measured(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": kept.task_queue.queue.queue_name},
        )
        hosts = _measured(
            "AWS/AutoScaling", "GroupInServiceInstances", {"AutoScalingGroupName": self.group.ref}
        )
        metric(
            self,
            "Backlog",
            auto_scaling_group_name=self.group.ref,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=metric.TargetTrackingConfigurationProperty(
                target_value=TASKS_WAITING_PER_HOST,
                customized_metric_specification=metric.CustomizedMetricSpecificationProperty(
                    metrics=[
                        _query("waiting", stat=waiting),
                        _query("hosts", stat=hosts),
                        metric.TargetTrackingMetricDataQueryProperty(
                            id="waiting_per_host",
                            expression=f"waiting / FILL(hosts, {FEWEST})",
                            return_data=True,
                        ),
                    ]
                ),
            ),
        )


def _asked(scope: Construct, name: str, description: str, default: str) -> str:
    return CfnParameter(scope, name, description=description, default=default).value_as_string


def _query(
    name: str, *, stat: autoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty
) -> autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty:
    return autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty(
        id=name, metric_stat=stat, return_data=False
    )


def _measured(
    namespace: str, name: str, dimensions: Mapping[str, str]
) -> autoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty:
    policy = autoscaling.CfnScalingPolicy
    return policy.TargetTrackingMetricStatProperty(
        stat="Average",
        metric=policy.MetricProperty(
            namespace=namespace,
            metric_name=name,
            dimensions=[
                policy.MetricDimensionProperty(name=key, value=value) for key, value in dimensions.items()
            ],
        ),
    )


def _first_start(kept: ConfidentialResources, choices: Choices) -> str:
    given = {
        **ENCLAVE,
        "Region": Aws.REGION,
        "Bucket": kept.bucket.bucket.bucket_name,
        "EnclaveImage": choices.enclave_image,
        "Registry": f"{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}",
        "ParentImage": f"{kept.parent_images.repository_uri}@{choices.parent_image}",
        "LogGroup": kept.host_log.log_group_name,
        "Environment": "\n".join(f"{name}={value}" for name, value in kept.host_role.variables.items()),
    }
    text = FIRST_START.read_text(encoding="utf-8")
    for name, value in given.items():
        text = text.replace(f"@{name}@", value)
    return text
