"""A clock that a test moves on, for every process of the local cloud: libfaketime before their own calls.

Only what tells the time of day is moved. What waits (monotonic time) runs as ever, and so do the test's own process and
the browser's address in it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from demo.cloud import ROOT

LIBRARY: Final = ROOT / "build" / "clock" / "libfaketime" / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"


class MovedClock:
    """The time of the local cloud, as seconds before or after this machine's: at first the same."""

    def __init__(self, folder: Path) -> None:
        self._file, self._ahead = folder / "clock", 0
        self._write()

    @property
    def environ(self) -> Mapping[str, str]:
        """What a process has to be started with, and hands on to those that it starts."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_RESET": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def now(self) -> datetime:
        """What the processes think it is."""
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def begin(self, moment: datetime) -> None:
        """Set it to a moment, earlier or later."""
        self._ahead = round(moment.timestamp() - time.time())
        self._write()

    def move(self, moment: datetime) -> None:
        """Move on to a moment, for all at once. One that has passed stays passed."""
        if moment > self.now():
            self.begin(moment)

    def _write(self) -> None:
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{self._ahead:+d}\n", "utf-8")
        beside.replace(self._file)
