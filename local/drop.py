"""Drop a registry file and print the report on it: `.venv/bin/python -m local.drop FILE`."""

import argparse
import json
import sys
from pathlib import Path

from aval.adapters.s3_registry import INCOMING
from local.aws import Emulator
from local.places import DEFAULT_STATE, NotRunning, Places
from local.seed.registry import RegistryRefused, deliver


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.drop", description=__doc__)
    parser.add_argument("file", type=Path, help="what docs/registry.md describes; its name becomes the key")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    given = parser.parse_args()
    try:
        running = Places(given.state.resolve()).running()
        s3, bucket = Emulator(running["emulator_url"]).client("s3"), running["outputs"]["RegistryBucketName"]
        report = deliver(s3, bucket, f"{INCOMING}{given.file.name}", given.file.read_bytes())
    except (NotRunning, RegistryRefused, OSError) as failure:
        print(failure, file=sys.stderr)
        return 2
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0 if report["aceito"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
