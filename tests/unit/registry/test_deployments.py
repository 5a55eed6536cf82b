"""A deployment from its plan to its end: traffic moves as the policy says, and goes back when the numbers say so."""

from __future__ import annotations

import pytest

from syndic.errors import ConflictError, InvalidInputError, UnavailableError
from syndic.models import EvidenceStatus, Severity
from syndic.records import list_evidence
from syndic.registry.deployments.models import DeploymentState, rules
from syndic.registry.deployments.plan import cancel_deployment, roll_back_deployment
from syndic.registry.deployments.store import list_deployments, list_open
from syndic.registry.models import CanaryStep, Stage, Strategy
from syndic.registry.promotion.promote import GateRefusedError, read_stages
from syndic.traffic import ServedVariant, VariantNumbers
from tests.unit.registry.rollout import Rollout, numbers


def production(rollout: Rollout) -> str | None:
    return read_stages(rollout.store, rollout.model_id).production


def person(rollout: Rollout) -> dict[str, object]:
    return {
        "store": rollout.store, "audit": rollout.audit, "bus": rollout.bus, "actor": "ann", "now": rollout.now,
        "reason": "a customer complained",
    }  # fmt: skip


def test_a_sound_canary_goes_up_the_steps_and_the_registry_follows() -> None:
    rollout = Rollout(error_rate=0.05, performance_degradation=0.05)
    deployment = rollout.plan()
    assert deployment.state is DeploymentState.PLANNED
    assert rollout.traffic.calls == [], "planning touches no cloud"

    ended = rollout.until_ended(deployment)

    assert ended.state is DeploymentState.COMPLETED, ended.state_reason
    assert rollout.traffic.calls == ["configure both", "weigh 10", "weigh 100", "configure new"]
    assert rollout.share(ended.new_variant) == 1.0
    assert production(rollout) == "2"
    assert [event.state.value for event in ended.history] == [
        "planned", "shifting", "baking", "shifting", "baking", "finishing", "completed",
    ]  # fmt: skip
    assert [action for action in rollout.audit.actions if action.startswith("deployment.")] == [
        "deployment.planned", "deployment.shifting", "deployment.baking", "deployment.shifting", "deployment.baking",
        "deployment.finishing", "deployment.completed",
    ]  # fmt: skip
    assert list_open(rollout.store) == []
    evidence = {one.kind: one for one in list_evidence(rollout.store, rollout.model_id)}
    assert evidence["registry.deployment"].status is EvidenceStatus.PASSING
    assert evidence["registry.promotion"].status is EvidenceStatus.PASSING
    assert {kind for event in rollout.bus.of("EvidenceChanged") for kind in event.kinds} == {
        "registry.deployment", "registry.promotion",
    }  # fmt: skip
    assert [finding.severity for finding in rollout.findings] == [Severity.NONE]


def test_no_step_is_left_before_its_time_is_over() -> None:
    rollout = Rollout(error_rate=0.05)
    deployment = rollout.plan()
    baking = rollout.until(deployment, "baking")
    began = baking.step_since
    assert began is not None
    while rollout.get(deployment).step == 0:
        rollout.tick(minutes=1)
    waited = rollout.get(deployment).changed_at - began
    assert 20 * 60 <= waited.total_seconds() <= 25 * 60


def test_blue_green_moves_all_traffic_at_once_and_keeps_the_old_version_warm() -> None:
    rollout = Rollout(strategy=Strategy.BLUE_GREEN, error_rate=0.05, performance_degradation=0.05)
    deployment = rollout.plan()
    rollout.until(deployment, "baking")
    assert rollout.share("main") == 0
    assert len(rollout.traffic.endpoints["car-loan"].traffic.variants) == 2
    assert rollout.until_ended(deployment).state is DeploymentState.COMPLETED
    assert rollout.traffic.calls == ["configure both", "weigh 100", "configure new"]
    old = [window for variant, window in rollout.metrics.asked if variant == "main"]
    assert all(window.end <= deployment.asked_at for window in old), "the old version is judged before the shift"


def test_direct_replaces_the_version_and_watches_nothing() -> None:
    rollout = Rollout(strategy=Strategy.DIRECT, error_rate=0.05)
    ended = rollout.until_ended(rollout.plan())
    assert ended.state is DeploymentState.COMPLETED
    assert rollout.traffic.calls == ["configure new"]
    assert rollout.metrics.asked == []
    assert production(rollout) == "2"


