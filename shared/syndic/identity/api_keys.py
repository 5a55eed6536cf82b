"""Keys are made, shown, revoked and admitted."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syndic.changes import AGAIN, Change, commit, finish
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, StaleWriteError
from syndic.identity.key_text import hash_key, new_secret, read_id, write_key
from syndic.identity.keys import ALL, SPENT, api_key_key, api_key_record, of_maker, used_key
from syndic.identity.models import LONGEST, USUAL, ApiKey, IdentityRefusedError, Scope
from syndic.models import AuditEntry
from syndic.ports import ABSENT, AuditTrail, Page, Record, Store, Write
from syndic.records import retried

USE_NOTED: Final = timedelta(minutes=10)
"""How exactly it is known when a key was used last: noting every use would make every reading a write."""
CLEARED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a key, and the scopes they may give: never more than they may do themselves."""

    name: str
    account: str
    email: str | None
    from_provider: bool
    may_give: frozenset[Scope]


def make_key(
    name: str,
    scopes: tuple[Scope, ...],
    maker: Maker,
    *,
    expires_at: datetime | None,
    store: Store,
    audit: AuditTrail,
    now: datetime,
    secret: Callable[[], str] = new_secret,
) -> tuple[ApiKey, str]:
    """Make a key; returns it with its text, which is nowhere else.

    Asked for again within a quarter of an hour, before the key was used, its answer was lost: the same key is given
    another secret, and the lost one is worth nothing.

    Raises:
        NotAllowedError: A scope that the maker does not have.
        InvalidInputError: It would expire in the past, or after more than a year.
        ConflictError: The maker has, or had, another key of this name.
    """
    beyond = sorted(set(scopes) - maker.may_give)
    if beyond:
        raise NotAllowedError(f"you may not do yourself what the scope {', '.join(beyond)} allows")
    until = expires_at or now + USUAL
    if not now < until <= now + LONGEST:
        raise InvalidInputError(f"lies within the next {LONGEST.days} days", where="body.expires_at")
    key_id = hashlib.sha256(f"{maker.account}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    text = write_key(key_id, secret())
    made = ApiKey(
        id=key_id, name=name, scopes=tuple(sorted(set(scopes))), made_by=maker.name, account=maker.account,
        from_provider=maker.from_provider, email=maker.email, made_at=now, expires_at=until,
        secret_sha256=hash_key(text),
    )  # fmt: skip

    def step() -> ApiKey:
        present = store.get(api_key_key(key_id))
        if present is None:
            details = {"name": name, "scopes": list(made.scopes), "expires_at": made.expires_at.isoformat()}
            entry = AuditEntry(action="key.made", actor=maker.name, subject=f"key/{key_id}", at=now, details=details)
            commit(Change((Write(api_key_record(made), ABSENT),), now, entries=(entry,)), store=store, audit=audit)
            return made
        before = ApiKey.model_validate(present.body)
        same = before.scopes == made.scopes and expires_at in {None, before.expires_at} and before.revoked_at is None
        if not same or now - before.made_at >= AGAIN or store.get(used_key(key_id)) is not None:
            raise ConflictError(f"you have, or had, another key with the name {name}: choose another name")
        finish(present.key, store=store, audit=audit)
        renewed = before.model_copy(update={"secret_sha256": made.secret_sha256})
        store.put(api_key_record(renewed), expect=present.etag)
        return renewed

    return retried(step, what="the key"), text


def list_keys(store: Store, *, made_by: str | None, limit: int = 100, token: str | None = None) -> Page:
    """Keys that people made, the newest first. `made_by`: only theirs."""
    partition = ALL if made_by is None else of_maker(made_by)
    return store.query(partition, descending=True, limit=limit, token=token)


def last_uses(store: Store, key_ids: tuple[str, ...]) -> dict[str, str]:
    """When some keys were used last, to ten minutes; those never used are not in it."""
    found = store.get_many([used_key(one) for one in key_ids])
    return {key.sort: str(record.body["at"]) for key, record in found.items()}


def revoke_key(
    key_id: str, *, of: str | None, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ApiKey:  # fmt: skip
    """End a key at once. Revoked again it stays as it was. `of`: only when this person made it.

    Raises `NotFoundError`: there is none, or it is another person's.
    """

    def step() -> ApiKey:
        present = store.get(api_key_key(key_id))
        if present is None or (of is not None and present.body["made_by"] != of):
            raise NotFoundError("there is no such key")
        key = ApiKey.model_validate(present.body)
        if key.revoked_at is not None:
            finish(present.key, store=store, audit=audit)
            return key
        revoked = key.model_copy(update={"revoked_at": now, "revoked_by": actor})
        entry = AuditEntry(
            action="key.revoked", actor=actor, subject=f"key/{key_id}", at=now, details={"name": key.name}
        )
        writes = (Write(api_key_record(revoked), present.etag),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return revoked

    return retried(step, what="the key")


def admit(text: str, *, store: Store, now: datetime) -> ApiKey:
    """The key behind a text. What is wrong with it is only told to who has its secret.

    Raises `IdentityRefusedError`.
    """
    key_id = read_id(text)
    if key_id is None:
        raise IdentityRefusedError("key_malformed", "this is no key of Syndic: a part is missing or mistyped")
    present = store.get(api_key_key(key_id))
    kept = str(present.body["secret_sha256"]) if present is not None else ""
    if not hmac.compare_digest(kept, hash_key(text)) or present is None:
        raise IdentityRefusedError("key_unknown", "this key is not known here")
    key = ApiKey.model_validate(present.body)
    if key.revoked_at is not None:
        raise IdentityRefusedError("key_revoked", f"the key {key.name} was revoked")
    if key.expires_at <= now:
        raise IdentityRefusedError("key_expired", f"the key {key.name} has expired")
    return key


def note_use(key: ApiKey, *, store: Store, now: datetime) -> None:
    """Keep when a key was used, once in ten minutes."""
    present = store.get(used_key(key.id))
    if present is not None and now - datetime.fromisoformat(str(present.body["at"])) < USE_NOTED:
        return
    with suppress(StaleWriteError):  # noted by another at this moment
        store.put(Record(used_key(key.id), {"at": now.isoformat()}), expect=present.etag if present else ABSENT)


def forget_exchanged(*, store: Store, now: datetime, most: int = 1000) -> int:
    """Remove keys of exchanges that ended a day ago, when no token they were made for can come again."""
    removed = 0
    while removed < most:
        page = store.query(SPENT, end=f"{now - CLEARED_AFTER:%Y%m%dT%H%M%SZ}", limit=100)
        for record in page.records:
            store.delete(record.key)
            store.delete(used_key(record.key.sort))
            removed += 1
        if page.next_token is None:
            break
    return removed
