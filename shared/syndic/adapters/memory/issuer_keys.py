"""`IssuerKeys` in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syndic.errors import UnavailableError


class MemoryIssuerKeys:
    """The keys by address; an address without any does not answer."""

    def __init__(self, keys: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._keys = keys

    def get(self, address: str, *, key_id: str) -> Sequence[Mapping[str, Any]]:
        """The keys of this id."""
        if address not in self._keys:
            raise UnavailableError("the issuer does not answer")
        return [one for one in self._keys[address] if one.get("kid") == key_id]
