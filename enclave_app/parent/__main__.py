"""The parent: polls two queues, carries ciphertext between table and enclave, and relays bytes to KMS.

python -m enclave_app.parent --enclave unix:/run/enclave --relay unix:/run/kms --kms kms.example:443
"""

import argparse
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.adapters.host_aws import CredentialsMissing, HostAws
from aval.adapters.sqs_work import WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens
from aval.edge.logs import logger
from aval.moments import utc_now
from aval.settings import TASK_HEARTBEAT_SECONDS, Settings, Variable
from enclave_app.enclave.addresses import Address, parse_address
from enclave_app.parent.conversation import conversation_with
from enclave_app.parent.key_keeper import keep_keys
from enclave_app.parent.key_messages import KeyMessages
from enclave_app.parent.lote_work import LoteWork
from enclave_app.parent.queue_loop import work_off
from enclave_app.parent.relay import Relay
from enclave_app.parent.session import EnclaveSession, RoleCredentials
from enclave_app.parent.task_messages import TaskMessages
from enclave_app.parent.turns import EventTurns
from enclave_app.parent.work import TaskWork

# More than converse with the enclave at once: most of them wait for a lote of their week, and one is to be
# left for another week.
TASK_WORKERS: Final = 16
KEY_WORKERS: Final = 2
_BEATS_PER_VISIBILITY: Final = 3
_KEY_VISIBILITY_SECONDS: Final = 10
_AWAIT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Places:
    """Where the enclave listens, where it looks for its way to KMS, and where that way leads."""

    enclave: Address
    relay: Address
    kms_host: str
    kms_port: int
    wait_seconds: int
    heartbeat_seconds: int


def read_places(arguments: Sequence[str] | None = None) -> Places:
    parser = argparse.ArgumentParser(prog="python -m enclave_app.parent", description="Serve one enclave.")
    parser.add_argument("--enclave", type=parse_address, required=True, help="unix:/path or vsock:CID:PORT")
    parser.add_argument(
        "--relay", type=parse_address, required=True, help="where the enclave's relay listens"
    )
    parser.add_argument("--kms", required=True, metavar="HOST:PORT", help="the one host that it leads to")
    parser.add_argument("--wait-seconds", type=int, default=20, help="of a long poll")
    parser.add_argument("--heartbeat-seconds", type=int, default=TASK_HEARTBEAT_SECONDS)
    asked = parser.parse_args(arguments)
    host, _, port = asked.kms.rpartition(":")
    if not host or not port.isdigit():
        parser.error("--kms is HOST:PORT")
    return Places(asked.enclave, asked.relay, host, int(port), asked.wait_seconds, asked.heartbeat_seconds)


def serve(places: Places, settings: Settings, stopping: Event) -> None:
    """Serve until `stopping`; then end what was begun, and take nothing more."""
    aws = HostAws(wait_seconds=places.wait_seconds)
    vault = DynamoDbVault(
        aws.dynamodb,
        settings[Variable.CONFIDENTIAL_TABLE],
        aws.s3,
        settings[Variable.CONFIDENTIAL_BUCKET],
        settings[Variable.PRUDENTIAL_BUCKET],
    )
    session = EnclaveSession(
        conversation_with(places.enclave),
        vault,
        lambda: RoleCredentials(*aws.credentials()),
        stopping.wait,
        kms_key=settings.optional(Variable.CONFIDENTIAL_KEY_ARN) or None,
    )
    tokens = TaskTokens(aws.states)
    task_queue = WorkQueue(
        aws.sqs,
        settings[Variable.TASK_QUEUE_URL],
        _BEATS_PER_VISIBILITY * places.heartbeat_seconds,
        places.wait_seconds,
    )
    key_queue = WorkQueue(
        aws.sqs, settings[Variable.KEY_QUEUE_URL], _KEY_VISIBILITY_SECONDS, places.wait_seconds
    )
    turns = EventTurns(session, vault)
    tasks = TaskMessages(
        task_queue,
        tokens,
        TaskWork(turns, vault, utc_now),
        LoteWork(turns, vault),
        heartbeat_seconds=places.heartbeat_seconds,
    )
    keys = KeyMessages(key_queue, session, vault, utc_now)
    relay = Relay(places.relay, places.kms_host, places.kms_port)
    run(
        relay,
        stopping,
        keep=lambda: keep_keys(session, stopping),
        workers=[
            *[lambda: work_off(task_queue, tasks.handle, stopping)] * TASK_WORKERS,
            *[lambda: work_off(key_queue, keys.handle, stopping)] * KEY_WORKERS,
        ],
    )


def run(
    relay: Relay, stopping: Event, *, keep: Callable[[], None], workers: Sequence[Callable[[], None]]
) -> None:
    for service in (relay.serve, keep):
        Thread(target=service, daemon=True).start()
    threads = [Thread(target=worker, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    logger.info("parent serves")
    stopping.wait()
    ends = time.monotonic() + _AWAIT_SECONDS
    for thread in threads:
        # What is not done by then comes again to another parent: its message was not deleted.
        thread.join(max(0.0, ends - time.monotonic()))
    relay.stop()
    logger.info("parent stops")


def main() -> int:
    places = read_places()
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        serve(places, Settings.from_env(), stopping)
    except CredentialsMissing:
        raise SystemExit("the parent has no credentials of a role") from None
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
