"""What the mirror carries, and what it never does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.alerting.alerts import list_alerts
from syndic.audit.verification.trail import verify
from syndic.bias.policy.kept import get_policy as get_bias_policy
from syndic.compliance.evaluation.queries import statuses_of
from syndic.drift.report.queries import get_baseline, history, latest_report
from syndic.mirror.rules import GOVERNED, OBSERVED
from syndic.models import CheckRequested, Cloud, EvidenceChanged, Presence, RegisteredModel, TimeWindow, to_json
from syndic.ports import Key, Record
from syndic.records import get_model, iterate, list_evidence, list_models, model_key, model_record
from syndic.registry.versions.versions import change_model
from tests.unit.mirror.two_clouds import DAY, ENDPOINT, MODEL, NOW, QUIET, SHIFTED, TwoClouds, found, governed


@pytest.fixture
def checked() -> TwoClouds:
    world = governed()
    world.settle()
    return world


def test_a_model_that_azure_discovered_is_known_in_aws() -> None:
    world = found()

    report = world.meet()

    assert get_model(world.aws.store, MODEL).endpoint == ENDPOINT
    assert report.pulled.complete
    assert report.pushed.complete
    assert report.unavailable is None


def test_what_people_decide_in_aws_governs_the_checks_in_azure(checked: TwoClouds) -> None:
    assert get_model(checked.azure.store, MODEL).domain == "credit"
    assert get_bias_policy(MODEL, store=checked.azure.store) == get_bias_policy(MODEL, store=checked.aws.store)
    assert checked.azure.store.get(Key(f"bias.{MODEL}", f"prediction.{TimeWindow(start=QUIET, end=SHIFTED).key}"))


def test_reports_evidence_alerts_and_states_are_in_aws(checked: TwoClouds) -> None:
    store = checked.aws.store
    report = latest_report(MODEL, store=store)

    assert report == latest_report(MODEL, store=checked.azure.store)
    assert report is not None
    assert report.drifted == ("amount",)
    assert len(history(MODEL, store=store, limit=10).points) == 2
    assert {one.kind for one in list_evidence(store, MODEL)} >= {
        "drift.run",
        "quality.run",
        "bias.run",
        "capture.config",
    }
    assert get_baseline(MODEL, store=store).set_by == "ada"
    assert {alert.model_id for alert in list_alerts(store, now=NOW, model_id=MODEL).alerts} == {MODEL}
    assert statuses_of(store, MODEL)
    assert verify(store).intact


def test_no_captured_row_and_no_archived_object_crosses(checked: TwoClouds) -> None:
    marker = "20260303-77"  # the id of a captured event: in every captured line, in no aggregate
    assert marker in "".join(data.decode() for data, _ in checked.azure.captures._objects.values())

    crossed = [checked.aws.raw.get(key) for key in checked.aws.raw._kept]

    assert marker not in json.dumps([record.body for record in crossed])
    assert list(checked.azure.archive.list("baselines/"))
    assert list(checked.aws.archive.list("")) == []


def test_meeting_again_writes_nothing(checked: TwoClouds) -> None:
    checked.later(timedelta(minutes=5))
    again = checked.meet()
    checked.later(timedelta(minutes=30))
    checked.meet()
    checked.later(timedelta(minutes=5))
    settled = checked.meet()

    assert (again.pulled.written, again.pushed.written, again.pulled.events, again.pushed.events) == (0, 0, 0, 0)
    assert (settled.pulled.looked_at, settled.pushed.looked_at) == (0, 0)


def test_checks_are_done_where_the_traffic_is(checked: TwoClouds) -> None:
    request = CheckRequested(check="drift", model_id=MODEL, window=TimeWindow(start=SHIFTED, end=SHIFTED + DAY))
    checked.aws.bus.published.clear()
    checked.azure.bus.published.clear()

    checked.aws.telling.publish([request, request])
    assert checked.aws.bus.published == []
    checked.meet()
    checked.meet()

    assert checked.azure.bus.published == [request]


def test_discovery_in_aws_leaves_azures_models_alone(checked: TwoClouds) -> None:
    before = get_model(checked.aws.store, MODEL)
    checked.aws.captures.refuse = "must not be listed"

    report = checked.aws.discover()
    checked.aws.source.refuse = "access denied"
    missed = checked.aws.discover()

    assert (report.gone, report.unknown, report.requested, report.notes) == ((), (), 0, ())
    assert (missed.gone, missed.unknown, missed.requested, missed.notes) == ((), (), 0, ())
    assert get_model(checked.aws.store, MODEL) == before


def test_an_endpoint_that_goes_in_azure_is_gone_in_aws_and_keeps_its_profile(checked: TwoClouds) -> None:
    checked.azure.source.listed.clear()
    checked.azure.discover()
    checked.meet()

    model = get_model(checked.aws.store, MODEL)
    assert model.presence is Presence.GONE
    assert model.domain == "credit"


def test_a_model_changed_on_both_sides_is_merged_by_field(checked: TwoClouds) -> None:
    change_model(MODEL, {"owner": "grace@example.org"}, actor="ada", **checked.aws.common)
    checked.azure.source.listed[:] = [ENDPOINT.model_copy(update={"status": "Updating"})]
    checked.azure.discover()

    checked.meet()

    for side in (checked.aws.store, checked.azure.store):
        model = get_model(side, MODEL)
        assert model.owner == "grace@example.org"
        assert model.endpoint is not None
        assert model.endpoint.status == "Updating"


def test_a_changed_tag_sets_the_owner_and_a_persons_word_stands_until_then(checked: TwoClouds) -> None:
    change_model(MODEL, {"owner": "grace@example.org"}, actor="ada", **checked.aws.common)
    checked.meet()
    checked.azure.discover()
    checked.meet()
    assert get_model(checked.aws.store, MODEL).owner == "grace@example.org"

    checked.azure.source.listed[:] = [ENDPOINT.model_copy(update={"tags": {"syndic:owner": "kim@example.org"}})]
    checked.azure.discover()
    checked.meet()

    assert get_model(checked.aws.store, MODEL).owner == "kim@example.org"
    assert get_model(checked.azure.store, MODEL).owner == "kim@example.org"


def test_every_field_of_a_model_has_one_owner() -> None:
    assert set(RegisteredModel.model_fields) == GOVERNED | OBSERVED
    assert not GOVERNED & OBSERVED


def test_azure_cannot_change_what_is_not_its_own(checked: TwoClouds) -> None:
    own = get_model(checked.aws.store, MODEL).model_copy(
        update={"id": "credit-1", "cloud": Cloud.AWS, "endpoint": None}
    )
    checked.aws.raw.put(Record(model_key("credit-1"), to_json(own)))
    for number, key in enumerate((Key(f"model.{MODEL}", "policy.drift"), Key("drift.credit-1", "x"))):
        checked.azure.store.put(Record(key, {"forged": True}))
        row = {"partition": key.partition, "sort": key.sort}
        checked.azure.store.put(Record(Key("changes", f"20990101T000000.00000{number}Z.0000000000000000"), row))

    report = checked.meet()

    assert len(report.pulled.left_out) == 2
    assert checked.aws.raw.get(Key(f"model.{MODEL}", "policy.drift")) is None
    assert checked.aws.raw.get(Key("drift.credit-1", "x")) is None


@pytest.mark.parametrize("skew", [timedelta(hours=-3), timedelta(hours=3)], ids=["slow", "fast"])
def test_clocks_need_not_agree(skew: timedelta) -> None:
    world = governed(skew=skew)
    world.settle()
    checked = governed()
    checked.settle()

    assert latest_report(MODEL, store=world.aws.store) is not None
    assert (
        history(MODEL, store=world.aws.store).points[0].verdict
        == history(MODEL, store=checked.aws.store).points[0].verdict
    )


def test_a_change_that_was_noted_and_made_later_is_not_missed() -> None:
    world = found()
    world.meet()
    slow = Record(Key(f"drift.{MODEL}", "slow"), {"late": True})
    put, made = world.azure.store.put, []

    def noted_only(record: Record, *, expect: str | None = None) -> Record:
        made.append((record, expect))
        return record

    world.azure.store.put = noted_only  # type: ignore[method-assign]
    world.azure.own.put(slow)
    world.azure.store.put = put  # type: ignore[method-assign]
    world.later(timedelta(minutes=1))
    world.azure.own.put(Record(Key(f"drift.{MODEL}", "quick"), {}))
    world.meet()
    assert world.aws.raw.get(slow.key) is None
    put(made[0][0])
    world.later(timedelta(minutes=15))
    world.meet()

    assert world.aws.raw.get(slow.key) is not None


def test_a_receiver_that_lost_its_records_is_given_everything(checked: TwoClouds) -> None:
    report = latest_report(MODEL, store=checked.aws.store)
    for key in list(checked.azure.store._kept):  # changes that are long removed
        if key.partition == "changes":
            checked.azure.store.delete(key)
    checked.aws.raw = MemoryStore()
    del checked.aws.store, checked.aws.telling

    checked.meet()

    assert latest_report(MODEL, store=checked.aws.store) == report


def test_old_changes_are_removed_after_they_were_passed(checked: TwoClouds) -> None:
    before = len(checked.azure.store.query("changes", limit=100).records)
    checked.later(timedelta(days=36))
    checked.meet()
    assert len(checked.azure.store.query("changes", limit=100).records) == before

    checked.azure.discover()
    checked.meet()

    left = checked.azure.store.query("changes", limit=100).records
    assert 0 < len(left) < before
    assert all(record.key.sort > f"{NOW + 30 * DAY:%Y%m%d}" for record in left)


def test_a_long_backlog_is_taken_in_portions_and_events_wait_for_its_end() -> None:
    world = found()
    world.meet()
    for number in range(450):
        world.azure.own.put(Record(Key(f"drift.{MODEL}", f"w{number:03}"), {"number": number}))
    world.azure.telling.publish([EvidenceChanged(model_id=MODEL, kinds=("drift.run",))])
    world.aws.bus.published.clear()

    reports = [world.meet(most=150)]
    while not reports[-1].pulled.complete:
        assert world.aws.bus.published == []
        reports.append(world.meet(most=150))

    assert len(reports) >= 3
    assert len(world.aws.bus.published) == 1
    assert world.aws.raw.get(Key(f"drift.{MODEL}", "w449")) is not None


def test_a_note_by_a_broken_clock_does_not_hide_later_ones(checked: TwoClouds) -> None:
    checked.azure.skew = timedelta(days=400)
    checked.azure.own.put(Record(Key(f"drift.{MODEL}", "far"), {}))
    checked.meet()
    checked.azure.skew = timedelta(0)
    checked.later(timedelta(hours=1))
    checked.azure.own.put(Record(Key(f"drift.{MODEL}", "next"), {}))

    checked.meet()

    assert checked.aws.raw.get(Key(f"drift.{MODEL}", "far")) is not None
    assert checked.aws.raw.get(Key(f"drift.{MODEL}", "next")) is not None


def test_a_record_that_is_refused_keeps_no_other_away_and_is_tried_again(checked: TwoClouds) -> None:
    newer = {**to_json(get_model(checked.azure.store, MODEL)), "id": "newer-1", "field_of_tomorrow": 1}
    checked.azure.own.put(Record(model_key("newer-1"), newer))
    checked.azure.own.put(Record(Key(f"drift.{MODEL}", "next"), {}))
    report = checked.meet()

    assert [one.sort for one in report.pulled.left_out] == ["newer-1"]
    assert checked.aws.raw.get(Key(f"drift.{MODEL}", "next")) is not None
    assert checked.meet().pulled.left_out == report.pulled.left_out

    del newer["field_of_tomorrow"]
    checked.azure.store.put(Record(model_key("newer-1"), newer))  # not noted: the mark remembers it
    assert checked.meet().pulled.left_out == ()
    assert checked.aws.raw.get(model_key("newer-1")) is not None


def test_a_removed_record_is_removed_on_the_other_side(checked: TwoClouds) -> None:
    key = Key(f"drift.{MODEL}", "gone")
    checked.azure.own.put(Record(key, {}))
    checked.meet()
    assert checked.aws.raw.get(key) is not None
    checked.azure.own.delete(key)
    checked.meet()

    assert checked.aws.raw.get(key) is None


def test_everything_is_copied_in_portions_too(checked: TwoClouds) -> None:
    report = latest_report(MODEL, store=checked.aws.store)
    world = TwoClouds(azure=checked.azure)

    portions = [world.meet(most=3)]
    while not portions[-1].pulled.complete:
        assert len(portions) < 50
        portions.append(world.meet(most=3))

    assert len(portions) > 3
    assert latest_report(MODEL, store=world.aws.store) == report


def test_a_long_partition_is_copied_in_portions_that_end() -> None:
    filled = found()
    for number in range(450):
        filled.azure.own.put(Record(Key(f"drift.{MODEL}", f"w{number:03}"), {"number": number}))
    for key in list(filled.azure.store._kept):  # changes that are long removed
        if key.partition == "changes":
            filled.azure.store.delete(key)
    world = TwoClouds(azure=filled.azure)

    portions = [world.meet(most=150)]
    while not portions[-1].pulled.complete:
        assert len(portions) < 20
        portions.append(world.meet(most=150))

    assert len(portions) > 2
    assert all(one.pulled.looked_at < 150 + 101 for one in portions)
    assert len(list(iterate(world.aws.raw, f"drift.{MODEL}"))) == 450


def test_models_of_aws_are_no_business_of_azures() -> None:
    world = found()
    for cloud in (Cloud.AWS, Cloud.AZURE):  # the second was imported from a registry in Azure and runs nowhere
        model = RegisteredModel(id=f"of-{cloud}", name="m", cloud=cloud, registered_at=NOW)
        world.aws.store.put(model_record(model))

    report = world.meet()

    assert report.pushed.left_out == ()
    assert [model.id for model in list_models(world.azure.store)] == [MODEL]
