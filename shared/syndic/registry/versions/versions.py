"""Verbs on models and versions: register, describe, change the compliance status, add versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from syndic.canonical import sha256_of
from syndic.changes import AGAIN, Change, commit, finish
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import (
    AuditEntry,
    Cloud,
    ComplianceStatus,
    Evidence,
    EvidenceStatus,
    ModelKind,
    RegisteredModel,
    RiskDecision,
    WindowLength,
    model_id,
    to_json,
)
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import model_key, model_record, retried
from syndic.registry.keys import version_key
from syndic.registry.models import ModelVersion
from syndic.registry.versions.lifecycle import lifecycle, require_status_step
from syndic.registry.versions.stage_listing import follow_stages
from syndic.spelling import first_problem
from syndic.substance import says_something

PROSE = ("intended_purpose", "limitations", "oversight_plan")  # that have to say something to be evidence

# What a person may change of a model; the rest is observed by discovery or decided by its own verb.
EDITABLE = frozenset(
    {
        "name", "owner", "description", "domain", "intended_purpose", "limitations", "data_sources", "oversight_plan",
        "capture_schema", "window", "lateness", "metadata", "version_in_use",
    }
)  # fmt: skip


def register_model(
    *, name: str, owner: str, store: Store, audit: AuditTrail, actor: str, now: datetime, kind: ModelKind = "model",
    **profile: Any,
) -> RegisteredModel:  # fmt: skip
    """Register a model that no cloud was found to run yet, or an AI system whose model nobody here serves.

    Registering the same name and owner again returns what was registered first, whatever its kind.

    Raises:
        InvalidInputError: A field is wrong; the message names it.
    """
    unknown = sorted(set(profile) - EDITABLE)
    if unknown:
        raise InvalidInputError(f"not a field of a model: {', '.join(unknown)}", where="model")
    identity = model_id(name, f"registered:{owner}:{name}")
    values = {"id": identity, "name": name, "owner": owner, "cloud": Cloud.OTHER, "kind": kind,
              "registered_at": now, **profile}  # fmt: skip
    model = _validated(values)
    entry = AuditEntry(action="model.registered", actor=actor, subject=f"model/{identity}", at=now)
    change = Change(
        (Write(model_record(model), ABSENT),), now, entries=(entry,), evidence=(profile_evidence(model, now=now),)
    )

    def step() -> RegisteredModel:
        present = store.get(model_key(identity))
        if present is not None:
            finish(present.key, store=store, audit=audit)
            return RegisteredModel.model_validate(present.body)
        commit(change, store=store, audit=audit)
        return model

    return retried(step, what=f"model {identity}")


def change_model(
    model_id: str, changes: dict[str, Any], *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> RegisteredModel:
    """Change what a person may say of a model.

    Raises:
        InvalidInputError: A field is unknown, not editable or wrong.
        ConflictError: The model is retired.
    """
    refused = sorted(set(changes) - EDITABLE)
    if refused:
        raise InvalidInputError(f"cannot be changed here: {', '.join(refused)}", where="model")

    def step() -> RegisteredModel:
        record, model = _load_open(store, model_id)
        changed = _validated({**to_json(model), **changes})
        if (changed.window is WindowLength.JOB) is not (changed.endpoint is not None and changed.endpoint.batch):
            what = "is job of models that answer in batch jobs, and of no other"
            raise InvalidInputError(what, where="model.window")
        fields = sorted(name for name in changes if getattr(changed, name) != getattr(model, name))
        details = {"fields": list(fields), "before_sha256": sha256_of(model), "after_sha256": sha256_of(changed)}
        entry = AuditEntry(
            action="model.changed", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
        )
        return _keep(record, model, changed, entry, store=store, audit=audit, now=now)

    return retried(step, what=f"model {model_id}")


def change_status(
    model_id: str,
    target: ComplianceStatus,
    *,
    reason: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> RegisteredModel:
    """Move a model in its compliance life. Asking for the status it has changes nothing."""

    def step() -> RegisteredModel:
        record, model = _load(store, model_id)
        if model.compliance_status is not target:
            require_status_step(model.compliance_status, target)
        changed = model.model_copy(update={"compliance_status": target})
        details = {"from": model.compliance_status.value, "to": target.value, "reason": reason}
        entry = AuditEntry(
            action="model.status_changed", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
        )
        return _keep(record, model, changed, entry, store=store, audit=audit, now=now)

    return retried(step, what=f"model {model_id}")


def decide_risk(
    model_id: str, decision: RiskDecision, *, store: Store, audit: AuditTrail, now: datetime
) -> RegisteredModel:
    """Record the risk level a person decided on. Fraud detection, for one, is not high-risk by itself.

    Raises `ConflictError` when the model is retired.
    """
    details = {"level": decision.level.value, "reason": decision.reason, "annex_iii_area": decision.annex_iii_area}
    entry = AuditEntry(
        action="model.risk_decided",
        actor=decision.decided_by,
        subject=f"model/{model_id}",
        at=now,
        details=dict(details),
    )

    def step() -> RegisteredModel:
        record, model = _load_open(store, model_id)
        present = model.risk
        again = (
            present is not None
            and now - present.decided_at < AGAIN
            and present == decision.model_copy(update={"decided_at": present.decided_at})
        )
        changed = model if again else model.model_copy(update={"risk": decision})
        return _keep(record, model, changed, entry, store=store, audit=audit, now=now)

    return retried(step, what=f"model {model_id}")


def _keep(
    record: Record,
    model: RegisteredModel,
    changed: RegisteredModel,
    entry: AuditEntry,
    *,
    store: Store,
    audit: AuditTrail,
    now: datetime,
) -> RegisteredModel:
    """Commit a change of a model with its profile's evidence. One that is done already is told if it was not."""
    if changed == model:
        finish(record.key, store=store, audit=audit)
        return model
    writes = (Write(model_record(changed), record.etag),)
    profile = profile_evidence(changed, now=now)
    commit(Change(writes, now, entries=(entry,), evidence=(profile,)), store=store, audit=audit)
    return changed


