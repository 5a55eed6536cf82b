"""Issuers whose tokens are exchanged: set, shown and removed by admins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syndic.changes import Change, commit, finish
from syndic.errors import NotFoundError
from syndic.identity.keys import ISSUERS, issuer_key
from syndic.identity.models import Issuer, IssuerRules
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import iterate, retried


def set_issuer(name: str, rules: IssuerRules, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> Issuer:
    """Set the rules of an issuer. The same set again changes nothing."""
    wanted = Issuer(**rules.model_dump(), name=name, changed_by=actor, changed_at=now)

    def step() -> Issuer:
        present = store.get(issuer_key(name))
        before = _live(present)
        if before is not None and before.model_dump(exclude={"changed_at", "changed_by"}) == wanted.model_dump(
            exclude={"changed_at", "changed_by"}
        ):
            finish(issuer_key(name), store=store, audit=audit)
            return before
        entry = AuditEntry(
            action="issuer.set", actor=actor, subject=f"issuer/{name}", at=now,
            details={"issuer": rules.issuer, "audience": rules.audience, "claims": dict(rules.claims),
                     "scopes": list(rules.scopes)},
        )  # fmt: skip
        writes = (Write(Record(issuer_key(name), to_json(wanted)), present.etag if present else ABSENT),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return wanted

    return retried(step, what="the issuer")


def get_issuer(store: Store, name: str) -> Issuer:
    """The rules of an issuer. Raises `NotFoundError`."""
    found = _live(store.get(issuer_key(name)))
    if found is None:
        raise NotFoundError("there is no such issuer")
    return found


def list_issuers(store: Store) -> Iterator[Issuer]:
    """All issuers, by name."""
    return (found for record in iterate(store, ISSUERS) if (found := _live(record)) is not None)


def remove_issuer(name: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """Take no more tokens of an issuer; keys given out end within a quarter of an hour. Removed again it is fine.

    Raises `NotFoundError` when it never was there.
    """

    def step() -> None:
        present = store.get(issuer_key(name))
        if present is None:
            raise NotFoundError("there is no such issuer")
        if present.body.get("removed"):
            finish(present.key, store=store, audit=audit)
            return
        entry = AuditEntry(action="issuer.removed", actor=actor, subject=f"issuer/{name}", at=now, details={})
        gone = Record(present.key, {"removed": True, "by": actor, "at": now.isoformat()})
        commit(Change((Write(gone, present.etag),), now, entries=(entry,)), store=store, audit=audit)

    retried(step, what="the issuer")


def _live(record: Record | None) -> Issuer | None:
    return None if record is None or record.body.get("removed") else Issuer.model_validate(record.body)
