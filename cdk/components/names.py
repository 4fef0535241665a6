"""Names that must be known before the thing they name exists."""

from aws_cdk import ArnFormat, Aws, Stack
from constructs import Construct

LOG_GROUPS = "/aval"
# API Gateway delivers access logs itself; the prefix keeps the account's log resource policy short.
DELIVERED_LOG_GROUPS = "/aws/vendedlogs/aval"
# Key policies and measurements name these roles before they exist.
ENCLAVE_PARENT_ROLE = "aval-enclave-parent"
BREAK_GLASS_ROLE = "aval-break-glass"
CONFIDENTIAL_STACK = "aval-confidential"
TASK_MACHINE = "task"
LOTE_MACHINE = "lote"
COGNITO_HERE = f"https://cognito-idp.{Aws.REGION}.amazonaws.com"


def function_name(operation: str) -> str:
    return f"aval-{operation.replace('_', '-')}"


def function_role_arn(scope: Construct, operation: str) -> str:
    return role_arn(scope, function_name(operation))


def role_arn(scope: Construct, name: str) -> str:
    return Stack.of(scope).format_arn(service="iam", region="", resource="role", resource_name=name)


def machine_arn(scope: Construct, name: str) -> str:
    return Stack.of(scope).format_arn(
        service="states",
        resource="stateMachine",
        resource_name=f"aval-{name}",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
