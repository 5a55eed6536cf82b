"""Sixteen people vote at the same moment: none is counted twice, none is lost."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from syndic.adapters.memory import MemoryAudit
from syndic.errors import ConflictError
from syndic.ports import Store
from syndic.registry.approvals.requests import choose_policy, decide, get_request, request_approval
from syndic.registry.models import ApprovalPolicy, Decision, ModelVersion, RequestState, Stage, Vote
from syndic.registry.promotion.policies import save_policy
from syndic.registry.versions.versions import add_version, register_model
from tests.proof import ALL

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PEOPLE = 16 if ALL else 6


def test_many_approvers_at_once_are_each_counted_once(store: Store) -> None:
    audit = MemoryAudit()
    common = {"store": store, "audit": audit, "actor": "ann", "now": NOW}
    name = f"p{uuid.uuid4().hex[:12]}"
    model = register_model(name=name, owner="olga@example.org", **common).id
    add_version(ModelVersion(model_id=model, version="1", created_at=NOW, created_by="ann"), **common)
    save_policy(ApprovalPolicy(name=name, description="all of them", approvers=PEOPLE), **common)
    choose_policy(model, name, **common)
    asked = request_approval(model, "1", Stage.PRODUCTION, **common)
    barrier = threading.Barrier(2 * PEOPLE)

    def vote(number: int) -> bool:
        actor = f"person-{number % PEOPLE}"  # everybody presses the button twice
        said = Vote(actor=actor, role="ml_engineer", decision=Decision.APPROVE, comment="looked", at=NOW)
        barrier.wait()
        try:
            decide(model, asked.id, said, held_roles={"ml_engineer"}, store=store, audit=audit, now=NOW)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2 * PEOPLE) as pool:
        counted = list(pool.map(vote, range(2 * PEOPLE)))

    request = get_request(store, model, asked.id, now=NOW)
    assert counted.count(True) == 2 * PEOPLE  # the second press is answered by what the first one did
    assert sorted(one.actor for one in request.votes) == sorted(f"person-{number}" for number in range(PEOPLE))
    assert request.state is RequestState.APPROVED
