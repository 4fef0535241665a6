"""What the enclave's host may do: fetch and keep ciphertext, and lend the enclave its name before KMS."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from aval.settings import Variable
from cdk.components.acknowledgement import acknowledge
from cdk.components.names import ENCLAVE_PARENT_ROLE, LOTE_MACHINE, TASK_MACHINE, machine_arn

# "Setting up ec2messages and other API operations" in the guide of Systems Manager: without these no session
# begins, whoever asks for one.
SESSIONS = (
    "ec2messages:AcknowledgeMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssm:SendCommand",
    "ssm:StartSession",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
SEND_TASK = ("states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess")
WRITE_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")


class EnclaveHostRole(Construct):
    """A `Grantee`: what it is told becomes the environment of the parent's process."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.variables: dict[Variable, str] = {}
        self.role = iam.Role(
            self,
            "Role",
            # PCR3 of the attestation is this role's ARN.
            role_name=ENCLAVE_PARENT_ROLE,
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                sid="NoSession", effect=iam.Effect.DENY, actions=list(SESSIONS), resources=["*"]
            )
        )
        machines = [machine_arn(self, name) for name in (TASK_MACHINE, LOTE_MACHINE)]
        self.allow(actions=SEND_TASK, resources=machines)

    def let_pull(self, images: ecr.Repository) -> None:
        self.allow(actions=PULL, resources=[images.repository_arn])
        self.allow(actions=["ecr:GetAuthorizationToken"], resources=["*"])
        acknowledge(
            self.role,
            "IAM5[Resource::*]",
            reason="Logging in at the registry knows no resource, and the one other statement over all "
            "resources forbids sessions.",
        )

    def let_log(self, group: logs.LogGroup) -> None:
        self.allow(actions=WRITE_LOG, resources=[group.log_group_arn])

    def set_variable(self, variable: Variable, value: str) -> None:
        self.variables[variable] = value

    def allow(
        self,
        *,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, object] | None = None,
    ) -> None:
        self.role.add_to_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
        )
