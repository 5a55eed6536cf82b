"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests that share one server run in one process: those of a folder of servers, and of one file elsewhere."""
    place = Path(item.path).relative_to(HERE)
    shared = place.parts[0] in {"e2e", "contract", "infra"} and place.name != "test_mlflow.py"
    item.add_marker(pytest.mark.xdist_group(place.parts[0] if shared else place.as_posix()))
