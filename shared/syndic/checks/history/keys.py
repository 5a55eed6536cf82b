"""Where the retention policy and summaries of periods lie, and what a key says of its record's window."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from syndic.models import TimeWindow
from syndic.ports import Key

POLICY: Final = Key("retention", "policy")
"""Key of the retention policy."""

_WINDOW: Final = re.compile(r"(?:^|\.)(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)$")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


class Level(StrEnum):
    """The length of a period that is summed up."""

    DAY = "day"
    MONTH = "month"


def partition(model_id: str) -> str:
    """The summaries of a model."""
    return f"history.{model_id}"


def standing_key(model_id: str) -> Key:
    """Key of how far the results of a model are summed up and gone."""
    return Key(partition(model_id), "standing")


def summary_key(model_id: str, stream: str, level: Level, begin: date) -> Key:
    """Key of the summary of a day or month of one stream of results."""
    return Key(partition(model_id), f"{prefix(stream, level)}{begin:%Y%m%d}")


def prefix(stream: str, level: Level) -> str:
    """What the sort keys of a stream's summaries begin with."""
    return f"{stream}.{level.value}."


def window_in(sort: str) -> TimeWindow | None:
    """The window that a sort key ends in; None: the record is about no single one."""
    found = _WINDOW.search(sort)
    if found is None:
        return None
    begin, end = (datetime.strptime(part, _MOMENT).replace(tzinfo=UTC) for part in found.groups())
    return TimeWindow(start=begin, end=end)


def sort_of(moment: datetime) -> str:
    """The beginning of the sort keys of windows that begin then."""
    return moment.astimezone(UTC).strftime(_MOMENT)
