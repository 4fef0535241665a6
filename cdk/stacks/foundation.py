"""Keys, tables, buckets, bus and mail identity: what must outlive a deployment."""

from typing import Any

from aws_cdk import CfnOutput, CfnParameter, Stack
from constructs import Construct

from aval.settings import Variable
from cdk.components.alarm_topic import AlarmTopic
from cdk.components.domain_bus import DomainBus
from cdk.components.domain_table import DomainTable
from cdk.components.lasting_resources import LastingResources
from cdk.components.mail_sender import MailSender
from cdk.components.pepper_key import PepperKey
from cdk.components.private_bucket import AccessLogBucket, PrivateBucket
from cdk.components.storage_key import StorageKey
from cdk.components.token_key import TokenKey


class FoundationStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **stack: Any) -> None:
        super().__init__(scope, construct_id, **stack)
        key = StorageKey(
            self, "StorageKey", alias="storage", description="tables, buckets, queues, topics and logs"
        )
        logs = AccessLogBucket(self, "AccessLogs")
        adhesion_table = DomainTable(self, "Adhesion", variable=Variable.ADHESION_TABLE, key=key)
        adhesion_table.index_by_expiry()
        contracts_table = DomainTable(
            self, "Contracts", variable=Variable.CONTRACTS_TABLE, key=key, tells_of_writes=True
        )
        contracts_table.index_by_parties()
        contracts_table.index_open_imports()
        self.resources = LastingResources(
            storage_key=key,
            pepper_key=PepperKey(self, "PepperKey"),
            token_key=TokenKey(self, "TokenKey"),
            registry_table=DomainTable(self, "Registry", variable=Variable.REGISTRY_TABLE, key=key),
            adhesion_table=adhesion_table,
            identity_table=DomainTable(self, "Identity", variable=Variable.IDENTITY_TABLE, key=key),
            contracts_table=contracts_table,
            contracts_bucket=PrivateBucket(
                self, "ContractFiles", variable=Variable.CONTRACTS_BUCKET, logs=logs, key=key
            )
            .announcing()
            .taking_forms_from(self._public_url()),
            registry_bucket=PrivateBucket(
                self, "RegistryFiles", variable=Variable.REGISTRY_BUCKET, logs=logs, key=key
            ).announcing(),
            # API Gateway reads the truststore itself, and all in here is public: CA certificates and
            # revocation lists, whose signatures the code verifies.
            trust_bucket=PrivateBucket(
                self, "Trust", variable=Variable.TRUST_BUCKET, logs=logs, key=None
            ).announcing(),
            bus=DomainBus(self, "DomainBus"),
            mail_sender=MailSender(self, "MailSender", address=self._mail_sender()),
            alarms=AlarmTopic(self, "Alarms", key=key, email=self._alarm_email()),
        )
        self._publish_names()

    def _public_url(self) -> str:
        return CfnParameter(
            self,
            "PublicUrl",
            description="Where agents' people open the page, as told to the services: files come from there",
            allowed_pattern="https://[^ ]+[^/ ]",
        ).value_as_string

    def _mail_sender(self) -> CfnParameter:
        return CfnParameter(
            self,
            "MailSenderAddress",
            description="Address that mails to agents' people come from",
            allowed_pattern="[^@ ]+@[^@ ]+",
        )

    def _alarm_email(self) -> CfnParameter:
        return CfnParameter(
            self, "AlarmEmail", description="Address that alarms are mailed to; empty: none", default=""
        )

    def _publish_names(self) -> None:
        resources = self.resources
        for name, value in (
            ("RegistryTableName", resources.registry_table.table.table_name),
            ("AdhesionTableName", resources.adhesion_table.table.table_name),
            ("IdentityTableName", resources.identity_table.table.table_name),
            ("ContractsTableName", resources.contracts_table.table.table_name),
            ("ContractsBucketName", resources.contracts_bucket.bucket.bucket_name),
            ("RegistryBucketName", resources.registry_bucket.bucket.bucket_name),
            ("TrustBucketName", resources.trust_bucket.bucket.bucket_name),
            ("EventBusName", resources.bus.bus.event_bus_name),
            ("PepperKeyId", resources.pepper_key.key.key_id),
            ("TokenKeyId", resources.token_key.key.key_id),
        ):
            CfnOutput(self, name, value=value)
