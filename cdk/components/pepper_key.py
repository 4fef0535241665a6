"""The HMAC key that peppers passwords: it never leaves the HSM (docs/threat-model.md)."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from aval.settings import Variable
from cdk.components import key_policy
from cdk.components.names import function_role_arn
from cdk.components.service_function import ServiceFunction

OPERATIONS = (
    "change_adhesion",
    "issue_system_token",
    # A SOAP message carries the password itself.
    "soap_amounts",
    "soap_assets",
    "soap_contracts",
    "soap_import_file",
    "soap_parcels",
    "soap_participants",
    "soap_profiles",
    "soap_read_outcome",
)


class PepperKey(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        # KMS does not rotate HMAC keys, and another key would orphan every password:
        # docs/operating.md says how one is replaced.
        self.key = kms.Key(
            self,
            "Key",
            alias="alias/aval/pepper",
            description="Aval: pepper of the system users' passwords",
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
            policy=iam.PolicyDocument(
                statements=[
                    key_policy.administration(),
                    key_policy.use_by_roles(
                        sid="PepperByTheseFunctions",
                        actions=["kms:GenerateMac"],
                        role_arns=[function_role_arn(self, operation) for operation in OPERATIONS],
                    ),
                ]
            ),
        )

    def grant_mac(self, function: ServiceFunction) -> None:
        function.set_variable(Variable.PEPPER_KEY_ID, self.key.key_id)
        function.allow(actions=["kms:GenerateMac"], resources=[self.key.key_arn])
