"""Four eyes, one vote a person, each duty represented, none lost under concurrency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from syndic.errors import ConflictError, NotAllowedError
from syndic.models import to_json
from syndic.ports import Record
from syndic.registry.approvals.requests import choose_policy, decide, find_policy, get_request, request_approval
from syndic.registry.documents.lineage import trace_prediction
from syndic.registry.keys import policy_key
from syndic.registry.models import ApprovalPolicy, Decision, RequestState, Stage
from syndic.registry.promotion.promote import waive
from syndic.registry.versions.change_version import change_version
from tests.unit.registry.case import NOW, Registry, vote


def requested(registry: Registry):
    registry.version("1")
    return request_approval(
        registry.model.id, "1", Stage.PRODUCTION, store=registry.store, audit=registry.audit, actor="ann", now=NOW
    )


def cast(registry: Registry, request_id: str, ballot, *, held=None):
    return decide(
        registry.model.id, request_id, ballot, held_roles=held or [ballot.role], store=registry.store,
        audit=registry.audit, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("predicted", "had"),
    [
        (NOW.replace(microsecond=0), True),  # as captured: the second says no more
        (NOW.replace(microsecond=499_999), False),
        (NOW.replace(microsecond=500_000), True),
        (NOW.replace(microsecond=0) - timedelta(seconds=1), False),
    ],
)
def test_a_prediction_of_the_second_of_an_approval_had_it(predicted, had):
    registry = Registry()
    registry.version("1")
    common = {"store": registry.store, "audit": registry.audit, "now": NOW.replace(microsecond=500_000)}
    request = request_approval(registry.model.id, "1", Stage.PRODUCTION, actor="ann", **common)
    for actor, role in (("bob", "ml_engineer"), ("cora", "product_owner")):
        ballot = vote(actor, role).model_copy(update={"at": common["now"]})
        if get_request(registry.store, registry.model.id, request.id, now=common["now"]).state is RequestState.PENDING:
            decide(registry.model.id, request.id, ballot, held_roles=[role], **common)
    found = trace_prediction(registry.store, registry.model.id, prediction_id="e-1", at=predicted, version="1")
    assert [one.target for one in found.approvals] == ([Stage.PRODUCTION] if had else [])


def test_nobody_approves_their_own_request():
    registry = Registry()
    request = requested(registry)
    with pytest.raises(NotAllowedError, match="four eyes"):
        cast(registry, request.id, vote("ann", "ml_engineer"))


def test_nobody_approves_a_version_they_made_changed_or_waived_a_condition_for():
    registry = Registry()
    registry.version("1", created_by="mia")
    common = {"store": registry.store, "audit": registry.audit, "now": NOW}
    measured = {"metrics": {"auc": 0.91}}
    change_version(registry.model.id, "1", lambda it: it.model_copy(update=measured), actor="max", **common)
    waive(registry.model.id, "1", "tests.fairness", reason="reviewed by hand in March", actor="wim", **common)
    request = request_approval(registry.model.id, "1", Stage.PRODUCTION, actor="ann", **common)
    for author in ("mia", "max", "wim"):
        with pytest.raises(NotAllowedError, match="four eyes"):
            cast(registry, request.id, vote(author, "ml_engineer"))
    assert cast(registry, request.id, vote("bob", "ml_engineer")).votes


def test_who_changes_nothing_or_only_the_metadata_is_no_author():
    registry = Registry()
    registry.version("1", created_by="mia")
    common = {"store": registry.store, "audit": registry.audit, "now": NOW}
    change_version(registry.model.id, "1", lambda it: it, actor="bob", **common)
    noted = {"metadata": {"ticket": "ML-7"}}
    changed = change_version(registry.model.id, "1", lambda it: it.model_copy(update=noted), actor="bob", **common)
    assert changed.authors == {"mia"}
    request = request_approval(registry.model.id, "1", Stage.PRODUCTION, actor="ann", **common)
    assert cast(registry, request.id, vote("bob", "ml_engineer")).votes


def test_a_role_must_be_held_and_asked_for():
    registry = Registry()
    request = requested(registry)
    with pytest.raises(NotAllowedError, match="does not hold"):
        cast(registry, request.id, vote("bob", "ml_engineer"), held=["auditor"])
    with pytest.raises(NotAllowedError, match="asks for ml_engineer, product_owner"):
        cast(registry, request.id, vote("bob", "gardener"))


def test_a_person_votes_once_and_one_rejection_ends_it():
    registry = Registry()
    request = requested(registry)
    cast(registry, request.id, vote("bob", "ml_engineer"))
    with pytest.raises(ConflictError, match="already voted"):
        cast(registry, request.id, vote("bob", "product_owner"))
    after = cast(registry, request.id, vote("dan", "product_owner", Decision.REJECT))
    assert after.state is RequestState.REJECTED
    with pytest.raises(ConflictError, match="rejected"):
        cast(registry, request.id, vote("eve", "product_owner"))


def test_two_votes_of_one_duty_do_not_replace_the_other_duty():
    registry = Registry()
    request = requested(registry)
    cast(registry, request.id, vote("bob", "ml_engineer"))
    after = cast(registry, request.id, vote("dan", "ml_engineer"))
    assert after.state is RequestState.PENDING


def test_asking_twice_is_one_request():
    registry = Registry()
    assert requested(registry) == requested(registry)


def test_sixteen_approvers_at_once_are_all_counted_once():
    registry = Registry()
    policy = ApprovalPolicy(name="sixteen", description="sixteen people agree", approvers=16)
    registry.store.put(Record(policy_key("sixteen"), to_json(policy)))
    assert find_policy(registry.store, "sixteen") == policy
    choose_policy(registry.model.id, "sixteen", store=registry.store, audit=registry.audit, actor="cora", now=NOW)
    request = requested(registry)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: cast(registry, request.id, vote(f"person{n}", "reviewer")), range(16)))
    after = get_request(registry.store, registry.model.id, request.id, now=NOW)
    assert sorted(ballot.actor for ballot in after.votes) == sorted(f"person{n}" for n in range(16))
    assert after.state is RequestState.APPROVED
    assert sum(entry.action == "approval.voted" for entry in registry.audit.entries) == 16
