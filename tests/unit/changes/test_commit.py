"""The primitive: one transaction, three writes, told in order, told once, whoever dies."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.audit.appending.inbox import Inbox
from syndic.audit.log import AuditLog
from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.changes import AGAIN, UNTOLD, Change, commit, finish, request_once, sweep, untold_key
from syndic.errors import InvalidInputError, StaleWriteError, TooLargeError, UnavailableError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus
from syndic.ports import ABSENT, Key, Record, Write
from syndic.records import iterate, list_evidence, retried

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
KEY = Key("things.a", "one")


def entry(number: int = 0, **details: Any) -> AuditEntry:
    return AuditEntry(action=f"thing.changed_{number}", actor="ada", subject="thing/a", at=NOW, details=details)


def evidence(status: EvidenceStatus, at: datetime = NOW) -> Evidence:
    return Evidence(
        kind="thing", model_id="a", status=status, summary="s", source="thing/a", sha256="0" * 64, produced_at=at
    )


def change(expect: str = ABSENT, number: int = 0, **more: Any) -> Change:
    return Change((Write(Record(KEY, {"number": number}), expect),), NOW, entries=(entry(number),), **more)


class Counting:
    def __init__(self, inner: Any) -> None:
        self.inner, self.calls = inner, Counter()

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            self.calls[name] += 1
            return getattr(self.inner, name)(*args, **options)

        return call


def actions(store: MemoryStore) -> list[str]:
    return [one.entry.action for one in reversed(list_entries(store, limit=100).entries)]


def test_an_uncontended_change_is_three_writes_and_reads_nothing() -> None:
    store = Counting(MemoryStore())

    commit(change(), store=store, audit=Inbox(store))

    assert store.calls == {"put_together": 1, "put": 1, "discard": 1}
    assert store.inner.query(UNTOLD).records == ()


def test_a_change_without_news_is_one_write() -> None:
    store = Counting(MemoryStore())

    commit(Change((Write(Record(KEY, {}), ABSENT),), NOW), store=store, audit=MemoryAudit())

    assert store.calls == {"put_together": 1}


@pytest.mark.parametrize("broken", ["audit", "bus"])
def test_what_is_left_untold_is_told_by_the_sweeper_and_by_the_next_writer_first(broken: str) -> None:
    store, bus = MemoryStore(), MemoryBus()
    audit = MemoryAudit()
    (audit if broken == "audit" else bus).refuse = "down"
    event = EvidenceChanged(model_id="a", kinds=("thing",))
    with pytest.raises(UnavailableError):
        commit(change(events=(event,)), store=store, audit=audit, bus=bus)
    audit.refuse = bus.refuse = None
    written = store.get(KEY)
    assert written is not None, "the change itself stands"

    commit(change(written.etag, 1, events=(event,)), store=store, audit=audit, bus=bus)

    assert audit.actions == ["thing.changed_0", "thing.changed_1"]
    assert bus.published == [event, event]
    assert sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(hours=1)).told == 0


def test_the_sweeper_leaves_what_its_writer_is_still_telling() -> None:
    store, bus, audit = MemoryStore(), MemoryBus(), MemoryAudit()
    audit.refuse = "down"
    with pytest.raises(UnavailableError):
        commit(change(), store=store, audit=audit, bus=bus)
    assert sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(seconds=59)).model_dump() == {
        "told": 0, "left": 0,
    }  # fmt: skip
    assert sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(minutes=2)).model_dump() == {
        "told": 0, "left": 1,
    }  # fmt: skip
    audit.refuse = None
    assert sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(minutes=2)).told == 1
    assert audit.actions == ["thing.changed_0"]


def test_a_retry_that_finds_its_change_done_tells_it() -> None:
    store, audit = MemoryStore(), MemoryAudit()
    audit.refuse = "down"
    with pytest.raises(UnavailableError):
        commit(change(), store=store, audit=audit)
    audit.refuse = None

    finish(KEY, store=store, audit=audit)
    finish(KEY, store=store, audit=audit)

    assert audit.actions == ["thing.changed_0"]


def test_events_wait_for_somebody_who_has_a_bus() -> None:
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()
    event = EvidenceChanged(model_id="a", kinds=("thing",))
    etag = commit(change(events=(event,)), store=store, audit=audit)[0].etag
    commit(change(etag, 1), store=store, audit=audit)
    assert audit.actions == ["thing.changed_0", "thing.changed_1"]

    sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(minutes=2))

    assert bus.published == [event]
    assert list(iterate(store, UNTOLD)) == []
    assert audit.actions == ["thing.changed_0", "thing.changed_1"], "what was told is not told again"


def test_older_evidence_of_a_record_never_comes_after_newer_of_it() -> None:
    store, audit = MemoryStore(), MemoryAudit()
    audit.refuse = "down"
    with pytest.raises(UnavailableError):
        commit(change(evidence=(evidence(EvidenceStatus.PASSING),)), store=store, audit=audit)
    audit.refuse = None
    present = store.get(KEY)
    assert present is not None

    commit(change(present.etag, 1, evidence=(evidence(EvidenceStatus.FAILING),)), store=store, audit=audit)
    sweep(store=store, audit=audit, bus=MemoryBus(), now=NOW + timedelta(hours=1))

    assert [one.status for one in list_evidence(store, "a")] == [EvidenceStatus.FAILING]


def test_a_condition_that_does_not_hold_writes_nothing_and_tells_nothing() -> None:
    store, audit = MemoryStore(), MemoryAudit()
    store.put(Record(KEY, {"number": 9}))

    with pytest.raises(StaleWriteError):
        commit(change(), store=store, audit=audit)

    assert store.get(KEY).body == {"number": 9}
    assert audit.entries == []
    assert store.get(untold_key(KEY)) is None


def test_an_entry_that_cannot_be_hashed_stops_the_change_before_it_is_written() -> None:
    store = MemoryStore()
    bad = Change((Write(Record(KEY, {}), ABSENT),), NOW, entries=(entry(0, value=float("nan")),))

    with pytest.raises(InvalidInputError, match="no canonical form"):
        commit(bad, store=store, audit=MemoryAudit())

    assert store.get(KEY) is None


def test_a_change_that_is_told_must_have_a_condition() -> None:
    with pytest.raises(InvalidInputError, match="condition"):
        commit(Change((Write(Record(KEY, {})),), NOW, entries=(entry(),)), store=MemoryStore(), audit=MemoryAudit())


def test_the_same_change_there_and_back_is_told_each_time() -> None:
    store = MemoryStore()
    audit, etag = AuditLog(store), ABSENT
    for number in (0, 1, 0, 1):
        etag = commit(change(etag, number), store=store, audit=audit)[0].etag

    assert actions(store) == ["thing.changed_0", "thing.changed_1", "thing.changed_0", "thing.changed_1"]


def test_the_trail_takes_an_id_once_in_whatever_company_it_comes() -> None:
    store = MemoryStore()
    log = AuditLog(store, sleep=lambda _: None)
    entries = {f"id-{number}": entry(number) for number in range(70)}

    log.take(dict(list(entries.items())[:40]))
    log.take(entries)
    log.take(entries)

    assert actions(store) == [one.action for one in entries.values()]
    assert verify(store).intact


def test_an_entry_whose_answer_was_lost_is_taken_once() -> None:
    store = MemoryStore()

    class Silent:
        def __init__(self) -> None:
            self.lost = False

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def put_together(self, writes: Any) -> Any:
            store.put_together(writes)
            if not self.lost:
                self.lost = True
                raise UnavailableError("the answer was lost")

    log = AuditLog(Silent())
    with pytest.raises(UnavailableError):
        log.take({"id": entry()})
    log.take({"id": entry()})

    assert actions(store) == ["thing.changed_0"]


def test_a_request_is_told_once_within_a_quarter_of_an_hour_and_again_after_it() -> None:
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()

    def ask(now: datetime, who: str = "ada") -> bool:
        return request_once(KEY, {"by": who}, entry(), store=store, audit=audit, bus=bus, now=now)

    assert [ask(NOW), ask(NOW), ask(NOW + AGAIN - timedelta(seconds=1)), ask(NOW + AGAIN)] == [True, False, False, True]
    assert ask(NOW + AGAIN, "bob") is True
    assert len(audit.entries) == 3


def test_notes_lie_behind_everything_a_concern_looks_through() -> None:
    store, audit = MemoryStore(), MemoryAudit()
    audit.refuse = "down"
    with pytest.raises(UnavailableError):
        commit(change(), store=store, audit=audit)

    assert [record.key for record in iterate(store, KEY.partition)] == [KEY]
    assert [record.key for record in iterate(store, KEY.partition, descending=True)] == [KEY]


def test_an_event_that_can_never_be_carried_keeps_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    store, audit, carried = MemoryStore(), MemoryAudit(), []

    class Narrow:
        def publish(self, events: Any) -> None:
            if any(one.model_id == "large" for one in events):
                raise TooLargeError("an event is at most 240000 bytes")
            carried.extend(events)

    events = tuple(EvidenceChanged(model_id=name, kinds=()) for name in ("a", "large", "b"))
    commit(change(events=events), store=store, audit=audit, bus=Narrow())

    assert [one.model_id for one in carried] == ["a", "b"]
    assert store.query(UNTOLD).records == ()
    assert "event can never be carried" in caplog.text


def test_retried_gives_up_with_a_sentence() -> None:
    def never() -> None:
        raise StaleWriteError("again")

    with pytest.raises(StaleWriteError, match="the thing was changed by others at each of 3 tries"):
        retried(never, what="the thing", tries=3, sleep=lambda _: None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "audit", "bus"]), st.booleans()), max_size=12))
def test_whatever_fails_and_whoever_comes_next_each_change_is_told_once_in_order(steps: list[Any]) -> None:
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()
    wanted: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for number, (thing, broken, swept) in enumerate(steps):
        key = Key("things.a", f"thing-{thing}")
        present = store.get(key)
        told = AuditEntry(action=f"thing_{thing}.changed_{number}", actor="ada", subject="thing/a", at=NOW)
        event = EvidenceChanged(model_id=f"{thing}", kinds=(str(number),))
        made = Change(
            (Write(Record(key, {"number": number}), present.etag if present else ABSENT),), NOW, (told,), (), (event,)
        )
        audit.refuse = "down" if broken == "audit" else None
        bus.refuse = "down" if broken == "bus" else None
        with contextlib.suppress(UnavailableError):
            commit(made, store=store, audit=audit, bus=bus)
        written = store.get(key)
        if written is not None and written.body == {"number": number}:
            wanted[thing].append(told.action)
        audit.refuse = bus.refuse = None
        if swept:
            sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(minutes=2))
    sweep(store=store, audit=audit, bus=bus, now=NOW + timedelta(minutes=2))

    for thing, expected in wanted.items():
        assert [one for one in audit.actions if one.startswith(f"thing_{thing}.")] == expected
        heard = dict.fromkeys(one.kinds[0] for one in bus.published if one.model_id == str(thing))
        assert [f"thing_{thing}.changed_{number}" for number in heard] == expected
