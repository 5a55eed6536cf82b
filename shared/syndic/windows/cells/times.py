"""Times of records: ISO 8601 text to UTC milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from syndic.windows.rejected import Reason, UnusableError

_PLAIN = len("2022-02-14T17:25:49Z")
_SIGNS = [4, 7, 10, 13, 16, 19]
_SIGNED = np.frombuffer(b"--T::Z", np.uint8)
_DIGITS = [place for place in range(_PLAIN) if place not in _SIGNS]


def read_times(texts: Sequence[str | None]) -> tuple[NDArray[np.datetime64], dict[int, UnusableError]]:
    """Times as ``datetime64[ms]`` in UTC, NaT where there is none; and the error of each that cannot be read.

    A time without an offset is taken as UTC.
    """
    given = [text for text in texts if text]
    joined = "".join(given)
    if len(given) == len(texts) and len(joined) == _PLAIN * len(texts) and _all_plain(joined, len(texts)):
        try:  # the shorter type cuts the Z off
            return np.frombuffer(joined.encode(), f"S{_PLAIN}").astype(f"S{_PLAIN - 1}").astype("datetime64[ms]"), {}
        except ValueError:
            pass
    times = np.full(len(texts), "NaT", dtype="datetime64[ms]")
    errors: dict[int, UnusableError] = {}
    for place, text in enumerate(texts):
        if not text:
            continue
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            errors[place] = UnusableError(Reason.TIME, "the time is not ISO 8601")
        else:
            times[place] = np.datetime64(moment.replace(tzinfo=None), "ms")
    return times, errors


def _all_plain(joined: str, count: int) -> bool:
    """Whether texts of one length look like ``2022-02-14T17:25:49Z``, unlike others that numpy takes."""
    if not joined.isascii():
        return False
    letters = np.frombuffer(joined.encode(), np.uint8).reshape(count, _PLAIN)
    # Any other sign may be an offset, which numpy reads with a warning.
    return bool((letters[:, _SIGNS] == _SIGNED).all() and (letters[:, _DIGITS] - np.uint8(48) < 10).all())