@pytest.mark.parametrize("takes", [0, 1, 3])
def test_errors_above_the_limit_take_the_version_back(takes: int) -> None:
    rollout = Rollout(error_rate=0.05, takes=takes)
    rollout.behave(per_minute=20, errors=0.2)
    ended = rollout.until_ended(rollout.plan())

    assert ended.state is DeploymentState.ROLLED_BACK
    assert rollout.traffic.calls == ["configure both", "weigh 10", "weigh 0", "configure first"]
    assert rollout.configuration == "first"
    assert production(rollout) == "1", "the stage never left the version that served"
    (finding,) = rollout.findings
    assert (finding.severity, finding.concern.value, finding.subject) == (Severity.HIGH, "registry", "car-loan")
    assert "20.00%" in finding.reason
    assert finding.value == pytest.approx(0.2)
    assert finding.threshold == 0.05
    evidence = {one.kind: one for one in list_evidence(rollout.store, rollout.model_id)}
    assert evidence["registry.deployment"].status is EvidenceStatus.FAILING
    told = next(entry for entry in rollout.audit.entries if entry.action == "deployment.returning")
    assert told.details["conditions"] == [
        {"name": "error_rate", "verdict": "broken", "value": 0.2, "lower": pytest.approx(0.1, abs=0.06), "limit": 0.05}
    ]


def test_a_slower_version_is_taken_back() -> None:
    rollout = Rollout(performance_degradation=0.05)
    rollout.behave(latency=70.0)
    ended = rollout.until_ended(rollout.plan())
    assert ended.state is DeploymentState.ROLLED_BACK
    assert "+39" in ended.state_reason or "+40" in ended.state_reason


def test_a_rise_of_rejected_calls_over_the_old_version_is_seen() -> None:
    rollout = Rollout(error_rate_spike=0.02)
    rollout.behave(rejected=0.3)
    assert rollout.until_ended(rollout.plan()).state is DeploymentState.ROLLED_BACK


def test_too_little_traffic_is_waited_for_and_then_given_up() -> None:
    rollout = Rollout(error_rate=0.05, give_up_hours=2)
    rollout.answer(lambda _variant, _window: VariantNumbers(3, 1, 0))
    deployment = rollout.plan()
    for _ in range(10):
        rollout.tick()
    waiting = rollout.get(deployment)
    assert waiting.state is DeploymentState.BAKING
    assert waiting.step == 0
    assert "3 calls are too few to pass; 100 are needed" in waiting.state_reason

    ended = rollout.until_ended(deployment)
    assert ended.state is DeploymentState.FAILED
    assert "not judged within 2 hours" in ended.state_reason
    assert rollout.configuration == "first"


@pytest.mark.parametrize("missing", [VariantNumbers(None, None, None), VariantNumbers(5000, None, None)])
def test_a_missing_number_is_never_good(missing: VariantNumbers) -> None:
    rollout = Rollout(error_rate=0.05, performance_degradation=0.05, give_up_hours=1)
    rollout.answer(lambda variant, window: numbers(window) if variant == "main" else missing)
    ended = rollout.until_ended(rollout.plan())
    assert ended.state is DeploymentState.FAILED
    assert production(rollout) == "1"


def test_production_needs_the_gate_and_a_refusal_lists_what_is_missing() -> None:
    rollout = Rollout()
    rollout.version("3")
    with pytest.raises(ConflictError, match="cannot go from development to production"):
        rollout.plan(version="3")
    rollout.registry.evidence("drift.run", EvidenceStatus.FAILING)
    with pytest.raises(GateRefusedError, match=r"evidence:drift\.run"):
        rollout.plan()
    assert list_open(rollout.store) == []


def test_evidence_that_fails_during_the_canary_holds_it_before_its_end_and_tells_once() -> None:
    rollout = Rollout(error_rate=0.05)
    deployment = rollout.plan()
    rollout.until(deployment, "baking")
    rollout.registry.evidence("drift.run", EvidenceStatus.FAILING)
    for _ in range(20):
        rollout.tick()
    held = rollout.get(deployment)
    assert held.state is DeploymentState.BAKING
    assert held.state_reason.startswith("held: the gate does not pass: evidence:drift.run")
    assert [finding.severity for finding in rollout.findings] == [Severity.MEDIUM]
    assert production(rollout) == "1"


