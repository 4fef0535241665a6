"""Run the emulator in the foreground: `python -m local.emulator`, told by its environment alone."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from ministack import app

from local.emulator import (
    attested_kms,
    authorization,
    functions,
    http_api,
    key_policies,
    kms,
    people_pool,
    snapshots,
    state_machines,
    task_tokens,
    trail,
)
from local.processes import stop_with_parent

HEALTH = "/_ministack/health"
SNAPSHOT = "/_aval/snapshot"
MISBEHAVE = "/_aval/kms/misbehave"
BEHAVE = "/_aval/kms/behave"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What of the corrections is led by requests to the emulator itself."""

    snapshots: snapshots.Snapshots
    key_policies: key_policies.Switch

    def acts(self) -> Mapping[str, Callable[[], None]]:
        return {
            SNAPSHOT: self.snapshots.write_now,
            MISBEHAVE: self.key_policies.misbehave,
            BEHAVE: self.key_policies.behave,
        }


def install_corrections() -> Corrected:
    written = snapshots.install(Path(os.environ["STATE_DIR"]))
    functions.install(
        pool_size=int(os.environ["AVAL_LAMBDA_POOL"]),
        unpacked=Path(os.environ["AVAL_LAMBDA_UNPACKED"]),
        logs=Path(os.environ["AVAL_LOGS"]),
        on_call=written.note_change,
    )
    http_api.install(edge_secret=os.environ["AVAL_EDGE_SECRET"])
    authorization.install()
    kms.install()
    people_pool.install()
    recipients = attested_kms.Recipients(Path(os.environ["AVAL_ATTESTATION_ROOT"]))
    attested_kms.install(recipients)
    switch = key_policies.install()
    trail.Trail(Path(os.environ["AVAL_LOGS"]) / "cloudtrail.jsonl", recipients).install()
    state_machines.install()
    task_tokens.install()
    return Corrected(written, switch)


async def run(corrected: Corrected) -> None:
    acts = corrected.acts()

    async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in acts:
            await asyncio.to_thread(acts[scope["path"]])
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        if scope["type"] == "http" and scope["path"] != HEALTH:
            corrected.snapshots.note_change()
        await app.app(scope, receive, send)

    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    # Above what API Gateway allows, so that the edge and not the emulator says what is too large.
    config.h11_max_incomplete_size = 256 * 1024
    await serve(application, config, shutdown_trigger=stop.wait)


def main() -> None:
    stop_with_parent()
    corrected = install_corrections()
    seconds = float(os.environ["AVAL_SNAPSHOT_SECONDS"])
    threading.Thread(
        target=corrected.snapshots.follow, args=(seconds,), daemon=True, name="snapshots"
    ).start()
    asyncio.run(run(corrected))


if __name__ == "__main__":
    main()
