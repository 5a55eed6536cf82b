"""The audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from syndic.models import AuditEntry


class Sequencer(Protocol):
    """Takes what is told of changes to the audit trail (`syndic.changes`).

    In a cloud it puts entries where they wait for the sequencer, which alone may append: no writer waits for another.
    """

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Hand over the entries whose id the trail does not have yet, in order; handed over again they are not again.

        Ids are 1 to 200 characters that a key may have. Raises `UnavailableError`: then some may have been taken.
        """


class AuditTrail(Sequencer, Protocol):
    """The one port through which every change, finding and decision is appended."""

    def append(self, *entries: AuditEntry) -> None:
        """Hand over entries in order, each once. Raises `InvalidInputError` for one that has no canonical form."""


class SigningKey(Protocol):
    """An Ed25519 key that signs checkpoints of the audit trail; its private half never leaves where it is kept."""

    @property
    def name(self) -> str:
        """The name of the log, such as ``syndic.example.org/audit``: an address without scheme, no space, no plus."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public half."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of a signature (RFC 8032, not prehashed) over at most 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """What a witness answered to a request."""

    status: int
    content_type: str
    body: bytes


class WitnessRequests(Protocol):
    """The way to witnesses of the audit trail (C2SP tlog-witness)."""

    def add_checkpoint(self, url: str, request: bytes, *, where: str) -> WitnessAnswer:
        """Send a request to the witness at an address, to which ``/add-checkpoint`` is added.

        Raises `SyndicError` when the address is refused or no whole answer came; `where` names the witness in it.
        """
