"""The revocation lists that certificates in service name, fetched and kept."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.revocation_http import HttpRevocationFetcher
from aval.adapters.s3_revocation import S3RevocationLists
from aval.adapters.s3_truststore import S3Truststore
from aval.adhesion.refreshing import refresh_lists
from aval.certificates.refreshing import RevocationIntake
from aval.certificates.truststore import trusted_roots
from aval.edge.background import background, moment_of
from aval.settings import Settings, Variable


@cache
def _store() -> DynamoDbAdhesions:
    return DynamoDbAdhesions(aws.dynamodb(), Settings.from_env()[Variable.ADHESION_TABLE])


@cache
def _lists() -> S3RevocationLists:
    return S3RevocationLists(aws.s3(), Settings.from_env()[Variable.TRUST_BUCKET])


@cache
def _truststore() -> S3Truststore:
    settings = Settings.from_env()
    pins = trusted_roots(settings[Variable.TRUSTED_ROOTS])
    return S3Truststore(aws.s3(), settings[Variable.TRUST_BUCKET], pins)


def fetch_revocation_lists(event: Mapping[str, Any]) -> Mapping[str, object]:
    truststore = _truststore().current()
    fetcher = HttpRevocationFetcher(truststore.allowed_revocation_hosts())
    intake = RevocationIntake(_lists(), truststore)
    outcomes = refresh_lists(_store(), intake, fetcher, at=moment_of(event))
    return {
        "kept": [outcome.source for outcome in outcomes if outcome.kept],
        "failed": sum(bool(outcome.fault) for outcome in outcomes),
        "faults": {outcome.source: outcome.fault for outcome in outcomes if outcome.fault},
    }


handler = background(fetch_revocation_lists)
