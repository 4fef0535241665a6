"""How tests are spread over processes."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class EndToEndTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """All end-to-end tests go to one process, so that one stack starts; any other goes to whoever is free.

    The marks that `--dist loadgroup` reads do nothing here: pytest 9.2 names tests otherwise than xdist 3.8.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> EndToEndTogether:
    return EndToEndTogether(config, log)
