"""The policy by which a concern judges a model: read, and replaced by its next version."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, TypeVar

from pydantic import Field

from syndic.changes import Change, commit, finish
from syndic.errors import ConflictError
from syndic.models import AuditEntry, Finite, Moment, Rules, to_json
from syndic.ports import ABSENT, AuditTrail, Key, Readable, Record, Store, Write
from syndic.records import get_model, retried


class ModelPolicy(Rules):
    """What every policy carries beside its rules. The marks are set here and never taken from outside."""

    concern: ClassVar[str]

    version: int = Field(default=1, ge=1)
    changed_at: Moment | None = None
    changed_by: str | None = None


class WindowPolicy(ModelPolicy):
    """What every policy carries by which captured windows are judged."""

    rejected_tolerance: Finite = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of records that may be rejected, or read on one side only, before the rows that were read "
        "no longer speak for the window; repeated deliveries do not count",
    )


Policy = TypeVar("Policy", bound=ModelPolicy)


def policy_key(concern: str, model_id: str) -> Key:
    """Key of a model's policy of a concern."""
    return Key(f"model.{model_id}", f"policy.{concern}")


def rules_of(policy: ModelPolicy) -> dict[str, Any]:
    """A policy's rules as JSON, without its marks: what a result depends on."""
    return policy.model_dump(mode="json", exclude=set(ModelPolicy.model_fields))


def read_policy(kind: type[Policy], model_id: str, *, store: Readable) -> Policy:
    """The policy of a model; the default one until somebody sets another."""
    record = store.get(policy_key(kind.concern, model_id))
    return kind() if record is None else kind.model_validate(record.body)


def set_policy(
    model_id: str,
    policy: Policy,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    expect_version: int | None = None,
) -> Policy:
    """Set a model's policy; returns it with its version. The same rules again change nothing.

    Raises `NotFoundError` for an unknown model, `ConflictError` when the present version is not `expect_version`,
    unless it is the very change that this person asks for again.
    """
    key = policy_key(policy.concern, model_id)

    def step() -> Policy:
        get_model(store, model_id)
        record = store.get(key)
        present = None if record is None else type(policy).model_validate(record.body)
        version = present.version if present else 0
        same = present is not None and rules_of(present) == rules_of(policy)
        done = same and present is not None and present.changed_by == actor and expect_version == version - 1
        if expect_version not in {None, version} and not done:
            raise ConflictError(
                f"the {policy.concern} policy of {model_id} has version {version}, not {expect_version}"
            )
        if same and present is not None:
            finish(key, store=store, audit=audit)
            return present
        changed = policy.model_copy(update={"version": version + 1, "changed_at": now, "changed_by": actor})
        entry = AuditEntry(
            action=f"{policy.concern}.policy_changed",
            actor=actor,
            subject=f"model/{model_id}",
            at=now,
            details={"version": changed.version, "policy": to_json(changed)},
        )
        writes = (Write(Record(key, to_json(changed)), record.etag if record else ABSENT),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return changed

    return retried(step, what=f"the {policy.concern} policy of {model_id}")
