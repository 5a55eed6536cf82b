"""A gate that asks how a model stands by the frameworks reads it off the newest evaluations."""

from __future__ import annotations

import pytest

from syndic.adapters.memory import MemoryBus
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.keys import status_partition
from syndic.models import EvidenceStatus
from syndic.ports import Record
from syndic.records import status_key
from syndic.registry.models import Condition, Stage
from syndic.registry.promotion.compliance_run import compliance_run
from syndic.registry.promotion.promote import judge_gate
from syndic.registry.versions.lifecycle import shipped_policies
from tests.unit.registry.case import NOW, PROFILE, Registry


@pytest.fixture
def registry() -> Registry:
    found = Registry(**PROFILE)
    found.version("1")
    return found


def evaluated(registry: Registry, **states: str) -> None:
    """Evaluate the model; then let requirements of a framework be in a state, as evidence would have it."""
    evaluate_model(registry.model.id, store=registry.store, audit=registry.audit, bus=MemoryBus(), now=NOW)
    for record in registry.store.query(status_partition(registry.model.id), end="~").records:
        if "status" not in record.body:
            continue
        for one in record.body["status"]["requirements"]:
            one["state"] = states.get("blocking" if one["blocking"] else "others", "met")
        key = status_key(registry.model.id, record.key.sort)
        registry.store.put(Record(key, record.body), expect=record.etag)


def asked(registry: Registry) -> Condition:
    policy = shipped_policies()["strict"]
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW, policy=policy)
    return next(one for one in result.conditions if one.name == "evidence:compliance.run")


def test_a_model_that_nobody_evaluated_does_not_pass(registry: Registry) -> None:
    assert compliance_run(registry.store, registry.model.id, now=NOW) is None
    assert not asked(registry).met


@pytest.mark.parametrize(
    ("states", "status", "met"),
    [
        ({}, EvidenceStatus.PASSING, True),
        ({"others": "insufficient_evidence"}, EvidenceStatus.INCONCLUSIVE, True),
        ({"others": "not_met"}, EvidenceStatus.INCONCLUSIVE, True),
        ({"blocking": "attestation_due"}, EvidenceStatus.INCONCLUSIVE, True),
        ({"blocking": "not_met"}, EvidenceStatus.FAILING, False),
        ({"blocking": "not_applicable", "others": "not_applicable"}, EvidenceStatus.PASSING, True),
    ],
)
def test_what_contradicts_a_blocking_requirement_stops_and_what_is_open_is_said(
    registry: Registry, states: dict[str, str], status: EvidenceStatus, met: bool
) -> None:
    evaluated(registry, **states)
    found = compliance_run(registry.store, registry.model.id, now=NOW)
    assert found is not None
    assert (found.status, asked(registry).met) == (status, met)
    assert ("not met or open" in asked(registry).reason) is (met and status is not EvidenceStatus.PASSING) or not met
    assert ("contradicts" in asked(registry).reason) is not met
