"""How captured traffic is kept, as evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryStorageInspector, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.discovery.storage import captures_evidence, platform_evidence, record_keeping
from syndic.models import Cloud, EvidenceStatus, RegisteredModel, to_json
from syndic.ports import Record, StorageRules
from syndic.records import list_evidence, model_key
from tests.unit.discovery.makers import endpoint

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
RULES = StorageRules("AES256", True, 40, False, 365, 365, 30)
MODEL = RegisteredModel(id="loan-1", name="loan", cloud=Cloud.AWS, endpoint=endpoint("loan"), registered_at=NOW)
PLACE = "s3://captured/in/loan/"


def test_rules_become_facts_and_a_sentence():
    found = captures_evidence(MODEL, MemoryStorageInspector({PLACE: RULES}), now=NOW)
    assert found.status is EvidenceStatus.PASSING
    assert found.facts["deleted_after_days"] == 365
    assert found.facts["gone_after_days"] == 30
    assert (found.facts["captured"], found.facts["encrypted"], found.facts["deletes"]) == (True, True, True)
    assert found.summary == (
        "encrypted, locked for 40 days; deleted 365 days after it was written; what is deleted is gone 30 days later"
    )


def test_what_there_is_no_rule_for_is_no_fact():
    found = captures_evidence(
        MODEL, MemoryStorageInspector({PLACE: StorageRules(None, True, None, False, None, None, None)}), now=NOW
    )
    assert "deleted_after_days" not in found.facts
    assert "gone_after_days" not in found.facts
    assert (found.facts["encrypted"], found.facts["deletes"]) == (False, False)
    assert "what is deleted stays as an earlier version" in found.summary


def test_a_store_that_does_not_answer_is_not_known_to_do_anything():
    found = captures_evidence(MODEL, MemoryStorageInspector(), now=NOW)
    assert found.status is EvidenceStatus.INCONCLUSIVE
    assert found.facts == {"captured": True}
    assert "nobody answers for s3://captured/in/loan/" in found.summary


def test_a_model_of_which_nothing_is_captured_keeps_nothing():
    found = captures_evidence(MODEL.model_copy(update={"endpoint": None}), MemoryStorageInspector(), now=NOW)
    assert (found.status, found.facts) == (EvidenceStatus.PASSING, {"captured": False})


@pytest.mark.parametrize("liftable", [False, True])
def test_own_stores_are_told_by_name_and_one_that_is_silent_leaves_it_open(liftable):
    own = {"archive": "s3://archive", "trail": "s3://trail"}
    trail = StorageRules("AES256", True, 2557, liftable, None, None, None)
    archive = StorageRules(None, True, None, False, None, None, 400)
    found = platform_evidence(own, MemoryStorageInspector({"s3://archive": archive, "s3://trail": trail}), now=NOW)
    assert (found.model_id, found.status) == (ORGANISATION, EvidenceStatus.PASSING)
    assert found.facts["unencrypted"] == ["archive"]
    assert found.facts["locked"] == ([] if liftable else ["trail"])
    silent = platform_evidence(own, MemoryStorageInspector({"s3://trail": trail}), now=NOW)
    assert silent.status is EvidenceStatus.INCONCLUSIVE


def test_each_model_is_looked_at_by_its_own_side_and_written_when_something_changed():
    store = MemoryStore()
    azure = MODEL.model_copy(update={"id": "azure-1", "cloud": Cloud.AZURE})
    for model in (MODEL, azure):
        store.put(Record(model_key(model.id), to_json(model)))
    reader = MemoryStorageInspector({PLACE: RULES})

    def run(hours):
        at = NOW + timedelta(hours=hours)
        return record_keeping(store=store, storage=reader, clouds={Cloud.AWS}, now=at, models=[MODEL, azure])

    assert run(0) == 1
    assert list(list_evidence(store, "azure-1")) == []
    assert run(24) == 0
    assert run(80) == 1, "renewed before it runs out"
    reader.of[PLACE] = StorageRules("AES256", False, None, False, 20, 20, 0)
    assert run(81) == 1
