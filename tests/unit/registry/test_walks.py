"""Random walks over lifecycle and approvals never reach an illegal state."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from syndic.errors import SyndicError
from syndic.models import ComplianceStatus, EvidenceStatus
from syndic.records import get_model
from syndic.registry.approvals.requests import choose_policy, decide, list_requests, policy_of, request_approval
from syndic.registry.models import Decision, RequestState, Stage
from syndic.registry.promotion.promote import promote, read_stages, roll_back
from syndic.registry.versions.lifecycle import lifecycle
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import change_status
from tests.proof import ALL
from tests.unit.registry.case import NOW, PROFILE, Registry, vote

VERSIONS = st.sampled_from(["1", "2", "3"])
PEOPLE = st.sampled_from(["ann", "bob", "cora", "dan"])


class Walk(RuleBasedStateMachine):
    """People do whatever comes to their mind, in any order; refusals are part of life."""

    reached: ClassVar[Counter[str]] = Counter()

    @initialize()
    def start(self) -> None:
        self.registry, self.now = Registry(**PROFILE), NOW
        self.registry.approve_model()
        for name in ("1", "2", "3"):
            self.registry.version(name)
        for kind in ("drift.run", "bias.run"):
            self.registry.evidence(kind)
        self.statuses = [get_model(self.registry.store, self.registry.model.id).compliance_status]
        self.approved_at_production: list[bool] = []

    @property
    def common(self):
        return {"store": self.registry.store, "audit": self.registry.audit, "now": self.now}

    def content(self, version: str) -> str:
        return get_version(self.registry.store, self.registry.model.id, version).content_sha256

    @rule(name=st.sampled_from(["basic", "moderate"]))
    def the_policy_changes(self, name: str) -> None:
        choose_policy(self.registry.model.id, name, actor="adam", **self.common)

    @rule(version=VERSIONS, auc=st.sampled_from([0.8, 0.9]))
    def a_version_is_measured_again(self, version: str, auc: float) -> None:
        self.registry.version(version, metrics={"auc": auc})

    @rule(version=VERSIONS, goal=st.sampled_from(list(Stage)), actor=PEOPLE)
    def somebody_promotes(self, version: str, goal: Stage, actor: str) -> None:
        before = read_stages(self.registry.store, self.registry.model.id)
        try:
            after = promote(self.registry.model.id, version, goal, reason="try", actor=actor, **self.common)
        except SyndicError:
            assert read_stages(self.registry.store, self.registry.model.id) == before
            return
        source = before.of.get(version, Stage.DEVELOPMENT)
        self.reached[f"{source} -> {goal}"] += 1
        assert source is goal or goal in lifecycle().stage[source]
        if goal is Stage.PRODUCTION and source is not goal:
            requests = list_requests(self.registry.store, self.registry.model.id, now=self.now)
            newest = next(r for r in requests if r.version == version and r.target is goal)
            assert newest.state is RequestState.APPROVED
            assert set(policy_of(self.registry.store, self.registry.model.id).roles) <= {
                ballot.role for ballot in newest.votes
            }
            assert newest.version_sha256 == self.content(version)
            assert newest.requested_by not in {ballot.actor for ballot in newest.votes}
        assert after.of.get(version, Stage.DEVELOPMENT) is goal

    @rule(version=VERSIONS, actor=PEOPLE, goal=st.sampled_from([Stage.STAGING, Stage.PRODUCTION]))
    def somebody_asks(self, version: str, actor: str, goal: Stage) -> None:
        request_approval(self.registry.model.id, version, goal, actor=actor, **self.common)

    @rule(actor=PEOPLE, role=st.sampled_from(["ml_engineer", "product_owner", "gardener"]), no=st.integers(0, 9))
    def somebody_votes(self, actor: str, role: str, no: int) -> None:
        self.vote_on(no, actor, role, Decision.REJECT if no == 0 else Decision.APPROVE)

    def vote_on(self, number: int, actor: str, role: str, decision: Decision) -> None:
        requests = list(list_requests(self.registry.store, self.registry.model.id, now=self.now))
        if requests:
            try:
                decide(self.registry.model.id, requests[number % len(requests)].id, vote(actor, role, decision),
                       held_roles=[role], **self.common)  # fmt: skip
            except SyndicError:
                return

    @rule(
        versions=st.lists(VERSIONS, min_size=1, max_size=3, unique=True),
        away=st.sampled_from([None, None, "asks", "ml_engineer", "product_owner"]),
        returns=st.sampled_from([(), (None,), (None, None), ("1",), ("1", "2")]),
    )
    def people_release(self, versions: list[str], away: str | None, returns: tuple[str | None, ...]) -> None:
        """The whole way, or all but one step of it, and perhaps back: by chance alone nobody gets to production."""
        for version in versions:
            self.somebody_promotes(version, Stage.STAGING, "ann")
            if away != "asks":
                self.somebody_asks(version, "ann", Stage.PRODUCTION)
            for actor, role in (("bob", "ml_engineer"), ("cora", "product_owner")):
                if role != away:
                    self.vote_on(0, actor, role, Decision.APPROVE)
            self.somebody_promotes(version, Stage.PRODUCTION, "ann")
        for to in returns:
            self.somebody_rolls_back(to)

    @rule(kind=st.sampled_from(["drift.run", "bias.run"]), status=st.sampled_from(list(EvidenceStatus)))
    def evidence_arrives(self, kind: str, status: EvidenceStatus) -> None:
        self.registry.evidence(kind, status, age=NOW - self.now)

    @rule(to=st.one_of(st.none(), VERSIONS))
    def somebody_rolls_back(self, to: str | None) -> None:
        before = read_stages(self.registry.store, self.registry.model.id)
        try:
            after = roll_back(self.registry.model.id, to=to, reason=f"worse, to {to}", actor="ann", **self.common)
        except SyndicError:
            assert read_stages(self.registry.store, self.registry.model.id) == before
            return
        self.reached["rollback" if to is None else "rollback to"] += 1
        assert after.production != before.production
        assert any(c.version == after.production and c.kind == "promotion" for c in after.history)
        if to is None:  # never forward again to what a rollback has just left
            left = before.history[-2:]
            assert not (left and left[-1].reason == "worse, to None" and left[0].version == after.production)

    @rule(goal=st.sampled_from([ComplianceStatus.UNDER_REVIEW, ComplianceStatus.APPROVED, ComplianceStatus.DRAFT]))
    def status_changes(self, goal: ComplianceStatus) -> None:
        try:
            change_status(self.registry.model.id, goal, reason="review", actor="cora", **self.common)
        except SyndicError:
            return
        if self.statuses[-1] is not goal:
            assert goal in lifecycle().compliance_status[self.statuses[-1]]
            self.statuses.append(goal)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def at_most_one_version_is_in_production(self) -> None:
        if hasattr(self, "registry"):
            stages = read_stages(self.registry.store, self.registry.model.id)
            assert sum(stage is Stage.PRODUCTION for stage in stages.of.values()) <= 1

    @invariant()
    def an_audit_entry_names_a_replaced_version_only_when_it_left_production(self) -> None:
        if not hasattr(self, "registry"):
            return
        here: str | None = None
        for entry in self.registry.audit.entries:
            if "replaced" in entry.details:
                said, goes = entry.details["version"], entry.details["target"] == Stage.PRODUCTION.value
                assert entry.details["replaced"] == (here if goes else None)
                here = said if goes else None if said == here else here

    @invariant()
    def nobody_voted_twice(self) -> None:
        if hasattr(self, "registry"):
            for request in list_requests(self.registry.store, self.registry.model.id, now=self.now):
                actors = [ballot.actor for ballot in request.votes]
                assert len(actors) == len(set(actors))


def test_no_walk_leaves_the_rules() -> None:
    Walk.reached.clear()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=200 if ALL else 80,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = {"staging -> production", "production -> staging", "rollback", "rollback to"}
    assert wanted <= set(Walk.reached), "walks that go nowhere hold nothing"
