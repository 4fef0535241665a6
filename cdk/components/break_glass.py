"""The one role that may change who the confidential key opens for: two people, and an alarm."""

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk.components.acknowledgement import acknowledge
from cdk.components.confidential_key import BREAK_GLASS
from cdk.components.names import BREAK_GLASS_ROLE, CONFIDENTIAL_STACK

# A user so tagged has a password that one person knows and a device that another holds.
TAG = "aws:PrincipalTag/aval-break-glass"
# A fresh look at the device, not one of this morning.
LONGEST_SINCE_DEVICE_SECONDS = 900
# CloudFormation compares before it changes.
LOOK = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags")
ROLL = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:UpdateStack",
)


class BreakGlassRole(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, key: kms.Key) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=BREAK_GLASS_ROLE,
            max_session_duration=Duration.hours(1),
            assumed_by=iam.PrincipalWithConditions(
                iam.AccountRootPrincipal(),
                {
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "NumericLessThan": {"aws:MultiFactorAuthAge": str(LONGEST_SINCE_DEVICE_SECONDS)},
                    "StringEquals": {TAG: "sim"},
                },
            ),
        )
        self._allow([*BREAK_GLASS, *LOOK], key.key_arn)
        # A roll of the measurements is an update of the stack's parameters with this role's own rights.
        stack = Stack.of(self).format_arn(
            service="cloudformation", resource="stack", resource_name=f"{CONFIDENTIAL_STACK}/*"
        )
        self._allow(list(ROLL), stack)
        self._allow(["kms:CreateKey"], "*", {"StringEquals": {"kms:MultiRegionKeyType": "REPLICA"}})
        for resource in (_as_nag_names(stack), "*"):
            acknowledge(
                self.role,
                f"IAM5[Resource::{resource}]",
                reason="A stack's ARN ends in an id that it is given when it is made, and a replica that is "
                "to be made has no ARN yet; each statement holds those actions alone.",
            )

    def _allow(
        self, actions: list[str], resource: str, conditions: dict[str, dict[str, str]] | None = None
    ) -> None:
        self.role.add_to_policy(
            iam.PolicyStatement(actions=actions, resources=[resource], conditions=conditions)
        )


def _as_nag_names(arn: str) -> str:
    for token, name in ((Aws.PARTITION, "Partition"), (Aws.REGION, "Region"), (Aws.ACCOUNT_ID, "AccountId")):
        arn = arn.replace(token, f"<AWS::{name}>")
    return arn
