"""A `StorageInspector` in memory."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.errors import UnavailableError
from syndic.ports import StorageRules


class MemoryStorageInspector:
    """Knows the rules of some places; at every other nobody answers."""

    def __init__(self, rules: Mapping[str, StorageRules] | None = None) -> None:
        self.of = dict(rules or {})

    def rules(self, uri: str) -> StorageRules:
        """The rules given for an address."""
        if uri not in self.of:
            raise UnavailableError(f"nobody answers for {uri}")
        return self.of[uri]
