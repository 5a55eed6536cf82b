"""The list of a window's rejected lines: where each lies and why, never what it holds.

The lines stay where the cloud captured them; a person with access finds them by object and offset. So the list may be
kept as long as the report without keeping anybody's data.
"""

from __future__ import annotations

import json

from syndic.models import TimeWindow
from syndic.ports import Archive
from syndic.windows import Rejected

MOST = 10_000  # lines listed of one window; the report counts them all


class Quarantine:
    """Collects rejected lines while a window is read."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, rejected: Rejected) -> None:
        """Take one rejected line."""
        if len(self._lines) < MOST:
            fields = {
                "object": rejected.source,
                "line": rejected.line,
                "offset": rejected.offset,
                "reason": rejected.reason.value,
                "detail": rejected.detail,
            }
            self._lines.append(json.dumps(fields, ensure_ascii=False, sort_keys=True))

    @property
    def lines(self) -> list[str]:
        """The list so far."""
        return self._lines

    def extend(self, lines: list[str]) -> None:
        """Take the list of the next part of the window."""
        self._lines += lines[: MOST - len(self._lines)]

    def keep(self, archive: Archive, model_id: str, window: TimeWindow) -> str | None:
        """Write the list to the archive and return its name; None when nothing was rejected."""
        if not self._lines:
            return None
        name = f"quarantine/{model_id}/{window.key}.jsonl"
        body = "".join(f"{line}\n" for line in self._lines)
        archive.put(name, body.encode(), content_type="application/jsonl")
        return name
