"""Evidence belongs to the version it is about, where the law speaks of a version; it carries over by rule only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in, load_framework
from syndic.compliance.rules.judge import Subject, evaluate
from syndic.errors import InvalidInputError
from syndic.models import TimeWindow
from tests.unit.compliance.conftest import OTHER_ANSWERS

BOUND = [
    (framework_id, requirement.id, need.kind)
    for framework_id, compiled in built_in().items()
    for requirement in compiled.framework.requirements
    for check in requirement.checks
    for need in check.needs
    if need.of_version
]
CARRIED = [
    (framework_id, requirement.id)
    for framework_id, compiled in built_in().items()
    for requirement in compiled.framework.requirements
    if any(
        part and part.carries_over_with == "substantial_modification"
        for part in (requirement.attestation, requirement.document)
    )
]
NEXT = "credit-8"


@pytest.fixture
def state(everything, subject, facts_of, now):
    def look(framework_id, requirement_id, *, version=subject.version, without=(), extra=(), **facts):
        """`facts`: by kind with underscores for dots, what is changed in it; None takes a fact away."""
        items = []
        for item in everything(built_in()[framework_id]):
            if item.kind in without:
                continue
            changes = facts.get(item.kind.replace(".", "_"), {})
            if item.kind == OTHER_ANSWERS.get(requirement_id, ("", {}))[0]:
                changes = {**OTHER_ANSWERS[requirement_id][1], **changes}
            kept = {name: value for name, value in {**item.facts, **changes}.items() if value is not None}
            items.append(item.model_copy(update={"facts": kept}))
        where = Subject(subject.model_id, subject.name, subject.owner, version)
        status = evaluate(built_in()[framework_id], where, facts_of([*items, *extra]), now=now)
        return next(item for item in status.requirements if item.requirement_id == requirement_id)

    return look


@pytest.mark.parametrize(("framework_id", "requirement_id", "kind"), BOUND)
@pytest.mark.parametrize(
    ("about", "told"), [("credit-6", "is about version credit-6"), (None, "does not say which version")]
)
def test_a_run_of_another_version_does_not_count_where_the_law_speaks_of_one(
    framework_id, requirement_id, kind, about, told, state
):
    name = kind.replace(".", "_")
    assert state(framework_id, requirement_id).if_in_force is State.MET
    found = state(framework_id, requirement_id, **{name: {"model_version": about}})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert told in found.reason
    assert len(BOUND) >= 12


def test_a_version_that_nobody_knows_is_shown_by_no_run(state):
    found = state("eu_ai_act", "AIA-13", version=None)
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "not known which version is served" in found.reason


def test_monitoring_is_of_the_system_and_goes_on_over_its_versions(state):
    for name in ("AIA-26(5)", "AIA-72"):
        parts = state("eu_ai_act", name, drift_run={"model_version": "credit-6"}).parts
        assert {part.state for part in parts if part.part == "check"} == {State.MET}


@pytest.mark.parametrize(("hours", "expected"), [(-1, State.INSUFFICIENT_EVIDENCE), (0, State.MET), (1, State.MET)])
def test_a_window_that_began_before_the_version_was_served_is_not_about_it(
    hours, expected, state, everything, evidence
):
    since = datetime(2026, 11, 10, tzinfo=UTC)
    start = since + timedelta(hours=hours)
    known = next(item for item in everything(built_in()["eu_ai_act"]) if item.kind == "quality.performance")
    late = known.model_copy(update={"window": TimeWindow(start=start, end=start + timedelta(days=1))})
    capture = evidence("capture.config", facts={"version": "credit-7", "version_since": since.isoformat()})
    found = state("eu_ai_act", "AIA-13", without=("quality.performance", "capture.config"), extra=[late, capture])
    assert found.if_in_force is expected


@pytest.mark.parametrize(("framework_id", "requirement_id"), CARRIED)
def test_what_was_recorded_for_an_earlier_version_counts_when_its_rule_is_signed_for_this_one(
    framework_id, requirement_id, state, everything, now
):
    before = state(framework_id, requirement_id, version=NEXT)
    assert before.if_in_force in {State.INSUFFICIENT_EVIDENCE, State.ATTESTATION_DUE}
    signed = next(
        item for item in everything(built_in()["eu_ai_act"]) if item.kind == "attestation.substantial_modification"
    )
    known = state(framework_id, requirement_id).parts[-1]
    assert known.state is State.MET

    def with_rule(*, expires_at=None, **facts):
        rule = signed.model_copy(update={"facts": {**signed.facts, **facts}, "expires_at": expires_at})
        return state(
            framework_id, requirement_id, version=NEXT,
            without=("attestation.substantial_modification",), extra=[rule],
        )  # fmt: skip

    after = with_rule(model_version=NEXT)
    assert after.if_in_force is State.MET
    assert "carried over by the signature on substantial modification" in after.reason
    assert any(part.kind == "attestation.substantial_modification" for part in after.evidence)
    for wrong in (
        {"model_version": "credit-7"},  # the rule was signed for the version before
        {"model_version": NEXT, "decision": "declined"},
        {"model_version": NEXT, "withdrawn": True},
        {"model_version": NEXT, "expires_at": now - timedelta(seconds=1)},
    ):
        assert with_rule(**wrong).if_in_force is not State.MET, wrong
    assert len(CARRIED) >= 3


@pytest.mark.parametrize("requirement_id", ["AIA-11", "AIA-13", "AIA-14", "AIA-9"])
def test_nothing_else_carries_over(requirement_id, state, everything):
    signed = next(
        item for item in everything(built_in()["eu_ai_act"]) if item.kind == "attestation.substantial_modification"
    )
    rule = signed.model_copy(update={"facts": {**signed.facts, "model_version": NEXT}})
    found = state(
        "eu_ai_act", requirement_id, version=NEXT, without=("attestation.substantial_modification",), extra=[rule]
    )
    assert found.if_in_force is not State.MET


def test_a_rule_for_what_is_not_bound_to_a_version_is_refused():
    text = built_in()["eu_ai_act"].text
    broken = text.replace(
        "      scope: model_version\n      carries_over_with", "      scope: model\n      carries_over_with", 1
    )
    with pytest.raises(InvalidInputError, match="carries_over_with is for what has the scope model_version"):
        load_framework(broken, where="law.yaml")
