"""What the confidential stack keeps, as the later stacks see it."""

from dataclasses import dataclass

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_logs as logs

from cdk.components.confidential_key import ConfidentialKey
from cdk.components.dead_letters import DeadLetters
from cdk.components.domain_table import DomainTable
from cdk.components.enclave_host_role import EnclaveHostRole
from cdk.components.private_bucket import PrivateBucket
from cdk.components.storage_key import StorageKey
from cdk.components.work_queue import WorkQueue


@dataclass(frozen=True, slots=True)
class ConfidentialResources:
    key: ConfidentialKey
    storage_key: StorageKey
    table: DomainTable
    bucket: PrivateBucket
    prudential_bucket: PrivateBucket
    """Parameters and lotes dropped, chunks, publications."""
    task_queue: WorkQueue
    key_queue: WorkQueue
    host_role: EnclaveHostRole
    host_log: logs.LogGroup
    parent_images: ecr.Repository
    dead_letters: DeadLetters
