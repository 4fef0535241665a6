"""One table per domain, and what a function may do with it."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from aval.settings import (
    BY_BUYER_INDEX,
    BY_EXPIRY_INDEX,
    BY_SELLER_INDEX,
    OPEN_IMPORTS_INDEX,
    OPEN_TASKS_INDEX,
    Variable,
)
from cdk.components import storage_key
from cdk.components.grantee import Grantee
from cdk.components.service_function import ServiceFunction
from cdk.components.storage_key import StorageKey

READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
# What TransactWriteItems is made of: IAM knows its parts, not the transaction.
WRITE = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
FOLLOW = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


class DomainTable(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        variable: Variable,
        key: StorageKey,
        tells_of_writes: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self._variable = variable
        self._key = key
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key.key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=True,
            time_to_live_attribute="ttl",
            stream=dynamodb.StreamViewType.NEW_IMAGE if tells_of_writes else None,
            removal_policy=RemovalPolicy.RETAIN,
        )

    def index_by_expiry(self) -> None:
        self.table.add_global_secondary_index(
            index_name=BY_EXPIRY_INDEX,
            partition_key=_text("expiry_pk"),
            sort_key=_text("expiry_sk"),
            # Its readers take the keys alone and read the items consistently from the table.
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    def index_by_parties(self) -> None:
        for index, party in ((BY_SELLER_INDEX, "seller"), (BY_BUYER_INDEX, "buyer")):
            self.table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(party),
                sort_key=_text("code"),
                # What lists filter by; the contracts themselves are read from the table, a page at a time.
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=["begins", "ends", "shape", "pending", "outline", "links"],
            )

    def index_open_imports(self) -> None:
        self._index_what_is_open(OPEN_IMPORTS_INDEX)

    def index_open_tasks(self) -> None:
        self._index_what_is_open(OPEN_TASKS_INDEX)

    def _index_what_is_open(self, index: str) -> None:
        self.table.add_global_secondary_index(
            index_name=index,
            partition_key=_text("open_pk"),
            sort_key=_text("open_sk"),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    def grant_read(self, function: Grantee, *, actions: Sequence[str] = READ) -> None:
        function.set_variable(self._variable, self.table.table_name)
        function.allow(actions=actions, resources=[self.table.table_arn])
        function.allow(
            actions=storage_key.READ,
            resources=[self._key.key.key_arn],
            conditions=storage_key.via("dynamodb"),
        )

    def grant_write(self, function: Grantee, *, actions: Sequence[str] = WRITE) -> None:
        function.set_variable(self._variable, self.table.table_name)
        function.allow(actions=actions, resources=[self.table.table_arn])
        function.allow(
            actions=storage_key.WRITE,
            resources=[self._key.key.key_arn],
            conditions=storage_key.via("dynamodb"),
        )

    def grant_query_by_expiry(self, function: ServiceFunction) -> None:
        self._grant_query(function, BY_EXPIRY_INDEX)

    def grant_query_by_parties(self, function: ServiceFunction) -> None:
        self._grant_query(function, BY_SELLER_INDEX, BY_BUYER_INDEX)

    def grant_query_open_imports(self, function: ServiceFunction) -> None:
        self._grant_query(function, OPEN_IMPORTS_INDEX)

    def grant_query_open_tasks(self, function: ServiceFunction) -> None:
        self._grant_query(function, OPEN_TASKS_INDEX)

    def grant_follow(self, function: ServiceFunction) -> None:
        """Read what is written as it is written: the stream alone, not the table."""
        if self.table.table_stream_arn is None:
            raise ValueError(self.node.path)
        function.allow(actions=FOLLOW, resources=[self.table.table_stream_arn])
        function.allow(
            actions=storage_key.READ,
            resources=[self._key.key.key_arn],
            conditions=storage_key.via("dynamodb"),
        )

    def _grant_query(self, function: ServiceFunction, *indexes: str) -> None:
        function.allow(
            actions=["dynamodb:Query"],
            resources=[f"{self.table.table_arn}/index/{index}" for index in indexes],
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
