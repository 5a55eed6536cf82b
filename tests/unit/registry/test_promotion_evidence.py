"""What a promotion leaves for compliance to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syndic.adapters.memory import MemoryBus
from syndic.models import Evidence, EvidenceStatus
from syndic.records import list_evidence
from syndic.registry.models import Stage, StageChange
from syndic.registry.promotion.evidence import promotion_evidence
from syndic.registry.promotion.promote import judge_gate, promote, waive
from syndic.registry.versions.queries import get_version
from tests.unit.registry.case import NOW
from tests.unit.registry.test_gate import approved, ready, to


def promotion(registry: Any) -> Evidence | None:
    found = {one.kind: one for one in list_evidence(registry.store, registry.model.id)}
    return found.get("registry.promotion")


def test_a_tested_and_approved_promotion_passes_and_compliance_hears_of_it() -> None:
    registry, bus = ready(), MemoryBus()
    registry.version("1")
    to(registry, "1", Stage.STAGING)
    assert promotion(registry) is None, "staging is no release"
    approved(registry, "1")
    promote(
        registry.model.id, "1", Stage.PRODUCTION, reason="ready", store=registry.store, audit=registry.audit,
        actor="ann", now=NOW, bus=bus,
    )  # fmt: skip

    found = promotion(registry)
    assert found is not None
    assert found.status is EvidenceStatus.PASSING
    assert found.facts["approvers"] == ["bob", "dan"]
    assert found.facts["served_as"] == ["1"], "what discovery would see in use"
    assert [(event.model_id, event.kinds) for event in bus.of("EvidenceChanged")] == [
        (registry.model.id, ("registry.promotion",))
    ]


def test_a_waived_test_is_no_test() -> None:
    registry = ready()
    registry.version("1")
    registry.evidence("bias.run", EvidenceStatus.INCONCLUSIVE)
    waive(
        registry.model.id, "1", "evidence:bias.run", reason="no protected attribute exists in this data",
        store=registry.store, audit=registry.audit, actor="cora", now=NOW,
    )  # fmt: skip
    to(registry, "1", Stage.STAGING)
    approved(registry, "1")
    to(registry, "1", Stage.PRODUCTION)

    found = promotion(registry)
    assert found is not None
    assert found.status is EvidenceStatus.FAILING
    assert found.summary == "version 1 went to production without evidence:bias.run (waived)"


def test_a_policy_that_approves_by_itself_is_no_second_person() -> None:
    registry = ready()
    version = registry.version("1")
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW)
    change = StageChange(
        version="1", source=Stage.STAGING, target=Stage.PRODUCTION, at=NOW, by="ann", reason="policy approves"
    )

    found = promotion_evidence(change, get_version(registry.store, registry.model.id, version.version), result, None)
    assert found.status is EvidenceStatus.FAILING
    assert found.summary.endswith("without an approver other than its author")


def test_evidence_carries_every_promotion_of_the_last_400_days() -> None:
    registry = ready()
    version = get_version(registry.store, registry.model.id, registry.version("1").version)
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW)
    earlier = None
    for days in (0, 100, 399, 450):
        change = StageChange(
            version="1", source=Stage.STAGING, target=Stage.PRODUCTION, at=NOW + timedelta(days=days), by="ann",
            reason="policy approves",
        )  # fmt: skip
        earlier = promotion_evidence(change, version, result, None, earlier)
    assert earlier is not None
    period = earlier.facts["period"]
    assert isinstance(period, list)
    assert [one["at"] for one in period] == [(NOW + timedelta(days=days)).isoformat() for days in (100, 399, 450)]
    assert [one["sound"] for one in period] == [False] * 3
    change = change.model_copy(update={"at": NOW + timedelta(days=2000)})
    assert promotion_evidence(change, version, result, None, earlier).facts["period"] == [
        {"version": "1", "at": change.at.isoformat(), "sound": False, "tested": True, "approved": False}
    ]
