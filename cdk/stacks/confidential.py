"""The segregated part: the enclave's key, and table, bucket and queues that hold ciphertext alone."""

from typing import Any

from aws_cdk import CfnOutput, CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_logs as logs
from constructs import Construct

from aval.settings import TASK_VISIBILITY_SECONDS, Variable
from cdk.components.break_glass import BreakGlassRole
from cdk.components.confidential_key import ConfidentialKey
from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.dead_letters import DeadLetters
from cdk.components.domain_table import DomainTable
from cdk.components.enclave_host_role import EnclaveHostRole
from cdk.components.functions.lotes import FILES as LOTE_FILES
from cdk.components.functions.lotes import QUARANTINE
from cdk.components.functions.lotes import WORK as LOTE_WORK
from cdk.components.key_watch import AccountTrail, KeyWatch
from cdk.components.lasting_resources import LastingResources
from cdk.components.names import LOG_GROUPS
from cdk.components.private_bucket import AccessLogBucket, PrivateBucket
from cdk.components.storage_key import StorageKey
from cdk.components.work_queue import QueuePace, WorkQueue

BODIES, RECORDS, JOURNALS, IMAGES = "tarefas/", "registros/", "diarios/", "imagens/"
# The chunks of a lote and its sealed answers: its agents are in the table, and can be read back one by one.
LOTE_WORK_KEPT, QUARANTINE_KEPT = Duration.days(90), Duration.days(180)
# A token that nobody took for five minutes is void, and the machine sends another message: what is older
# than twice that is nobody's.
TASKS = QueuePace(visibility=Duration.seconds(TASK_VISIBILITY_SECONDS), kept=Duration.minutes(10), tries=5)
# Who asks for the key waits 20 s: a request older than a minute is nobody's.
KEY_REQUESTS = QueuePace(visibility=Duration.seconds(20), kept=Duration.minutes(1), tries=2)
PARENT_IMAGES_KEPT = 30


class ConfidentialStack(Stack):
    def __init__(
        self, scope: Construct, construct_id: str, *, resources: LastingResources, **stack: Any
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        storage = StorageKey(
            self,
            "StorageKey",
            alias="sealed-storage",
            description="sealed objects at rest: table, bucket, queues",
        )
        logs = AccessLogBucket(self, "AccessLogs")
        table = DomainTable(self, "Confidential", variable=Variable.CONFIDENTIAL_TABLE, key=storage)
        table.index_open_tasks()
        self.resources = ConfidentialResources(
            key=ConfidentialKey(self, "ConfidentialKey"),
            storage_key=storage,
            table=table,
            bucket=PrivateBucket(
                self,
                "ConfidentialFiles",
                variable=Variable.CONFIDENTIAL_BUCKET,
                logs=logs,
                key=storage,
            ),
            prudential_bucket=PrivateBucket(
                self,
                "PrudentialFiles",
                variable=Variable.PRUDENTIAL_BUCKET,
                logs=logs,
                key=storage,
            )
            .announcing()
            .forgetting(LOTE_WORK, after=LOTE_WORK_KEPT)
            .forgetting(QUARANTINE, after=QUARANTINE_KEPT)
            .taking_forms_from(self._public_url()),
            task_queue=WorkQueue(self, "Tasks", variable=Variable.TASK_QUEUE_URL, key=storage, pace=TASKS),
            key_queue=WorkQueue(
                self, "KeyRequests", variable=Variable.KEY_QUEUE_URL, key=storage, pace=KEY_REQUESTS
            ),
            host_role=EnclaveHostRole(self, "EnclaveHost"),
            host_log=self._host_log(storage),
            parent_images=self._parent_images(),
            dead_letters=DeadLetters(self, "DeadLetters", key=storage),
        )
        self._let_the_host_work()
        BreakGlassRole(self, "BreakGlass", key=self.resources.key.key)
        AccountTrail(self, "AccountTrail")
        KeyWatch(
            self,
            "KeyWatch",
            key=self.resources.key.key,
            alarms=resources.alarms.topic,
            dead_letters=self.resources.dead_letters,
        )
        self._publish_names()

    def _let_the_host_work(self) -> None:
        kept, host = self.resources, self.resources.host_role
        kept.key.grant_release(host)
        kept.table.grant_read(host, actions=["dynamodb:GetItem", "dynamodb:Query"])
        kept.table.grant_write(host)
        kept.bucket.grant_read(host, BODIES, RECORDS, JOURNALS, IMAGES)
        kept.bucket.grant_write(host, BODIES, RECORDS, JOURNALS)
        kept.prudential_bucket.grant_read(host, LOTE_FILES, LOTE_WORK)
        kept.prudential_bucket.grant_write(host, LOTE_WORK)
        kept.task_queue.grant_receive(host)
        kept.key_queue.grant_receive(host)
        host.let_pull(kept.parent_images)
        host.let_log(kept.host_log)

    def _public_url(self) -> str:
        return CfnParameter(
            self,
            "PublicUrl",
            description="Where agents' people open the page, as told to the services: lotes come from there",
            allowed_pattern="https://[^ ]+[^/ ]",
        ).value_as_string

    def _host_log(self, storage: StorageKey) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "HostLogs",
            log_group_name=f"{LOG_GROUPS}/enclave/parent",
            retention=logs.RetentionDays.ONE_YEAR,
            encryption_key=storage.key,
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _parent_images(self) -> ecr.Repository:
        # Named by digest alone; what runs in the enclave itself is measured, wherever it came from.
        return ecr.Repository(
            self,
            "ParentImages",
            repository_name="aval-parent",
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=PARENT_IMAGES_KEPT)],
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _publish_names(self) -> None:
        kept = self.resources
        for name, value in (
            ("ConfidentialKeyArn", kept.key.key.key_arn),
            ("ConfidentialTableName", kept.table.table.table_name),
            ("ConfidentialBucketName", kept.bucket.bucket.bucket_name),
            ("PrudentialBucketName", kept.prudential_bucket.bucket.bucket_name),
            ("TaskQueueUrl", kept.task_queue.queue.queue_url),
            ("KeyQueueUrl", kept.key_queue.queue.queue_url),
            ("EnclaveParentRoleArn", kept.host_role.role.role_arn),
            ("ParentImagesUri", kept.parent_images.repository_uri),
        ):
            CfnOutput(self, name, value=value)