def test_a_version_changed_after_the_plan_is_not_deployed() -> None:
    rollout = Rollout()
    deployment = rollout.plan()
    rollout.registry.version("2", metrics={"auc": 0.1})
    ended = rollout.until_ended(deployment)
    assert ended.state is DeploymentState.FAILED
    assert "changed after the deployment was planned" in ended.state_reason
    assert rollout.traffic.calls == []


def test_one_open_deployment_an_endpoint_and_the_same_again_is_the_same() -> None:
    rollout = Rollout()
    deployment = rollout.plan()
    assert rollout.plan().id == deployment.id
    with pytest.raises(ConflictError, match=f"held by deployment {deployment.id}"):
        rollout.plan(target=Stage.STAGING)
    cancel_deployment(deployment.id, **person(rollout))
    again = rollout.plan()
    assert again.id == deployment.id[:-1] + "2"
    page = list_deployments(rollout.store, model_id=rollout.model_id)
    assert {one.id for one in page.deployments} == {deployment.id, again.id}


@pytest.mark.parametrize("state", ["planned", "shifting", "baking", "finishing"])
def test_cancelling_returns_the_traffic_first(state: str) -> None:
    rollout = Rollout(takes=2)
    deployment = rollout.plan()
    rollout.until(deployment, state)
    cancel_deployment(deployment.id, **person(rollout))
    ended = rollout.get(deployment) if state == "planned" else rollout.until_ended(deployment)
    assert ended.state is DeploymentState.CANCELLED
    assert rollout.configuration == "first"
    assert production(rollout) == "1"
    assert list_open(rollout.store) == []
    assert cancel_deployment(deployment.id, **person(rollout)) == ended, "the same request again is answered the same"
    with pytest.raises(ConflictError, match="it has ended"):
        cancel_deployment(deployment.id, **person(rollout) | {"reason": "another customer complained"})


def test_a_person_takes_a_completed_deployment_back_and_the_stage_follows() -> None:
    rollout = Rollout()
    deployment = rollout.plan()
    rollout.until_ended(deployment)
    with pytest.raises(ConflictError, match="roll it back instead"):
        cancel_deployment(deployment.id, **person(rollout))
    roll_back_deployment(deployment.id, **person(rollout))
    ended = rollout.until_ended(deployment)
    assert ended.state is DeploymentState.ROLLED_BACK
    assert rollout.configuration == "first"
    assert production(rollout) == "1"
    assert read_stages(rollout.store, rollout.model_id).history[-1].kind == "rollback"


def test_the_first_version_that_ever_served_goes_back_to_staging() -> None:
    rollout = Rollout(first=True)
    deployment = rollout.plan()
    rollout.until_ended(deployment)
    roll_back_deployment(deployment.id, **person(rollout))
    rollout.until_ended(deployment)
    assert read_stages(rollout.store, rollout.model_id).of["2"] is Stage.STAGING


def test_what_a_later_deployment_put_in_place_is_not_undone() -> None:
    rollout = Rollout(strategy=Strategy.DIRECT)
    first = rollout.plan()
    rollout.until_ended(first)
    second = rollout.plan(target=Stage.PRODUCTION)
    rollout.until_ended(second)
    with pytest.raises(ConflictError, match=f"{second.id} was completed since"):
        roll_back_deployment(first.id, **person(rollout))


def test_somebody_elses_change_of_the_endpoint_ends_it_and_nothing_is_fought_over() -> None:
    rollout = Rollout()
    deployment = rollout.plan()
    rollout.until(deployment, "baking")
    endpoint = rollout.traffic.endpoints["car-loan"]
    variants = (ServedVariant("other", 1.0),)
    endpoint.traffic = type(endpoint.traffic)("car-loan", deployment.resource_id, "theirs", True, variants)
    calls = list(rollout.traffic.calls)
    ended = rollout.until_ended(deployment)
    assert ended.state is DeploymentState.FAILED
    assert "somebody else changed endpoint car-loan: configuration theirs" in ended.state_reason
    assert rollout.traffic.calls == calls


