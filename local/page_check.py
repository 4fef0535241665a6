"""Check the types of the page's source: the part of `make check` that Node does."""

import sys

from local.page_tools import PageFailed, run_tool


def main() -> int:
    try:
        run_tool("typescript/bin/tsc", ["--noEmit"])
    except PageFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
