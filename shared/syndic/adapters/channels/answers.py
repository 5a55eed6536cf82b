"""What an answer means for a message: taken, to be sent again, refused for good, or unknown. Pure."""

from __future__ import annotations

import math
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from syndic.adapters.internet.https import Answer, UnansweredError
from syndic.errors import InvalidInputError, NotSentError
from syndic.json_text import parse_json

LONGEST_WAIT: Final = 86_400.0
"""Seconds that a service is believed to ask for."""

_BUSY: Final = frozenset({408, 425, 429})
_GATEWAY: Final = frozenset({502, 504})  # somebody in between answers, who cannot know what the service did
_SPACES: Final = re.compile(r"\s+")


def expect_taken(answer: Answer, *, where: str, secret: str, now: datetime, knows_again: bool) -> None:
    """Raise unless the service took the message.

    Args:
        answer: What came.
        where: The channel, for errors.
        secret: What no error may show, even when the service repeats it.
        now: For a time at which the service wants to be asked again.
        knows_again: Whether the receiver takes the same message once, so that what is unknown may be sent again.

    Raises:
        NotSentError: 408, 425, 429, 5xx: to be sent again.
        InvalidInputError: 3xx, other 4xx: it would be refused again.
        UnansweredError: 502, 504 where the receiver would show it twice.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    why = f"{where} answered {status}: {said(answer, secret)}"
    if 300 <= status < 400:
        raise InvalidInputError(f"{where} answered {status}: it sends us on, which is not followed")
    if status in _GATEWAY and not knows_again:
        raise UnansweredError(f"{why}; it may have been taken")
    if status in _BUSY or status >= 500:
        raise NotSentError(why, after=wait(answer, now))
    raise InvalidInputError(why)


def said(answer: Answer, secret: str) -> str:
    """What the service says, in a line of at most 200 characters, without the secret."""
    return without(answer.body.decode("utf-8", "replace"), secret) or "no reason given"


def told(answer: Answer) -> dict[str, Any] | None:
    """The JSON object that the service answered with; None when it is none."""
    try:
        found = parse_json(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def without(text: str, secret: str) -> str:
    """A text in a line of at most 200 characters in which nothing of the secret is left: not a part of it either."""
    for part in sorted({secret, *re.split(r"[^A-Za-z0-9]+", secret)}, key=len, reverse=True):
        if len(part) >= 8:
            text = text.replace(part, "***")
    return _SPACES.sub(" ", "".join(one if one.isprintable() else " " for one in text)).strip()[:200]


def wait(answer: Answer, now: datetime) -> float | None:
    """Seconds that the service asks to be left alone for (``Retry-After``, seconds or a date), at most a day."""
    value = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None
