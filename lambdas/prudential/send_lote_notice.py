"""The end of a lote, told to whoever announced it as soon as its event arrives."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws, lote_desks
from aval.adapters.dynamodb.notices import DynamoDbNotices
from aval.adapters.ses_mailer import SesMailer
from aval.edge.background import background
from aval.edge.notice_outcomes import outcome_of
from aval.moments import utc_now
from aval.notices.lotes import LoteNotice
from aval.notices.sending import Teller
from aval.prudential.lotes import LoteId
from aval.settings import Settings, Variable


@cache
def _notice() -> LoteNotice:
    settings = Settings.from_env()
    return LoteNotice(
        lotes=lote_desks.lotes(settings),
        senders=lote_desks.senders(settings),
        teller=Teller(
            notices=DynamoDbNotices(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
            registry=lote_desks.registry(settings),
            mailer=SesMailer(aws.ses(), settings[Variable.MAIL_SENDER]),
        ),
    )


def send_lote_notice(event: Mapping[str, Any]) -> Mapping[str, object]:
    return outcome_of(_notice().tell(LoteId.parse(event["detail"]["lote"]), at=utc_now()))


handler = background(send_lote_notice)
