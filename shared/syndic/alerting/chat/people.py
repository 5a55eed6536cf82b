"""Who a member of a chat is: set by admins, on record. What a member may do is what the account may at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from syndic.alerting.keys import CHAT_PEOPLE, chat_person_key, recipient_word
from syndic.alerting.models.chat import ChatPerson, ChatPersonRecord
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import iterate, retried

MOST: Final = 1000


def list_people(store: Store) -> Iterator[ChatPerson]:
    """Every member that an admin said who they are, by member."""
    for record in iterate(store, CHAT_PEOPLE):
        found = ChatPersonRecord.model_validate(record.body).person
        if found is not None:
            yield found


def find_person(store: Store, member: str) -> ChatPerson | None:
    """Who a member is, or None."""
    record = store.get(chat_person_key(member))
    return None if record is None else ChatPersonRecord.model_validate(record.body).person


def get_person(store: Store, member: str) -> ChatPerson:
    """Who a member is. Raises `NotFoundError`."""
    found = find_person(store, member)
    if found is None:
        raise NotFoundError(f"nobody said who {member} is")
    return found


def set_person(member: str, account: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> ChatPerson:
    """Say who a member is. The same again changes nothing.

    Args:
        member: Workspace and member.
        account: The directory's own name of an account, which is there.
        store: Records.
        audit: The trail.
        actor: Who says it.
        now: When.

    Raises:
        InvalidInputError: There are too many.
    """
    present = find_person(store, member)
    if present is None and sum(1 for _ in list_people(store)) >= MOST:
        raise InvalidInputError(f"there are {MOST} members already", where="member")
    wanted = ChatPerson(member=member, person=account, set_by=actor, set_at=now)
    return _change(member, wanted, store=store, audit=audit, actor=actor, now=now) or wanted


def remove_person(member: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """What the member presses changes nothing any more. Removed again it is removed. Raises `NotFoundError`."""
    if store.get(chat_person_key(member)) is None:
        raise NotFoundError(f"nobody said who {member} is")
    _change(member, None, store=store, audit=audit, actor=actor, now=now)


def _change(
    member: str, wanted: ChatPerson | None, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ChatPerson | None:
    key = chat_person_key(member)

    def step() -> ChatPerson | None:
        stored = store.get(key)
        before = ChatPersonRecord.model_validate(stored.body).person if stored else None
        same = before is not None and wanted is not None and before.person == wanted.person
        if same or (before is None and wanted is None):
            finish(key, store=store, audit=audit)
            return before
        details: dict[str, JsonValue] = {"member": member}
        if wanted is not None:
            details["account"] = recipient_word(wanted.person)  # entries stay for ever: a hash, as of users
        entry = AuditEntry(
            action="chat.person_removed" if wanted is None else "chat.person_set",
            actor=actor,
            subject=f"chat/{member}",
            at=now,
            details=details,
        )
        write = Write(Record(key, to_json(ChatPersonRecord(person=wanted))), stored.etag if stored else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)
        return wanted

    return retried(step, what=f"member {member}")
