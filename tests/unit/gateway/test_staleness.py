"""How old what a server knows may be: while the registry is away the last state goes on, and nobody waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.errors import UnavailableError
from syndic.gateway.info import health_of, info_of
from syndic.gateway.keys import traffic_key
from syndic.gateway.serving import STALENESS, Serving
from syndic.gateway.shares import Shares, Variant
from syndic.gateway.state import ServingState, read_state
from syndic.models import to_json
from syndic.ports import Record
from syndic.registry.models import Stage
from syndic.serving.remote import reading_from
from tests.unit.gateway.served import World


class Registry:
    """Reads a world's state; away when told to, and then it takes its time."""

    def __init__(self, world: World) -> None:
        self.world, self.reads, self.away = world, 0, False

    def __call__(self, model_id: str) -> ServingState:
        self.reads += 1
        if self.away:
            self.world.now += timedelta(seconds=7)  # as a time limit passes
            raise UnavailableError("away")
        return read_state(self.world.store, model_id)


def test_while_the_registry_is_away_few_requests_wait_for_it_and_it_counts_again_once_it_is_back() -> None:
    world = World()
    registry = Registry(world)
    serving = Serving(registry, clock=lambda: world.now)
    serving.of(world.model_id)
    registry.away = True
    world.now += STALENESS
    for _ in range(200):
        assert serving.of(world.model_id).candidate.version == "1"
        world.now += timedelta(milliseconds=50)
    assert registry.reads - 1 <= 3  # 200 requests in 10 seconds

    registry.away = False
    world.stages({"2": Stage.PRODUCTION})
    world.now += Serving.PAUSE
    assert serving.is_old(world.model_id)
    assert serving.of(world.model_id).candidate.version == "2"
    assert not serving.is_old(world.model_id)

    registry.away = True
    world.now += Serving.GRACE
    with pytest.raises(UnavailableError):
        serving.of(world.model_id)


def test_a_state_grows_as_old_as_was_said_and_no_older_where_the_registry_answers() -> None:
    world = World()
    serving = Serving(Registry(world), clock=lambda: world.now, staleness=timedelta(seconds=1))
    serving.of(world.model_id)
    world.stages({"2": Stage.PRODUCTION})
    world.now += timedelta(seconds=1)
    assert serving.of(world.model_id).candidate.version == "2"


def test_a_state_that_is_none_of_ours_is_as_one_that_cannot_be_read() -> None:
    class Newer:
        def get(self, _path: str) -> object:
            return {"model_id": "m", "of a later version": True}

    with pytest.raises(UnavailableError, match="cannot be read"):
        reading_from(Newer())("m")  # type: ignore[arg-type]


def test_what_serves_says_the_version_that_answers_most() -> None:
    world = World()
    variants = (Variant(name="v-1", version="1", weight=0.1), Variant(name="v-2", version="2", weight=0.9))
    shares = Shares(model_id=world.model_id, configuration="both", variants=variants, changed_at=world.now)
    world.store.put(Record(traffic_key(world.model_id), to_json(shares)))

    assert info_of(world.gateway.serving, world.model_id).model_version == "2"
    assert health_of(world.gateway.serving, world.model_id).model_version == "2"
