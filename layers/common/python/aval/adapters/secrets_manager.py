"""Secrets read from AWS Secrets Manager."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def read_secret(client: "SecretsManagerClient", arn: str) -> str:
    """The current version's text."""
    return client.get_secret_value(SecretId=arn)["SecretString"]
