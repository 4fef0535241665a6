"""Waiting between tries."""

import random
import time
from typing import Final

_FIRST_SECONDS: Final = 0.05
_LONGEST_SECONDS: Final = 1.0


def pause(tried: int) -> None:
    """Full jitter: many losers of one race do not come back together.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2**tried)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - spreads load, hides nothing
