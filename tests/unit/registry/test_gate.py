"""The gate lists each unmet condition, and nothing missing is a pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.errors import ConflictError, NotAllowedError
from syndic.models import ComplianceStatus, EvidenceStatus, RiskDecision, RiskLevel
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.models import RequestState, Stage, TrainingData
from syndic.registry.promotion.promote import GateRefusedError, judge_gate, promote, read_stages, roll_back, waive
from syndic.registry.versions.versions import change_status, decide_risk
from tests.unit.registry.case import NOW, PROFILE, Registry, vote


def to(registry: Registry, version: str, stage: Stage) -> None:
    promote(
        registry.model.id, version, stage, reason="ready", store=registry.store, audit=registry.audit,
        actor="ann", now=NOW,
    )  # fmt: skip


def unmet(registry: Registry, version: str, stage: Stage) -> list[str]:
    result = judge_gate(registry.model.id, version, stage, store=registry.store, now=NOW)
    return [condition.name for condition in result.unmet]


def ready() -> Registry:
    registry = Registry(**PROFILE)
    registry.approve_model()
    registry.evidence("drift.run")
    registry.evidence("bias.run")
    return registry


def approved(registry: Registry, version: str) -> None:
    request = request_approval(
        registry.model.id, version, Stage.PRODUCTION, store=registry.store, audit=registry.audit, actor="ann", now=NOW
    )
    for actor, role in (("bob", "ml_engineer"), ("dan", "product_owner")):
        decide(
            registry.model.id, request.id, vote(actor, role), held_roles=[role], store=registry.store,
            audit=registry.audit, now=NOW,
        )  # fmt: skip


def test_a_bare_version_is_refused_with_the_exact_list_of_what_is_missing():
    registry = Registry()
    registry.version("1", training=TrainingData(), metrics={}, artefacts=())
    assert unmet(registry, "1", Stage.STAGING) == [
        "dataset_fingerprint", "dataset_size", "evaluation_metrics", "evaluation_artefacts",
    ]  # fmt: skip
    assert unmet(registry, "1", Stage.PRODUCTION) == [
        "profile_complete", "risk_acceptable", "status_approved", "dataset_fingerprint", "dataset_size",
        "evaluation_metrics", "evaluation_artefacts", "evidence:drift.run", "evidence:bias.run", "approvals",
    ]  # fmt: skip
    with pytest.raises(GateRefusedError, match="training data has no SHA-256"):
        to(registry, "1", Stage.STAGING)
    assert registry.audit.entries[-1].action == "promotion.refused"
    assert read_stages(registry.store, registry.model.id).of == {}


def test_a_complete_version_goes_to_production_and_replaces_the_one_there():
    registry = ready()
    for name in ("1", "2"):
        registry.version(name)
        to(registry, name, Stage.STAGING)
        approved(registry, name)
        to(registry, name, Stage.PRODUCTION)
    stages = read_stages(registry.store, registry.model.id)
    assert stages.of == {"1": Stage.ARCHIVED, "2": Stage.PRODUCTION}
    back = roll_back(
        registry.model.id,
        to=None,
        reason="errors rose",
        store=registry.store,
        audit=registry.audit,
        actor="ann",
        now=NOW,
    )
    assert back.of == {"1": Stage.PRODUCTION, "2": Stage.ARCHIVED}
    assert back.history[-1].kind == "rollback"
    assert back.history[-1].reason == "errors rose"


def test_only_what_a_version_took_the_place_of_is_told_as_replaced():
    registry = ready()
    for name in ("1", "2"):
        registry.version(name)
        to(registry, name, Stage.STAGING)
        approved(registry, name)
        if name == "1":
            to(registry, name, Stage.PRODUCTION)
    to(registry, "1", Stage.STAGING)
    to(registry, "2", Stage.PRODUCTION)
    to(registry, "1", Stage.PRODUCTION)
    moves = [entry for entry in registry.audit.entries if "replaced" in entry.details]
    assert [(one.details["version"], one.details["target"], one.details["replaced"]) for one in moves] == [
        ("1", "staging", None), ("1", "production", None),
        ("2", "staging", None), ("1", "staging", None), ("2", "production", None), ("1", "production", "2"),
    ]  # fmt: skip


def test_production_is_not_reached_from_development():
    registry = ready()
    registry.version("1")
    with pytest.raises(ConflictError, match="possible from development: staging, archived"):
        to(registry, "1", Stage.PRODUCTION)


@pytest.mark.parametrize(
    ("status", "age", "said", "remedy"),
    [
        (EvidenceStatus.FAILING, timedelta(hours=1), "is failing", "remedy what its report shows"),
        (EvidenceStatus.INCONCLUSIVE, timedelta(hours=1), "could not tell", "supply what it lacks"),
        (EvidenceStatus.PASSING, timedelta(days=8), "older than 7 days", "run the drift check"),
    ],
)
def test_failing_inconclusive_and_stale_evidence_each_stop_a_promotion(status, age, said, remedy):
    registry = ready()
    registry.version("1")
    registry.store.delete(
        next(r.key for r in registry.store.query(f"evidence.{registry.model.id}", prefix="drift").records)
    )
    registry.evidence("drift.run", status, age=age)
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW)
    assert [c.name for c in result.unmet] == ["evidence:drift.run", "approvals"]
    assert said in result.unmet[0].reason
    assert remedy in (result.unmet[0].remedy or "")


def test_a_waiver_lets_an_inconclusive_check_pass_and_withdraws_earlier_approvals():
    registry = ready()
    registry.version("1")
    registry.evidence("bias.run", EvidenceStatus.INCONCLUSIVE, age=timedelta())
    approved(registry, "1")
    assert unmet(registry, "1", Stage.PRODUCTION) == ["evidence:bias.run"]
    waive(
        registry.model.id, "1", "evidence:bias.run", reason="no protected attribute exists in this data",
        store=registry.store, audit=registry.audit, actor="cora", now=NOW,
    )  # fmt: skip
    assert unmet(registry, "1", Stage.PRODUCTION) == ["approvals"]
    approved(registry, "1")
    assert unmet(registry, "1", Stage.PRODUCTION) == []


def test_what_protects_people_is_never_waived():
    registry = ready()
    registry.version("1")
    with pytest.raises(NotAllowedError, match="never waived"):
        waive(registry.model.id, "1", "risk_acceptable", reason="we are in a hurry", store=registry.store,
              audit=registry.audit, actor="cora", now=NOW)  # fmt: skip
    choose_policy(registry.model.id, "strict", store=registry.store, audit=registry.audit, actor="cora", now=NOW)
    with pytest.raises(NotAllowedError, match="allows no waiver"):
        waive(registry.model.id, "1", "evidence:bias.run", reason="no protected attribute", store=registry.store,
              audit=registry.audit, actor="cora", now=NOW)  # fmt: skip


def test_a_prohibited_use_reaches_no_stage():
    registry = ready()
    registry.version("1")
    decision = RiskDecision(
        level=RiskLevel.UNACCEPTABLE, reason="social scoring, Art. 5(1)(c)", decided_by="cora", decided_at=NOW
    )
    decide_risk(registry.model.id, decision, store=registry.store, audit=registry.audit, now=NOW)
    assert unmet(registry, "1", Stage.STAGING) == ["risk_acceptable"]


def test_retired_models_stay_readable_and_take_nothing_new():
    registry = ready()
    registry.version("1")
    change_status(registry.model.id, ComplianceStatus.RETIRED, reason="replaced", store=registry.store,
                  audit=registry.audit, actor="cora", now=NOW)  # fmt: skip
    with pytest.raises(ConflictError, match="retired"):
        registry.version("2")
    assert "model_not_retired" in unmet(registry, "1", Stage.STAGING)
    with pytest.raises(ConflictError, match="it is final"):
        change_status(registry.model.id, ComplianceStatus.DRAFT, reason="again", store=registry.store,
                      audit=registry.audit, actor="cora", now=NOW)  # fmt: skip


def test_an_approval_ends_when_the_version_changes_or_its_time_is_over():
    registry = ready()
    registry.version("1")
    approved(registry, "1")
    registry.version("1", metrics={"auc": 0.91})
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW)
    assert [(c.name, "version changed" in c.reason) for c in result.unmet] == [("approvals", True)]
    approved(registry, "1")
    later = NOW + timedelta(days=15)
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=later)
    assert any(RequestState.EXPIRED in c.reason for c in result.unmet if c.name == "approvals")
