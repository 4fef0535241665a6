"""Ended certificates leave service; those about to end, and those that left, are told."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.notices import DynamoDbNotices
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.jitter import pause
from aval.adapters.ses_mailer import SesMailer
from aval.edge.background import background, moment_of
from aval.edge.notice_outcomes import outcome_of
from aval.notices.expiry import ExpiryRun
from aval.notices.sending import Teller
from aval.settings import Settings, Variable


@cache
def _run() -> ExpiryRun:
    settings = Settings.from_env()
    table = settings[Variable.ADHESION_TABLE]
    return ExpiryRun(
        store=DynamoDbAdhesions(aws.dynamodb(), table),
        teller=Teller(
            notices=DynamoDbNotices(aws.dynamodb(), table),
            registry=DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
            mailer=SesMailer(aws.ses(), settings[Variable.MAIL_SENDER]),
        ),
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
        pause=pause,
    )


def send_expiry_notices(event: Mapping[str, Any]) -> Mapping[str, object]:
    report = _run().run(at=moment_of(event))
    return {"removed": report.removed, "contended": report.contended, **outcome_of(report.sent)}


handler = background(send_expiry_notices)
