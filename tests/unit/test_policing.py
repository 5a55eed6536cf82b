"""Policies of every concern are kept alike: versions, marks, one writer at a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.log import AuditLog
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.policy.model import DriftPolicy
from syndic.errors import ConflictError, NotFoundError
from syndic.models import Cloud, RegisteredModel
from syndic.policy import ModelPolicy, read_policy, set_policy
from syndic.quality.policy.model import QualityPolicy
from syndic.records import iterate, model_record

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize("kind", [DriftPolicy, QualityPolicy, BiasPolicy])
def test_a_policy_is_replaced_by_its_next_version(kind: type[ModelPolicy]) -> None:
    store = MemoryStore()
    audit = AuditLog(store)
    store.put(model_record(RegisteredModel(id="m", name="m", cloud=Cloud.AWS, registered_at=NOW)))
    assert read_policy(kind, "m", store=store) == kind()

    forged = kind(version=7, changed_at=LATER, changed_by="eve")
    first = set_policy("m", forged, store=store, audit=audit, actor="ann", now=NOW, expect_version=0)
    assert (first.version, first.changed_at, first.changed_by) == (1, NOW, "ann")
    assert set_policy("m", kind(), store=store, audit=audit, actor="bob", now=LATER) == first

    other = kind.model_validate({"evidence_days": 5} if "evidence_days" in kind.model_fields else {"seed": 5})
    with pytest.raises(ConflictError, match=f"the {kind.concern} policy of m has version 1, not 2"):
        set_policy("m", other, store=store, audit=audit, actor="bob", now=LATER, expect_version=2)
    with pytest.raises(ConflictError, match="has version 1, not 0"):
        set_policy("m", other, store=store, audit=audit, actor="bob", now=LATER, expect_version=0)
    second = set_policy("m", other, store=store, audit=audit, actor="bob", now=LATER, expect_version=1)
    assert (second.version, second.changed_by) == (2, "bob")
    assert read_policy(kind, "m", store=store) == second
    logged = [record.body["entry"]["action"] for record in iterate(store, "audit") if "entry" in record.body]
    assert logged == [f"{kind.concern}.policy_changed"] * 2


def test_a_policy_of_no_model_is_refused() -> None:
    store = MemoryStore()
    with pytest.raises(NotFoundError):
        set_policy("m", DriftPolicy(), store=store, audit=AuditLog(store), actor="ann", now=NOW)