def test_a_version_that_cannot_start_is_given_up_after_three_tries() -> None:
    rollout = Rollout()
    rollout.traffic.fails = "no instances of this type"
    ended = rollout.until_ended(rollout.plan())
    assert ended.state is DeploymentState.FAILED
    assert "asked 3 times to serve both versions: no instances of this type" in ended.state_reason
    assert rollout.traffic.calls == ["configure both"] * 3
    assert rollout.findings[0].severity is Severity.HIGH


def test_a_return_that_does_not_succeed_is_critical() -> None:
    rollout = Rollout(error_rate=0.05)
    deployment = rollout.plan()
    rollout.until(deployment, "baking")
    rollout.behave(errors=0.5)
    rollout.traffic.refuse = UnavailableError("AccessDenied: no")
    ended = rollout.until_ended(deployment)
    assert ended.state is DeploymentState.FAILED
    assert "asked 3 times to give all traffic back" in ended.state_reason
    assert "AccessDenied: no" in ended.state_reason
    assert [finding.severity for finding in rollout.findings] == [Severity.HIGH, Severity.CRITICAL]


def test_a_cloud_that_does_not_answer_is_reported_and_waited_for() -> None:
    rollout = Rollout()
    deployment = rollout.plan()
    rollout.until(deployment, "baking")

    def silent(_variant: str, _window: object) -> VariantNumbers:
        raise UnavailableError("CloudWatch did not answer")

    rollout.answer(silent)
    rollout.now = rollout.now.replace(hour=rollout.now.hour + 1)
    report = rollout.run()
    assert report.unavailable == {deployment.id: "CloudWatch did not answer"}
    assert rollout.get(deployment).state is DeploymentState.BAKING


def test_findings_that_could_not_be_told_are_told_later() -> None:
    rollout = Rollout(error_rate=0.05)
    rollout.behave(errors=0.5)
    deployment = rollout.plan()
    rollout.bus.refuse = "the bus is down"
    for _ in range(10):
        rollout.tick()
    assert rollout.findings == []
    rollout.bus.refuse = None
    rollout.until_ended(deployment)
    rollout.tick()
    assert [finding.severity for finding in rollout.findings] == [Severity.HIGH]
    assert list_open(rollout.store) == []


def test_less_care_than_the_policy_asks_for_is_refused_and_more_is_welcome() -> None:
    rollout = Rollout()
    with pytest.raises(ConflictError, match="direct is less careful"):
        rollout.plan(strategy=Strategy.DIRECT)
    with pytest.raises(ConflictError, match="would get 50 % of the traffic; policy tried allows 10 %"):
        rollout.plan(steps=(CanaryStep(percent=50, minutes=30), CanaryStep(percent=100, minutes=30)))
    with pytest.raises(ConflictError, match="watched for 30 minutes; policy tried asks for 40"):
        rollout.plan(steps=(CanaryStep(percent=5, minutes=20), CanaryStep(percent=100, minutes=10)))
    with pytest.raises(InvalidInputError, match="rise to 100"):
        rollout.plan(steps=(CanaryStep(percent=5),))
    with pytest.raises(InvalidInputError, match="only canary has steps"):
        rollout.plan(target=Stage.STAGING, strategy=Strategy.DIRECT, steps=(CanaryStep(percent=100),))
    careful = (CanaryStep(percent=1, minutes=60), CanaryStep(percent=100, minutes=60))
    assert rollout.plan(steps=careful).steps == careful


def test_a_version_that_does_not_name_its_model_is_refused() -> None:
    rollout = Rollout()
    rollout.registry.version("2")
    with pytest.raises((ConflictError, GateRefusedError)):
        rollout.plan()
    with pytest.raises(ConflictError, match="add an artefact called sagemaker-model"):
        rollout.plan(target=Stage.STAGING)


def test_every_state_is_in_the_rules_and_every_way_ends() -> None:
    states = rules().states
    assert set(states) == set(DeploymentState)
    ended = {state for state, following in states.items() if not following}
    reaching = set(ended)
    while any(set(states[state]) & reaching and state not in reaching for state in states):
        reaching |= {state for state in states if set(states[state]) & reaching}
    assert reaching == set(DeploymentState)
    assert not set(rules().open) & (ended | {DeploymentState.COMPLETED})
