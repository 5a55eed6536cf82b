"""What is kept over all models follows every change: after each route and function it is what reading everything gives.

A route or function that changes a model past the marks (`syndic.model_marks`) is found here by itself.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from azure_functions import wiring as azure_wiring
from functions import wiring
from syndic.compliance.person_index import PERSONS
from syndic.ports import Store
from syndic.projections import Projection, keep, values_of
from syndic.registry.overview import COUNTED, governance_overview, keep_overview
from tests.edges.cloning import cloned
from tests.edges.mirroring import SilentStore
from tests.edges.world import World
from tests.faults.cases import Case, functions_of_aws, functions_of_azure, routes
from tests.faults.faulty import Fault, FaultyWorld, Killed
from tests.proof import share

CHANGING = [case for case in routes() if not case.name.startswith("GET") and not case.name.endswith("with a key")]
EVERY = share([*CHANGING, *functions_of_aws(), *functions_of_azure()], 5)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wiring is replaced for one test only."""
    monkeypatch.setattr(wiring, "wired", wiring.wired)
    monkeypatch.setattr(azure_wiring, "wired", azure_wiring.wired)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(before)


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_no_change_of_a_model_is_missed(case: Case) -> None:
    base = cloned(case.world())
    for store in stores(base):
        for projection in (COUNTED, PERSONS):
            keep(projection, store, now=base.now())
    whole = FaultyWorld(cloned(base), Fault())
    case.send(whole)
    holds(whole.world)
    broken = FaultyWorld(cloned(base), Fault(whole.fault.calls // 2 + 1, "killed"))
    with contextlib.suppress(Killed):
        case.send(broken)
    holds(broken.world)


def holds(world: World) -> None:
    """Whether what is counted and indexed is what reading all anew gives."""
    for store in stores(world):
        for projection in (COUNTED, PERSONS):
            assert kept(projection, store, world) == read_anew(projection, store, world)
        told = keep_overview(store, now=world.now(), daily=True)
        assert told == governance_overview(store, now=world.now())


def stores(world: World) -> list[Store]:
    return [one for one in (world.store, world.azure and world.azure.store) if one and not isinstance(one, SilentStore)]


def kept(projection: Projection, store: Store, world: World) -> dict[str, Any] | None:
    assert keep(projection, store, now=world.now())
    return values_of(projection, store)


def read_anew(projection: Projection, store: Store, world: World) -> dict[str, Any] | None:
    fresh = replace(projection, form=projection.form + 1)
    assert keep(fresh, store, now=world.now())
    found = values_of(fresh, store)
    assert keep(projection, store, now=world.now())
    return found
