"""The walks that docs/index.md describes are the ones that calls take: each file once, and never back up.

A walk goes back up when a file calls one that imports it. That happens in four ways only: a conditional write is tried
again with what changed meanwhile, so whoever writes hands the loop a step that it calls; who is handed a port calls
what stands behind it; a numerical method calls the function whose value it seeks; and a base class of stores calls the
single step that each of them supplies.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import grimp
import pytest

from syndic import ports
from tests.edges.conftest import Context
from tests.edges.test_events import EVENTS, run
from tests.edges.world import World

ROOT = EVENTS.parent
GRAPH = grimp.build_graph("syndic", "functions", exclude_type_checking_imports=True)
LOOPS = {"syndic.records", "syndic.checks.keeping", "syndic.alerting.store"}
"""The loop of conditional writes, and the two files that hand their callers' steps on to it."""

METHODS = {"syndic.statistics.special"}
"""Numerical methods: `chernoff` tries the bound that it is given."""

BASES = {"syndic.adapters.singly"}
"""Base classes: what stores do record by record calls the single step of the store whose base it is."""

GIVEN = {
    ("syndic.drift.verdict.column", "syndic.drift.verdict.limits"),
    ("syndic.audit.inbox", "syndic.audit.sequencer"),
}
"""Asks the limits that it is given, by a protocol of its own; makes the calls of the store that it is given."""

PORTS = {"syndic.audit.log": "AuditTrail", "functions.api.preconditions": "Store"}
"""Files outside the adapters that stand behind a port, by the port: whoever is handed one does not know which it is."""

ROW = re.compile(r"\| ([a-z_]+/[a-z_]+) \|[^|]*\| (.+) \|")


def documented() -> dict[str, list[str]]:
    """Modules of each walk of docs/index.md, by its event."""
    found = ROW.findall((ROOT / "docs" / "index.md").read_text("utf-8"))
    walks = {event: re.findall(r"`([^`]+)`", files) for event, files in found}
    return {event: [file.removesuffix(".py").replace("/", ".") for file in files] for event, files in walks.items()}


WALKS = documented()


class Walk:
    """The product's files in the order in which calls first reach them, and the calls that go back up."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.up: set[tuple[str, str]] = set()
        self._names: dict[CodeType, str | None] = {}

    def __call__(self, frame: FrameType, event: str, _given: Any) -> None:
        if event != "call":
            return
        here = self._module(frame.f_code)
        if here is None:
            return
        if here not in self.files:
            self.files.append(here)
        there = self._module(frame.f_back.f_code) if frame.f_back else None
        resumed = frame.f_code.co_flags & inspect.CO_GENERATOR
        if there is not None and there != here and not resumed and there in GRAPH.find_upstream_modules(here):
            self.up.add((there, here))

    def _module(self, code: CodeType) -> str | None:
        if code not in self._names:
            path = Path(code.co_filename)
            inside = path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv")
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("shared.") if inside else ""
            name = name.removesuffix(".__init__")
            self._names[code] = name if name in GRAPH.modules else None
        return self._names[code]


@pytest.mark.parametrize("event", WALKS)
def test_a_walk_is_as_it_is_described(event: str, wire: Callable[[str], World], context: Context) -> None:
    path = EVENTS / f"{event}.json"
    case = json.loads(path.read_text())
    wire(case["world"])
    importlib.import_module(f"functions.{path.parent.name}.{case.get('handler', 'handler')}")
    walk = Walk()
    sys.setprofile(walk)
    try:
        run(path, case, context)
    finally:
        sys.setprofile(None)

    described = WALKS[event]
    assert sorted(set(described)) == sorted(described), "each file once"
    assert [file for file in walk.files if file in described] == described
    lent = LOOPS | METHODS | BASES
    up = {(caller, callee) for caller, callee in walk.up - GIVEN if caller not in lent and callee not in PORTS}
    assert not up


@pytest.mark.parametrize(("file", "port"), PORTS.items())
def test_what_stands_behind_a_port_does_all_that_the_port_says(file: str, port: str) -> None:
    protocol = getattr(ports, port)
    wanted = {name for name in dir(protocol) if not name.startswith("_")}
    own = [
        one for _, one in inspect.getmembers(importlib.import_module(file), inspect.isclass) if one.__module__ == file
    ]

    assert wanted
    assert any(all(hasattr(one, name) for name in wanted) for one in own)


def test_each_kind_of_walk_is_described() -> None:
    assert {event.split("/")[0] for event in WALKS} >= {"drift", "quality", "bias", "compliance", "alerting", "api"}
