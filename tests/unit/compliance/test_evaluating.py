"""Evaluating models: written once, told once, complete after a crash, the same in any order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus
from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_all, evaluate_model
from syndic.compliance.evaluation.queries import counts_of, history, portfolio, status_of, statuses_of
from syndic.errors import NotFoundError, StaleWriteError, UnavailableError
from syndic.models import EvidenceChanged, EvidenceStatus, FindingsChanged, Presence, Severity, to_json
from syndic.ports import Record
from syndic.records import evidence_key, list_evidence, model_key, put_evidence
from syndic.reports.jobs import request_report
from syndic.reports.models import ReportFormat, ReportRequest
from syndic.tasks import reports
from tests.edges.world import World
from tests.unit.compliance.conftest import FACTS


@pytest.fixture
def run(store, audit, bus, now):
    def evaluate(model_id, at=now):
        return {it.framework_id: it for it in evaluate_model(model_id, store=store, audit=audit, bus=bus, now=at)}

    return evaluate


def findings(bus):
    return [item for event in bus.published if isinstance(event, FindingsChanged) for item in event.findings]


def test_a_model_nobody_knows_is_not_found(run):
    with pytest.raises(NotFoundError):
        run("nobody-000000")


def test_without_evidence_nothing_is_met_and_nothing_is_contradicted(run, register):
    statuses = run(register().id)
    assert set(statuses) == set(built_in())
    for status in statuses.values():
        assert status.met == 0
        assert status.blocking == ()
        assert status.counts["not_met"] == 0
        assert sum(status.counts.values()) == len(status.requirements)


def test_every_state_has_a_reason_in_words_and_met_ones_have_evidence(run, register, keep, everything):
    model = register()
    for compiled in built_in().values():
        keep(everything(compiled))
    for status in run(model.id).values():
        for item in status.requirements:
            assert item.reason.endswith((".", "!", "?")), item.reason
            if item.state is State.MET:
                assert item.evidence
                assert all(len(reference.sha256) == 64 and not reference.stale for reference in item.evidence)


def test_the_second_run_writes_nothing_and_tells_nothing(run, register, keep, everything, store, audit, bus, now):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    first = run(model.id)
    told, entries = len(bus.published), len(audit.entries)
    etags = {key: store.get(key).etag for key in [_key(model.id, it) for it in first]}
    second = run(model.id, now + timedelta(hours=1))
    assert second == first
    assert (len(bus.published), len(audit.entries)) == (told, entries)
    assert {key: store.get(key).etag for key in etags} == etags


def _key(model_id, framework_id):
    from syndic.records import status_key

    return status_key(model_id, framework_id)


def test_a_contradicted_blocking_requirement_is_found_once_and_cleared_when_it_is_met(
    run, register, keep, everything, evidence, store, bus, now
):
    model = register()
    keep(everything(built_in()["gdpr"]))
    run(model.id)
    assert findings(bus) == []
    later = now + timedelta(hours=1)
    bad = {**evidence("classification.processing").facts, "special_condition": None, "solely_automated": False}
    put_evidence(store, evidence("classification.processing", at=later, facts=bad))
    status = run(model.id, later)["gdpr"]
    assert status.blocking == ("GDPR-9",)
    (found,) = findings(bus)
    assert (found.subject, found.measure, found.severity) == ("GDPR-9", "gdpr", Severity.HIGH)
    assert "contradicted by the evidence" in found.title
    run(model.id, later + timedelta(hours=1))
    assert len(findings(bus)) == 1
    put_evidence(store, evidence("classification.processing", at=later + timedelta(hours=2)))
    run(model.id, later + timedelta(hours=3))
    assert [item.severity for item in findings(bus)] == [Severity.HIGH, Severity.NONE]
    assert len({item.subject_key for item in findings(bus)}) == 1
    assert len({item.id for item in findings(bus)}) == 2


def test_what_is_not_yet_in_force_raises_no_finding(run, register, keep, everything, evidence, store, bus, now):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    lacks = {**FACTS["vendors.agreements"], "without_supply_agreement": ["v-1"]}
    put_evidence(store, evidence("vendors.agreements", at=now, status=EvidenceStatus.FAILING, facts=lacks))
    state = {it.requirement_id: it for it in run(model.id)["eu_ai_act"].requirements}["AIA-25(4)"]
    assert (state.state, state.if_in_force) == (State.NOT_YET_IN_FORCE, State.NOT_MET)
    assert not [item for item in findings(bus) if item.measure == "eu_ai_act"]


def test_history_keeps_what_changed_newest_first(run, register, keep, everything, evidence, store, now):
    model = register()
    run(model.id)
    keep(everything(built_in()["soc2"]))
    run(model.id, now + timedelta(hours=1))
    entries = history(store, model.id, "soc2")
    assert [entry.at for entry in entries] == [now + timedelta(hours=1), now]
    assert entries[0].changes["SOC2-CC4"] == (State.INSUFFICIENT_EVIDENCE, State.MET)
    assert entries[1].changes["SOC2-CC4"] == (None, State.INSUFFICIENT_EVIDENCE)


def test_fresh_evidence_that_changes_no_state_is_kept_but_makes_no_history(
    run, register, keep, everything, evidence, store, now
):
    model = register()
    keep(everything(built_in()["soc2"]))
    run(model.id)
    put_evidence(store, evidence("drift.run", at=now, summary="again nothing"))
    later = now + timedelta(days=1)
    assert run(model.id, later)["soc2"].evaluated_at == later
    assert len(history(store, model.id, "soc2")) == 1


@pytest.mark.parametrize("broken", ["audit", "bus"])
def test_a_run_that_ends_before_it_told_is_completed_by_the_next(
    broken, register, keep, everything, evidence, store, now
):
    model = register()
    keep(everything(built_in()["gdpr"]))
    put_evidence(
        store,
        evidence(
            "classification.processing",
            at=now,
            facts={**evidence("classification.processing").facts, "special_condition": None, "solely_automated": False},
        ),
    )

    class DeadAudit:
        def take(self, _):
            raise UnavailableError("the store did not answer")

    audit, bus = MemoryAudit(), MemoryBus()
    if broken == "bus":
        bus.refuse = "no answer"
    with pytest.raises(UnavailableError):
        evaluate_model(model.id, store=store, audit=DeadAudit() if broken == "audit" else audit, bus=bus, now=now)
    assert findings(bus) == []
    bus.refuse = None
    evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now + timedelta(minutes=5))
    assert {item.subject for item in findings(bus)} == {"GDPR-9"}
    assert any(entry.details["framework"] == "gdpr" for entry in audit.entries)
    count = len(bus.published)
    evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now + timedelta(minutes=6))
    assert len(bus.published) == count


def test_a_rival_run_is_noticed_and_the_newer_evidence_wins(
    register, keep, everything, evidence, store, audit, bus, now
):
    model = register()
    keep(everything(built_in()["soc2"]))

    class Rival:
        """Another run that writes between this one's reading and writing, once."""

        def __init__(self):
            self.done = False

        def __getattr__(self, name):
            return getattr(store, name)

        def put_together(self, writes):
            if not self.done:
                self.done = True
                put_evidence(
                    store, evidence("quality.performance", at=now, status=EvidenceStatus.FAILING, summary="below")
                )
                evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
            return store.put_together(writes)

    statuses = evaluate_model(model.id, store=Rival(), audit=audit, bus=bus, now=now)
    soc2 = next(it for it in statuses if it.framework_id == "soc2")
    assert next(it for it in soc2.requirements if it.requirement_id == "SOC2-PI1").state is State.NOT_MET
    assert status_of(store, model.id, "soc2") == soc2


