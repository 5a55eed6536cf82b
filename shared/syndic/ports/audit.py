"""The audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from syndic.models import AuditEntry


class Sequencer(Protocol):
    """Gives audit entries their place in the trail. Changes hand over what they tell through it (`syndic.changes`).

    It asks for less than `AuditTrail`, so that one day only the sequencer needs the right to append.
    """

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Append the entries whose id the trail does not have yet, in order; handed over again they are not again.

        Ids are 1 to 200 characters that a key may have. Raises `UnavailableError`: then some may have been taken.
        """


class AuditTrail(Sequencer, Protocol):
    """The one port through which every change, finding and decision is appended."""

    def append(self, *entries: AuditEntry) -> None:
        """Add entries in order, all or none, with contiguous indices and a hash chain."""
