"""A monitoring plan says what runs, is held against it, and its requirement follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.alerting.alerts import list_alerts
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.drift.policy.kept import set_policy
from syndic.drift.policy.model import DriftPolicy
from syndic.errors import ConflictError
from syndic.models import Evidence, WindowLength
from syndic.records import evidence_key, get_model, put_evidence
from syndic.registers.entries import get_entry
from syndic.registers.monitoring.following import digest_of, overdue
from syndic.registers.monitoring.models import PlanStatements
from syndic.registers.monitoring.register import PLANS
from syndic.registry.versions.versions import change_model
from syndic.tasks.duties.dates import watch_registers
from syndic.tasks.duties.monitoring_plan import approve_plan, draft_plan, follow_plan, watch_plans
from tests.edges.registers.inventoried import CREDIT, PURPOSE, STATEMENTS
from tests.edges.world import MODEL, NOW, WORLDS, World


@pytest.fixture
def world() -> World:
    world = WORLDS["checked"]()
    trail = {"store": world.store, "audit": world.audit, "actor": "olga", "now": world.now()}
    change_model(MODEL, {"intended_purpose": PURPOSE, "window": "hour"}, **trail)
    classify(MODEL, "ai_act", CREDIT, bus=world.bus, **trail)
    return world


def told(world):
    return {"store": world.store, "audit": world.audit, "bus": world.bus, "actor": "olga", "now": world.now()}


def approved(world, statements=STATEMENTS):
    plan = draft_plan(MODEL, statements, **told(world))
    return approve_plan(MODEL, plan.id, **told(world))


def checks(world):
    """How the checks of Art. 72 stand that read the plan."""
    statuses = evaluate_model(MODEL, store=world.store, audit=world.audit, bus=world.bus, now=world.now())
    states = {one.requirement_id: one for status in statuses for one in status.requirements}
    found = {part.title: part.state.value for part in states["AIA-72"].parts}
    document = next(part.state.value for part in states["AIA-72"].parts if part.part == "document")
    return (
        found["What the approved plan names runs on time"], found["What runs is what the approved plan says"], document
    )  # fmt: skip


def ran(world, kind, **ago):
    """As if the check had run of a window that ended so long ago."""
    before = world.store.get(evidence_key(MODEL, kind))
    found = Evidence.model_validate(before.body)
    end = world.now() - timedelta(**ago)
    window = found.window.model_copy(update={"start": end - timedelta(hours=1), "end": end})
    put_evidence(world.store, found.model_copy(update={"window": window, "produced_at": world.now()}))


def test_a_plan_says_what_runs_and_names_what_it_lacks(world):
    found = follow_plan(world.store, MODEL, now=world.now())
    assert (found.plan, found.follows) == (None, None)
    assert {one.check: one.runs for one in found.running.checks} == {
        "drift": True, "quality": True, "performance": False, "bias": True,
    }  # fmt: skip
    assert found.running.window is WindowLength.HOUR
    assert found.running.baseline_sha256
    assert {one.partition(":")[0] for one in found.missing} == {
        f"statements.{name}" for name in PlanStatements.model_fields
    }
    draft = draft_plan(MODEL, PlanStatements(feedback=STATEMENTS.feedback), **told(world))
    with pytest.raises(ConflictError, match=r"statements\.interaction"):
        approve_plan(MODEL, draft.id, **told(world))
    assert checks(world) == ("insufficient_evidence", "insufficient_evidence", "insufficient_evidence")


def test_a_plan_that_is_followed_meets_and_one_that_is_not_does_not(world):
    """The plan says hourly drift; none runs for three days."""
    plan = approved(world)
    assert plan.sha256 == digest_of(plan.content, plan.statements)
    assert checks(world) == ("met", "met", "met")
    world.moment = NOW + timedelta(days=3)
    assert watch_plans(world) == 1
    assert checks(world)[0] == "insufficient_evidence"
    following = follow_plan(world.store, MODEL, now=world.now())
    assert following.overdue[0] == f"drift: planned for every hour, none since {NOW:%Y-%m-%d %H:%M}"
    assert following.follows is False
    assert watch_plans(world) == 0, "seen is seen"

    watch_registers(world)
    alerts = [one for one in list_alerts(world.store, now=world.now()).alerts if "Planned checks" in one.title]
    assert [one.severity.value for one in alerts] == ["high"]

    for kind in ("drift.run", "quality.run", "bias.run"):
        ran(world, kind, hours=1)
    assert watch_plans(world) == 1
    assert checks(world)[0] == "met"


@pytest.mark.parametrize("late", [timedelta(hours=3), timedelta(hours=3, seconds=1)])
def test_two_windows_and_the_wait_for_late_files_are_allowed(late, world):
    plan = approved(world)
    assert plan.content.lateness == timedelta(hours=1)
    runs = dict.fromkeys(("drift", "quality", "bias"), NOW)
    assert bool(overdue(plan, runs, NOW + late)) is (late > timedelta(hours=3))
    assert not overdue(plan, {}, NOW + timedelta(hours=3)), "nothing before its approval counts against it"


def test_what_is_changed_after_the_approval_is_named_and_shows_nothing_until_it_is_planned(world):
    first = approved(world)
    trail = {"store": world.store, "audit": world.audit, "actor": "olga", "now": world.now()}
    set_policy(MODEL, DriftPolicy(psi_threshold=5.0), **trail)
    change_model(MODEL, {"window": "day", "owner": "otto@example.org"}, **trail)
    watch_plans(world)
    assert checks(world)[1] == "insufficient_evidence"
    differences = {one.field: (one.planned, one.now) for one in follow_plan(world.store, MODEL, now=NOW).differences}
    assert differences["checks.drift.policy"] == ({"psi_threshold": 0.1}, {"psi_threshold": 5.0})
    assert differences["window"] == ("hour", "day")
    assert differences["owner"] == ("olga@example.org", "otto@example.org")

    world.moment = NOW + timedelta(minutes=30)
    second = approved(world, PlanStatements())
    assert (second.number, second.statements) == (2, STATEMENTS), "what was written before is taken over"
    assert get_entry(PLANS, world.store, first.id).state == "superseded"
    assert checks(world) == ("met", "met", "met")
    with pytest.raises(ConflictError, match=r"no\. 2 is in force"):
        approve_plan(MODEL, first.id, **told(world))


def test_a_model_without_a_check_has_no_plan(world):
    trail = {"store": world.store, "audit": world.audit, "actor": "olga", "now": world.now()}
    change_model(MODEL, {"capture_schema": None}, **trail)
    assert get_model(world.store, MODEL).capture_schema is None
    plan = draft_plan(MODEL, STATEMENTS, **told(world))
    with pytest.raises(ConflictError, match="none runs by itself"):
        approve_plan(MODEL, plan.id, **told(world))
