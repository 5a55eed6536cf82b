"""Assessments are begun, gone on with and concluded, and each version is decided on: is it a modification?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import RegisteredModel
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model
from syndic.registers.conformity.models import (
    ConformityFile,
    FileState,
    Modification,
)
from syndic.registers.conformity.register import FILES, MODIFICATIONS
from syndic.registers.conformity.rules import changed, concluded, decide
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.listing import list_entries
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.queries import list_versions
from syndic.tasks.duties.conformity.follow import served_as
from syndic.tasks.duties.conformity.show import facts_of, open_in


def open_file(
    model_id: str, version: str, values: Mapping[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> ConformityFile:  # fmt: skip
    """Begin the assessment of a version. Raises `ConflictError` when one of this version is open or concluded."""
    model = get_model(store, model_id)
    require_version(store, model, version)
    for present in list_entries(FILES, store, model_id=model_id):
        if present.version == version and present.opened_by != actor:
            raise ConflictError(f"the assessment of version {version} is {present.state}: {present.id}")
    given = {
        "title": f"Conformity assessment of version {version}", "owner": model.owner or actor,
        "model_ids": (model_id,), "state": FileState.OPEN.value, "version": version,
        "serves": served_as(store, model, version),
    }  # fmt: skip
    asked = {"model_id": model_id, "version": version}
    return open_entry(
        FILES, asked, lambda own: changed(ConformityFile.model_validate({**own, **given}), values),
        store=store, audit=audit, bus=bus, actor=actor, now=now,
    )  # fmt: skip


def change_file(
    model_id: str, file_id: str, values: Mapping[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> ConformityFile:  # fmt: skip
    """Go on with an assessment: its procedure, checklist, notified body, and the changes that it foresees."""
    file_of(store, model_id, file_id)
    return change_entry(
        FILES, file_id, lambda one: changed(one, values), action="changed", store=store, audit=audit, bus=bus,
        actor=actor, now=now,
    )  # fmt: skip


def conclude_file(
    model_id: str, file_id: str, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> ConformityFile:
    """Conclude an assessment; a substantial modification of its version counts as assessed from then on.

    Raises `ConflictError` that names what is open.
    """
    file_of(store, model_id, file_id)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    answers = facts_of(store, model_id)

    def rule(file: ConformityFile) -> ConformityFile:
        return concluded(file, open_in(store, file, answers, now), actor=actor, now=now)

    file = change_entry(FILES, file_id, rule, action="concluded", **common)
    for one in list_entries(MODIFICATIONS, store, model_id=model_id):
        if one.version == file.version and not one.assessed:
            change_entry(MODIFICATIONS, one.id, _assessed, action="assessed", **common)
    return file


def decide_modification(
    model_id: str, version: str, *, affects_compliance: bool, changes_purpose: bool, foreseen_as: str | None,
    reasons: str, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime,
) -> Modification:  # fmt: skip
    """Record whether a version is a substantial modification. A version has one decision, which may be changed."""
    model = get_model(store, model_id)
    require_version(store, model, version)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    files = [one for one in list_entries(FILES, store, model_id=model_id) if one.state == FileState.CONCLUDED]
    present = list(list_entries(MODIFICATIONS, store, model_id=model_id))
    before = _before(store, model_id, version, files)
    state = decide(
        first=before is None, affects_compliance=affects_compliance, changes_purpose=changes_purpose,
        foreseen_as=foreseen_as, reasons=reasons, foreseen=[change.id for file in files for change in file.foreseen],
    )  # fmt: skip
    given = {
        "state": state.value, "compared_with": before, "affects_compliance": affects_compliance,
        "changes_purpose": changes_purpose, "foreseen_as": foreseen_as, "reasons": reasons,
        "assessed": any(file.version == version for file in files),
    }  # fmt: skip
    again = next((one for one in present if one.version == version), None)
    if again is not None:
        return change_entry(
            MODIFICATIONS, again.id, lambda one: one.model_copy(update=given), action="decided_again", **common
        )
    fixed = {
        "title": f"Changes of version {version}", "owner": model.owner or actor, "model_ids": (model_id,),
        "version": version, "serves": served_as(store, model, version),
    }  # fmt: skip
    asked = {"model_id": model_id, "version": version}
    return open_entry(
        MODIFICATIONS, asked, lambda own: Modification.model_validate({**own, **fixed, **given}), **common
    )


def file_of(store: Store, model_id: str, file_id: str) -> ConformityFile:
    """An assessment of a model. Raises `NotFoundError`, also for one of another model."""
    file = get_entry(FILES, store, file_id)
    if file.model_id != model_id:
        raise NotFoundError(f"{model_id} has no assessment {file_id!r}")
    return file


def require_version(store: Store, model: RegisteredModel, version: str) -> None:
    """Raise `InvalidInputError` for a version that neither the registry has nor serves."""
    known = [one.version for one in list_versions(store, model.id)]
    if version not in {*known, model.served_version}:
        raise InvalidInputError(f"{model.id} has no version {version!r}", where="version")


def _before(store: Store, model_id: str, version: str, files: Iterable[ConformityFile]) -> str | None:
    """The version that a new one is compared with: the newest that was assessed, else the newest that was in use."""
    assessed = [one for one in files if one.version != version]
    if assessed:
        return max(assessed, key=lambda one: one.concluded_at or one.opened_at).version
    used = [one.version for one in read_stages(store, model_id).history if one.target == "production"]
    return next((one for one in reversed(used) if one != version), None)


def _assessed(one: Modification) -> Modification:
    return one.model_copy(update={"assessed": True})
