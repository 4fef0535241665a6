"""Run one of the scheduled jobs now: `.venv/bin/python -m local.job send-expiry-notices`."""

import argparse
import json
import sys
from pathlib import Path

from local.aws import Emulator
from local.places import DEFAULT_STATE, NotRunning, Places

JOBS = (
    "send-expiry-notices",
    "fetch-revocation-lists",
    "recheck-revocations",
    "restart-imports",
    "restart-tasks",
    "close-weeks",
    "send-deadline-notices",
    "try-without-attestation",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.job", description=__doc__)
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--em", metavar="DATE", help="as if it were this moment (ISO 8601)")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    given = parser.parse_args()
    try:
        running = Places(given.state.resolve()).running()
    except NotRunning as absent:
        print(absent, file=sys.stderr)
        return 1
    event = {"em": given.em} if given.em else {}
    answer = (
        Emulator(running["emulator_url"])
        .client("lambda")
        .invoke(FunctionName=f"aval-{given.job}", Payload=json.dumps(event).encode())
    )
    if "FunctionError" in answer:
        print(f"{given.job} failed; see {running['logs']}/aval-{given.job}.log", file=sys.stderr)
        return 1
    print(f"{given.job} done; mails: {running['mailbox_url']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
