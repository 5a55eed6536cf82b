"""Listings hold the entries that belong to them and nothing else, and comparing them costs by what is new."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.keys import listings_of, places_of
from syndic.audit.log import AuditLog
from syndic.audit.models import Fault
from syndic.audit.search import Wanted, get_entry, search_entries
from syndic.audit.tree.batches import tree_at
from syndic.audit.verification import listings
from syndic.audit.verification.trail import verify
from syndic.models import AuditEntry, to_json
from syndic.ports import Place
from tests.unit.audit.tampering import AT, copied, cover, entry, forge, log_of


@pytest.mark.parametrize("tamper", [forge, cover])
def test_what_was_never_logged_is_found_and_not_shown(tamper) -> None:
    store = log_of(20)
    about = get_entry(store, 7).entry.subject
    tamper(store, 7, 20)
    found = verify(store)
    assert {Fault.MISPLACED} <= {one.fault for one in found.problems} <= {Fault.MISPLACED, Fault.HIDDEN}
    for wanted in (Wanted(subject=about), Wanted(actor="mallory")):
        assert not [one for one in search_entries(store, wanted).entries if one.entry.actor == "mallory"]


def test_an_entry_listed_once_more_at_another_time_is_found() -> None:
    store = log_of(20)
    places = store._places["audit.all"]
    places.insert(5, f"{places[5].partition(' ')[0]}! audit entry.{12:012d}")
    assert [(one.fault, one.index) for one in verify(store).problems] == [(Fault.MISPLACED, 12)]


def test_places_in_the_logged_form_are_those_of_the_entry() -> None:
    pick = random.Random(3)  # noqa: S311 - choices of a test
    zones = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=11)))
    for index in range(300):
        at = datetime(2024, 2, 28, 23, 59, 58, pick.choice((0, 1, 900, 120_000, 999_999)), pick.choice(zones))
        model = pick.choice(("m1", "", None, 3, "ü/ \ud83d", ["m1"]))
        one = AuditEntry(
            action=pick.choice(("a.b", "é")), actor=pick.choice(("ada", "ö@x.org")),
            subject=pick.choice(("model/m1", "person/p 1")), at=at + timedelta(seconds=index),
            details={} if pick.random() < 0.2 else {"model_id": model},
        )  # fmt: skip
        listings = listings_of(index, one)
        assert places_of(index, to_json(one)) == (listings[0].sort, tuple(at.partition for at in listings))
    for content in ({}, {"at": "2024-02-28T00:00:00+01:00"}, {**to_json(entry(1)), "at": "٢٠٢٤-02-28T00:00:00Z"}):
        assert places_of(0, content) is None


class Counting(MemoryStore):
    """Counts what of listings was read."""

    read = 0

    def list_places(self, *args, **options) -> Iterator[Place]:
        for place in super().list_places(*args, **options):
            self.read += 1
            yield place


def test_an_entry_told_late_does_not_have_the_listings_read_from_its_time_on(monkeypatch) -> None:
    monkeypatch.setattr(listings, "FAR", 100)
    store = Counting()
    vars(store).update(vars(copied(log_of(600))))
    since = tree_at(store, 600)
    late = entry(0).model_copy(update={"at": AT - timedelta(days=1)})
    AuditLog(store).append(late, *(entry(at) for at in range(600, 650)))
    assert verify(store, since=since).intact
    assert store.read < 900  # 4 listings of 51 entries, and of each a stretch of 100 on the way; not 4 of 600
