"""Where the audit trail lies in the store.

Partitions that begin with `PARTITION` hold what may be erased, `TREE` what is only ever added, `PENDING` what waits for
its place. In a cloud each is a table of its own, with rights of its own (`syndic.adapters.partitioned`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from syndic.models import AuditEntry
from syndic.ports import Key, Listing

PARTITION: Final = "audit"
PREFIX: Final = "entry."
TREE: Final = "trail"
BATCH_PREFIX: Final = "batch."
LOG_KEY: Final = Key(TREE, "key")
"""The key that signs the trail, as the sequencer knew it when it signed first. Nobody changes what lies in the tree."""

PENDING: Final = "pending"
READS: Final = "reads"
"""Partition of the access log, by time. It lies among the records, which the table removes when their time is over."""

HOLDS: Final = Key("holds", "all")
"""Legal holds. One record, so that a hold and an erasure never pass each other."""

ANCHORED: Final = Key("anchored", "azure")
"""How much of Azure's trail is anchored in this one."""

SHARDS: Final = 4
"""Partitions of what waits, so that no partition takes all writers. What is about one subject waits in one."""

ALL: Final = "audit.all"
"""Partition in which every entry is listed by time."""

LEASE: Final = Key("pending.sequencer", "lease")
_LOGGED: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{6}))?Z", re.ASCII)
"""A time as an entry's JSON has it."""

CHAIN_HEAD: Final = Key(PARTITION, "head")
"""The head of the chain of before the tree."""


def entry_key(index: int) -> Key:
    """Key of an entry: ``entry.`` and twelve digits."""
    return Key(PARTITION, f"{PREFIX}{index:012d}")


def batch_key(first: int) -> Key:
    """Key of the leaves from an index on that were added together."""
    return Key(TREE, f"{BATCH_PREFIX}{first:012d}")


def taken_key(identity: str) -> Key:
    """Key of the note that the entry of an id is in the trail."""
    return Key(TREE, f"id.{identity}")


def pending_partition(subject: str) -> str:
    """The partition in which what is about a subject waits."""
    return f"{PENDING}.{hashlib.sha256(subject.encode('utf-8', 'surrogatepass')).digest()[0] % SHARDS}"


def pending_partitions() -> tuple[str, ...]:
    """All partitions in which entries wait."""
    return tuple(f"{PENDING}.{shard}" for shard in range(SHARDS))


def entry_index(key: Key) -> int:
    """The index in an entry's key, or -1 when it is no key that `entry_key` gives."""
    digits = key.sort.removeprefix(PREFIX)
    return int(digits) if len(digits) == 12 and digits.isdigit() else -1


def subject_partition(subject: str) -> str:
    """The partition in which a subject's entries are listed. Subjects hold slashes, so it is named by a hash."""
    return _named("subject", subject)


def actor_partition(actor: str) -> str:
    """The partition in which the entries of a person or function are listed."""
    return _named("actor", actor)


def action_partition(action: str) -> str:
    """The partition in which the entries of one action are listed."""
    return _named("action", action)


def subjects_of(entry: AuditEntry) -> Iterator[str]:
    """What an entry is about: its subject, and the model that its details name."""
    yield entry.subject
    model = entry.details.get("model_id")
    if isinstance(model, str) and model and f"model/{model}" != entry.subject:
        yield f"model/{model}"


def listings_of(index: int, entry: AuditEntry) -> tuple[Listing, ...]:
    """Where an entry is listed: by what it is about, who did it, what was done, and with all; each by its time."""
    partitions: Iterable[str] = (
        *(subject_partition(subject) for subject in subjects_of(entry)),
        actor_partition(entry.actor),
        action_partition(entry.action),
        ALL,
    )
    sort = f"{moment(entry.at)}.{index:012d}"
    return tuple(Listing(partition, sort) for partition in dict.fromkeys(partitions))


def places_of(index: int, content: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """What `listings_of` says of an entry in its logged form, and a whole trail is verified by: sort and partitions.

    None for a content that is not in the form in which entries are logged.
    """
    at, subject, actor, action = content.get("at"), content.get("subject"), content.get("actor"), content.get("action")
    details = content.get("details")
    if not (
        type(at) is type(subject) is type(actor) is type(action) is str
        and type(details) is dict
        and (found := _LOGGED.fullmatch(at))
    ):
        return None
    model = details.get("model_id")
    day, time, fraction = found.groups("000000")
    sort = f"{day.replace('-', '')}T{time.replace(':', '')}.{fraction}Z.{index:012d}"
    return sort, _partitions(subject, model if type(model) is str else "", actor, action)


@lru_cache(maxsize=4096)
def _partitions(subject: str, model: str, actor: str, action: str) -> tuple[str, ...]:
    about = (subject, f"model/{model}") if model and f"model/{model}" != subject else (subject,)
    return (*map(subject_partition, about), actor_partition(actor), action_partition(action), ALL)


def moment(at: datetime) -> str:
    """A time as it begins the sort text of a listing: listings are in the order of the entries' own times."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26].replace("-", "").replace(":", "") + "Z"


@lru_cache(maxsize=4096)
def _named(kind: str, text: str) -> str:
    return f"audit.{kind}.{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
