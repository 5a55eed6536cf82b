"""The windows around another are read where one of them has a trouble, also one that no index lists yet."""

from __future__ import annotations

from typing import Any

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.drift.keys import POINTS, partition, troubled_partition
from syndic.drift.report.queries import history
from syndic.ports import Page
from tests.unit.drift.test_checking import HOURS, hourly, outcome


class Watched(MemoryStore):
    """Counts the queries of points."""

    asked = 0

    def query(self, partition: str, **options: Any) -> Page:
        self.asked += str(options.get("start", "")).startswith(POINTS) and "limit" in options and options["limit"] > 1
        return super().query(partition, **options)


def test_quiet_hours_read_no_window_but_their_own() -> None:
    case = hourly((0.0,) * 5)
    watched = Watched()
    watched.__dict__ |= case.store.__dict__
    case.store = watched
    for hour in HOURS[:5]:
        case.check(hour)
    assert watched.asked == 1  # the first, which finds no mark


@pytest.mark.parametrize("upgraded", [1, 2, 3])
def test_points_of_an_earlier_release_are_read_although_they_are_listed_nowhere(upgraded: int) -> None:
    shifts = (2.0, 2.0, 0.0, 2.0, 2.0, 0.0)
    well, case = hourly(shifts), hourly(shifts)
    for place, hour in enumerate(HOURS[: len(shifts)]):
        well.check(hour)
        if place == upgraded:
            forget(case.store, case.model.id)
        case.check(hour)
    assert outcome(case) == outcome(well)


def forget(store: MemoryStore, model_id: str) -> None:
    """What an earlier release left: points without listings, and no mark."""
    for record in store.query(partition(model_id), prefix=POINTS).records:
        store.put(type(record)(record.key, record.body, expires=record.expires))
    for place in list(store.list_places(troubled_partition(model_id))):
        store.delete(place.key)


def test_a_late_window_changes_more_later_ones_than_one_transaction_takes() -> None:
    case = hourly((2.0,) * 24)
    for hour in HOURS[1:]:
        case.check(hour)
    case.check(HOURS[0])
    points = history(case.model.id, store=case.store).points
    assert len(points) == 24
    assert all(point.confirmed for point in points[1:])
