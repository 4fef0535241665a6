"""Which calls leave the enclave's network, each named: by the hosts' role, of our own resources."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws

from cdk.components.confidential_key import RELEASE
from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.domain_table import WRITE
from cdk.components.enclave_host_role import PULL, SEND_TASK, WRITE_LOG
from cdk.components.enclave_network import EnclaveNetwork
from cdk.components.functions.lotes import FILES as LOTE_FILES
from cdk.components.functions.lotes import WORK as LOTE_WORK
from cdk.components.names import LOTE_MACHINE, TASK_MACHINE, machine_arn
from cdk.components.work_queue import RECEIVE


def open_paths(network: EnclaveNetwork, kept: ConfidentialResources) -> None:
    role = kept.host_role.role.role_arn
    queues = [kept.task_queue.queue.queue_arn, kept.key_queue.queue.queue_arn]
    pull = [
        _by(role, PULL, [kept.parent_images.repository_arn]),
        _by(role, ["ecr:GetAuthorizationToken"], ["*"]),
    ]
    network.reach("sqs", [_by(role, RECEIVE, queues)])
    machines = [machine_arn(network, name) for name in (TASK_MACHINE, LOTE_MACHINE)]
    network.reach("states", [_by(role, SEND_TASK, machines)])
    network.reach("kms", [_by(role, RELEASE, [kept.key.key.key_arn])])
    network.reach("logs", [_by(role, WRITE_LOG, [kept.host_log.log_group_arn])])
    network.reach("monitoring", [_by(role, ["cloudwatch:PutMetricData"], ["*"])])
    network.reach("ecr.api", pull)
    network.reach("ecr.dkr", pull)
    bucket, prudential = kept.bucket.bucket.bucket_arn, kept.prudential_bucket.bucket.bucket_arn
    # Layers of images and packages of Amazon Linux lie in buckets of AWS's own.
    amazon = [
        f"arn:{Aws.PARTITION}:s3:::prod-{Aws.REGION}-starport-layer-bucket/*",
        f"arn:{Aws.PARTITION}:s3:::al2023-repos-{Aws.REGION}-de612dc2/*",
    ]
    reading_objects = ["s3:GetObject", "s3:GetObjectVersion"]
    network.reach_by_gateway(
        "s3",
        [
            _by(role, [*reading_objects, "s3:PutObject"], [f"{bucket}/*", f"{prudential}/{LOTE_WORK}*"]),
            _by(role, reading_objects, [f"{prudential}/{LOTE_FILES}*"]),
            {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": amazon},
        ],
    )
    reading = ["dynamodb:GetItem", "dynamodb:Query"]
    network.reach_by_gateway("dynamodb", [_by(role, [*reading, *WRITE], [kept.table.table.table_arn])])


def _by(role_arn: str, actions: Sequence[str], resources: Sequence[str]) -> Mapping[str, object]:
    return {
        "Effect": "Allow",
        "Principal": "*",
        "Action": list(actions),
        "Resource": list(resources),
        "Condition": {"ArnEquals": {"aws:PrincipalArn": role_arn}},
    }
