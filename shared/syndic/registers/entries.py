"""An entry of a register: opened and changed in one transaction with what is told of it.

A register is its noun and a `Register` that names it; its rules are functions from an entry to the next one. What is
here knows no law. Opening the same again within `AGAIN`, and changing an entry to what already stands, are done once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import JsonValue, ValidationError
from pydantic_core import to_jsonable_python

from syndic.assessment import ORGANISATION
from syndic.canonical import canonical_json, sha256_of
from syndic.changes import AGAIN, Change, commit, finish
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import find_model, retried
from syndic.registers.keys import entry_key
from syndic.registers.listing import counted_entries
from syndic.registers.register import E, Register, listings_of
from syndic.registers.told import links, what_changed
from syndic.spelling import refusal

LARGEST: Final = 256 * 1024
"""Bytes of an entry in canonical form."""
_MOST_SAME: Final = 1000


def open_entry(
    register: Register[E],
    asked: Mapping[str, Any],
    make: Callable[[dict[str, Any]], E],
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> E:
    """Open an entry. The same that the same person opens again within `AGAIN` is the first one.

    Args:
        register: Where.
        asked: What was asked for: by it the same is known again.
        make: Makes the entry of its own fields (id, opened_by, opened_at, changed_by, changed_at).
        store: Records.
        audit: The trail.
        bus: Tells compliance.
        actor: Who opens it.
        now: The time.

    Raises `InvalidInputError` for a model that is not registered or an entry that is too large.
    """
    for number in range(_MOST_SAME):
        identity = _identity(register, asked, actor, number)
        key = entry_key(register.name, identity)
        present = store.get(key)
        if present is None:
            own = {"id": identity, "opened_by": actor, "opened_at": now, "changed_by": actor, "changed_at": now}
            entry = _checked(register, make, own)
            _check_models(store, entry.model_ids)
            _commit(register, None, entry, ABSENT, "opened", {}, store=store, audit=audit, bus=bus)
            return entry
        known = register.noun.model_validate(present.body)
        if now - known.opened_at < AGAIN:
            finish(key, store=store, audit=audit, bus=bus)
            return known
    raise ConflictError(f"the same {register.kind} was opened {_MOST_SAME} times: change one of them")


def change_entry(
    register: Register[E],
    identity: str,
    decide: Callable[[E], E],
    *,
    action: str,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
    details: Mapping[str, JsonValue] | None = None,
) -> E:
    """Change an entry to what a rule makes of it; when that is what stands, nothing is written and it is returned.

    Args:
        register: Where.
        identity: The entry's id.
        decide: The entry as it is to be. Raises what a person is to be told. Called again when somebody came between.
        action: In the past tense, such as ``closed``.
        store: Records.
        audit: The trail.
        bus: Tells compliance.
        actor: Who changes it.
        now: The time.
        details: What the trail is told besides what changed.
    """

    def step() -> E:
        record = store.get(entry_key(register.name, identity))
        if record is None:
            raise NotFoundError(f"there is no {register.kind} {identity!r}")
        before = register.noun.model_validate(record.body)
        after = decide(before)
        if after == before:
            finish(record.key, store=store, audit=audit, bus=bus)
            return before
        _check_models(store, set(after.model_ids) - set(before.model_ids))
        own = {"changed_by": actor, "changed_at": now}
        after = _checked(register, register.noun.model_validate, {**to_json(after), **own})
        _commit(register, before, after, record.etag, action, details or {}, store=store, audit=audit, bus=bus)
        return after

    return retried(step, what=f"{register.kind} {identity}")


def get_entry(register: Register[E], store: Store, identity: str) -> E:
    """An entry. Raises `NotFoundError`."""
    record = store.get(entry_key(register.name, identity))
    if record is None:
        raise NotFoundError(f"there is no {register.kind} {identity!r}")
    return register.noun.model_validate(record.body)


def _commit(  # noqa: PLR0917 - what changes, in its order
    register: Register[E], before: E | None, after: E, expect: str, action: str, details: Mapping[str, JsonValue],
    *, store: Store, audit: AuditTrail, bus: EventBus,
) -> None:  # fmt: skip
    body = to_json(after)
    size = len(canonical_json(body))
    if size > LARGEST:
        raise InvalidInputError(f"has {size} bytes, the limit is {LARGEST}: link to documents", where=register.kind)
    key, now, actor = entry_key(register.name, after.id), after.changed_at, after.changed_by
    evidence = tuple(_evidence(register, before, after, store))
    changed = what_changed(register, before, after)
    main = AuditEntry(
        action=f"{register.kind}.{action}", actor=actor, subject=f"{register.kind}/{after.id}", at=now,
        details={**changed, **details},
    )  # fmt: skip
    commit(
        Change(
            (Write(Record(key, body, listings=listings_of(register, after)), expect),),
            now,
            entries=(main, *links(register, before, after)),
            evidence=evidence,
            events=tuple(EvidenceChanged(model_id=one.model_id, kinds=(one.kind,)) for one in evidence),
        ),
        store=store, audit=audit, bus=bus,
    )  # fmt: skip


def _identity(register: Register[E], asked: Mapping[str, Any], actor: str, number: int) -> str:
    try:
        return sha256_of([register.name, to_jsonable_python(asked), actor, number])[:16]
    except ValueError as error:  # half a surrogate pair, NaN
        raise InvalidInputError(f"has no canonical form: {error}", where=register.kind) from error


def _checked(register: Register[E], make: Callable[[dict[str, Any]], E], values: dict[str, Any]) -> E:
    """An entry within the limits of its noun, which rules may overstep. Raises `InvalidInputError`."""
    try:
        return make(values)
    except ValidationError as error:
        raise refusal(error, register.noun, where=register.kind) from error


def _check_models(store: Store, model_ids: Iterable[str]) -> None:
    for one in sorted(model_ids):
        if find_model(store, one) is None:
            raise InvalidInputError(f"no model has the id {one!r}", where="model_ids")


def _evidence(register: Register[E], before: E | None, after: E, store: Store) -> Iterator[Evidence]:
    """What the change makes the register show: of the models it is or was about, and of the organisation."""
    if register.evidence is None:
        return
    for model_id in dict.fromkeys([*after.model_ids, *(before.model_ids if before else ()), ORGANISATION]):
        about = None if model_id == ORGANISATION else model_id
        counted = counted_entries(register, store, model_id, now=after.changed_at)
        others = (one for one in counted if one.id != after.id)
        own = (after,) if about is None or about in after.model_ids else ()
        yield from register.evidence(model_id, (*others, *own), after.changed_at)
