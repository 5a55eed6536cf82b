"""A store that an earlier release wrote is read, upgraded once, told once, and verified."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.changes import UNTOLD
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import statuses_of
from syndic.compliance.people.attest import list_attestations
from syndic.compliance.people.remediate import list_remediations
from syndic.drift.report.queries import get_baseline
from syndic.drift.report.queries import latest_report as latest_drift
from syndic.errors import InvalidInputError
from syndic.models import to_json
from syndic.ports import Key, Listing, Record
from syndic.quality.report.queries import latest_report as latest_quality
from syndic.records import get_model, iterate, list_evidence, list_models
from syndic.registry.approvals.requests import list_requests
from syndic.registry.deployments.store import list_deployments
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.queries import list_versions
from syndic.reports.jobs import list_jobs
from syndic.tasks.schedule.upgrading import KINDS, upgrade_records
from tests.edges.world import MODEL, NOW, World

RECORDED = Path(__file__).parents[2] / "golden" / "records" / "be4e8ea.json.gz"


def recorded(name: str) -> World:
    world = World()
    for partition, sort, body, listings in json.loads(gzip.decompress(RECORDED.read_bytes()))[name]:
        world.store.put(Record(Key(partition, sort), body, listings=tuple(Listing(*one) for one in listings)))
    return world


def actions(world: World) -> Counter[str]:
    return Counter(one.entry.action for one in list_entries(world.store, limit=500).entries)


def old(world: World) -> list[Record]:
    return [
        one for kind in KINDS for place in kind.listed_in for one in iterate(world.store, place) if kind.is_old(one)
    ]


def test_everything_that_was_recorded_is_read() -> None:
    world = recorded("checked")

    assert [model.id for model in list_models(world.store)] == [MODEL]
    assert get_model(world.store, MODEL).owner == "olga@example.org"
    assert {one.version for one in list_versions(world.store, MODEL)} == {"1", "7"}
    assert len(read_stages(world.store, MODEL).history) == 2
    assert [one.target.value for one in list_requests(world.store, MODEL, now=NOW)] == ["production"]
    assert len(list_deployments(world.store).deployments) == 1
    assert len(statuses_of(world.store, MODEL)) == 6
    assert {one.kind for one in list_evidence(world.store, MODEL)} >= {"drift.run", "bias.run", "quality.run"}
    assert len(list(list_attestations(world.store, MODEL))) == 1
    assert len(list(list_remediations(world.store, MODEL))) == 1
    assert get_baseline(MODEL, store=world.store).version == 1
    assert latest_drift(MODEL, store=world.store) is not None
    assert latest_quality(MODEL, store=world.store) is not None
    assert len(list_jobs(world.store)[0]) == 1
    assert verify(world.store).intact


@pytest.mark.parametrize("name", ["checked", "alerted", "judged", "watched"])
def test_records_are_upgraded_once(name: str) -> None:
    world = recorded(name)
    before = len(old(world))

    assert upgrade_records(world) == before > 0
    assert old(world) == []
    after = world.state()
    assert upgrade_records(world) == 0
    assert world.state() == after
    assert verify(world.store).intact
    assert not list(iterate(world.store, UNTOLD))


def test_no_more_than_asked_for_are_upgraded_in_one_run() -> None:
    world = recorded("judged")

    assert [upgrade_records(world, most=4), upgrade_records(world, most=4), len(old(world))] == [4, 2, 0]


def test_an_alert_that_was_left_untold_is_told_once() -> None:
    world = recorded("alerted")
    assert actions(world)["alert.opened"] == 1

    upgrade_records(world)
    upgrade_records(world)

    assert actions(world)["alert.opened"] == 2
    assert all("untold" not in record.body for record in iterate(world.store, "alerts"))


def test_news_of_compliance_that_was_left_untold_is_told_once_whoever_comes_first() -> None:
    left = recorded("judged")
    upgrade_records(left)
    assert actions(left)["compliance.changed"] == 6

    evaluated = recorded("judged")
    common: dict[str, Any] = {"store": evaluated.store, "audit": evaluated.audit, "bus": evaluated.bus, "now": NOW}
    evaluate_model(MODEL, **common)
    once, told = actions(evaluated), len(evaluated.bus.published)
    evaluate_model(MODEL, **common)
    upgrade_records(evaluated)
    assert (actions(evaluated), len(evaluated.bus.published)) == (once, told)
    # Beside what today's frameworks judge otherwise, each change that was left untold is told exactly once.
    assert [changes_of_compliance(evaluated).count(one) for one in changes_of_compliance(left)] == [1] * 6


def changes_of_compliance(world: World) -> list[str]:
    entries = [one.entry for one in list_entries(world.store, limit=500).entries]
    return [one.model_dump_json() for one in entries if one.action == "compliance.changed"]


def test_a_deployment_that_was_left_untold_is_told_once() -> None:
    world = recorded("watched")
    assert actions(world)["deployment.returning"] == 0

    upgrade_records(world)
    upgrade_records(world)

    assert actions(world)["deployment.returning"] == 1
    assert len(world.bus.of("FindingsChanged")) == 1


def test_a_record_of_a_later_release_is_refused_not_misread() -> None:
    world = recorded("alerted")
    record = next(iterate(world.store, "alerts.all"))
    world.store.put(Record(record.key, {**record.body, "schema": 99}, listings=record.listings))

    with pytest.raises(InvalidInputError, match="version 99 of alert; this release reads up to 3"):
        upgrade_records(world)


def test_what_is_written_now_has_the_present_version() -> None:
    world = recorded("checked")
    upgrade_records(world)

    for kind in KINDS:
        for record in (one for partition in kind.listed_in for one in iterate(world.store, partition)):
            assert record.body["schema"] == kind.schema.version == 2
            assert kind.rewritten(record).body == record.body
    kept = world.store.get(Key("models", MODEL))
    assert kept is not None
    assert holds(to_json(get_model(world.store, MODEL)), kept.body), "nothing that was written is lost"


def holds(whole: Any, part: Any) -> bool:
    """Whether all of a part is in a whole that has fields which were not known when the part was written."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(whole[name], it) for name, it in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)
