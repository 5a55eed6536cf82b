"""Where the mirror keeps its records. docs/keys.md lists all keys."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from syndic.ports import Key

CHANGES: Final = "changes"
"""Partition of the change log, in the order of the writer's clock."""

OUTBOX: Final = "outbox"
"""Partition of the events that wait for the other cloud."""

STATE: Final = Key("mirror", "state")
PULLED: Final = Key("mirror", "pulled")
PUSHED: Final = Key("mirror", "pushed")
MET: Final = Key("mirror", "met")
"""In Azure: when AWS was there last, by its clock."""
_TIME: Final = "%Y%m%dT%H%M%S.%fZ"


def change_key(changed: Key, at: datetime) -> Key:
    """Key of a change: when, and a hash of what."""
    digest = hashlib.sha256(f"{changed.partition} {changed.sort}".encode()).hexdigest()[:16]
    return Key(CHANGES, f"{at.astimezone(UTC).strftime(_TIME)}.{digest}")


def time_of(change: str) -> datetime:
    """When a change was written, by its writer's clock."""
    return datetime.strptime(change.rpartition(".")[0], _TIME).replace(tzinfo=UTC)


def from_time(at: datetime) -> str:
    """Where changes of a moment begin."""
    return at.strftime(_TIME)


def outbox_key(digest: str) -> Key:
    """Key of a waiting event, by the hash of what it says."""
    return Key(OUTBOX, digest)
