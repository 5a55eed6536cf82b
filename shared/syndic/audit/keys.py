"""Where the audit trail lies in the store."""

from __future__ import annotations

import hashlib
from typing import Final

from syndic.ports import Key, Listing

PARTITION: Final = "audit"
PREFIX: Final = "entry."
HEAD: Final = Key(PARTITION, "head")


def entry_key(index: int) -> Key:
    """Key of an entry: ``entry.`` and twelve digits."""
    return Key(PARTITION, f"{PREFIX}{index:012d}")


def taken_key(identity: str) -> Key:
    """Key of the note that the entry of an id is in the trail."""
    return Key(PARTITION, f"id.{identity}")


def entry_index(key: Key) -> int:
    """The index in an entry's key, or -1 when it is no key that `entry_key` gives."""
    digits = key.sort.removeprefix(PREFIX)
    return int(digits) if len(digits) == 12 and digits.isdigit() else -1


def subject_partition(subject: str) -> str:
    """The partition in which a subject's entries are listed. Subjects hold slashes, so it is named by a hash."""
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()
    return f"audit.subject.{digest[:32]}"


def subject_listing(subject: str, index: int) -> Listing:
    """Where an entry is listed by its subject."""
    return Listing(subject_partition(subject), f"{index:012d}")
