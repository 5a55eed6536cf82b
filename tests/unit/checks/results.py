"""Results of hourly windows as checks keep them, made up: histories of years in no time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from syndic.bias import keys as bias_keys
from syndic.checks.history.retention import read_retention
from syndic.drift import keys as drift_keys
from syndic.drift.models import ColumnPoint, HistoryPoint, Verdict
from syndic.models import Severity, TimeWindow, to_json
from syndic.ports import Key, Record
from syndic.quality import keys as quality_keys
from tests.edges.world import MODEL, WORLDS, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def hour(begin: datetime) -> TimeWindow:
    return TimeWindow(start=begin, end=begin + HOUR)


class Results:
    """A model that was checked really, once; other windows say what that one said, with numbers of their own."""

    def __init__(self) -> None:
        self.world: World = WORLDS["checked"]()
        store = self.world.store
        self._reports = {
            name: dict(store.query(partition, end=end, descending=True, limit=1).records[0].body)
            for name, partition, end in (
                ("drift", drift_keys.partition(MODEL), drift_keys.POINTS),
                ("quality", quality_keys.partition(MODEL), "~"),
                ("bias", bias_keys.report_partition(MODEL), "prediction.~"),
            )
        }
        for partition in (drift_keys.partition, quality_keys.partition, bias_keys.report_partition):
            keys = [place.key for place in store.list_places(partition(MODEL))]
            for key in keys:
                store.delete(key)
        store.delete(Key(f"evidence.{MODEL}", "drift.run"))

    @property
    def store(self) -> Any:
        return self.world.store

    def at(self, moment: datetime) -> None:
        self.world.moment = moment.astimezone(UTC)

    def keep(self, window: TimeWindow, *, psi: float = 0.1, timed: bool = True) -> None:
        """Keep results of a window as the checks do. `timed=False`: as a release without retention did."""
        policy = read_retention(self.store)
        drifted = psi > 0.2
        verdict = Verdict.DRIFT if drifted else Verdict.NO_DRIFT
        severity = Severity.HIGH if drifted else Severity.NONE
        point = HistoryPoint(
            window=window, report_id=drift_keys.report_id(MODEL, window), verdict=verdict, severity=severity,
            rows=100, drifted=("income",) if drifted else (),
            columns={"income": ColumnPoint(verdict=verdict, severity=severity, psi=psi)},
        )  # fmt: skip
        dated = {"start": window.start.isoformat(), "end": window.end.isoformat()}
        quality = {**self._reports["quality"]["report"], "window": dated, "id": quality_keys.report_id(MODEL, window)}
        bias = {
            **self._reports["bias"],
            "window": dated,
            "id": bias_keys.report_id(MODEL, "prediction", window),
        }
        report = {**self._reports["drift"], "window": dated, "id": drift_keys.report_id(MODEL, window)}
        for key, body in (
            (drift_keys.report_key(MODEL, window), report),
            (drift_keys.point_key(MODEL, window), {"point": to_json(point), "announced": True}),
            (quality_keys.report_key(MODEL, window), {"report": quality, "announced": True}),
            (bias_keys.report_key(MODEL, "prediction", window), bias),
        ):
            expires = policy.expires(key.sort, at=window.end + HOUR) if timed else None
            self.store.put(Record(key, body, expires=expires))

    def lose_what_is_over(self) -> None:
        """What DynamoDB does by itself, whatever Syndic wants by then."""
        for partition in (drift_keys.partition, quality_keys.partition, bias_keys.report_partition):
            self.store.remove_expired(partition(MODEL), now=self.world.moment, most=100_000)
        self.store.remove_expired(f"history.{MODEL}", now=self.world.moment, most=100_000)


def whole_history(read: Callable[..., Any]) -> tuple[list[Any], list[Any]]:
    """All windows and all periods of a history, page by page."""
    points, periods, token = [], [], None
    while True:
        page = read(token=token)
        points += page.points
        periods += page.older.periods
        token = page.next_token
        if token is None:
            return points, periods
