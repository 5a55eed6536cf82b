"""Every public statistic shows an example that runs, names its source, and is written once."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections import Counter
from types import FunctionType, ModuleType

import pytest

import syndic.statistics

MODULES = [
    importlib.import_module(f"syndic.statistics.{one.name}") for one in pkgutil.iter_modules(syndic.statistics.__path__)
]


def public(module: ModuleType) -> list[FunctionType]:
    found = [inspect.unwrap(one) for name, one in vars(module).items() if callable(one) and not name.startswith("_")]
    return [one for one in found if inspect.isfunction(one) and one.__module__ == module.__name__]


FUNCTIONS = [one for module in MODULES for one in public(module)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: f"{one.__module__.rsplit('.')[-1]}.{one.__name__}")
def test_its_example_runs_and_its_source_is_named(function: FunctionType) -> None:
    text = inspect.getdoc(function) or ""
    assert "Source:" in text
    (found,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__, globs=dict(function.__globals__))
    assert found.examples, "no example"
    result = doctest.DocTestRunner(verbose=False).run(found)
    assert (result.failed, result.attempted) == (0, len(found.examples))


def test_no_two_functions_have_one_name() -> None:
    assert [name for name, count in Counter(one.__name__ for one in FUNCTIONS).items() if count > 1] == []
    assert len(FUNCTIONS) > 35
