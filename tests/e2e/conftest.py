"""What end-to-end tests over HTTPS have for themselves; the stack is in tests/conftest.py."""

from collections.abc import Iterator

import pytest

from local.places import Places
from local.ports import Ports
from local.supervisor import Supervisor
from tests.e2e.contract.stack import ContractStack
from tests.support.stack import free_port_base


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractStack]:
    places = Places(tmp_path_factory.mktemp("contract"))
    running = ContractStack(places, Ports.from_base(free_port_base()), Supervisor(places.logs))
    try:
        running.start()
        yield running
    finally:
        running.supervisor.stop()
