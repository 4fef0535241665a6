"""Work that nobody waits for: started by a schedule or an event, told in one log line without its text."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from aval.edge.logs import logger, start_transaction, unexpected
from aval.moments import SAO_PAULO, utc_now

Work = Callable[[Mapping[str, Any]], Mapping[str, object]]


class WorkFailed(Exception):
    """The cause is in the log, without its text; the platform tries again."""


def background(work: Work) -> Callable[[dict[str, Any], LambdaContext], None]:
    """The Lambda handler of `work`, whose answer becomes the keys of the log line."""
    run = step(work)

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        run(event, context)

    return handler


def step(work: Work) -> Callable[[dict[str, Any], LambdaContext], Mapping[str, object]]:
    """The Lambda handler of one step of a state machine, which is given the answer too."""

    def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, object]:
        start_transaction(context)
        try:
            outcome = work(event)
        except Exception as error:  # noqa: BLE001 - the outermost edge: the cause's text may quote a value
            unexpected(error)
            raise WorkFailed from None
        logger.info("work done", outcome=outcome)
        return outcome

    return handler


def moment_of(event: Mapping[str, Any]) -> datetime:
    """Now, or the moment that an operator gave as `em`; without an offset it is São Paulo's."""
    given = event.get("em")
    if given is None:
        return utc_now()
    moment = datetime.fromisoformat(given)
    return moment if moment.tzinfo else moment.replace(tzinfo=SAO_PAULO)
