"""Have the enclave make its next key pair in time, and forget those whose retention is over."""

from threading import Event
from typing import Final

from aval.edge.logs import logger, unexpected
from enclave_app.parent.conversation import EnclaveDeclined, EnclaveUnreachable
from enclave_app.parent.session import EnclaveSession

EVERY_SECONDS: Final = 3600.0
_AFTER_FAILURE_SECONDS: Final = 15.0


def keep_keys(session: EnclaveSession, stopping: Event) -> None:
    """Hold a ceremony now and every hour, which is soon enough for a pair that is renewed a week before."""
    while not stopping.is_set():
        stopping.wait(EVERY_SECONDS if _held(session) else _AFTER_FAILURE_SECONDS)


def _held(session: EnclaveSession) -> bool:
    try:
        session.hold_ceremony()
    except EnclaveDeclined as declined:
        logger.error("key ceremony declined", reason=declined.reason)
        return False
    except EnclaveUnreachable:
        logger.warning("key ceremony put off: no enclave")
        return False
    except Exception as error:  # noqa: BLE001  # the outermost edge: it is held again
        unexpected(error)
        return False
    return True
