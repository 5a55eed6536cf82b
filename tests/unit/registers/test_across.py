"""Entries of all registers in one query: what each register has, also of entries that an earlier release listed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.models import Cloud, RegisteredModel
from syndic.ports import Key, Store
from syndic.records import iterate, model_record
from syndic.registers.across import LISTED, due_everywhere, entries_on, shown_of
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.keys import DUE, listing_partition, model_partition
from syndic.registers.listing import due_entries, evidence_of, list_entries
from syndic.registers.risks.models import Risk, RiskState
from syndic.registers.risks.register import RISKS
from syndic.registers.table import REGISTERS
from syndic.registers.vendors.models import Vendor
from syndic.registers.vendors.register import VENDORS
from syndic.tasks.schedule.upgrading import ENTRIES, upgrade_records
from tests.unit.registers.supply import NOW, OLGA, Supply

DAY = timedelta(days=1)
ON = ("credit", "fraud")


class World(Supply):
    """Two registers with open, closed, due and undue entries on one model, on two and on none."""

    def filled(self) -> World:
        for name in ON:
            self.store.put(model_record(RegisteredModel(id=name, name=name, cloud=Cloud.AWS, registered_at=NOW)))
        for number, (models, days) in enumerate([(ON, 9), (ON[:1], 200), ((), 9)]):
            self.risk(models, f"Risk {number}", (NOW + days * DAY).date())
        self.opened(VENDORS, Vendor, ON[1:], "Parts Ltd", state="active")
        for days in (1, 500):
            gone = self.risk(ON[:1], f"Gone {days}", NOW.date())
            close = {"closed_at": NOW - days * DAY, "state": RiskState.CLOSED, "review_due": None}
            change_entry(RISKS, gone, lambda it, to=close: it.model_copy(update=to), action="closed", **self.told)
        return self

    def risk(self, models: tuple[str, ...], title: str, due: date) -> str:
        said = {"kind": "safety", "origin": "intended_use", "state": "identified", "review_due": due}
        return self.opened(RISKS, Risk, models, title, **said)

    def opened(self, register: Any, noun: Any, models: tuple[str, ...], title: str, **more: Any) -> str:
        given = {"title": title, "owner": OLGA, "model_ids": models, **more}
        return str(open_entry(register, given, lambda own: noun(**own, **given), **self.told).id)


@pytest.fixture
def world() -> World:
    return World().filled()


def as_before(store: Store) -> None:
    """The entries as the earlier release listed them."""
    for register in REGISTERS:
        for record in list(iterate(store, listing_partition(register.name))):
            own = tuple(one for one in record.listings if one.partition.startswith(f"registers.{register.name}."))
            store.put(replace(record, listings=own))


def ids(held: Any) -> dict[str, list[str]]:
    return {register.name: [one.id for one in entries] for register, entries in held}


def asked_of_each(world: World) -> list[dict[str, list[str]]]:
    on = [[(it, list(list_entries(it, world.store, model_id=one))) for it in REGISTERS] for one in ON]
    due = [(it, list(due_entries(it, world.store, until=NOW + 95 * DAY))) for it in REGISTERS]
    return [*map(ids, on), ids(due)]


def asked_at_once(world: World) -> list[dict[str, list[str]]]:
    return [*(ids(entries_on(one, world.store)) for one in ON), ids(due_everywhere(world.store, until=NOW + 95 * DAY))]


def test_at_once_is_what_each_register_says_and_what_counts_is_shown(world: World) -> None:
    upgrade_records(world, (ENTRIES,))  # type: ignore[arg-type]
    assert [sum(map(len, one.values())) for one in asked_at_once(world)] == [4, 2, 2]
    assert asked_at_once(world) == asked_of_each(world)
    for model_id in ON:
        each = [one for it in REGISTERS for one in evidence_of(it, world.store, model_id, now=NOW)]
        assert list(shown_of(model_id, world.store, now=NOW)) == each
        assert each


def test_it_is_one_query_however_many_registers_there_are(world: World) -> None:
    upgrade_records(world, (ENTRIES,))  # type: ignore[arg-type]
    read = world.store.get_many([LISTED.mark])
    asked = Asked(world.store)
    entries_on("credit", asked, read=read)  # type: ignore[arg-type]
    due_everywhere(asked, until=NOW, read=read)  # type: ignore[arg-type]
    assert asked.calls == Counter({"query": 2})


def test_entries_of_an_earlier_release_are_found_before_and_after_they_are_listed(world: World) -> None:
    expected = asked_of_each(world)
    as_before(world.store)
    assert not list(iterate(world.store, DUE))
    assert not list(iterate(world.store, model_partition("credit")))
    assert asked_at_once(world) == expected
    assert upgrade_records(world, (ENTRIES,), most=2) == 2  # type: ignore[arg-type]
    assert asked_at_once(world) == expected, "half of them are listed"
    assert upgrade_records(world, (ENTRIES,)) == 4  # type: ignore[arg-type]
    assert upgrade_records(world, (ENTRIES,)) == 0  # type: ignore[arg-type]
    assert world.store.get(Key("upgrades", "register_entry")) is not None
    assert asked_at_once(world) == expected
    assert len(list(iterate(world.store, DUE))) == 3


class Asked:
    """Counts what a store is asked for."""

    def __init__(self, inner: MemoryStore) -> None:
        self._inner, self.calls = inner, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._inner, name)
