"""A status that says what it said is not read: hashes beside the counts stand for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import statuses_of
from syndic.compliance.keys import counts_key
from syndic.models import to_json
from syndic.ports import Record
from syndic.records import list_evidence, put_evidence


class Watched(MemoryStore):
    """Counts the queries of statuses."""

    asked = 0

    def query(self, partition, **options):
        self.asked += partition.startswith("compliance.")
        return super().query(partition, **options)


@pytest.fixture
def store():
    return Watched()


@pytest.fixture
def model(register, keep, everything):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    return model


@pytest.fixture
def run(store, audit, bus, now, model):
    def evaluate(at=now):
        return evaluate_model(model.id, store=store, audit=audit, bus=bus, now=at)

    return evaluate


def test_what_stands_is_not_read_and_is_what_is_kept(run, store, model, now):
    first = run()
    store.asked = 0
    again = run(now + timedelta(hours=1))
    assert store.asked == 0
    assert [to_json(one) for one in again] == [to_json(one) for one in first]
    assert statuses_of(store, model.id) == first


def test_numbers_of_a_day_ago_are_renewed(run, store, model, now):
    first = run()
    store.asked = 0
    assert run(now + timedelta(hours=21)) == first, "nothing is new: it stands however old it is"
    assert store.asked == 0
    (drift,) = (one for one in list_evidence(store, model.id) if one.kind == "drift.run")
    put_evidence(store, drift.model_copy(update={"produced_at": now + timedelta(hours=21), "source": "another"}))
    assert run(now + timedelta(hours=21)) != first
    assert store.asked == 1


def test_another_state_is_written_whatever_the_hashes_were(run, store, model, now):
    run()
    record = next(one for one in store.query(f"evidence.{model.id}").records if one.body["status"] == "passing")
    store.delete(record.key)
    changed = run(now + timedelta(hours=1))
    assert any(status.evaluated_at == now + timedelta(hours=1) for status in changed)
    assert statuses_of(store, model.id) == changed


def test_counts_of_an_earlier_release_have_no_hashes_and_get_them(run, store, model, now):
    first = run()
    key = counts_key(model.id)
    store.put(Record(key, {"counts": store.get(key).body["counts"]}))
    store.asked = 0
    assert run(now + timedelta(hours=1)) == first
    assert store.asked == 1
    assert set(store.get(key).body["said"]) == {one.framework_id for one in first}
    assert run(now + timedelta(hours=2)) == first
    assert store.asked == 1
