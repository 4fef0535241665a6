"""Drop a registry file or a week's parameters and print the report: `.venv/bin/python -m local.drop FILE`."""

import argparse
import json
import sys
from pathlib import Path

from local.aws import Emulator
from local.places import DEFAULT_STATE, NotRunning, Places
from local.seed.drops import PARAMETERS, REGISTRY, DropRefused, deliver


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.drop", description=__doc__)
    parser.add_argument(
        "file", type=Path, help="what docs/registry.md or docs/weeks.md describes; its name becomes the key"
    )
    parser.add_argument("--parametros", action="store_true", help="the file is a week's parameters")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    given = parser.parse_args()
    inbox = PARAMETERS if given.parametros else REGISTRY
    try:
        running = Places(given.state.resolve()).running()
        s3, bucket = Emulator(running["emulator_url"]).client("s3"), running["outputs"][inbox.bucket_output]
        report = deliver(s3, bucket, inbox, given.file.name, given.file.read_bytes())
    except (NotRunning, DropRefused, OSError) as failure:
        print(failure, file=sys.stderr)
        return 2
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0 if report["aceito"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
