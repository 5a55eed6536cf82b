"""Remediations: who repairs a failing requirement by when. A person opens one; only fresh evidence closes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from syndic.assessment import FrameworkStatus, Remediation, RemediationStatus, RequirementState, State
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.keys import REMEDIATIONS, remediation_key
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, StaleWriteError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Listing, Record, Store, Write
from syndic.records import ENDED, iterate, retried, status_key

DONE = frozenset({State.MET, State.NOT_APPLICABLE, State.NOT_YET_IN_FORCE})


def open_remediation(
    model_id: str,
    framework_id: str,
    requirement_id: str,
    *,
    title: str,
    owner: str,
    due: date,
    note: str = "",
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> Remediation:
    """Open a remediation for a requirement that is not met. One is open at a time; opening it again returns it.

    Raises `NotFoundError` without such a status, `ConflictError` when there is nothing to repair.
    """
    state = _requirement(store, model_id, framework_id, requirement_id)
    if state.if_in_force in {State.MET, State.NOT_APPLICABLE}:
        raise ConflictError(f"{requirement_id} is {state.if_in_force.word}: nothing to repair")
    if due < now.date():
        raise InvalidInputError(f"{due.isoformat()} is in the past", where="due")
    for item in list_remediations(store, model_id):
        same = (item.framework_id, item.requirement_id) == (framework_id, requirement_id)
        if same and item.status is not RemediationStatus.CLOSED:
            finish(remediation_key(model_id, item.id), store=store, audit=audit)
            return item
    remediation = Remediation(
        id=sha256_of([model_id, framework_id, requirement_id, now.isoformat()])[:16],
        model_id=model_id,
        framework_id=framework_id,
        requirement_id=requirement_id,
        title=title,
        owner=owner,
        due=due,
        note=note,
        opened_by=actor,
        opened_at=now,
        state_when_opened=state.if_in_force,
    )
    _keep("remediation.opened", remediation, ABSENT, store=store, audit=audit, actor=actor, now=now)
    return remediation


def change_remediation(
    model_id: str,
    remediation_id: str,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    owner: str | None = None,
    due: date | None = None,
    note: str | None = None,
    in_progress: bool | None = None,
) -> Remediation:
    """Change owner, date, note, or mark it as begun. Nobody can close it by hand."""

    def step() -> Remediation:
        record, before = _load(store, model_id, remediation_id)
        if before.status is RemediationStatus.CLOSED:
            raise ConflictError(f"remediation {remediation_id} was closed by evidence; open a new one")
        update: dict[str, object] = {
            name: value for name, value in (("owner", owner), ("due", due), ("note", note)) if value is not None
        }
        if in_progress is not None:
            update["status"] = RemediationStatus.IN_PROGRESS if in_progress else RemediationStatus.OPEN
        after = before.model_copy(update=update)
        if after == before:
            finish(record.key, store=store, audit=audit)
            return before
        _keep("remediation.changed", after, record.etag, store=store, audit=audit, actor=actor, now=now)
        return after

    return retried(step, what=f"remediation {remediation_id}")


def get_remediation(store: Store, model_id: str, remediation_id: str) -> Remediation:
    """A remediation. Raises `NotFoundError`."""
    return _load(store, model_id, remediation_id)[1]


def list_remediations(store: Store, model_id: str | None = None) -> Iterator[Remediation]:
    """Remediations of a model, or all of them by due date."""
    partition = REMEDIATIONS if model_id is None else remediation_key(model_id, "-").partition
    for record in iterate(store, partition):
        yield Remediation.model_validate(record.body)


def remediations_page(
    store: Store,
    *,
    status: RemediationStatus | None = None,
    owner: str | None = None,
    latest_first: bool = False,
    limit: int = 50,
    token: str | None = None,
) -> tuple[tuple[Remediation, ...], str | None]:
    """A page of the remediations of all models by due date, and the token that continues.

    With a filter a page may be shorter than `limit` although more follow.
    """
    page = store.query(REMEDIATIONS, descending=latest_first, limit=limit, token=token)
    found = (Remediation.model_validate(record.body) for record in page.records)
    kept = (one for one in found if status in {None, one.status} and (owner is None or one.owner == owner))
    return tuple(kept), page.next_token


def close_remedied(
    model_id: str, statuses: Iterable[FrameworkStatus], *, store: Store, audit: AuditTrail, now: datetime
) -> tuple[Remediation, ...]:
    """Close what evidence younger than the remediation shows to be repaired."""
    states = {(it.framework_id, req.requirement_id): (it, req) for it in statuses for req in it.requirements}
    closed: list[Remediation] = []
    for record in list(iterate(store, remediation_key(model_id, "-").partition)):
        item = Remediation.model_validate(record.body)
        status, requirement = states.get((item.framework_id, item.requirement_id), (None, None))
        if item.status is RemediationStatus.CLOSED or status is None or requirement is None:
            continue
        fresh = any(reference.produced_at > item.opened_at for reference in requirement.evidence)
        if requirement.if_in_force is not State.MET or not fresh:
            continue
        update = {
            "status": RemediationStatus.CLOSED,
            "closed_at": now,
            "closed_by_sha256": status.inputs_sha256,
        }
        after = item.model_copy(update=update)
        try:
            _keep(
                "remediation.closed", after, record.etag, store=store, audit=audit, actor="syndic/compliance", now=now
            )
        except StaleWriteError:
            continue  # somebody changed it meanwhile; the next evaluation looks again
        closed.append(after)
    return tuple(closed)


def _requirement(store: Store, model_id: str, framework_id: str, requirement_id: str) -> RequirementState:
    record = store.get(status_key(model_id, framework_id))
    if record is None or record.body.get(ENDED):
        raise NotFoundError(f"model {model_id} was not evaluated by {framework_id!r} yet")
    status = FrameworkStatus.model_validate(record.body["status"])
    for item in status.requirements:
        if item.requirement_id == requirement_id:
            return item
    raise NotFoundError(f"{framework_id} has no requirement {requirement_id!r}")


def _load(store: Store, model_id: str, remediation_id: str) -> tuple[Record, Remediation]:
    record = store.get(remediation_key(model_id, remediation_id))
    if record is None:
        raise NotFoundError(f"model {model_id} has no remediation {remediation_id!r}")
    return record, Remediation.model_validate(record.body)


def _record(item: Remediation) -> Record:
    listing = Listing(REMEDIATIONS, f"{item.due.isoformat()}.{item.model_id}.{item.id}")
    return Record(remediation_key(item.model_id, item.id), to_json(item), listings=(listing,))


def _keep(
    action: str, item: Remediation, expect: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> None:
    details = {
        "id": item.id,
        "framework": item.framework_id,
        "requirement": item.requirement_id,
        "due": item.due.isoformat(),
        "status": item.status.value,
    }
    entry = AuditEntry(action=action, actor=actor, subject=f"model/{item.model_id}", at=now, details=dict(details))
    commit(Change((Write(_record(item), expect),), now, entries=(entry,)), store=store, audit=audit)
