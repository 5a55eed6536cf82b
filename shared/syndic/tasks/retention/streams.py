"""Which results add up to days and months, and which records are of one window. A check joins by a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from syndic.bias import keys as bias
from syndic.bias.models import OUTCOMES
from syndic.bias.report.summed import summed_window as bias_window
from syndic.checks.history.keys import sort_of
from syndic.checks.history.summary import PeriodSummary
from syndic.drift import keys as drift
from syndic.drift.report.summed import summed_window as drift_window
from syndic.ports import Record, Store
from syndic.quality import keys as quality
from syndic.quality.report.summed import summed_window as quality_window
from syndic.records import ASIDE, iterate


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of result of each window: where it lies, and what it adds to a day."""

    name: str
    partition: Callable[[str], str]
    prefix: str
    summed: Callable[[Record], PeriodSummary | None]

    def between(self, store: Store, model_id: str, begin: datetime | None, end: datetime | None) -> Iterator[Record]:
        """The records of windows that begin from `begin` on and before `end`, the oldest first."""
        start = f"{self.prefix}{sort_of(begin)}" if begin else self.prefix or None
        stop = f"{self.prefix}{sort_of(end)}" if end else f"{self.prefix}~" if self.prefix else ASIDE
        yield from iterate(store, self.partition(model_id), start=start, end=stop)

    def newest_before(self, store: Store, model_id: str, moment: datetime) -> Record | None:
        """The record of the newest window that had begun then."""
        stop = f"{self.prefix}{sort_of(moment)}"
        page = store.query(self.partition(model_id), start=self.prefix or None, end=stop, descending=True, limit=1)
        return page.records[0] if page.records else None


STREAMS: Final = (
    Stream(drift.STREAM, drift.partition, drift.POINTS, drift_window),
    Stream(quality.STREAM, quality.partition, "", quality_window),
    *(Stream(bias.stream(outcome), bias.report_partition, f"{outcome}.", bias_window) for outcome in OUTCOMES),
)

PLACES: Final[tuple[tuple[Callable[[str], str], str], ...]] = (
    (drift.partition, ""),
    (drift.partition, drift.POINTS),
    (quality.partition, ""),
    *((bias.report_partition, f"{outcome}.") for outcome in OUTCOMES),
    *((bias.report_partition, f"entered.{outcome}.") for outcome in OUTCOMES),
    (bias.report_partition, "told."),
)
"""Every kind of record of one window, by partition and what its sort keys begin with: the window's key follows."""
