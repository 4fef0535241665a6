"""A revocation list that an operator dropped, verified and kept."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.s3_revocation import S3RevocationLists
from aval.adapters.s3_truststore import S3Truststore
from aval.certificates.refreshing import RevocationIntake
from aval.certificates.truststore import trusted_roots
from aval.edge.background import background
from aval.moments import utc_now
from aval.settings import Settings, Variable


@cache
def _lists() -> S3RevocationLists:
    return S3RevocationLists(aws.s3(), Settings.from_env()[Variable.TRUST_BUCKET])


@cache
def _truststore() -> S3Truststore:
    settings = Settings.from_env()
    pins = trusted_roots(settings[Variable.TRUSTED_ROOTS])
    return S3Truststore(aws.s3(), settings[Variable.TRUST_BUCKET], pins)


def take_revocation_list(event: Mapping[str, Any]) -> Mapping[str, object]:
    key = event["detail"]["object"]["key"]
    intake = RevocationIntake(_lists(), _truststore().current())
    outcome = intake.take(_lists().fetch_dropped(key), source=key, at=utc_now())
    failed = int(bool(outcome.fault))
    return {"source": outcome.source, "kept": outcome.kept, "failed": failed, "fault": outcome.fault}


handler = background(take_revocation_list)
