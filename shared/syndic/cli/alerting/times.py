"""Times as people type them: a length from now, or a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Moment(click.ParamType[datetime]):
    """``4h``, ``3d`` or ``2026-12-24T08:00:00Z``; a moment without a zone is in UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        length = re.fullmatch(r"(\d{1,5})([mhdw])", text)
        if length:
            return datetime.now(UTC) + int(length[1]) * UNITS[length[2]]
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no length such as 4h or 3d, and no time such as 2026-12-24T08:00:00Z", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


moment: Final = Moment()
