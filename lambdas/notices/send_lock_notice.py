"""A locked access, told to the company's representatives as soon as its event arrives."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.notices import DynamoDbNotices
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.ses_mailer import SesMailer
from aval.edge.background import background
from aval.edge.notice_outcomes import outcome_of
from aval.identifiers import Cnpj
from aval.moments import utc_now
from aval.notices.locking import LockNotice
from aval.notices.sending import Teller
from aval.settings import Settings, Variable


@cache
def _notice() -> LockNotice:
    settings = Settings.from_env()
    table = settings[Variable.ADHESION_TABLE]
    return LockNotice(
        store=DynamoDbAdhesions(aws.dynamodb(), table),
        teller=Teller(
            notices=DynamoDbNotices(aws.dynamodb(), table),
            registry=DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]),
            mailer=SesMailer(aws.ses(), settings[Variable.MAIL_SENDER]),
        ),
    )


def send_lock_notice(event: Mapping[str, Any]) -> Mapping[str, object]:
    return outcome_of(_notice().tell(Cnpj(event["detail"]["cnpj"]), at=utc_now()))


handler = background(send_lock_notice)
