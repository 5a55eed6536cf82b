"""Reading and changing a model's quality policy."""

from __future__ import annotations

from datetime import datetime

from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store
from syndic.quality.keys import policy_key
from syndic.quality.models import QualityPolicy
from syndic.records import get_model


def get_policy(model_id: str, *, store: Store) -> QualityPolicy:
    """The policy of a model; the default one until somebody sets another."""
    record = store.get(policy_key(model_id))
    return QualityPolicy() if record is None else QualityPolicy.model_validate(record.body)


def set_policy(
    model_id: str, policy: QualityPolicy, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> QualityPolicy:
    """Set a model's policy; returns it with its version. Raises `NotFoundError`, `StaleWriteError`."""
    get_model(store, model_id)
    record = store.get(policy_key(model_id))
    present = None if record is None else QualityPolicy.model_validate(record.body)
    unmarked = {"version": 1, "changed_at": None, "changed_by": None}
    if present is not None and present.model_copy(update=unmarked) == policy.model_copy(update=unmarked):
        return present
    version = present.version + 1 if present else 1
    changed = policy.model_copy(update={"version": version, "changed_at": now, "changed_by": actor})
    store.put(Record(policy_key(model_id), to_json(changed)), expect=record.etag if record else ABSENT)
    details = {"version": version, "policy": to_json(changed)}
    audit.append(
        AuditEntry(action="quality.policy_changed", actor=actor, subject=f"model/{model_id}", at=now, details=details)
    )
    return changed
