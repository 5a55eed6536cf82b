"""The registry follows what the sources list, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemorySource
from syndic.discovery.follow_listing import seen
from syndic.errors import UnavailableError
from syndic.models import EndpointVariant, Presence, WindowLength
from syndic.records import list_models, model_record
from tests.unit.discovery.makers import DAY, NOW, World, endpoint


def presences(world: World) -> dict[str, Presence]:
    return {model.name: model.presence for model in list_models(world.store)}


def test_a_new_endpoint_is_registered_with_what_its_tags_say() -> None:
    world = World(endpoint(tags={"syndic:owner": "a@example.org", "syndic:window": "month", "team": "x"}))
    report = world.run()
    assert report.registered == (world.endpoint.model_id,)
    assert world.model.owner == "a@example.org"
    assert world.model.window is WindowLength.MONTH
    assert world.model.endpoint == world.endpoint
    assert world.model.tags["team"] == "x"
    assert world.model.capture_schema is None
    assert world.audit.actions == ["model.registered"]
    (event,) = world.bus.of("ModelsDiscovered")
    assert event.registered == report.registered


def test_a_model_is_listed_like_every_other() -> None:
    world = World(endpoint())
    world.run()
    assert [record.key for record in world.store.query("models.cloud.aws.by_name").records] == [
        model_record(world.model).key
    ]


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("syndic:owner", "nobody"),
        ("syndic:owner", "a@example.org\r\nBcc: b@example.org"),
        ("syndic:window", "fortnight"),
        ("syndic:labels", "/etc/passwd"),
        ("syndic:labels", "s3://bucket/../other"),
        ("syndic:labels", "file:///etc/passwd"),
        ("syndic:label-delay", "soon"),
    ],
)
def test_a_tag_that_is_not_understood_is_said_and_left_out(tag: str, value: str) -> None:
    world = World(endpoint(tags={tag: value}))
    report = world.run()
    assert tag in world.notes(report)
    assert world.model.owner is None
    assert world.model.window is WindowLength.DAY
    assert world.model.endpoint == world.endpoint


def test_the_place_of_ground_truth_comes_from_a_tag() -> None:
    world = World(endpoint(tags={"syndic:labels": "s3://labels/car-loan/"}))
    world.run()
    assert world.model.endpoint is not None
    assert world.model.endpoint.capture is not None
    assert world.model.endpoint.capture.labels_uri == "s3://labels/car-loan"


def test_a_changed_fact_is_taken_over_and_told_by_name() -> None:
    world = World(endpoint())
    world.run()
    world.source.listed = [endpoint(status="Updating", variants=(EndpointVariant(name="blue"),))]
    report = world.run()
    assert report.changed == (world.endpoint.model_id,)
    assert world.model.endpoint == world.endpoint
    assert world.audit.entries[-1].action == "model.changed"
    assert world.audit.entries[-1].details == {"fields": ["endpoint.status", "endpoint.variants"]}


def test_a_persons_word_stands_until_the_tag_changes() -> None:
    world = World(endpoint())
    world.run()
    world.edit(owner="person@example.org", window=WindowLength.WEEK, name="Car loans", description="d")
    world.source.listed = [endpoint(status="Updating")]
    world.run()
    assert (world.model.owner, world.model.window) == ("person@example.org", WindowLength.WEEK)
    assert (world.model.name, world.model.description) == ("Car loans", "d")
    world.source.listed = [endpoint(tags={"syndic:owner": "new@example.org", "syndic:window": "day"})]
    world.run()
    assert (world.model.owner, world.model.window) == ("new@example.org", WindowLength.WEEK)


def test_a_second_run_writes_nothing() -> None:
    world = World(endpoint("a"), endpoint("b"))
    world.run()
    writes, told = world.store._writes, len(world.audit.entries)
    report = world.run()
    assert (world.store._writes, len(world.audit.entries)) == (writes, told)
    assert (report.registered, report.changed, report.gone) == ((), (), ())


def test_the_time_of_sight_is_kept_up_without_an_entry() -> None:
    world = World(endpoint())
    world.run()
    world.now += DAY
    report = world.run()
    assert world.model.last_seen_at == world.now
    assert world.model.registered_at == NOW
    assert report.changed == ()
    assert world.audit.actions == ["model.registered"]


def test_what_is_no_longer_listed_is_gone_and_may_return() -> None:
    world = World(endpoint("a"), endpoint("b"))
    world.run()
    both = world.source.listed
    world.source.listed = both[:1]
    report = world.run()
    assert report.gone == (both[1].model_id,)
    assert presences(world) == {"a": Presence.PRESENT, "b": Presence.GONE}
    assert world.run().gone == ()
    world.source.listed = both
    assert world.run().changed == (both[1].model_id,)
    assert presences(world) == {"a": Presence.PRESENT, "b": Presence.PRESENT}
    assert world.audit.actions == ["model.registered"] * 2 + ["model.gone", "model.changed"]


@pytest.mark.parametrize("before_refusal", [0, 1])
def test_a_source_that_cannot_be_read_says_nothing_about_what_exists(before_refusal: int) -> None:
    world = World(endpoint("a"), endpoint("b"))
    world.run()
    world.source.refuse, world.source.before_refusal = "AccessDenied: not authorised", before_refusal
    report = world.run()
    assert report.gone == ()
    assert "AccessDenied" in report.unavailable["sagemaker test"]
    assert len(report.unknown) == 2
    assert set(presences(world).values()) == {Presence.UNKNOWN}
    (event,) = world.bus.of("ModelsDiscovered")
    assert event.unavailable == report.unavailable
    world.run()
    assert world.audit.actions.count("source.unavailable") == 1
    world.source.refuse = None
    world.run()
    assert set(presences(world).values()) == {Presence.PRESENT}
    assert world.audit.actions.count("source.available") == 1


def test_half_a_listing_registers_nothing() -> None:
    world = World(endpoint("a"), endpoint("b"))
    world.source.refuse, world.source.before_refusal = "Throttling", 1
    assert world.run().registered == ()
    assert presences(world) == {}


def test_one_refused_source_does_not_keep_the_other_from_being_read() -> None:
    world = World()
    refused = MemorySource("a", refuse="no")
    other = MemorySource("b", [endpoint("b")])
    report = world.run(refused, other)
    assert report.registered == (other.listed[0].model_id,)
    assert list(report.unavailable) == ["a"]


def test_an_empty_listing_is_a_listing() -> None:
    world = World(endpoint("a"))
    world.run()
    world.source.listed = []
    assert len(world.run().gone) == 1


def test_models_of_other_origin_are_left_alone() -> None:
    world = World(endpoint("a"))
    hand_made = seen(endpoint("hand-made"), None, now=NOW)
    world.store.put(model_record(hand_made))
    world.run()
    assert presences(world)["hand-made"] is Presence.PRESENT


def test_no_audit_entry_is_lost_when_the_trail_is_down() -> None:
    world = World(endpoint("a"))
    world.audit.refuse = "down"
    with pytest.raises(UnavailableError):
        world.run()
    world.audit.refuse = None
    world.now += timedelta(minutes=5)
    world.run()
    assert world.audit.actions == ["model.registered"]
    assert [event.registered for event in world.bus.of("ModelsDiscovered")] == [(world.endpoint.model_id,)]


def test_a_model_missed_by_a_run_that_died_is_still_found_gone() -> None:
    world = World(endpoint("a"))
    world.bus.refuse = "down"
    with pytest.raises(UnavailableError):
        world.run()
    world.bus.refuse = None
    world.source.listed = []
    assert len(world.run().gone) == 1
