"""Messages to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a person."""

    to: str
    subject: str
    text: str
    html: str
    dedupe_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Notifier(Protocol):
    """Sends messages to people."""

    def send(self, message: Message) -> str:
        """Send one message and return the service's id of it.

        Raises `NotSentError` or `InvalidInputError` when it was certainly not sent. After any other error it may have
        been, and it is not sent again.
        """
