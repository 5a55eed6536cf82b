"""Where registers keep their entries. docs/keys.md lists all keys."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from syndic.ports import Key

ALL: Final = "all"
"""The filter that every entry passes."""

_MOMENT: Final = "%Y%m%dT%H%M%SZ"


def entry_key(register: str, entry_id: str) -> Key:
    """Key of an entry."""
    return Key(f"registers.{register}", entry_id)


def listing_partition(register: str, by: str = ALL, word: str = "") -> str:
    """Where entries are listed by what is due: all of them, or those with a word, such as a state or a model's id."""
    return f"registers.{register}.{by}" + (f".{word}" if word else "")


def model_partition(model_id: str) -> str:
    """Where the entries of all registers on a model are listed, register by register, each by what is due."""
    return f"registers.of.{model_id}"


DUE: Final = "registers.due"
"""Where open entries of all registers are listed by what is due first."""


def owner_word(owner: str) -> str:
    """An owner in keys and in the audit trail: an address is personal data and may hold anything."""
    return hashlib.sha256(owner.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[:20]


def place(entry_id: str, *, due: datetime | None, opened_at: datetime, closed_at: datetime | None) -> str:
    """Where an entry stands in a listing: open ones by what is due first, then those with nothing due, then closed."""
    if closed_at is not None:
        return f"3.{moment(closed_at)}.{entry_id}"
    return f"2.{moment(opened_at)}.{entry_id}" if due is None else f"1.{moment(due)}.{entry_id}"


def watch_key(register: str) -> Key:
    """Key of what of a register's entries was raised as due."""
    return Key("registers.watch", register)


OPEN_END: Final = "3"
"""Open entries stand before this place, closed ones after it."""


def due_end(until: datetime) -> str:
    """The place before which stands what is due up to a time."""
    return f"1.{moment(until)}.~"


def closed_start(since: datetime) -> str:
    """The place from which on stand the entries that were closed since a time."""
    return f"3.{moment(since)}."


def moment(at: datetime) -> str:
    """A time as it stands in keys."""
    return at.astimezone(UTC).strftime(_MOMENT)
