"""What waits for votes, over all models: found while it waits, by whoever may vote, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.ports import Record
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.approvals.waiting import page_waiting
from syndic.registry.keys import approval_key
from syndic.registry.models import Decision, Stage
from syndic.registry.overview import keep_overview
from syndic.registry.versions.change_version import change_version
from tests.unit.registry.case import NOW, Registry, vote


@pytest.fixture
def registry() -> Registry:
    found = Registry()
    found.version("1")
    return found


def asked(registry: Registry, *, at=NOW):
    return request_approval(
        registry.model.id, "1", Stage.PRODUCTION, store=registry.store, audit=registry.audit, actor="ann", now=at
    )


def waiting(registry: Registry, *, actor: str = "pia", roles=("product_owner",), now=NOW, **page):
    return page_waiting(registry.store, actor=actor, held_roles=roles, now=now, **page)


def test_a_request_waits_until_it_is_decided_and_names_the_roles_of_whoever_asks(registry: Registry):
    request = asked(registry)
    (one,) = waiting(registry).requests
    assert (one.model_name, one.request, one.vote_as) == ("Car loan", request, ("product_owner",))
    assert waiting(registry, roles=("auditor",)).requests[0].vote_as == ()
    assert waiting(registry, actor="ann").requests[0].vote_as == ()  # who asked, and made the version
    ballot = vote("pia", "product_owner", Decision.REJECT)
    common = {"store": registry.store, "audit": registry.audit, "now": NOW}
    decide(registry.model.id, request.id, ballot, held_roles=["product_owner"], **common)
    assert waiting(registry).requests == ()


def test_who_has_voted_is_not_asked_again_and_others_are(registry: Registry):
    common = {"store": registry.store, "audit": registry.audit, "actor": "ann", "now": NOW}
    choose_policy(registry.model.id, "strict", **common)
    request = asked(registry)
    first = request.policy.roles[0]
    ballot = vote("pia", first)
    kept = {"store": registry.store, "audit": registry.audit, "now": NOW}
    assert decide(registry.model.id, request.id, ballot, held_roles=[first], **kept).state == "pending"
    assert waiting(registry, roles=request.policy.roles).requests[0].vote_as == ()
    assert waiting(registry, actor="bob", roles=request.policy.roles).requests[0].vote_as == request.policy.roles


def test_what_ran_out_or_was_overtaken_waits_no_more(registry: Registry):
    request = asked(registry)
    assert waiting(registry, now=request.expires_at + timedelta(seconds=1)).requests == ()
    common = {"store": registry.store, "audit": registry.audit, "now": NOW}
    change_version(
        registry.model.id, "1", lambda it: it.model_copy(update={"metrics": {"auc": 0.5}}), actor="max", **common
    )
    assert waiting(registry).requests == ()


def test_pages_go_on_by_the_end_of_the_time(registry: Registry):
    registry.version("2")
    kept = {"store": registry.store, "audit": registry.audit, "actor": "ann"}
    request_approval(registry.model.id, "2", Stage.PRODUCTION, **kept, now=NOW + timedelta(hours=1))
    asked(registry)
    first = waiting(registry, limit=1)
    assert [one.request.version for one in first.requests] == ["1"]
    rest = waiting(registry, limit=1, token=first.next_token)
    assert ([one.request.version for one in rest.requests], rest.next_token) == (["2"], None)


def test_requests_of_before_the_listing_are_listed_by_the_hourly_count(registry: Registry):
    request = asked(registry)
    key = approval_key(registry.model.id, request.id)
    record = registry.store.get(key)
    registry.store.put(Record(key, record.body), expect=record.etag)
    assert waiting(registry).requests == ()
    keep_overview(registry.store, now=NOW, daily=True)
    assert [one.request.id for one in waiting(registry).requests] == [request.id]