def test_a_store_that_never_agrees_is_an_error_not_a_loop(register, store, audit, bus, now):
    model = register()

    class Contested:
        def __getattr__(self, name):
            return getattr(store, name)

        def put_together(self, writes):
            raise StaleWriteError("somebody was faster")

    with pytest.raises(StaleWriteError):
        evaluate_model(model.id, store=Contested(), audit=audit, bus=bus, now=now)


def test_the_state_is_the_same_whatever_the_order_of_evidence(run, register, everything, store, now):
    model = register()
    items = everything(built_in()["iso_42001"])
    for item in items:
        put_evidence(store, item)
    first = run(model.id)["iso_42001"]
    for item in items:
        store.delete(evidence_key(item.model_id, item.kind))
    assert not list(list_evidence(store, model.id))
    run(model.id, now + timedelta(minutes=1))
    for item in reversed(items):
        put_evidence(store, item)
    again = run(model.id, now + timedelta(minutes=2))["iso_42001"]
    assert again.inputs_sha256 == first.inputs_sha256
    assert again.requirements == first.requirements


def test_all_models_are_evaluated_and_listed_by_framework(register, store, audit, bus, now):
    models = [register(), register("car-loan")]
    report = evaluate_all(store=store, audit=audit, bus=bus, now=now)
    assert (report.models, report.statuses, report.changed) == (2, 2 * len(built_in()), 2 * len(built_in()))
    assert {it.model_id for it in portfolio(store, "gdpr")} == {it.id for it in models}
    again = evaluate_all(store=store, audit=audit, bus=bus, now=now + timedelta(days=1))
    assert again.changed == 0
    assert len(statuses_of(store, models[0].id)) == len(built_in())


def test_counts_over_all_frameworks_follow_every_status(
    run, register, keep, everything, evidence, store, audit, bus, now
):
    model, other = register(), register("car-loan")
    assert counts_of(store, [model.id, other.id]) == {}

    def sums():
        statuses = statuses_of(store, model.id)
        assert len(statuses) == len(built_in())
        return {model.id: {state: sum(status.counts[state] for status in statuses) for state in State}}

    run(model.id)
    empty = counts_of(store, [model.id, other.id])
    assert empty == sums()
    keep(everything(built_in()["soc2"]))
    # Judged by one framework alone, the others still count.
    evaluate_model(
        model.id, store=store, audit=audit, bus=bus, now=now + timedelta(hours=1), frameworks=[built_in()["soc2"]]
    )
    assert counts_of(store, [model.id]) == sums() != empty
    assert len(history(store, model.id, "soc2")) == 2


