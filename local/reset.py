"""`make reset`: forget everything that a stack has kept."""

import argparse
import shutil
import sys
from pathlib import Path

from local import lock
from local.places import DEFAULT_STATE, Places


def main() -> int:
    parser = argparse.ArgumentParser(prog="make reset", description="Empty a local stack's data.")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    places = Places(parser.parse_args().state.resolve())
    try:
        with lock.held(places.lock):
            for path in places.everything_of_a_stack:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    except lock.AlreadyRunning as error:
        print(f"A stack is running on {places.state} (process {error}): stop it first.", file=sys.stderr)
        return 1
    print(f"Emptied {places.state}; tools and caches stay.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
