"""Lengths of time as Prometheus writes them: 90s, 5m, 1h30m, 4h, 1d, 2w."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
LENGTH: Final = r"^(0|([0-9]{1,6}w)?([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?([0-9]{1,6}ms)?)$"
_LENGTH: Final = re.compile(LENGTH)


def read_length(value: object) -> object:
    """A length from its text; other values stay as they are. Raises `ValueError`."""
    if not isinstance(value, str):
        return value
    if not value or not _LENGTH.fullmatch(value):
        msg = f"{value[:20]!r} is no length of time such as 5m, 1h30m or 1d"
        raise ValueError(msg)
    return timedelta(
        seconds=sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|[wdhms])", value))
    )


def length_text(value: timedelta) -> str:
    """A length as its text, without zero parts."""
    left = round(value.total_seconds() * 1000)
    parts = []
    for unit, seconds in _UNITS.items():
        number, left = divmod(left, round(seconds * 1000))
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"
