"""The key under tables, buckets, queues, topics and logs."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk.components import key_policy
from cdk.components.names import DELIVERED_LOG_GROUPS, LOG_GROUPS

READ = ("kms:Decrypt", "kms:DescribeKey")
WRITE = (
    *READ,
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
VIA = ("dynamodb", "s3", "sns", "sqs")


def via(*services: str) -> dict[str, dict[str, list[str]]]:
    return {"StringEquals": {"kms:ViaService": [f"{name}.{Aws.REGION}.amazonaws.com" for name in services]}}


class StorageKey(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, alias: str, description: str) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/aval/{alias}",
            description=f"Aval: {description}",
            enable_key_rotation=True,
            rotation_period=Duration.days(365),
            pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
            policy=iam.PolicyDocument(
                statements=[
                    key_policy.administration(),
                    *_use_through_services(),
                    _use_by_logs(),
                    _delivery_into_queues_and_topics(),
                ]
            ),
        )


def _use_through_services() -> list[iam.PolicyStatement]:
    account = {"kms:CallerAccount": Aws.ACCOUNT_ID}
    return [
        iam.PolicyStatement(
            sid="UseThroughStorageServices",
            principals=[iam.AccountRootPrincipal()],
            actions=list(WRITE),
            resources=["*"],
            conditions={"StringEquals": {**via(*VIA)["StringEquals"], **account}},
        ),
        # DynamoDB keeps a grant per table: "Using grants" in its page on encryption at rest.
        iam.PolicyStatement(
            sid="GrantsForTables",
            principals=[iam.AccountRootPrincipal()],
            actions=["kms:CreateGrant"],
            resources=["*"],
            conditions={
                "StringEquals": {**via("dynamodb")["StringEquals"], **account},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]


def _use_by_logs() -> iam.PolicyStatement:
    groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:"
    return iam.PolicyStatement(
        sid="UseByLogs",
        principals=[iam.ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
        actions=list(WRITE),
        resources=["*"],
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": [
                    f"{groups}{LOG_GROUPS}/*",
                    f"{groups}{DELIVERED_LOG_GROUPS}/*",
                ]
            }
        },
    )


def _delivery_into_queues_and_topics() -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="DeliveryByRulesAndAlarms",
        principals=[
            iam.ServicePrincipal("events.amazonaws.com"),
            iam.ServicePrincipal("cloudwatch.amazonaws.com"),
        ],
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
