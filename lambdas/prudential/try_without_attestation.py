"""The canary: calls that only the missing attestation may refuse, by a role that the key's release names."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.kms_unattested import UnattestedKmsCalls
from aval.adapters.sns_rings import SnsRings
from aval.edge.background import background, moment_of
from aval.prudential.canary import Canary
from aval.settings import Settings, Variable


@cache
def _canary() -> Canary:
    settings = Settings.from_env()
    keys = DynamoDbEnclaveKeys(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])
    return Canary(
        kms=UnattestedKmsCalls(aws.kms(), settings[Variable.CONFIDENTIAL_KEY_ARN]),
        keys=keys,
        rings=SnsRings(aws.sns(), settings[Variable.ALARM_TOPIC]),
        findings=keys,
    )


def try_without_attestation(event: Mapping[str, Any]) -> Mapping[str, object]:
    opened = _canary().run(at=moment_of(event))
    return {"refused": not opened, "opened": list(opened)}


handler = background(try_without_attestation)
