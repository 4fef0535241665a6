"""The page's packages, which Node imports in these tests."""

import pytest

from local import page_tools


@pytest.fixture(scope="session", autouse=True)
def packages() -> None:
    page_tools.have_packages()
