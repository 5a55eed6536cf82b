"""The walks that docs/index.md describes are the ones that calls take: each file once, and never back up.

A file of a walk is entered from one other file of it, by calls that follow an import. A call goes back up when a file
calls one that imports it. Calls that follow no import are of four kinds only: a loop calls the step that it is handed;
who is handed a port or a protocol calls what stands behind it; who is handed a function calls it; and a base class of
stores calls the single step that each of them supplies.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import grimp
import pytest

from syndic.checks.counting.counter import Counter, WindowCounts
from syndic.ports import AuditTrail, Store
from tests.edges.conftest import Context
from tests.edges.test_events import EVENTS, run
from tests.edges.world import World

ROOT = EVENTS.parent
GRAPH = grimp.build_graph("syndic", "functions", exclude_type_checking_imports=True)
LOOPS = {"syndic.records", "syndic.checks.keeping", "syndic.alerting.store", "functions.messages"}
"""The loop of conditional writes, the two files that hand their callers' steps on to it, and the loop of messages."""

FUNCTIONS = {"syndic.statistics.special", "syndic.drift.verdict.column", "syndic.audit.appending.inbox"}
"""Call a function that they are given: the one whose bound is sought, a column's learnt limits, calls of the store."""

BASES = {"syndic.adapters.singly"}
"""Base classes: what stores do record by record calls the single step of the store whose base it is."""

BEHIND: dict[str, type] = {
    "syndic.audit.log": AuditTrail,
    "functions.api.preconditions": Store,
    "syndic.checks.counting.window_counts": WindowCounts,
    "syndic.drift.count_window": Counter,
    "syndic.quality.count_rows": Counter,
    "syndic.bias.count_window": Counter,
}
"""Files outside the adapters that stand behind a port or a protocol: who is handed one does not know which it is."""

ROW = re.compile(r"\| ([a-z_]+/[a-z_]+) \|[^|]*\| (.+) \|")


def documented() -> dict[str, list[str]]:
    """Modules of each walk of docs/index.md, by its event."""
    found = ROW.findall((ROOT / "docs" / "index.md").read_text("utf-8"))
    walks = {event: re.findall(r"`([^`]+)`", files) for event, files in found}
    return {event: [file.removesuffix(".py").replace("/", ".") for file in files] for event, files in walks.items()}


WALKS = documented()


@cache
def _is_exempt(caller: str, called: str) -> bool:
    """Whether a call is of one of the four kinds that may go where no import leads."""
    handed = caller in LOOPS | FUNCTIONS | BASES or called in BEHIND
    return handed and called not in GRAPH.find_upstream_modules(caller)


class Walk:
    """What calls between the product's files do on the way through those that are described.

    Attributes:
        files: The files in the order in which calls first reach them.
        entered: The described files from which each described one is entered. What another file asks in between, the
            described one asks that called it.
        up: Calls of a file that imports the one that calls.
    """

    def __init__(self, described: Iterable[str] = ()) -> None:
        self.files: list[str] = []
        self.entered: dict[str, set[str]] = {}
        self.up: set[tuple[str, str]] = set()
        self._described = frozenset(described)
        self._names: dict[CodeType, str | None] = {}

    def __call__(self, frame: FrameType, event: str, _given: Any) -> None:
        if event != "call":
            return
        here = self._module(frame.f_code)
        if here is None:
            return
        if here not in self.files:
            self.files.append(here)
        above = self._above(frame)
        caller = next(above, here)
        if caller == here or frame.f_back is None:
            return
        resumed = frame.f_code.co_flags & inspect.CO_GENERATOR
        if not resumed and caller == self._module(frame.f_back.f_code) and caller in GRAPH.find_upstream_modules(here):
            self.up.add((caller, here))
        if here in self._described and not _is_exempt(caller, here):
            place = caller if caller in self._described else next((one for one in above if one in self._described), "")
            if place != here:
                self.entered.setdefault(here, set()).add(place)

    def _above(self, frame: FrameType) -> Iterator[str]:
        back = frame.f_back
        while back is not None:
            name = self._module(back.f_code)
            if name is not None:
                yield name
            back = back.f_back

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
    described = WALKS[event]
    walk = Walk(described)
    sys.setprofile(walk)
    try:
        run(path, case, context)
    finally:
        sys.setprofile(None)

    assert sorted(set(described)) == sorted(described), "each file once"
    assert [file for file in walk.files if file in described] == described
    assert not {file: sorted(places) for file, places in walk.entered.items() if len(places) > 1}
    assert not {(caller, called) for caller, called in walk.up if not _is_exempt(caller, called)}


@pytest.mark.parametrize(("file", "protocol"), BEHIND.items())
def test_what_stands_behind_a_protocol_does_all_that_it_says(file: str, protocol: type) -> None:
    wanted = {name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")}
    own = [
        one for _, one in inspect.getmembers(importlib.import_module(file), inspect.isclass) if one.__module__ == file
    ]

    assert wanted
    assert any(all(hasattr(one, name) for name in wanted) for one in own)


def test_each_kind_of_walk_is_described() -> None:
    assert {event.split("/")[0] for event in WALKS} >= {"drift", "quality", "bias", "compliance", "alerting", "api"}
