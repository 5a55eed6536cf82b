"""A rollback goes back, never forward again to what was just left, and leaves evidence on what is in production now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryBus
from syndic.errors import ConflictError
from syndic.models import ComplianceStatus, Evidence, EvidenceStatus, RiskDecision, RiskLevel
from syndic.records import list_evidence
from syndic.registry.approvals.requests import choose_policy, decide, list_requests, request_approval
from syndic.registry.audits import audit_model, bulk_check
from syndic.registry.models import RequestState, Stage
from syndic.registry.promotion.promote import promote, read_stages, roll_back, waive
from syndic.registry.versions.change_version import change_version
from syndic.registry.versions.versions import change_status, decide_risk
from tests.unit.registry.case import NOW, PROFILE, Registry, vote


class Shipped(Registry):
    """A model of which versions have been in production, each approved by one other person."""

    def __init__(self, *names: str) -> None:
        super().__init__(**PROFILE)
        self.approve_model()
        choose_policy(self.model.id, "basic", actor="adam", **self.common)
        for name in names:
            self.version(name)
            self.ship(name)

    @property
    def common(self):
        return {"store": self.store, "audit": self.audit, "now": NOW}

    def ship(self, name: str) -> None:
        move = {"reason": "release", "actor": "ann", **self.common}
        promote(self.model.id, name, Stage.STAGING, **move)
        asked = request_approval(self.model.id, name, Stage.PRODUCTION, actor="ann", **self.common)
        decide(self.model.id, asked.id, vote("bob", "ml_engineer"), held_roles=["ml_engineer"], **self.common)
        promote(self.model.id, name, Stage.PRODUCTION, **move)

    def back(self, to: str | None = None, **more: object) -> str | None:
        stages = roll_back(self.model.id, to=to, reason="worse than before", actor="ann", **self.common, **more)
        return stages.production

    def said(self) -> Evidence:
        return next(one for one in list_evidence(self.store, self.model.id) if one.kind == "registry.promotion")


def test_rolling_back_again_goes_further_back():
    registry = Shipped("1", "2", "3")
    assert [registry.back(), registry.back()] == ["2", "1"]
    with pytest.raises(ConflictError, match="was taken back; name one of 2, 3"):
        registry.back()
    assert registry.back("3") == "3", "a person may still name one"
    assert registry.back() == "1"


def test_a_version_shipped_after_a_rollback_returns_to_the_one_before_it():
    registry = Shipped("1", "2", "3")
    registry.back()
    registry.version("4")
    registry.ship("4")
    assert [registry.back(), registry.back()] == ["2", "1"]


def test_a_version_taken_out_of_production_by_mistake_comes_back():
    registry = Shipped("1", "2")
    promote(registry.model.id, "2", Stage.ARCHIVED, reason="a mistake", actor="ann", **registry.common)
    assert registry.back() == "2"


def test_no_version_of_a_retired_model_or_for_a_prohibited_use_returns_to_production():
    registry = Shipped("1", "2")
    banned = RiskDecision(level=RiskLevel.UNACCEPTABLE, reason="social scoring", decided_by="cora", decided_at=NOW)
    decide_risk(registry.model.id, banned, store=registry.store, audit=registry.audit, now=NOW)
    with pytest.raises(ConflictError, match="prohibited"):
        registry.back("1")
    change_status(registry.model.id, ComplianceStatus.RETIRED, reason="banned", actor="cora", **registry.common)
    with pytest.raises(ConflictError, match="retired"):
        registry.back("1")
    assert read_stages(registry.store, registry.model.id).production == "2"
    out = promote(registry.model.id, "2", Stage.ARCHIVED, reason="retired", actor="ann", **registry.common)
    assert out.production is None, "taking it out of production stays possible"


def test_the_evidence_is_on_the_version_that_is_in_production_now():
    registry, bus = Shipped("1", "2"), MemoryBus()
    assert (registry.said().facts["version"], registry.said().status) == ("2", EvidenceStatus.PASSING)
    registry.back(bus=bus)
    said = registry.said()
    assert said.summary == "version 1 returned to production tested, approved by bob"
    assert (said.facts["version"], said.status) == ("1", EvidenceStatus.PASSING)
    assert [event.kinds for event in bus.of("EvidenceChanged")] == [("registry.promotion",)]


def test_a_return_to_a_version_that_was_changed_since_is_made_and_said_to_be_unapproved():
    registry = Shipped("1", "2")
    change_version(
        registry.model.id, "1", lambda one: one.model_copy(update={"artefact_location": "s3://elsewhere"}),
        actor="ann", **registry.common,
    )  # fmt: skip
    assert registry.back() == "1"
    said = registry.said()
    assert said.status is EvidenceStatus.FAILING
    assert said.summary.endswith("although it was changed after its approval was asked for")
    assert said.facts["approvers"] == []


def test_a_waived_test_stays_known_after_a_return():
    registry = Shipped()
    registry.version("1", metrics={})
    waive(registry.model.id, "1", "evaluation_metrics", reason="measured by hand", actor="ann", **registry.common)
    registry.ship("1")
    registry.version("2")
    registry.ship("2")
    assert registry.said().status is EvidenceStatus.PASSING
    registry.back()
    assert registry.said().summary == "version 1 returned to production without evaluation_metrics (waived)"


def test_an_approval_that_was_used_in_time_does_not_run_out_while_the_version_serves():
    registry = Shipped("1")
    later = NOW + timedelta(days=60)
    (request,) = list_requests(registry.store, registry.model.id, now=later)
    assert request.state is RequestState.APPROVED
    (checked,) = bulk_check(registry.store, Stage.PRODUCTION, now=later).results
    assert checked.passed
    found = audit_model(registry.store, registry.model.id, now=later)
    assert [one.finding.partition(" of ")[0] for one in found.findings] == ["the model card", "the data sheet"]
    move = {**registry.common, "now": later, "reason": "a check", "actor": "ann"}
    promote(registry.model.id, "1", Stage.STAGING, **move)
    with pytest.raises(ConflictError, match="the request is expired: not used until"):
        promote(registry.model.id, "1", Stage.PRODUCTION, **move)


def test_an_approval_that_was_not_used_in_time_runs_out():
    registry = Shipped()
    registry.version("1")
    asked = request_approval(registry.model.id, "1", Stage.PRODUCTION, actor="ann", **registry.common)
    decide(registry.model.id, asked.id, vote("bob", "ml_engineer"), held_roles=["ml_engineer"], **registry.common)
    (request,) = list_requests(registry.store, registry.model.id, now=asked.expires_at)
    assert request.state is RequestState.EXPIRED
