"""The key that opens what agents sealed: for the attested measurement alone (docs/threat-model.md).

It encrypts no table, bucket or queue: those have a key of their own.
"""

from aws_cdk import Aws, CfnParameter, Duration, Fn, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from aval.settings import Variable
from cdk.components.grantee import Grantee
from cdk.components.names import BREAK_GLASS_ROLE, ENCLAVE_PARENT_ROLE, function_role_arn, role_arn

CANARY = "try_without_attestation"
NONE_RELEASED = "nenhuma"
_SHA384 = "[0-9a-fA-F]{96}"
# What the enclave asks for, always with its attestation document as `Recipient`.
RELEASE = ("kms:Decrypt", "kms:GenerateDataKey")
# Whoever could encrypt could hand the enclave a data key of his own choosing as one of its own; the others
# are ways round the conditions of the release.
FOR_NOBODY = (
    "kms:CreateGrant",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
# Who may do these may undo the promise: one role, under two people, with an alarm at each call.
BREAK_GLASS = (
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:ScheduleKeyDeletion",
    "kms:UpdatePrimaryRegion",
)
# Nothing here uses the key, widens its policy or takes it away.
ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


class ConfidentialKey(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        images = _released(scope, "ReleasedImages", "PCR0 of each enclave image that may open, by commas")
        signers = _released(scope, "ReleasedSigners", "PCR8 of each certificate that signs images, by commas")
        self.key = kms.Key(
            self,
            "Key",
            alias="alias/aval/confidential",
            description="Aval: released to the attested enclave alone",
            multi_region=True,
            enable_key_rotation=True,
            rotation_period=Duration.days(365),
            pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
            policy=iam.PolicyDocument(statements=self._statements(images, signers)),
        )
        # Nobody who makes the key may change its policy afterwards, which KMS takes for a mistake.
        resource = self.key.node.default_child
        if not isinstance(resource, kms.CfnKey):
            raise TypeError(resource)
        resource.bypass_policy_lockout_safety_check = True

    def grant_release(self, grantee: Grantee) -> None:
        """The role's half of the release; the key's half asks for the attestation."""
        grantee.set_variable(Variable.CONFIDENTIAL_KEY_ARN, self.key.key_arn)
        grantee.allow(actions=RELEASE, resources=[self.key.key_arn])

    def _statements(self, images: list[str], signers: list[str]) -> list[iam.PolicyStatement]:
        released = [role_arn(self, ENCLAVE_PARENT_ROLE), function_role_arn(self, CANARY)]
        broken = [role_arn(self, BREAK_GLASS_ROLE)]
        return [
            _of_account("Administration", ADMINISTRATION),
            # One statement for enclave and canary, so that what refuses the canary is the attestation alone.
            _of_account(
                "ReleaseToAttestedCode",
                RELEASE,
                {
                    "ArnEquals": {"aws:PrincipalArn": released},
                    "StringEqualsIgnoreCase": {
                        "kms:RecipientAttestation:ImageSha384": images,
                        "kms:RecipientAttestation:PCR8": signers,
                    },
                },
            ),
            _deny("ReleaseToNobodyElse", RELEASE, {"ArnNotEquals": {"aws:PrincipalArn": released}}),
            _deny("NeverByAnybody", FOR_NOBODY),
            _of_account("BreakGlass", BREAK_GLASS, {"ArnEquals": {"aws:PrincipalArn": broken}}),
            # The account's root is a principal like any other here, not a way round.
            _deny("BreakGlassByNobodyElse", BREAK_GLASS, {"ArnNotEquals": {"aws:PrincipalArn": broken}}),
        ]


def _released(scope: Construct, name: str, description: str) -> list[str]:
    parameter = CfnParameter(
        scope,
        name,
        description=f"{description}; {NONE_RELEASED}: none yet",
        default=NONE_RELEASED,
        allowed_pattern=f"{NONE_RELEASED}|{_SHA384}(,{_SHA384})*",
    )
    return Fn.split(",", parameter.value_as_string)


def _of_account(
    sid: str, actions: tuple[str, ...], conditions: dict[str, object] | None = None
) -> iam.PolicyStatement:
    # A key policy may not name a role that does not exist yet: the account is the principal, which also
    # asks for the role's own leave, and the condition says who of it.
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.ArnPrincipal(f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:root")],
        actions=list(actions),
        resources=["*"],
        conditions=conditions,
    )


def _deny(
    sid: str, actions: tuple[str, ...], conditions: dict[str, object] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=["*"],
        conditions=conditions,
    )