def test_forty_frameworks_are_written_as_far_as_a_store_takes_them_together(register, store, audit, bus, now):
    model, soc2 = register(), built_in()["soc2"]
    many = [replace(soc2, framework=soc2.framework.model_copy(update={"id": f"own_{number}"})) for number in range(40)]
    evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now, frameworks=many)
    statuses = statuses_of(store, model.id)
    assert len(statuses) == 40
    counts = counts_of(store, [model.id])[model.id]
    assert counts == {state: 40 * statuses[0].counts[state] for state in State}


def test_models_beyond_the_first_ones_are_evaluated_by_messages(register, store, audit, bus, now):
    models = [register(name) for name in ("car-loan", "churn", "fraud", "triage")]
    gone = register("gone")
    store.put(Record(model_key(gone.id), to_json(gone.model_copy(update={"presence": Presence.GONE}))))
    report = evaluate_all(store=store, audit=audit, bus=bus, now=now, at_once=1)
    assert (report.models, report.handed_on, report.statuses) == (1, 3, len(built_in()))
    handed_on = [event.model_id for event in bus.published if isinstance(event, EvidenceChanged)]
    evaluated = {status.model_id for status in portfolio(store, "gdpr")}
    assert len(evaluated) == 1
    assert sorted([*evaluated, *handed_on]) == sorted(model.id for model in models)
    for model_id in handed_on:
        evaluate_model(model_id, store=store, audit=audit, bus=bus, now=now)
    assert {status.model_id for status in portfolio(store, "gdpr")} == {model.id for model in models}


def test_evidence_on_the_organisation_has_every_model_evaluated(register, store, audit, bus, now):
    models = [register(), register("car-loan")]
    assert evaluate_model("organisation", store=store, audit=audit, bus=bus, now=now) == ()
    assert all(statuses_of(store, model.id) for model in models)


def test_a_status_read_back_is_the_same_and_its_sums_are_computed_not_believed(run, register, store):
    model = register()
    status = run(model.id)["gdpr"]
    record = store.get(_key(model.id, "gdpr"))
    assert status_of(store, model.id, "gdpr") == status
    forged = {**record.body["status"], "met": 99, "counts": {"met": 99}}
    assert type(status).model_validate(forged).met == status.met


def test_no_status_carries_an_average(run, register):
    for status in run(register().id).values():
        assert not [name for name in status.model_dump() if "score" in name or "percent" in name or "average" in name]


def test_an_hour_like_the_hour_before_is_not_written_again_but_once_a_day_it_is(
    run, register, keep, everything, evidence, store, now
):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    first = run(model.id)["eu_ai_act"]

    def renewed(hours, kind="drift.run", **over):
        at = now + timedelta(hours=hours)
        kept = next(one for one in list_evidence(store, model.id) if one.kind == kind)
        put_evidence(store, kept.model_copy(update={"produced_at": at, "source": f"report-{hours}", **over}))
        assert run(model.id, at)["eu_ai_act"].evaluated_at == status_of(store, model.id, "eu_ai_act").evaluated_at
        return status_of(store, model.id, "eu_ai_act")

    assert renewed(1, summary="0 of 60 columns drift") == first
    assert renewed(19) == first
    assert renewed(20).evaluated_at == now + timedelta(hours=20)
    in_trouble = renewed(21, status=EvidenceStatus.FAILING, summary="age drifts")
    assert in_trouble.evaluated_at == now + timedelta(hours=21)
    other_column = renewed(22, status=EvidenceStatus.FAILING, summary="income drifts")
    assert any("income drifts" in item.reason for item in other_column.requirements)
    signed = next(one.kind for one in list_evidence(store, model.id) if one.kind.startswith("attestation."))
    assert renewed(23, kind=signed).evaluated_at == now + timedelta(hours=23)


def test_a_report_that_names_its_model_rests_on_the_evidence_of_now(run, register, keep, everything, store, now):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    run(model.id)
    world = World(store=store, moment=now + timedelta(hours=2))
    drift = next(one for one in list_evidence(store, model.id) if one.kind == "drift.run")
    put_evidence(store, drift.model_copy(update={"produced_at": now + timedelta(hours=1), "source": "report-1"}))
    asked = ReportRequest(model_ids=(model.id,), format=ReportFormat.JSON)
    job = request_report(asked, store=store, audit=world.audit, bus=world.bus, actor="ann", now=world.moment)
    reports.take(
        json.dumps({"detail-type": "ReportRequested", "detail": {"type": "ReportRequested", "job_id": job.id}}), world
    )
    sources = {ref.source for item in run(model.id)["eu_ai_act"].requirements for ref in item.evidence}
    assert "report-1" in sources
    assert drift.source not in sources
