"""Paging never loses or repeats a model, whatever the filters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.errors import InvalidInputError
from syndic.models import Cloud, ComplianceStatus, RegisteredModel
from syndic.records import model_record
from syndic.registry.versions.catalogue import list_page
from tests.unit.registry.case import NOW


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    store = MemoryStore()
    for n in range(230):
        model = RegisteredModel(
            id=f"model-{(n * 7) % 230:03d}-abcdef", name=f"Model {(n * 7) % 230:03d}",
            cloud=Cloud.AWS if n % 2 else Cloud.AZURE, owner=f"Team{n % 5}@example.com",
            registered_at=NOW + timedelta(minutes=n),
            compliance_status=ComplianceStatus.APPROVED if n % 3 == 0 else ComplianceStatus.DRAFT,
        )  # fmt: skip
        store.put(model_record(model))
    return store


def everything(store, **arguments) -> list[RegisteredModel]:
    found, token = [], None
    while True:
        page = list_page(store, token=token, **arguments)
        found += page.models
        assert len(page.models) <= arguments.get("limit", 50)
        token = page.next_token
        if token is None:
            return found


@pytest.mark.parametrize("limit", [1, 7, 50, 100])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["name", "newest"])
def test_pages_hold_each_model_once_in_order(store, limit, descending, sort):
    found = everything(store, limit=limit, descending=descending, sort=sort)
    keys = [model.id if sort == "name" else model.registered_at for model in found]
    assert len(keys) == len(set(keys)) == 230
    newest_first = sort == "newest" and not descending
    assert keys == sorted(keys, reverse=descending if sort == "name" else newest_first)


@pytest.mark.parametrize("limit", [3, 100])
def test_filters_combine(store, limit):
    found = everything(store, limit=limit, filters={"cloud": "aws", "owner": "team3@EXAMPLE.com", "status": "approved"})
    numbers = [n for n in range(230) if n % 2 and n % 5 == 3 and n % 3 == 0]
    assert sorted(model.name for model in found) == sorted(f"Model {(n * 7) % 230:03d}" for n in numbers)
    assert [model.name for model in everything(store, text="del 00")] == [f"Model 00{d}" for d in range(10)]


def test_a_changed_model_leaves_its_old_listing(store):
    model = list_page(store, filters={"status": "draft"}, limit=1).models[0]
    store.put(model_record(model.model_copy(update={"compliance_status": ComplianceStatus.RETIRED})))
    assert model.id not in {found.id for found in everything(store, filters={"status": "draft"})}
    assert [found.id for found in everything(store, filters={"status": "retired"})] == [model.id]


@pytest.mark.parametrize("arguments", [{"filters": {"colour": "red"}}, {"sort": "size"}, {"limit": 0}, {"limit": 101}])
def test_wrong_arguments_are_named(store, arguments):
    with pytest.raises(InvalidInputError, match=r"there are|expected 1 to 100"):
        list_page(store, **arguments)
