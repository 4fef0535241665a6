"""Run a program that ends with whoever started it: `python -m local.until_parent_ends PROGRAM [ARGUMENT …]`.

For a program that has no such line of its own, as the measured code of the enclave.
"""

import os
import sys

from local.processes import stop_with_parent


def main() -> None:
    # The kernel keeps the request over execve(2), which keeps the process.
    stop_with_parent()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the supervisor's own words


if __name__ == "__main__":
    main()
