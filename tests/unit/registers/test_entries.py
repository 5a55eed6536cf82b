"""The mechanics of every register, on a register of a test's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.changes import AGAIN
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel
from syndic.records import evidence_key, model_record
from syndic.registers.clocks import ClockState, Period, start_clock
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.listing import count_entries, due_entries, entries_page, list_entries, standing
from syndic.registers.models import Entry
from syndic.registers.register import Register

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
OWNER = "ada@example.org"


class Promise(Entry):
    """An entry of the register of these tests."""

    note: str = ""


def shows(model_id: str, promises: Sequence[Promise], now: datetime) -> tuple[Evidence]:
    states = sorted(f"{one.id} {one.state}" for one in promises)
    shown = Evidence(
        kind="promises.kept", model_id=model_id, status=EvidenceStatus.PASSING, summary=f"{len(states)} promises",
        facts={"promises": states}, source="promises", sha256=sha256_of(states), produced_at=now,
    )  # fmt: skip
    return (shown,)


PROMISES = Register(
    "promises", "promise", Promise, evidence=shows,
    words=lambda one: {"colour": (one.note,) if one.note in {"red", "blue"} else ()},
)  # fmt: skip


@pytest.fixture
def world():
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()
    for name in ("m1", "m2"):
        model = RegisteredModel(id=name, name=name, cloud=Cloud.OTHER, registered_at=NOW)
        store.put(model_record(model))
    return {"store": store, "audit": audit, "bus": bus}


def opened(world, *, now=NOW, actor="ada", register=PROMISES, **asked):
    given = {"title": "Mend it", "owner": OWNER, "state": "open", **asked}
    return open_entry(register, given, lambda own: Promise(**own, **given), actor=actor, now=now, **world)


def changed(world, identity, *, now=NOW, action="changed", **update):
    return change_entry(
        PROMISES, identity, lambda one: one.model_copy(update=update), action=action, actor="bob", now=now, **world
    )


def told(world):
    return [(one.action, one.subject, one.details) for one in world["audit"].entries]


def test_opening_the_same_again_is_once_and_later_is_another(world):
    first = opened(world)
    assert opened(world, now=NOW + AGAIN / 2) == first
    assert opened(world, actor="bob").id != first.id
    later = opened(world, now=NOW + AGAIN)
    assert later.id != first.id
    assert opened(world, now=NOW + AGAIN) == later
    assert len(list(list_entries(PROMISES, world["store"]))) == 3


def test_a_change_is_told_before_and_after_without_what_people_wrote(world):
    one = opened(world, model_ids=("m1",), note="about Mrs Miller")
    changed(world, one.id, state="kept", note="Mrs Miller agreed", model_ids=("m2",))
    text = str(told(world))
    assert "Miller" not in text
    assert OWNER not in text
    actions = [action for action, _, _ in told(world)]
    assert actions == ["promise.opened", "promise.linked", "promise.changed", "promise.linked", "promise.unlinked"]
    _, subject, details = told(world)[2]
    assert subject == f"promise/{one.id}"
    assert details["from"]["state"], details["to"]["state"] == ("open", "kept")
    assert details["from"]["note"] != details["to"]["note"]
    assert told(world)[3][1:] == ("model/m2", {"promise": one.id})


def test_changing_to_what_stands_writes_nothing(world):
    one = opened(world)
    entries = len(world["audit"].entries)
    assert changed(world, one.id, now=NOW + timedelta(days=1), state="open") == one
    assert len(world["audit"].entries) == entries


def test_of_two_who_change_at_once_the_second_decides_on_what_the_first_left(world):
    one = opened(world)
    tries = count()

    def decide(present):
        if next(tries) == 0:
            changed(world, one.id, note="first")
        return present.model_copy(update={"title": f"{present.title} {present.note}"})

    after = change_entry(PROMISES, one.id, decide, action="changed", actor="bob", now=NOW, **world)
    assert after.title == "Mend it first"
    assert next(tries) == 2


def test_a_rule_cannot_write_what_the_noun_does_not_allow(world):
    one = opened(world)
    with pytest.raises(InvalidInputError, match=r"promise: title: .* 200 characters"):
        changed(world, one.id, title="x" * 201)
    assert get_entry(PROMISES, world["store"], one.id) == one


def test_unknown_models_large_entries_and_unknown_ids_are_refused_by_name(world):
    with pytest.raises(InvalidInputError, match="model_ids: no model has the id 'm9'"):
        opened(world, model_ids=("m1", "m9"))
    with pytest.raises(InvalidInputError, match=r"promise: has .* bytes, the limit is 262144"):
        opened(world, note="x" * 300_000)
    with pytest.raises(NotFoundError, match="there is no promise 'feed'"):
        changed(world, "feed", note="y")
    assert world["audit"].entries == []


def test_what_a_change_shows_is_evidence_in_the_same_commit_of_all_it_concerns(world):
    one = opened(world, model_ids=("m1",))
    other = opened(world, title="Another", model_ids=("m1", "m2"))
    changed(world, one.id, state="kept", model_ids=("m2",))

    def facts(model):
        return Evidence.model_validate(world["store"].get(evidence_key(model, "promises.kept")).body).facts["promises"]

    assert facts("m1") == [f"{other.id} open"]
    both = sorted([f"{one.id} kept", f"{other.id} open"])
    assert facts("m2") == both
    assert facts(ORGANISATION) == both
    assert {event.model_id for event in world["bus"].published} == {"m1", "m2", ORGANISATION}


def test_200_are_paged_by_what_is_due_under_every_filter(world):
    for number in range(200):
        clock = start_clock(
            "tell", "Tell", Period(days=1 + number % 50), legal_basis="Art. 1", started_at=NOW
        )  # fmt: skip
        opened(
            world, register=replace(PROMISES, evidence=None), title=f"Number {number}",
            clocks=(clock,) if number % 4 else (), note=("red", "blue")[number % 2],
            owner=OWNER if number % 3 else "bob@example.org", model_ids=("m1",) if number % 5 == 0 else (),
        )  # fmt: skip
    shut = next(list_entries(PROMISES, world["store"]))
    changed(world, shut.id, state="done", closed_at=NOW)

    def pages(limit=30, **filters):
        found, token = [], None
        while True:
            page, token = entries_page(PROMISES, world["store"], filters=filters, limit=limit, token=token)
            found += page
            if token is None:
                return found

    every = pages()
    assert len({one.id for one in every}) == len(every) == 200
    dues = [one.due for one in every if one.due is not None]
    assert dues == sorted(dues)
    assert every[-1].id == shut.id
    assert [one.due is None for one in every].index(True) == len(dues)  # without anything due after those with
    assert len(pages(owner="BOB@example.org ")) == 67
    assert len(pages(model="m1")) == 40
    assert len(pages(state="open", model="m1", colour="red")) == 19  # of 20 one is closed
    assert pages(model="m9") == []
    last, _ = entries_page(PROMISES, world["store"], latest_first=True, limit=1)
    assert last[0].id == shut.id
    counts = count_entries(PROMISES, world["store"], now=NOW + timedelta(days=2, seconds=1))
    assert counts.by_state == {"open": 199, "done": 1}
    assert counts.whole
    late = {one.id for one in due_entries(PROMISES, world["store"], until=NOW + timedelta(days=2))}
    assert counts.by_urgency[ClockState.LATE] == len(late) == sum(one.id in late for one in every)


def test_a_review_is_due_at_the_end_of_its_day_and_closes_with_its_entry(world):
    one = opened(world, review_due=date(2026, 3, 20))
    at = datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC)
    assert standing(PROMISES, one, NOW).worst is ClockState.RUNNING
    assert standing(PROMISES, one, at).worst is ClockState.DUE_SOON
    assert standing(PROMISES, one, at + timedelta(seconds=1)).worst is ClockState.LATE
    done = changed(world, one.id, closed_at=NOW, state="done")
    assert standing(PROMISES, done, at + timedelta(days=9)).worst is None
