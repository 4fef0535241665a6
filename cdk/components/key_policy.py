"""Statements that every customer-managed key begins with."""

from aws_cdk import aws_iam as iam

# Administration without use: whoever may change a policy here still cannot read, sign or make a code.
ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


def administration() -> iam.PolicyStatement:
    # In a key policy the resource "*" is the key that carries the policy, and nothing else.
    return iam.PolicyStatement(
        sid="Administration",
        principals=[iam.AccountRootPrincipal()],
        actions=list(ADMINISTRATION),
        resources=["*"],
    )


def use_by_roles(*, sid: str, actions: list[str], role_arns: list[str]) -> iam.PolicyStatement:
    # The roles are made by a later stack, and a key policy may not name a principal that does not
    # exist yet: so the account is the principal, and the condition says who of it.
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.AccountRootPrincipal()],
        actions=actions,
        resources=["*"],
        conditions={"ArnEquals": {"aws:PrincipalArn": role_arns}},
    )
