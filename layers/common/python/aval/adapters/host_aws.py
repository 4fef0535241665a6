"""AWS as the enclave's host calls it: long polls that hold their connection, and its role's credentials."""

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

# As many as the host has workers, each with a long poll and a heartbeat of its own.
_CONNECTIONS: Final = 32


class CredentialsMissing(Exception):
    """The host has no role."""


class HostAws:
    """Made once, before there are threads: a session is not made for several, its clients are."""

    def __init__(self, *, wait_seconds: int) -> None:
        """`wait_seconds` is that of a long poll; raise `CredentialsMissing`."""
        session = boto3.Session()
        config = Config(
            connect_timeout=3,
            read_timeout=wait_seconds + 15,
            retries={"mode": "standard"},
            max_pool_connections=_CONNECTIONS,
        )
        held = session.get_credentials()
        if held is None:
            raise CredentialsMissing
        self._credentials = held
        self.dynamodb: DynamoDBClient = session.client("dynamodb", config=config)
        self.s3: S3Client = session.client("s3", config=config.merge(Config(signature_version="s3v4")))
        self.sqs: SQSClient = session.client("sqs", config=config)
        self.states: SFNClient = session.client("stepfunctions", config=config)

    def credentials(self) -> tuple[str, str, str]:
        """Access key, secret key and token of this moment: botocore renews them before they end."""
        frozen = self._credentials.get_frozen_credentials()
        return frozen.access_key or "", frozen.secret_key or "", frozen.token or ""
