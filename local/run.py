"""`make run`: one stack in the foreground until Ctrl-C."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from botocore.exceptions import HTTPClientError

from local import lock, tour
from local.deploy import DeploymentFailed
from local.page_tools import PageFailed
from local.places import DEFAULT_STATE, Places
from local.ports import Ports, PortTaken
from local.processes import stop_with_parent
from local.progress import seconds_since_start
from local.seed.drops import DropRefused
from local.stack import LocalStack, NotReady
from local.supervisor import ProcessDied, Supervisor
from local.synth import SynthesisFailed

WATCH_SECONDS = 0.5
EXPECTED = (
    DeploymentFailed,
    NotReady,
    PageFailed,
    PortTaken,
    ProcessDied,
    DropRefused,
    SynthesisFailed,
)


class Stopped(BaseException):
    """Somebody asked this stack to stop."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Run Aval on this machine.")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of this stack's data")
    ports = parser.add_mutually_exclusive_group()
    ports.add_argument(
        "--port-base",
        type=Ports.from_text,
        dest="ports",
        metavar="PORT",
        help="first of seven ports: people, systems, emulator, mailbox, wsdl, kms, cognito",
    )
    ports.add_argument("--free-ports", action="store_true", help="any seven ports that are free")
    parser.add_argument("--stop-with-parent", action="store_true", help="end when the calling process ends")
    return parser.parse_args()


def choose_ports(given: argparse.Namespace) -> Ports:
    if given.free_ports:
        return Ports.free()
    return given.ports or Ports()


def stop(signal_number: int, _frame: object) -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    raise Stopped(signal.Signals(signal_number).name)


def run(places: Places, ports: Ports) -> None:
    ports.require_free()
    places.ready.unlink(missing_ok=True)
    supervisor = Supervisor(places.logs)
    stack = LocalStack(places, ports, supervisor)
    try:
        stack.start()
        print(f"ready in {seconds_since_start():.1f} s\n")
        print(tour.text(stack), flush=True)
        while True:
            time.sleep(WATCH_SECONDS)
            supervisor.require_alive()
            if supervisor.revive():
                stack.tell_ready()
    finally:
        places.ready.unlink(missing_ok=True)
        supervisor.stop()


def tell_running(places: Places, holder: str) -> str:
    told = f"A stack is already running on {places.state} (process {holder})."
    try:
        running = json.loads(places.ready.read_text())
    except FileNotFoundError:
        return f"{told} It is still starting."
    urls = [
        f"  {name:<12}{running[name]}" for name in ("people_url", "systems_url", "wsdl_url", "mailbox_url")
    ]
    return "\n".join([told, *urls])


def main() -> int:
    given = arguments()
    if given.stop_with_parent:
        stop_with_parent(signal.SIGTERM)
    places = Places(given.state.resolve())
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, stop)
    try:
        with lock.held(places.lock):
            run(places, choose_ports(given))
    except lock.AlreadyRunning as error:
        print(tell_running(places, str(error)), file=sys.stderr)
        return 1
    except EXPECTED as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except HTTPClientError as error:
        told = f"This machine is too busy, or the emulator hangs: {error}. See {places.logs}; start again."
        print(f"\n{told}", file=sys.stderr)
        return 1
    except Stopped as asked:
        print(f"\nStopped ({asked}); the data stay in {places.state}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
