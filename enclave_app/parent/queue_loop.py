"""Take messages until told to stop; whatever one of them does, the next is taken."""

from collections.abc import Callable
from threading import Event
from typing import Final

from aval.adapters.sqs_work import QueueUnavailable, Received, WorkQueue
from aval.edge.logs import logger, unexpected

_BACK_OFF_SECONDS: Final = 2.0


def work_off(queue: WorkQueue, handle: Callable[[Received], None], stopping: Event) -> None:
    while not stopping.is_set():
        try:
            received = queue.receive()
            if received is not None:
                handle(received)
        except QueueUnavailable as error:
            logger.warning("queue unavailable", error_type=str(error))
            stopping.wait(_BACK_OFF_SECONDS)
        except Exception as error:  # noqa: BLE001  # the outermost edge: the message comes again by itself
            unexpected(error)
            stopping.wait(_BACK_OFF_SECONDS)
