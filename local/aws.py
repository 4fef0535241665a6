"""Clients of the emulator, which take it for AWS."""

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "000000000000"  # as an access key, this number makes the caller the account's root there
REGION = "sa-east-1"


@dataclass(frozen=True, slots=True)
class Emulator:
    endpoint: str
    access_key: str = ACCOUNT
    secret_key: str = field(default="local", repr=False)  # the emulator asks the root for one and knows none
    token: str | None = field(default=None, repr=False)

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.token,
            config=Config(
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                max_pool_connections=32,
                read_timeout=120,
            ),
        )
