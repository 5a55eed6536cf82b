"""A pytest plugin, ``-p tests.fuzzing``: property tests with `SYNDIC_FUZZ` times their examples. ``make fuzz``."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

TIMES = int(os.environ.get("SYNDIC_FUZZ", "1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        test = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        chosen = getattr(test, "_hypothesis_internal_use_settings", None)
        if chosen is not None:
            test._hypothesis_internal_use_settings = settings(chosen, max_examples=chosen.max_examples * TIMES)
