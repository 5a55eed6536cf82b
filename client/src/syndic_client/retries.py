"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

PASSING: Final = frozenset({408, 429, 502, 503, 504})
"""Answers that say nothing about the request itself."""


@dataclass(frozen=True)
class Retries:
    """How patient the client is.

    Attributes:
        attempts: Times a request is sent at most, the first included.
        first_wait: Seconds before the second attempt. Each further one waits twice as long.
        longest_wait: Seconds that this doubling ends at.
        patience: Longest `Retry-After`, in seconds, that is waited for. A longer one is left to the caller.
        draw: Numbers from 0 to 1 that spread the waits, so that many clients do not come back at once.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    patience: float = 60.0
    draw: Callable[[], float] = random.random

    def wait(self, attempt: int, status: int | None, retry_after: float | None) -> float | None:
        """Seconds until the next attempt; None: there is none.

        Args:
            attempt: How often the request was sent.
            status: What was answered; None: nothing came.
            retry_after: What the answer asked for.
        """
        if attempt >= self.attempts or (status is not None and status not in PASSING):
            return None
        if retry_after is not None and retry_after > self.patience:
            return None
        backed_off = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        spread: float = backed_off * (0.5 + 0.5 * self.draw())
        return spread if retry_after is None else retry_after + spread * 0.5


def retry_after_of(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that an answer asks to wait (RFC 9110, 10.2.3: seconds or a date); None: it does not say."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
