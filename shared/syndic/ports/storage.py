"""What a store does by its own rules with what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StorageRules:
    """The rules of a bucket or container for what lies at one place in it. None: there is no such rule.

    Args:
        encryption: By what new objects are encrypted, in the cloud's own word; None: they are not.
        earlier_versions: Whether what is replaced or deleted stays as an earlier version, or did while this was on.
        locked_days: So long nobody changes or removes a new object, by default.
        lock_can_be_lifted: Whether somebody with the right to may lift that lock.
        deleted_after_days: Every object goes by itself this long after it was written; of several rules, the earliest.
        some_deleted_after_days: The same of rules that are about some of the objects, or all.
        gone_after_days: What was replaced or deleted goes for good this long after it was; 0: at once; None: never.
    """

    encryption: str | None
    earlier_versions: bool
    locked_days: int | None
    lock_can_be_lifted: bool
    deleted_after_days: int | None
    some_deleted_after_days: int | None
    gone_after_days: int | None


class StorageInspector(Protocol):
    """Reads the rules of stores. It reads nothing that lies in them, and changes nothing."""

    def rules(self, uri: str) -> StorageRules:
        """The rules for what lies below an address, such as that of a capture.

        Raises `InvalidInputError` for an address outside of what may be read, `NotFoundError`, `UnavailableError`.
        """
