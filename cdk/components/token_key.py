"""The P-256 key that signs system tokens."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from aval.settings import Variable
from cdk.components import key_policy
from cdk.components.names import function_role_arn
from cdk.components.service_function import ServiceFunction

SIGNER = "issue_system_token"
VERIFIER = "authorize"


class TokenKey(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        # KMS does not rotate asymmetric keys; tokens live ten minutes, so docs/operating.md swaps it.
        self.key = kms.Key(
            self,
            "Key",
            alias="alias/aval/system-tokens",
            description="Aval: signature of system tokens",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
            policy=iam.PolicyDocument(
                statements=[
                    key_policy.administration(),
                    key_policy.use_by_roles(
                        sid="SignByTheIssuer",
                        actions=["kms:Sign"],
                        role_arns=[function_role_arn(self, SIGNER)],
                    ),
                    key_policy.use_by_roles(
                        sid="PublicKeyForTheAuthorizer",
                        actions=["kms:GetPublicKey"],
                        role_arns=[function_role_arn(self, VERIFIER)],
                    ),
                ]
            ),
        )

    def grant_sign(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.TOKEN_KEY_ID, self.key.key_id)
        function.allow(actions=["kms:Sign"], resources=[self.key.key_arn])

    def grant_public_key(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.TOKEN_KEY_ID, self.key.key_id)
        function.allow(actions=["kms:GetPublicKey"], resources=[self.key.key_arn])
