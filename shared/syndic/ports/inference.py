"""What answers predictions, and where a prediction's record waits until it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

Cell = str | float | int | bool | None
"""One value as JSON has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a version is asked: the kind of service, its address, and how long may be waited."""

    kind: str
    address: str
    version: str
    variant: str | None = None
    secret: str | None = None
    timeout: float = 10.0


class Answers(list[JsonValue]):
    """The answers, one a row, and the bytes that they were read from where a service gave some."""

    body: bytes | None = None
    media: str = "application/json"

    @classmethod
    def read_from(cls, answers: Sequence[JsonValue], body: bytes, media: str) -> Answers:
        """Answers that were read from a service's body."""
        found = cls(answers)
        found.body, found.media = body, media
        return found


class Backends(Protocol):
    """Every service that can answer for a version."""

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """The answers for some rows, one a row, as the service gave them: `Answers` where its bytes are known.

        Raises:
            InvalidInputError: Its settings are wrong; names the setting.
            UnavailableError: It did not answer in time, or answered with an error; the request may have been carried
                out, which changes nothing: a prediction has no effect.
        """


class InferenceLog(Protocol):
    """Takes a prediction's record."""

    def take(self, model_id: str, record: bytes) -> None:
        """Take a record for good: once this returns it is in a durable queue. Raises `UnavailableError`."""

    def offer(self, model_id: str, record: bytes) -> None:
        """Take a record without waiting: it is sent with the next ones, within a second. Never raises."""

    def flush(self) -> None:
        """Send what was offered now, for a process that is stopped between two requests. Never raises."""


class WaitingRecords(Protocol):
    """Records that wait in a queue's message."""

    def read(self, message: str) -> list[bytes]:
        """The records of a message. Raises `InvalidInputError` for one that holds none, `NotFoundError`."""

    def forget(self, message: str) -> None:
        """Remove what a message left elsewhere, once its records are kept. Again is once."""
