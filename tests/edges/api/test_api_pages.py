"""A page of models costs the same few calls of the store however many models there are."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from functions import wiring
from functions.api.handler import handler
from syndic.adapters.memory import MemoryStore
from syndic.models import Cloud, ComplianceStatus, Presence, RegisteredModel, RiskDecision, RiskLevel
from syndic.records import model_record
from syndic.registry.overview import LIVE, keep_overview
from tests.edges.envelopes import api_request
from tests.edges.world import NOW, World

FEW, MANY = 400, 4000
JSON = {"content-type": "application/json"}
ONE_LISTING = (
    "", "status=draft", "risk=high", "risk=undecided", "cloud=azure", "owner=team3@example.org", "stage=production",
    "presence=gone", "sort=newest", "order=descending", "sort=newest&order=descending", "begins=Car%20LOAN",
    "sort=newest&status=draft", "sort=newest&stage=production", "begins=fraud&cloud=aws",
)  # fmt: skip
LOOKED_THROUGH = ("name=loan", "name=nothing%20like%20it", "status=draft&risk=high&cloud=aws", "sort=newest&begins=car")


class Counted:
    """A store that counts what is asked of it and how many records it gave."""

    def __init__(self, store: MemoryStore) -> None:
        self.store, self.calls, self.records = store, Counter(), 0

    def query(self, *args, **options):
        self.calls["query"] += 1
        page = self.store.query(*args, **options)
        self.records += len(page.records)
        return page

    def get(self, key):
        self.calls["get"] += 1
        return self.store.get(key)

    def get_many(self, keys):
        self.calls["get_many"] += 1
        return self.store.get_many(keys)


def filled(models: int) -> Counted:
    store = MemoryStore()
    for n in range(models):
        name = f"{('car loan', 'fraud')[n % 2]} {n:05}"
        risk = RiskDecision(level=RiskLevel.HIGH, reason="as answered", decided_by="cora", decided_at=NOW)
        model = RegisteredModel(
            id=f"{name.replace(' ', '-')}-abcdef", name=name, cloud=Cloud.AWS if n % 3 else Cloud.AZURE,
            owner=f"team{n % 5}@example.org", compliance_status=ComplianceStatus.DRAFT if n % 4 else "approved",
            risk=risk if n % 5 < 2 else None, stages=("production",) if n % 7 == 0 else (),
            presence=Presence.GONE if n % 6 == 0 else Presence.PRESENT, registered_at=NOW - timedelta(minutes=n),
        )  # fmt: skip
        store.put(model_record(model))
    return Counted(store)


@pytest.fixture(scope="module")
def stores() -> dict[int, Counted]:
    return {models: filled(models) for models in (FEW, MANY)}


@pytest.fixture
def ask(stores, monkeypatch, context):
    def asked(models: int, path: str, query: str = "", method: str = "GET", body: str | None = None):
        counted = stores[models]
        counted.calls.clear()
        counted.records = 0
        monkeypatch.setattr(wiring, "wired", lambda: World(store=counted))
        answer = handler(
            api_request(method, f"/api/v1{path}", query=query, person="admin", body=body, headers=JSON), context
        )
        return answer["statusCode"], json.loads(answer["body"]), dict(counted.calls), counted.records

    return asked


def costs(page) -> dict[str, int]:
    """One query, and one record that says how old what is known of Azure's models is."""
    return {"query": 1} | ({"get": 1} if any(model["cloud"] == "azure" for model in page["models"]) else {})


@pytest.mark.parametrize("query", ONE_LISTING)
@pytest.mark.parametrize("models", [FEW, MANY])
def test_a_page_that_a_listing_answers_is_one_query_of_its_own_size(ask, models, query):
    status, page, calls, records = ask(models, "/models", f"limit=20&{query}")
    assert (status, len(page["models"]), calls, records) == (200, 20, costs(page), 20)
    status, further, calls, records = ask(models, "/models", f"limit=20&{query}&token={page['next_token']}")
    assert (status, len(further["models"]), calls, records) == (200, 20, costs(further), 20)
    assert not {model["id"] for model in page["models"]} & {model["id"] for model in further["models"]}


@pytest.mark.parametrize("query", LOOKED_THROUGH)
@pytest.mark.parametrize("models", [FEW, MANY])
def test_a_page_that_must_be_looked_for_stops_after_three_queries_and_goes_on_with_its_token(ask, models, query):
    found, token, pages = [], "", 0
    while token is not None and pages < 40:
        status, page, calls, records = ask(
            models, "/models", f"limit=50&{query}" + (f"&token={token}" if token else "")
        )
        assert status == 200
        assert calls["query"] <= 3
        assert records <= 300
        found += [model["id"] for model in page["models"]]
        token, pages = page["next_token"], pages + 1
    assert token is None or len(found) >= 500
    assert len(found) == len(set(found))
    expected = {"name=loan": models // 2, "name=nothing%20like%20it": 0}.get(query)
    assert expected is None or len(found) == expected or token is not None


def test_counts_of_many_models_are_two_calls_and_tell_their_age(ask, stores):
    assert FEW > LIVE
    status, refused, _, _ = ask(FEW, "/dashboard/stats")
    assert (status, "counted within the hour" in refused["detail"]) == (503, True)
    kept = keep_overview(stores[FEW].store, now=NOW - timedelta(minutes=20))
    for path in ("/dashboard/stats", "/governance/overview"):
        status, told, calls, records = ask(FEW, path)
        assert (status, calls, records) == (200, {"query": 1, "get": 1}, LIVE + 1)
        assert told == kept.model_dump(mode="json")
    assert (kept.models, kept.by_presence) == (FEW, {"gone": 67, "present": 333})
    assert keep_overview(stores[FEW].store, now=NOW) == kept
    assert keep_overview(stores[FEW].store, now=NOW + timedelta(hours=1)).counted_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("limit", [1, 100])
@pytest.mark.parametrize("models", [FEW, MANY])
def test_where_a_page_of_models_stands_is_five_calls_whatever_its_size(ask, models, limit):
    status, page, calls, _ = ask(models, "/dashboard/models", f"limit={limit}")
    assert (status, len(page["models"])) == (200, limit)
    assert calls == {"query": 2, "get": 1, "get_many": 2}


def test_trying_a_policy_looks_at_a_page_of_models(ask):
    policy = '{"name":"mine","description":"two people","approvers":2}'
    status, page, calls, _ = ask(MANY, "/policies/dry-run", "limit=10", method="POST", body=policy)
    assert (status, page["trials"], calls) == (200, [], {"query": 11})
    assert page["next_token"]
