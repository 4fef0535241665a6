"""`python -m benchmarks.page`: the page in Chromium: its first load, a list of 5 000 agents, sealing 50 MB.

Against the stack that runs on `--state`, or one of its own.
"""

import argparse
import os
from pathlib import Path
from typing import Final

from benchmarks import page_list, page_loading, page_sealing
from benchmarks.page_window import Desk, stack_at
from tests.browser.chromium import launched

PARTS: Final = ("loading", "list", "sealing")


def report(state: Path | None = None, parts: tuple[str, ...] = PARTS) -> None:
    with stack_at(state) as stack, launched([stack.places.tls / "server.pem"]) as browser:
        load = "/".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"\nThe page in Chromium {browser.version}, {os.cpu_count()} processors, load {load}")
        desk = Desk.of(browser, stack)
        if "loading" in parts:
            page_loading.report(desk)
        if "list" in parts:
            page_list.report(desk)
        if "sealing" in parts:
            page_sealing.report(browser)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument(
        "--state", type=Path, help="folder of a running stack's data; without it, one of its own"
    )
    parser.add_argument("--part", choices=PARTS, action="append", help="this part alone (may be told again)")
    given = parser.parse_args()
    report(given.state, tuple(given.part or PARTS))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
