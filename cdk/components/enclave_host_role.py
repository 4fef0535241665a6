"""What the enclave's host may do: fetch and keep ciphertext, and lend the enclave its name before KMS."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from aval.settings import Variable
from cdk.components.names import ENCLAVE_PARENT_ROLE, TASK_MACHINE, machine_arn

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
        self.allow(
            actions=["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"],
            resources=[machine_arn(self, TASK_MACHINE)],
        )

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
