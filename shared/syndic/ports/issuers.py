"""The keys with which an OpenID issuer signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class IssuerKeys(Protocol):
    """Public keys of issuers, fetched and kept for a while."""

    def get(self, address: str, *, key_id: str) -> Sequence[Mapping[str, Any]]:
        """The JSON Web Keys at an address that have this id; asks anew, seldom, when none kept has it.

        Raises `UnavailableError`: the address does not answer, not with keys, or is none that may be asked.
        """
