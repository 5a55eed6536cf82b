"""Changing a version by what is on record of it, so that of two changes at the same moment none is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from syndic.changes import finish
from syndic.errors import NotFoundError
from syndic.ports import AuditTrail, Store
from syndic.records import retried
from syndic.registry.keys import version_key
from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version, keep_version, require_open

OF_THE_PLATFORM: Final = frozenset({"model_id", "version", "created_at", "created_by", "waivers", "source"})


def describe_version(
    version: ModelVersion, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ModelVersion:
    """Add a version as a person describes it, or change what is said of it.

    On a version that is there only the fields that were given (`model_fields_set`) are changed: who adds the commit
    does not take the metrics away. Waivers stay, and so does where it was imported from: a person says neither.
    """
    changes = {name: getattr(version, name) for name in version.model_fields_set - OF_THE_PLATFORM}
    try:
        return change_version(
            version.model_id,
            version.version,
            lambda present: present.model_copy(update=changes),
            store=store, audit=audit, actor=actor, now=now,
        )  # fmt: skip
    except NotFoundError:
        return add_version(version, store=store, audit=audit, actor=actor, now=now)


def change_version(
    model_id: str,
    version: str,
    change: Callable[[ModelVersion], ModelVersion],
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    action: str = "version.changed",
    **details: Any,
) -> ModelVersion:
    """Change a version by what is on record of it. Changes at the same moment are all made, one after the other.

    Args:
        model_id: The model.
        version: Its version.
        change: Makes the new version from the present one; called again when another change came first.
        store: Records.
        audit: The audit trail.
        actor: Who changes it.
        now: When.
        action: What the audit trail calls the change.
        details: What it says of it.

    Raises:
        ConflictError: The model is retired.
        NotFoundError: There is no such version.
    """

    def step() -> ModelVersion:
        require_open(store, model_id)
        record = store.get(version_key(model_id, version))
        if record is None:
            raise NotFoundError(f"model {model_id} has no version {version!r}")
        present = ModelVersion.model_validate(record.body)
        kept = {name: getattr(present, name) for name in ("created_at", "created_by", "changed_by")}
        changed = change(present).model_copy(update=kept)
        if changed == present:
            finish(record.key, store=store, audit=audit)
            return present
        if changed.content_sha256 != present.content_sha256:
            changed = changed.model_copy(update={"changed_by": tuple(sorted({*present.changed_by, actor}))})
        keep_version(changed, record, action, store=store, audit=audit, actor=actor, now=now, **details)
        return changed

    return retried(step, what=f"version {version} of {model_id}")
