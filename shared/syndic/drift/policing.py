"""Reading and changing a model's drift policy."""

from __future__ import annotations

from datetime import datetime

from syndic.drift.keys import policy_key
from syndic.drift.policies import DriftPolicy
from syndic.errors import ConflictError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store
from syndic.records import get_model


def get_policy(model_id: str, *, store: Store) -> DriftPolicy:
    """The policy of a model; the default one until somebody sets another."""
    record = store.get(policy_key(model_id))
    return DriftPolicy() if record is None else DriftPolicy.model_validate(record.body)


def set_policy(
    model_id: str,
    policy: DriftPolicy,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    expect_version: int | None = None,
) -> DriftPolicy:
    """Set a model's policy; returns it with its version. The same policy again changes nothing.

    Raises `NotFoundError` for an unknown model, `ConflictError` when the present version is not `expect_version`,
    `StaleWriteError` when somebody changes it at the same time.
    """
    get_model(store, model_id)
    record = store.get(policy_key(model_id))
    present = None if record is None else DriftPolicy.model_validate(record.body)
    version = present.version if present else 0
    if expect_version is not None and expect_version != version:
        raise ConflictError(f"the drift policy of {model_id} has version {version}, not {expect_version}")
    unmarked = {"version": 1, "changed_at": None, "changed_by": None}
    if present is not None and present.model_copy(update=unmarked) == policy.model_copy(update=unmarked):
        return present
    changed = policy.model_copy(update={"version": version + 1, "changed_at": now, "changed_by": actor})
    store.put(Record(policy_key(model_id), to_json(changed)), expect=record.etag if record else ABSENT)
    audit.append(
        AuditEntry(
            action="drift.policy_changed",
            actor=actor,
            subject=f"model/{model_id}",
            at=now,
            details={"version": changed.version, "policy": to_json(changed)},
        )
    )
    return changed
