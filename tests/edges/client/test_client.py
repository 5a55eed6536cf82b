"""The client and the real handler understand each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from syndic.identity.api_keys import Maker, make_key
from syndic.identity.models import Scope
from syndic.records import get_model, list_models
from syndic_client import GovernanceClient, errors
from syndic_client.schemas import AlertState
from tests.edges.calling import ADDRESS, Gateway
from tests.edges.world import MODEL, World


@pytest.fixture
def gateway(wire: Callable[[str], World]) -> Gateway:
    wire("checked")
    return Gateway()


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def test_what_was_read_is_typed(gateway: Gateway) -> None:
    client = gateway.client()
    report = client.drift.get_metrics(MODEL)

    assert report.verdict == "drift"
    assert "amount" in report.drifted
    assert report.features["amount"].verdict == "drift"
    assert report.window is not None
    assert report.window.start.tzinfo is not None
    assert {alert.state for alert in client.alerts.list(model=MODEL)} == {AlertState.OPEN}


def test_lists_are_walked_page_by_page(world: World) -> None:
    gateway = Gateway()
    client = gateway.client()
    for number in range(5):
        client.models.register(name=f"model {number}")
    gateway.seen.clear()
    names = [model.name for model in client.models.list(page_size=2)]

    assert sorted(names) == ["credit", *(f"model {number}" for number in range(5))]
    assert len(gateway.seen) >= 3
    assert [one.name for one in client.models.list(page_size=2, cloud="other")] == sorted(names)[1:]
    assert client.models.list(name="nobody").first() is None


def test_of_two_who_change_one_record_the_second_is_told(world: World) -> None:
    ours, theirs = Gateway().client(), Gateway().client()
    mine, yours = ours.drift.get_policy(MODEL), theirs.drift.get_policy(MODEL)
    kept = theirs.drift.set_policy(MODEL, yours.with_changes(psi_threshold=0.3))
    with pytest.raises(errors.PreconditionFailedError):
        ours.drift.set_policy(MODEL, mine.with_changes(psi_threshold=0.2))

    assert ours.drift.get_policy(MODEL).psi_threshold == 0.3
    assert theirs.drift.set_policy(MODEL, kept.with_changes(psi_threshold=0.4)).psi_threshold == 0.4


def test_a_model_that_was_read_is_changed_only_as_it_was(world: World) -> None:
    client = Gateway().client()
    read = client.models.get(MODEL)
    changed = client.models.update(read, description="by us")
    with pytest.raises(errors.PreconditionFailedError):
        client.models.update(read, description="by them")
    client.models.update(changed, limitations=None)
    client.models.update(MODEL, description="whatever was there")

    assert get_model(world.store, MODEL).description == "whatever was there"


def test_a_post_whose_answers_were_lost_makes_one_thing(world: World) -> None:
    gateway = Gateway(lost=2)
    made = gateway.client().models.register(name="Scoring", owner="olga@example.org")

    assert len(gateway.seen) == 3
    assert len({request.headers["idempotency-key"] for request in gateway.seen}) == 1
    assert [one.id for one in list_models(world.store) if one.name == "Scoring"] == [made.id]


def test_two_posts_are_two_unless_one_key_is_given(world: World) -> None:
    client = Gateway().client()
    for _ in range(3):
        client.models.register(name="Scoring", idempotency_key="build-7")
    client.models.register(name="Pricing")

    assert sorted(one.name for one in list_models(world.store) if one.cloud == "other") == ["Pricing", "Scoring"]


def test_a_list_that_is_worked_out_anew_has_a_key_for_each_page(world: World) -> None:
    gateway = Gateway()
    client = gateway.client()
    for number in range(3):
        client.registry.add_version(client.models.register(name=f"model {number}"), version="1")
    gateway.seen.clear()
    trials = client.registry.try_approval_policy(client.registry.approval_policies().policies[0], page_size=1)
    first = [trial.model_id for trial in trials]
    world.moment += timedelta(hours=1)

    assert len(set(first)) == 3, "the model without a version is not tried"
    assert [trial.model_id for trial in trials] == first
    asked = [request for request in gateway.seen if request.method == "POST"]
    assert len({request.headers["idempotency-key"] for request in asked}) == len(asked) >= 8


def test_problems_come_as_errors_of_their_kind(gateway: Gateway) -> None:
    client = gateway.client()
    with pytest.raises(errors.NotFoundError, match="nobody"):
        client.models.get("nobody")
    with pytest.raises(errors.InvalidRequestError) as invalid:
        client.models.register(name="x", window="fortnight")
    with pytest.raises(errors.NotAllowedError):
        gateway.client("auditor").models.register(name="x")
    with pytest.raises(errors.NotSignedInError):
        gateway.client("stranger").models.get(MODEL)

    assert invalid.value.status == 422
    assert [one.where for one in invalid.value.errors] == ["body.window"]


def test_a_throttled_request_comes_again(gateway: Gateway) -> None:
    gateway.instead = [httpx.Response(429, headers={"Retry-After": "0"}, json={"message": "Too Many Requests"})]
    assert gateway.client().models.get(MODEL).id == MODEL
    assert len(gateway.seen) == 2


def test_the_twin_that_does_not_block_does_the_same(gateway: Gateway) -> None:
    async def walk() -> list[str]:
        async with gateway.async_client() as client:
            first = await client.models.list(page_size=1).first()
            assert first is not None
            await client.models.update(await client.models.get(first), description="read")
            return [model.description or "" async for model in client.models.list()]

    assert asyncio.run(walk()) == ["read"]


def test_a_key_goes_where_keys_are_taken(world: World) -> None:
    maker = Maker("ada", "ada", "ada@example.org", from_provider=False, may_give=frozenset(Scope))
    _, text = make_key(
        "sdk", (Scope.READ,), maker, expires_at=None, store=world.store, audit=world.audit, now=world.now()
    )  # fmt: skip
    gateway = Gateway()
    for address in (ADDRESS, f"{ADDRESS}/api/v1", f"{ADDRESS}/api/machine/v1/"):
        client = GovernanceClient(address, api_key=text, transport=httpx.MockTransport(gateway))
        assert client.models.get(MODEL).name == "credit"
        assert client.request("GET", "/health")["status"]
    with pytest.raises(errors.NotAllowedError):
        client.models.update(MODEL, domain="credit")

    assert {request.url.path.partition("/v1")[0] for request in gateway.seen} == {"/api/machine"}
