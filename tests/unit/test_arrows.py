"""The import graph has no circle, neither of modules nor of folders at any depth: every path through it ends."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PRODUCT = ("syndic", "functions", "azure_functions", "cdk")


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    # Its cache goes by the times of files, which a checkout may set back.
    graph = grimp.build_graph(*PRODUCT, exclude_type_checking_imports=True, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def circle(arrows: Mapping[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_no_module_reaches_itself(imports: dict[str, set[str]]) -> None:
    assert circle(imports) is None


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_no_folder_reaches_itself_through_another(imports: dict[str, set[str]], depth: int) -> None:
    def folder(module: str) -> str:
        return ".".join(module.split(".")[:depth])

    arrows: dict[str, set[str]] = {}
    for module, others in imports.items():
        for other in others:
            one, two = folder(module), folder(other)
            if not f"{one}.".startswith(f"{two}.") and not f"{two}.".startswith(f"{one}."):
                arrows.setdefault(one, set()).add(two)
    assert circle(arrows) is None


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) is not None
