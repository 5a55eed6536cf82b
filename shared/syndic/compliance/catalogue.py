"""Framework versions: uploaded, tried in a dry run, activated. No deployment is part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from syndic.assessment import ORGANISATION, FrameworkStatus
from syndic.changes import Change, commit, finish
from syndic.compliance.definitions.load import Compiled, built_in, load_cached, load_framework
from syndic.compliance.keys import ACTIVE, VERSIONS, active_key, version_key
from syndic.compliance.models import FrameworkVersion, StateChange, Trial, VersionState
from syndic.compliance.rules.judge import Facts, Subject, evaluate, subject_of
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import AuditEntry, EvidenceChanged, Presence, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Listing, Record, Store, Write
from syndic.records import iterate, list_evidence, list_models, retried

_REASON = 3  # letters that say something at least
DRY_RUN_MODELS = 200
"""Models a dry run looks at; it answers while a person waits."""


def active_frameworks(store: Store) -> dict[str, Compiled]:
    """The frameworks models are judged by: those that come with Syndic, replaced or extended by activated ones."""
    found = dict(built_in())
    for record in iterate(store, ACTIVE):
        version = FrameworkVersion.model_validate(record.body)
        if version.state is VersionState.ACTIVE:
            found[version.framework_id] = load_cached(version.text, f"{version.framework_id} {version.version}")
        elif version.framework_id not in built_in():
            found.pop(version.framework_id, None)
    return dict(sorted(found.items()))


def list_frameworks(store: Store, *, removed: bool = False) -> tuple[FrameworkVersion, ...]:
    """Every version known, by framework and version. The pointer decides which one is active, not the copy.

    Those of frameworks that were removed are left out, unless they are asked for.
    """
    active = {record.key.sort: FrameworkVersion.model_validate(record.body) for record in iterate(store, ACTIVE)}
    known = [FrameworkVersion.model_validate(record.body) for record in iterate(store, VERSIONS)]
    uploaded = {(item.framework_id, item.version) for item in known}
    shipped = (_shipped(compiled) for compiled in built_in().values())
    known += [item for item in shipped if (item.framework_id, item.version) not in uploaded]
    found = sorted((_with_state(item, active) for item in known), key=lambda item: (item.framework_id, item.version))
    return tuple(item for item in found if removed or item.state is not VersionState.REMOVED)


def _with_state(item: FrameworkVersion, active: Mapping[str, FrameworkVersion]) -> FrameworkVersion:
    chosen = active.get(item.framework_id)
    if chosen is not None and chosen.state is not VersionState.ACTIVE:
        if not item.built_in and (chosen.state is VersionState.REMOVED or item.sha256 == chosen.sha256):
            return item.model_copy(update=_ending(chosen))
        chosen = None
    if item.built_in if chosen is None else item.sha256 == chosen.sha256:
        return item.model_copy(update={"state": VersionState.ACTIVE})
    was = item.state is not VersionState.DRAFT or item.built_in
    return item.model_copy(update={"state": VersionState.SUPERSEDED if was else VersionState.DRAFT})


def _ending(chosen: FrameworkVersion) -> dict[str, object]:
    return chosen.model_dump(include={"state", "ended_by", "ended_at", "ended_reason"})


def get_framework(store: Store, framework_id: str, version: str | None = None) -> FrameworkVersion:
    """A version of a framework; without `version`, the active one. Raises `NotFoundError`."""
    pointer = store.get(active_key(framework_id))
    chosen = None if pointer is None else FrameworkVersion.model_validate(pointer.body)
    known = {} if chosen is None else {framework_id: chosen}
    shipped = built_in().get(framework_id)
    if version is None and chosen is not None and (shipped is None or chosen.state is VersionState.ACTIVE):
        return chosen
    record = None if version is None else store.get(version_key(framework_id, version))
    if record is not None:
        return _with_state(FrameworkVersion.model_validate(record.body), known)
    if shipped is None or version not in {None, shipped.framework.version}:
        wanted = framework_id if version is None else f"{framework_id} {version}"
        raise NotFoundError(f"there is no framework {wanted!r}")
    return _with_state(_shipped(shipped), known)


def upload_framework(
    text: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime, where: str = "framework.yaml"
) -> FrameworkVersion:
    """Check and keep a version as a draft. The same text again is the same draft.

    Raises `InvalidInputError` with the line, `ConflictError` when the version exists with another text.
    """
    compiled = load_framework(text, where=where)
    framework = compiled.framework
    draft = FrameworkVersion(
        framework_id=framework.id,
        version=framework.version,
        title=framework.title,
        sha256=compiled.sha256,
        text=text,
        state=VersionState.DRAFT,
        uploaded_by=actor,
        uploaded_at=now,
    )
    details = {"version": framework.version, "sha256": compiled.sha256, "requirements": len(framework.requirements)}
    entry = AuditEntry(
        action="framework.uploaded", actor=actor, subject=f"framework/{framework.id}", at=now, details=dict(details)
    )

    def step() -> FrameworkVersion:
        pointer = store.get(active_key(framework.id))
        if pointer is not None and pointer.body["state"] == VersionState.REMOVED and framework.id not in built_in():
            raise ConflictError(
                f"{framework.id} was removed; activate one of its versions to have it back, or choose another id"
            )
        try:
            present = get_framework(store, framework.id, framework.version)
        except NotFoundError:
            commit(Change((Write(_record(draft), ABSENT),), now, entries=(entry,)), store=store, audit=audit)
            return draft
        if present.sha256 != draft.sha256:
            raise ConflictError(
                f"{framework.id} {framework.version} exists with another text; raise the version in the file"
            )
        finish(version_key(framework.id, framework.version), store=store, audit=audit)
        return present

    return retried(step, what=f"{framework.id} {framework.version}")


def dry_run(store: Store, framework_id: str, version: str, *, now: datetime) -> Trial:
    """The states that activating a version would change, over the first 200 models. Writes nothing."""
    candidate = get_framework(store, framework_id, version)
    return try_out(store, load_cached(candidate.text, f"{framework_id} {version}"), now=now)


def try_out(store: Store, compiled: Compiled, *, now: datetime) -> Trial:
    """`dry_run` of a framework that need not be uploaded."""
    present = active_frameworks(store).get(compiled.framework.id)
    organisation = {item.kind: item for item in list_evidence(store, ORGANISATION)}
    changes: list[StateChange] = []
    looked_at = 0
    models = (model for model in list_models(store) if model.presence is not Presence.GONE)
    for model in islice(models, DRY_RUN_MODELS):
        looked_at += 1
        subject = subject_of(model)
        facts = Facts({item.kind: item for item in list_evidence(store, model.id)}, organisation)
        before = evaluate(present, subject, facts, now=now) if present else None
        changes += _changes(subject, before, evaluate(compiled, subject, facts, now=now))
    return Trial(models=looked_at, more=next(models, None) is not None, changes=tuple(changes))


def activate_framework(
    framework_id: str, version: str, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> FrameworkVersion:
    """Make a version the active one and have every model evaluated again. Doing it twice changes nothing."""
    # Evidence on the organisation counts for every model: all are looked at again.
    event = EvidenceChanged(model_id=ORGANISATION, kinds=(f"framework.{framework_id}",))
    key = active_key(framework_id)

    def step() -> FrameworkVersion:
        chosen = get_framework(store, framework_id, version)
        pointer = store.get(key)
        before = FrameworkVersion.model_validate(pointer.body) if pointer else None
        if before is not None and before.sha256 == chosen.sha256 and before.state is VersionState.ACTIVE:
            finish(key, store=store, audit=audit, bus=bus)
            _put_version(store, before)
            return before
        active = chosen.model_copy(update={"state": VersionState.ACTIVE, "activated_by": actor, "activated_at": now})
        details = {"version": version, "sha256": chosen.sha256, "before": before.version if before else None}
        entry = AuditEntry(
            action="framework.activated",
            actor=actor,
            subject=f"framework/{framework_id}",
            at=now,
            details=dict(details),
        )
        writes = (Write(Record(key, to_json(active)), pointer.etag if pointer else ABSENT),)
        commit(Change(writes, now, entries=(entry,), events=(event,)), store=store, audit=audit, bus=bus)
        _put_version(store, active)  # the pointer says which version judges: what the copies say of it is not read
        return active

    return retried(step, what=f"the active version of {framework_id}")


def end_framework(
    framework_id: str, *, remove: bool = False, reason: str, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> FrameworkVersion:  # fmt: skip
    """Let a framework judge nobody any more; with `remove`, it is not listed either. Twice changes nothing.

    What was judged, signed and told stays: the history of each model, the trail, and the text of every version. Of a
    framework that comes with Syndic a version of yours is ended, and the shipped one takes its place.

    Raises `NotFoundError`, `InvalidInputError` without a reason, `ConflictError` for what comes with Syndic.
    """
    if len(reason.strip()) < _REASON:
        raise InvalidInputError("say why it is ended", where="reason")
    state = VersionState.REMOVED if remove else VersionState.OFF
    key = active_key(framework_id)
    event = EvidenceChanged(model_id=ORGANISATION, kinds=(f"framework.{framework_id}",))

    def step() -> FrameworkVersion:
        pointer = store.get(key)
        before = _before_its_end(store, framework_id, pointer)
        if before.state is state or (before.state is VersionState.REMOVED and not remove):
            finish(key, store=store, audit=audit, bus=bus)
            return before
        ended = before.model_copy(
            update={"state": state, "ended_by": actor, "ended_at": now, "ended_reason": reason.strip()}
        )
        details = {"version": before.version, "reason": reason.strip(), "was": before.state.value}
        action = "framework.removed" if remove else "framework.switched_off"
        entry = AuditEntry(action=action, actor=actor, subject=f"framework/{framework_id}", at=now, details=details)
        writes = (Write(Record(key, to_json(ended)), pointer.etag if pointer else ABSENT),)
        commit(Change(writes, now, entries=(entry,), events=(event,)), store=store, audit=audit, bus=bus)
        return ended

    return retried(step, what=f"the end of {framework_id}")


def _before_its_end(store: Store, framework_id: str, pointer: Record | None) -> FrameworkVersion:
    if pointer is not None:
        known = FrameworkVersion.model_validate(pointer.body)
        if known.built_in:
            raise ConflictError(f"{framework_id} comes with Syndic: its scope and its questions say whom it is about")
        return known
    if framework_id in built_in():
        raise ConflictError(f"{framework_id} comes with Syndic: its scope and its questions say whom it is about")
    drafts = [item for item in list_frameworks(store) if item.framework_id == framework_id]
    if not drafts:
        raise NotFoundError(f"there is no framework {framework_id!r}")
    return drafts[-1]


def _put_version(store: Store, version: FrameworkVersion) -> None:
    store.put(_record(version))


def _record(version: FrameworkVersion) -> Record:
    listing = Listing(VERSIONS, f"{version.framework_id}.{version.version}")
    return Record(version_key(version.framework_id, version.version), to_json(version), listings=(listing,))


def _shipped(compiled: Compiled) -> FrameworkVersion:
    framework = compiled.framework
    return FrameworkVersion(
        framework_id=framework.id,
        version=framework.version,
        title=framework.title,
        sha256=compiled.sha256,
        text=compiled.text,
        state=VersionState.ACTIVE,
        built_in=True,
        uploaded_by="syndic",
        uploaded_at=datetime.fromisoformat(f"{framework.verified_on.isoformat()}T00:00:00+00:00"),
    )


def _changes(subject: Subject, before: FrameworkStatus | None, after: FrameworkStatus) -> Iterator[StateChange]:
    earlier = {item.requirement_id: item for item in before.requirements} if before else {}
    later = {item.requirement_id: item for item in after.requirements}
    for name in sorted(earlier | later):
        old, new = earlier.get(name), later.get(name)
        if old is None or new is None or old.state is not new.state:
            yield StateChange(
                model_id=subject.model_id,
                requirement_id=name,
                before=old.state if old else None,
                after=new.state if new else None,
                reason=new.reason if new else "The version no longer has this requirement.",
            )
