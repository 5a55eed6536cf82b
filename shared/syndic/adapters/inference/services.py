"""Every service that can answer for a version, by the kind that its settings name; with a breaker before each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import JsonValue

from syndic.errors import InvalidInputError, UnavailableError
from syndic.ports import Asked, Cell

FAILURES: Final = 5
"""In a row, after which a service is left alone."""

RESTING: Final = 10.0
"""Seconds for which it is left alone; then one request tries it."""


class Service(Protocol):
    """One kind of service."""

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`."""


@dataclass
class _Breaker:
    failures: int = 0
    until: float = 0.0


class Services:
    """A table of services. Follows `syndic.ports.Backends`.

    A service that failed `FAILURES` times in a row is not asked for `RESTING` seconds: whoever asks is told at once.

    Args:
        table: The services by kind.
        clock: Seconds, of which only differences count.
    """

    def __init__(self, table: Mapping[str, Service], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._table, self._clock = dict(table), clock
        self._breakers: dict[tuple[str, str, str | None], _Breaker] = {}

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`."""
        service = self._table.get(asked.kind)
        if service is None:
            kinds = ", ".join(sorted(self._table))
            raise InvalidInputError(f"{asked.kind} is not served here; there are {kinds}", where="backend.kind")
        breaker = self._breakers.setdefault((asked.kind, asked.address, asked.variant), _Breaker())
        now = self._clock()
        if breaker.failures >= FAILURES and now < breaker.until:
            raise UnavailableError(
                f"the backend failed {breaker.failures} times in a row: asked again in {breaker.until - now:.0f} s"
            )
        if breaker.failures >= FAILURES:
            breaker.until = now + RESTING  # one request tries it; the others are told
        try:
            answers = service.predict(asked, features, rows)
        except UnavailableError:
            breaker.failures += 1
            breaker.until = self._clock() + RESTING
            raise
        breaker.failures = 0
        return answers
