"""Names that must be known before the thing they name exists."""

from aws_cdk import Stack
from constructs import Construct

LOG_GROUPS = "/aval"
# API Gateway delivers access logs itself; the prefix keeps the account's log resource policy short.
DELIVERED_LOG_GROUPS = "/aws/vendedlogs/aval"


def function_name(operation: str) -> str:
    return f"aval-{operation.replace('_', '-')}"


def function_role_arn(scope: Construct, operation: str) -> str:
    return Stack.of(scope).format_arn(
        service="iam", region="", resource="role", resource_name=function_name(operation)
    )
