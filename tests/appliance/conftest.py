"""Every test leaves the house without power."""

from collections.abc import Iterator

import pytest

from tests.appliance.house import pull_all_plugs


@pytest.fixture(autouse=True)
def _power() -> Iterator[None]:
    yield
    pull_all_plugs()
