"""Models narrowed by what no listing holds: their checks and their frameworks, on whatever page they stand."""

from __future__ import annotations

from typing import Any

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Record
from syndic.records import model_record, put_evidence, status_key
from syndic.registry.versions.catalogue import list_page
from syndic.registry.versions.narrowing import Narrowing
from tests.unit.registry.case import NOW

STANDS: dict[int, tuple[EvidenceStatus, str]] = {
    0: (EvidenceStatus.FAILING, "drift"),
    1: (EvidenceStatus.PASSING, "no_drift"),
    2: (EvidenceStatus.INCONCLUSIVE, "not_enough_data"),
}


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """240 models: of each four, one fails, one passes, one cannot be told, one was never checked."""
    store = MemoryStore()
    for number in range(240):
        identity = f"model-{number:03d}"
        domain = "Credit " if number % 5 == 0 else None
        store.put(model_record(RegisteredModel(
            id=identity, name=f"Model {number:03d}", cloud=Cloud.AWS, registered_at=NOW, domain=domain,
        )))  # fmt: skip
        if number % 4 in STANDS:
            status, verdict = STANDS[number % 4]
            put_evidence(store, Evidence(
                kind="drift.run", model_id=identity, status=status, summary="seen", source="d-1", sha256="0" * 64,
                produced_at=NOW, facts={"verdict": verdict},
            ))  # fmt: skip
        state = {0: "not_met", 1: "not_applicable"}.get(number % 3)
        if state:
            body: dict[str, Any] = {"status": {"requirements": [{"state": state}]}}
            store.put(Record(status_key(identity, "gdpr"), body | ({"ended": True} if number == 3 else {})))
    return store


def numbers(store: MemoryStore, **wanted: Any) -> list[int]:
    found, token = [], None
    while True:
        page = list_page(store, limit=7, token=token, **wanted)
        assert len(page.models) <= 7
        found += [int(one.id[-3:]) for one in page.models]
        token = page.next_token
        if token is None:
            return found


@pytest.mark.parametrize(
    ("narrowing", "holds"),
    [
        (Narrowing(checks="failing"), lambda n: n % 4 == 0),
        (Narrowing(checks="none"), lambda n: n % 4 == 3),
        (Narrowing(verdict="not_enough_data"), lambda n: n % 4 == 2),
        (Narrowing(checks="passing", verdict="drift"), lambda _: False),
        (Narrowing(framework="gdpr"), lambda n: n % 3 == 0 and n != 3),
        (Narrowing(checks="failing", framework="gdpr"), lambda n: n % 12 == 0),
    ],
)
def test_pages_of_narrowed_models_join_to_the_whole(store: MemoryStore, narrowing: Narrowing, holds: Any) -> None:
    assert numbers(store, narrowing=narrowing) == [number for number in range(240) if holds(number)]


def test_a_domain_is_meant_as_a_whole_and_in_any_case(store: MemoryStore) -> None:
    assert numbers(store, domain="credit") == list(range(0, 240, 5))
    assert numbers(store, domain="cred") == []
    assert numbers(store, domain="CREDIT", narrowing=Narrowing(checks="failing")) == list(range(0, 240, 20))