def add_version(version: ModelVersion, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> ModelVersion:
    """Add a version or replace all that is on record of it. The same content again changes nothing.

    A change withdraws approvals given for the version: they name the hash of what was judged.

    Raises:
        ConflictError: The model is retired.
    """

    def step() -> ModelVersion:
        require_open(store, version.model_id)
        record = store.get(version_key(version.model_id, version.version))
        added = version
        if record is not None:
            earlier = ModelVersion.model_validate(record.body)
            kept = {name: getattr(earlier, name) for name in ("created_at", "created_by", "changed_by")}
            added = version.model_copy(update=kept)
            if added == earlier:
                finish(record.key, store=store, audit=audit)
                return earlier
        action = "version.changed" if record else "version.added"
        keep_version(added, record, action, store=store, audit=audit, actor=actor, now=now)
        return added

    kept = retried(step, what=f"version {version.version} of {version.model_id}")
    follow_stages(store, version.model_id)
    return kept


def keep_version(
    version: ModelVersion,
    present: Record | None,
    action: str,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    **details: Any,
) -> None:
    """Write a version over what was read of it, and say so. Raises `StaleWriteError` when it changed since."""
    record = Record(version_key(version.model_id, version.version), to_json(version))
    told = {"version": version.version, "content_sha256": version.content_sha256, **details}
    entry = AuditEntry(action=action, actor=actor, subject=f"model/{version.model_id}", at=now, details=told)
    writes = (Write(record, present.etag if present else ABSENT),)
    commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)


def profile_evidence(model: RegisteredModel, *, now: datetime) -> Evidence:
    """The evidence ``registry.profile``: what is said of the model, and what is not."""
    empty = [name for name in lifecycle().required.profile if not getattr(model, name)]
    facts: dict[str, Any] = {
        "empty": list(empty),
        "thin": [name for name in PROSE if getattr(model, name) and not says_something(getattr(model, name))],
        "domain_named": bool(model.domain and model.domain.strip()),
        "owner_named": model.owner is not None,
        "risk_level": model.risk.level.value if model.risk else None,
        "annex_iii_area": model.risk.annex_iii_area if model.risk else None,
        "profiles_people": model.risk.profiles_people if model.risk else None,
        "compliance_status": model.compliance_status.value,
        "cloud": model.cloud.value,
    }
    return Evidence(
        kind="registry.profile",
        model_id=model.id,
        status=EvidenceStatus.FAILING if empty else EvidenceStatus.PASSING,
        summary=f"not filled in: {', '.join(empty)}" if empty else "the model's profile is filled in",
        facts=facts,
        source=f"model/{model.id}",
        sha256=sha256_of(model),
        produced_at=now,
    )


def require_open(store: Store, model_id: str) -> None:
    """Raise `ConflictError` when a model is retired, `NotFoundError` when there is none of this id."""
    _load_open(store, model_id)


def _load_open(store: Store, model_id: str) -> tuple[Record, RegisteredModel]:
    record, model = _load(store, model_id)
    if model.compliance_status is ComplianceStatus.RETIRED:
        raise ConflictError(f"model {model_id} is retired: it can be read, not changed")
    return record, model


def _load(store: Store, model_id: str) -> tuple[Record, RegisteredModel]:
    record = store.get(model_key(model_id))
    if record is None:
        raise NotFoundError(f"no model has the id {model_id!r}")
    return record, RegisteredModel.model_validate(record.body)


def _validated(values: dict[str, Any]) -> RegisteredModel:
    try:
        return RegisteredModel.model_validate(values)
    except ValidationError as error:
        place, sentence = first_problem(error, RegisteredModel)
        raise InvalidInputError(sentence, where=f"model.{place}") from error
