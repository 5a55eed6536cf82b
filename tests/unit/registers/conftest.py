"""The world that tests of several registers share."""

from __future__ import annotations

import pytest

from tests.unit.registers.supply import Supply


@pytest.fixture
def world() -> Supply:
    """Adapters in memory and what tests do with them."""
    return Supply()
