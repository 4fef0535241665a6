"""What a start is busy with, and how long each part took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

BEGUN = time.monotonic()


@contextmanager
def step(name: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    print(f"  {name:<44}{time.monotonic() - begun:6.1f} s", flush=True)


def seconds_since_start() -> float:
    return time.monotonic() - BEGUN
