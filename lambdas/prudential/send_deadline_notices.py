"""Before a week's deadline, who answers for an agent that has sent nothing is told."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.notices import DynamoDbNotices
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.ses_mailer import SesMailer
from aval.edge.background import background, moment_of
from aval.edge.notice_outcomes import outcome_of
from aval.notices.deadlines import DeadlineRun
from aval.notices.sending import Teller
from aval.settings import Settings, Variable


@cache
def _run() -> DeadlineRun:
    settings = Settings.from_env()
    table = settings[Variable.CONFIDENTIAL_TABLE]
    registry = DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])
    return DeadlineRun(
        weeks=DynamoDbWeeks(aws.dynamodb(), table),
        agents=DynamoDbAgents(aws.dynamodb(), table),
        registry=registry,
        teller=Teller(
            notices=DynamoDbNotices(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
            registry=registry,
            mailer=SesMailer(aws.ses(), settings[Variable.MAIL_SENDER]),
        ),
    )


def send_deadline_notices(event: Mapping[str, Any]) -> Mapping[str, object]:
    report = _run().run(at=moment_of(event))
    return {"unreached": report.unreached, **outcome_of(report.sent)}


handler = background(send_deadline_notices)
