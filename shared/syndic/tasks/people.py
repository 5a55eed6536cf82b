"""Who may sign in and in which roles, decided by an admin: on record first, then brought about in the directory.

The record is what was decided last of a person. A retry finds it and brings the directory into line again, so whoever
dies in between leaves nothing half done that asking again does not end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from syndic.changes import AGAIN, Change, commit, finish
from syndic.errors import NotAllowedError, NotFoundError
from syndic.models import AuditEntry
from syndic.ports import ABSENT, AuditTrail, Directory, DirectoryUser, Key, Record, Store, Write
from syndic.records import retried

PEOPLE: Final = "people"


def person_key(name: str) -> Key:
    """Key of what was decided last of a person. A directory's names may hold anything."""
    return Key(PEOPLE, hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32])


def invite(
    email: str,
    roles: Collection[str],
    *,
    directory: Directory,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> DirectoryUser:
    """Invite a person in some roles. Somebody who is there already is not invited again and keeps other roles."""
    address = email.strip().lower()
    decided = {"roles": sorted(roles), "invited": True}
    _decide(address, decided, "user.invited", {"roles": sorted(roles)}, store=store, audit=audit, actor=actor, now=now)
    user = directory.invite(address)
    kept = directory.get(user.name).roles
    directory.set_roles(user.name, kept | set(roles))
    return directory.get(user.name)


def set_roles(
    name: str,
    roles: Collection[str],
    *,
    directory: Directory,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> DirectoryUser:
    """Give a person exactly these roles. Raises `NotFoundError`, `NotAllowedError` for one's own."""
    user = _other(directory.get(name), actor)
    details = {"roles": sorted(roles), "before": sorted(user.roles)}
    decided = {"roles": sorted(roles)}
    _decide(user.name, decided, "user.roles_set", details, store=store, audit=audit, actor=actor, now=now)
    directory.set_roles(user.name, roles)
    return directory.get(user.name)


def set_enabled(
    name: str, *, enabled: bool, directory: Directory, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> DirectoryUser:
    """Let a person sign in, or not any more. Raises `NotFoundError`, `NotAllowedError` for oneself."""
    user = _other(directory.get(name), actor)
    action = "user.enabled" if enabled else "user.disabled"
    _decide(user.name, {"enabled": enabled}, action, {}, store=store, audit=audit, actor=actor, now=now)
    directory.set_enabled(user.name, enabled=enabled)
    return directory.get(user.name)


def delete(
    name: str, *, directory: Directory, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> DirectoryUser:
    """Remove an account; what the person did stays on record. Raises `NotFoundError`, `NotAllowedError` for oneself."""
    try:
        user = _other(directory.get(name), actor)
    except NotFoundError:
        decided = store.get(person_key(name))
        if decided is None or not decided.body.get("deleted"):
            raise
        finish(decided.key, store=store, audit=audit)  # asked for again: it is done
        return DirectoryUser(name, "", frozenset(), enabled=False, confirmed=False)
    _decide(user.name, {"deleted": True}, "user.deleted", {}, store=store, audit=audit, actor=actor, now=now)
    directory.delete(user.name)
    return user


def _decide(
    name: str, decided: dict[str, Any], action: str, details: dict[str, Any], *, store: Store, audit: AuditTrail,
    actor: str, now: datetime,
) -> None:  # fmt: skip
    """Keep what was decided, once. The trail names a person by a hash: its entries stay for ever."""
    key = person_key(name)
    entry = AuditEntry(action=action, actor=actor, subject=f"user/{key.sort}", at=now, details=details)

    def step() -> None:
        present = store.get(key)
        before = dict(present.body) if present else {}
        at = str(before.pop("at", ""))
        after = {**before, **decided, "by": actor}
        if after == before and now - datetime.fromisoformat(at) < AGAIN:
            finish(key, store=store, audit=audit)
            return
        after["at"] = now.isoformat()
        writes = (Write(Record(key, after), present.etag if present else ABSENT),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)

    retried(step, what="what was decided of a person")


def _other(user: DirectoryUser, actor: str) -> DirectoryUser:
    if actor in {user.name, user.email}:
        raise NotAllowedError("nobody changes their own access: ask another admin, so that one always remains")
    return user
