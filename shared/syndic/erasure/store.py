"""Erasures as they are kept: read, listed, and put as one change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from syndic.changes import Change, commit
from syndic.erasure.keys import ALL, erasure_key, partition_of
from syndic.erasure.models import Erasure, Progress
from syndic.errors import ConflictError, NotFoundError
from syndic.models import AuditEntry, Event, Evidence, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Listing, Record, Store, Write

MOST = 1000
"""Erasures of one model that are looked at together; each is planned and applied by a person."""
APPLY_OFF = (
    "captured rows are not erased by this deployment: whoever deploys turns it on (-c erase_captures=yes, "
    "docs/erasure.md); plans can be made without"
)


def read_progress(store: Store, erasure_id: str) -> tuple[Record, Progress]:
    """An erasure with its record. Raises `NotFoundError`."""
    record = store.get(erasure_key(erasure_id)) if ".e" in erasure_id else None
    if record is None:
        raise NotFoundError(f"there is no erasure {erasure_id!r}")
    return record, Progress.model_validate(record.body)


def get_erasure(store: Store, erasure_id: str) -> Erasure:
    """An erasure. Raises `NotFoundError`."""
    return read_progress(store, erasure_id)[1].erasure


def erasures_page(
    store: Store, *, model_id: str | None, limit: int, token: str | None
) -> tuple[tuple[Erasure, ...], str | None]:
    """Some erasures, the newest first: of a model, or of all."""
    partition = ALL if model_id is None else partition_of(model_id)
    page = store.query(partition, end="~~", descending=True, limit=limit, token=token)
    return tuple(Progress.model_validate(one.body).erasure for one in page.records), page.next_token


def erasures_of(store: Store, model_id: str) -> tuple[Erasure, ...]:
    """The erasures of a model, the newest first: at most the last thousand."""
    found: list[Erasure] = []
    token: str | None = None
    while True:
        page, token = erasures_page(store, model_id=model_id, limit=100, token=token)
        found += page
        if token is None or len(found) >= MOST:
            return tuple(found)


def refuse_held(model_id: str, held: Collection[str]) -> None:
    """Raise `ConflictError` when a legal hold is on the model or on its captures."""
    for subject in (f"model/{model_id}", f"captures/{model_id}"):
        if subject in held:
            raise ConflictError(f"{subject} is under legal hold: its captured rows stay until the hold is lifted")


def save(
    progress: Progress,
    before: Record | None,
    *,
    at: datetime,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    entries: Sequence[AuditEntry] = (),
    evidence: Sequence[Evidence] = (),
    events: Sequence[Event] = (),
) -> None:
    """Keep an erasure and tell of it. Raises `StaleWriteError` when somebody came in between."""
    erasure = progress.erasure
    listing = Listing(ALL, f"{erasure.asked_at:%Y%m%dT%H%M%S.%fZ}.{erasure.id}")
    record = Record(erasure_key(erasure.id), to_json(progress), listings=(listing,))
    writes = (Write(record, ABSENT if before is None else before.etag),)
    commit(Change(writes, at, entries, evidence, events), store=store, audit=audit, bus=bus)


def entry(action: str, erasure: Erasure, *, actor: str, at: datetime, **details: object) -> AuditEntry:
    """An entry of the trail on an erasure: counts and hashes only."""
    return AuditEntry.model_validate(
        {
            "action": action, "actor": actor, "subject": f"erasure/{erasure.id}", "at": at,
            "details": {"model_id": erasure.model_id, "kind": erasure.kind, **details},
        }
    )  # fmt: skip
