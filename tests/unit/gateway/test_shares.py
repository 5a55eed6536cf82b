"""Traffic between two versions: in steps, back again, and never against a stage that was changed by hand since."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from syndic.errors import ConflictError, NotFoundError
from syndic.gateway.inference_record import draw_of
from syndic.gateway.serving import Serving
from syndic.gateway.shares import GatewayTraffic
from syndic.gateway.state import read_state, standing_in
from syndic.registry.deployments.models import GATEWAY
from syndic.registry.models import Stage
from syndic.registry.promotion.promote import read_stages
from syndic.traffic import VariantChange
from tests.unit.gateway.served import World


def traffic_of(world: World) -> GatewayTraffic:
    def serving(model_id: str) -> tuple[str, object]:
        found = standing_in(read_stages(world.store, model_id), Stage.PRODUCTION)
        if found is None:
            raise NotFoundError("nothing serves")
        return found.version, found.since

    return GatewayTraffic(world.store, serving=serving, clock=lambda: world.now)  # type: ignore[arg-type]


def change_of(world: World, traffic: GatewayTraffic) -> VariantChange:
    seen = traffic.describe(GATEWAY + world.model_id)
    return VariantChange(
        endpoint=seen.endpoint, old_configuration=seen.configuration, old_variant=seen.variants[0].name,
        new_variant="2-abc", model_name="2", both_configuration="both", new_configuration="new",
    )  # fmt: skip


def answered(world: World, requests: int = 2_000) -> Counter[str]:
    serving = Serving(lambda model_id: read_state(world.store, model_id), clock=lambda: world.now)
    draws = (draw_of(f"request {n}") for n in range(requests))
    return Counter(serving.of(world.model_id, draw=draw).candidate.version for draw in draws)


def test_a_canary_shifts_in_steps_and_is_taken_back() -> None:
    world = World()
    traffic = traffic_of(world)
    change = change_of(world, traffic)
    assert answered(world) == {"1": 2_000}

    traffic.begin(change)
    traffic.begin(change)
    assert answered(world) == {"1": 2_000}
    for percent in (10, 50):
        traffic.weigh(change, percent=percent)
        assert answered(world)["2"] / 2_000 == pytest.approx(percent / 100, abs=0.03)
        assert traffic.describe(change.endpoint).share("2-abc") == pytest.approx(percent / 100)
    traffic.restore(change)

    assert answered(world) == {"1": 2_000}
    assert traffic.describe(change.endpoint).configuration == change.old_configuration


def test_a_finished_version_answers_alone_until_the_stage_is_changed_by_hand() -> None:
    world = World()
    traffic = traffic_of(world)
    change = change_of(world, traffic)
    traffic.begin(change)
    traffic.finish(change)
    assert answered(world) == {"2": 2_000}

    world.now += timedelta(hours=1)
    world.stages({"1": Stage.ARCHIVED, "2": Stage.PRODUCTION}, at=world.now)
    assert answered(world) == {"2": 2_000}
    world.now += timedelta(hours=1)
    world.stages({"1": Stage.PRODUCTION, "2": Stage.ARCHIVED}, at=world.now)

    assert answered(world) == {"1": 2_000}
    assert traffic.describe(change.endpoint).variants[0].name == "v-1"


def test_a_version_that_left_its_stage_gets_no_request_whatever_the_shares_say() -> None:
    world = World()
    traffic = traffic_of(world)
    change = change_of(world, traffic)
    traffic.begin(change)
    traffic.weigh(change, percent=50)

    world.stages({"1": Stage.PRODUCTION, "2": Stage.ARCHIVED}, at=world.now - timedelta(days=1))

    assert answered(world) == {"1": 2_000}


def test_what_another_deployment_left_is_not_changed() -> None:
    world = World()
    traffic = traffic_of(world)
    change = change_of(world, traffic)
    traffic.begin(change)
    other = VariantChange(
        endpoint=change.endpoint, old_configuration="elsewhere", old_variant="x", new_variant="y", model_name="2",
        both_configuration="other both", new_configuration="other new",
    )  # fmt: skip

    for ask in (lambda: traffic.begin(other), lambda: traffic.weigh(other, percent=10), lambda: traffic.finish(other)):
        with pytest.raises(ConflictError):
            ask()
    with pytest.raises(NotFoundError):
        traffic.describe("an endpoint of SageMaker")


@pytest.mark.parametrize("again", ["1", "2"])
def test_a_canary_that_was_left_behind_does_not_come_back_with_a_stage(again: str) -> None:
    world = World()
    traffic = traffic_of(world)
    change = change_of(world, traffic)
    traffic.begin(change)
    traffic.weigh(change, percent=50)
    world.now += timedelta(hours=1)
    world.stages({"3": Stage.PRODUCTION, "1": Stage.STAGING, "2": Stage.STAGING}, at=world.now)
    world.now += timedelta(hours=1)
    world.stages({"1": Stage.STAGING, "2": Stage.STAGING, again: Stage.PRODUCTION}, at=world.now)

    assert answered(world) == {again: 2_000}
    assert traffic.describe(change.endpoint).configuration == f"stage-{again}"
