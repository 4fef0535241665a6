"""How tests are spread over processes, and the one stack of those that need one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from local.places import Places
from tests.support.stack import Stack, free_port_base

# Where a stack runs that somebody started: writing a test takes many runs, and a stack's start half a minute.
RUNNING_STACK: Final = "AVAL_TEST_STACK"
IN_THE_BROWSER: Final = "tests/browser/"
OVER_HTTPS: Final = "tests/e2e/"
KILLING: Final = "durability"


class StackTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Each kind of test that needs a stack goes to one process, which starts one.

    Three kinds: in the browser; over HTTPS; and those of them that kill what runs and wait for it to be
    taken up again, which is most of their time. Any other test goes to whoever is free.

    The marks that `--dist loadgroup` reads do nothing here: pytest 9.2 names tests otherwise than xdist 3.8.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(IN_THE_BROWSER):
            return IN_THE_BROWSER
        if nodeid.startswith(OVER_HTTPS):
            return KILLING if KILLING in nodeid.partition("::")[0] else OVER_HTTPS
        return nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> StackTogether:
    return StackTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser come last: end-to-end tests of the same stack count rows and mails before them."""
    items.sort(key=lambda item: item.nodeid.startswith(IN_THE_BROWSER))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One local stack for all tests of this process that need one."""
    if folder := os.environ.get(RUNNING_STACK):
        yield Stack.that_runs(Places(Path(folder).resolve()))
        return
    running = Stack(Places(tmp_path_factory.mktemp("stack")), free_port_base())
    try:
        running.start()
        yield running
    finally:
        running.stop()
