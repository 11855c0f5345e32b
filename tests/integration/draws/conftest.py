"""What the draws' tests begin with."""

from __future__ import annotations

import pytest

from tests.conftest import EMPTY, Beginning
from tests.integration.draws.world import DRAWS


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    """For a test that asks for a ``world`` it is there already."""
    return DRAWS if "world" in request.fixturenames else EMPTY
