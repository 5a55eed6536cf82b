"""Secrets in memory."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.errors import InvalidInputError, NotSentError


class MemorySecrets:
    """The secrets given. With `refuse` set, `read` raises `NotSentError`."""

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        self._kept = dict(kept or {})
        self.refuse: str | None = None

    def read(self, name: str) -> str:
        """The secret."""
        if self.refuse is not None:
            raise NotSentError(self.refuse)
        if name not in self._kept:
            raise InvalidInputError("there is no secret of this name", where=f"secret {name}")
        return self._kept[name]
