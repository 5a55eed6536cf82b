"""`Backends` and `InferenceLog` in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from syndic.errors import UnavailableError
from syndic.ports import Asked, Cell

Answer = Callable[[Asked, Sequence[Mapping[str, Cell]]], Sequence[JsonValue]]


class MemoryBackends:
    """Answers by a function and notes what it was asked.

    Args:
        answer: From what is asked and the rows to one answer a row; None: nobody answers.
    """

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer
        self.asked: list[Asked] = []

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """Ask the function."""
        self.asked.append(asked)
        if self.answer is None:
            raise UnavailableError("the backend does not answer")
        return self.answer(asked, [{name: row.get(name) for name in features} for row in rows])


class MemoryInferenceLog:
    """Keeps what it is given, in the order in which it came."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def take(self, model_id: str, record: bytes) -> None:  # noqa: ARG002 - the record says it
        """Keep a record."""
        self.waiting.append(record)

    def flush(self) -> None:
        """Nothing waits."""

    def offer(self, model_id: str, record: bytes) -> None:
        """Keep a record."""
        self.take(model_id, record)
