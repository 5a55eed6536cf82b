"""Changing one fact changes exactly the requirements that depend on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.models import ORGANISATION, Need, Requirement
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import OTHER_ANSWERS, judged_all

CASES = [
    (framework_id, kind)
    for framework_id, compiled in built_in().items()
    for kind in sorted(
        {
            kind
            for requirement in compiled.framework.requirements
            for kind in [
                *(need.kind for need in (requirement.applies.needs if requirement.applies else ())),
                *(need.kind for check in requirement.checks for need in check.needs),
                *([f"attestation.{requirement.attestation.topic}"] if requirement.attestation else []),
                *([f"document.{requirement.document.topic}"] if requirement.document else []),
            ]
        }
    )
]


def spares(need: Need) -> bool:
    """Whether answers are read that take a need of other evidence away, which is on record here."""
    return need.may_be_missing and need.kind.startswith("classification.")


def rests_on(requirement: Requirement, kind: str, *, applicable: bool, gone: bool = False) -> bool:
    if requirement.applies and kind in {need.kind for need in requirement.applies.needs if not spares(need)}:
        return True
    if not applicable:
        return False
    return (
        kind
        in {
            need.kind
            for check in requirement.checks
            for need in check.needs
            if not spares(need) and not (gone and check.where_recorded)
        }
        or (requirement.attestation is not None and kind == f"attestation.{requirement.attestation.topic}")
        or (requirement.document is not None and kind == f"document.{requirement.document.topic}")
    )


_FULL: dict[str, dict[str, State]] = {}


def states_of_all(framework_id, everything, subject, facts_of, now):
    """The states with everything on record, judged once for each framework: every case begins with them."""
    if framework_id not in _FULL:
        _FULL[framework_id] = states(framework_id, everything(built_in()[framework_id]), subject, facts_of, now)
    return _FULL[framework_id]


def states(framework_id, evidence, subject, facts_of, now):
    compiled = built_in()[framework_id]
    return judged_all(compiled, evaluate(compiled, subject, facts_of(evidence), now=now))


def dependants(framework_id, kind, before, *, gone=False):
    scope = built_in()[framework_id].framework.scope
    if scope is not None and kind in {need.kind for need in scope.needs}:
        return set(before)
    return {
        requirement.id
        for requirement in built_in()[framework_id].framework.requirements
        if rests_on(requirement, kind, applicable=before[requirement.id] is not State.NOT_APPLICABLE, gone=gone)
    }


@pytest.mark.parametrize("framework_id", built_in())
def test_with_everything_on_record_all_that_applies_is_met(framework_id, everything, subject, facts_of, now):
    found = states(framework_id, everything(built_in()[framework_id]), subject, facts_of, now)
    assert set(found.values()) <= {State.MET, State.NOT_APPLICABLE}
    assert list(found.values()).count(State.MET) == len(found) - len(OTHER_ANSWERS.keys() & found.keys())


@pytest.mark.parametrize(("framework_id", "kind"), CASES)
def test_taking_evidence_away_changes_exactly_what_rests_on_it(framework_id, kind, everything, subject, facts_of, now):
    evidence = everything(built_in()[framework_id])
    before = states_of_all(framework_id, everything, subject, facts_of, now)
    after = states(framework_id, [item for item in evidence if item.kind != kind], subject, facts_of, now)
    changed = {name for name in before if before[name] is not after[name]}
    assert changed == dependants(framework_id, kind, before, gone=True)
    missing = State.ATTESTATION_DUE if kind.startswith("attestation.") else State.INSUFFICIENT_EVIDENCE
    assert {after[name] for name in changed} <= {missing}


@pytest.mark.parametrize(("framework_id", "kind"), CASES)
def test_evidence_that_ran_out_is_no_pass(framework_id, kind, everything, subject, facts_of, now):
    evidence = everything(built_in()[framework_id])
    before = states_of_all(framework_id, everything, subject, facts_of, now)
    stale = [
        item.model_copy(update={"expires_at": now - timedelta(seconds=1)}) if item.kind == kind else item
        for item in evidence
    ]
    after = states(framework_id, stale, subject, facts_of, now)
    changed = {name for name in before if before[name] is not after[name]}
    assert changed == dependants(framework_id, kind, before)
    read = {
        it.id
        for it in built_in()[framework_id].framework.requirements
        if any(need.kind == kind for check in it.checks for need in check.needs)
    }
    on_paper = kind.startswith(("attestation.", "document."))
    for name in changed:  # a document that a check reads is evidence like any other
        assert after[name] is (State.EXPIRED if on_paper and name not in read else State.INSUFFICIENT_EVIDENCE)


@pytest.mark.parametrize(
    "kind", ["drift.run", "quality.performance", "bias.run", "audit.verified", "registry.promotion"]
)
def test_failing_evidence_contradicts_exactly_the_checks_that_judge_it(kind, everything, subject, facts_of, now):
    for framework_id, compiled in built_in().items():
        evidence = everything(compiled)
        before = states_of_all(framework_id, everything, subject, facts_of, now)
        failing = [
            item.model_copy(update={"status": EvidenceStatus.FAILING}) if item.kind == kind else item
            for item in evidence
        ]
        after = states(framework_id, failing, subject, facts_of, now)
        judged = {
            requirement.id: State.INSUFFICIENT_EVIDENCE if check.assess or not check.contradicts else State.NOT_MET
            for requirement in compiled.framework.requirements
            for check in requirement.checks
            if before[requirement.id] is State.MET
            and any(f'evidence["{kind}"].status {word}' in check.met_when for word in ('== "passing"', '!= "failing"'))
        }
        assert {name: after[name] for name in before if before[name] is not after[name]} == judged


@pytest.mark.parametrize("kind", ["drift.run", "quality.performance", "bias.run"])
def test_inconclusive_evidence_is_insufficient_and_never_a_pass_or_a_contradiction(
    kind, everything, subject, facts_of, now
):
    for framework_id, compiled in built_in().items():
        unsure = [
            item.model_copy(update={"status": EvidenceStatus.INCONCLUSIVE}) if item.kind == kind else item
            for item in everything(compiled)
        ]
        after = states(framework_id, unsure, subject, facts_of, now)
        for requirement in compiled.framework.requirements:
            strict = any(
                need.kind == kind and not need.inconclusive_counts
                for check in requirement.checks
                for need in check.needs
            )
            if strict and after[requirement.id] is not State.NOT_APPLICABLE:
                assert after[requirement.id] is State.INSUFFICIENT_EVIDENCE


def test_a_new_version_makes_signatures_due_and_leaves_those_on_the_organisation(everything, subject, facts_of, now):
    compiled = built_in()["eu_ai_act"]
    evidence = everything(compiled)
    moved = subject.__class__(subject.model_id, subject.name, subject.owner, "credit-8")
    after = {item.requirement_id: item for item in evaluate(compiled, moved, facts_of(evidence), now=now).requirements}
    for requirement in compiled.framework.requirements:
        if requirement.attestation is None or after[requirement.id].if_in_force is State.NOT_APPLICABLE:
            continue
        part = next(part for part in after[requirement.id].parts if part.part == "attestation")
        bound = requirement.attestation.scope == "model_version"
        assert part.state is (State.ATTESTATION_DUE if bound else State.MET), requirement.id
        if bound:
            assert "credit-7" in part.reason
            assert "credit-8" in part.reason


def test_evidence_on_another_scope_does_not_count(everything, subject, facts_of, now):
    compiled = built_in()["soc2"]
    evidence = [item.model_copy(update={"model_id": subject.model_id}) for item in everything(compiled)]
    after = states("soc2", evidence, subject, facts_of, now)
    assert after["SOC2-CC6"] is State.ATTESTATION_DUE
    assert not [item for item in evidence if item.model_id == ORGANISATION]


def test_evidence_from_the_future_does_not_count(everything, subject, facts_of, now):
    for framework_id in built_in():
        early = [
            item.model_copy(update={"produced_at": now + timedelta(days=2)})
            for item in everything(built_in()[framework_id])
        ]
        assert State.MET not in states(framework_id, early, subject, facts_of, now).values()


@pytest.mark.parametrize("kind", ["document.not_high_risk_assessment", "attestation.not_high_risk_registration"])
def test_a_conclusion_that_a_system_is_not_high_risk_needs_its_assessment(
    kind, everything, subject, facts_of, now, evidence
):
    known = next(it for it in everything(built_in()["eu_ai_act"]) if it.kind == "classification.ai_act").facts
    items = [it for it in everything(built_in()["eu_ai_act"]) if it.kind != "classification.ai_act"]
    items.append(evidence("classification.ai_act", facts={**known, "level": "minimal", "route": "none"}))
    assert states("eu_ai_act", items, subject, facts_of, now)["AIA-6(4)"] is State.MET
    without = [it for it in items if it.kind != kind]
    assert states("eu_ai_act", without, subject, facts_of, now)["AIA-6(4)"] is not State.MET


def test_every_case_flips_something_in_some_world():
    assert len(CASES) > 150


NOBODY: dict[str, dict[str, object]] = {
    "classification.ai_act": {
        "in_scope": False, "level": "minimal", "route": "none", "area": None, "provider": False, "deployer": False,
        "importer": False, "distributor": False, "authorised_representative": False, "public_body": False,
        "talks_to_people": False, "generative": False, "needs_exposure_notice": False, "gpai_provider": False,
        "gpai_systemic": False, "special_categories_for_bias": False,
    },
    "classification.processing": {"personal_data": False},
    "classification.hiring_nyc": {"bound": False},
    "classification.soc2": dict.fromkeys(("availability", "confidentiality", "processing_integrity", "privacy"), False),
}  # fmt: skip
NOBODY |= {
    compiled.framework.questionnaire: dict.fromkeys(compiled.framework.questions, False)
    for compiled in built_in().values()
    if compiled.framework.questionnaire
}
SAYS_OTHERWISE = ("bias.run", "vendors.agreements")  # would contradict who answers no to everything
SCOPED = [
    (framework_id, requirement.id)
    for framework_id, compiled in built_in().items()
    for requirement in compiled.framework.requirements
    if requirement.applies is not None or compiled.framework.scope is not None
]


@pytest.mark.parametrize(("framework_id", "requirement_id"), SCOPED)
def test_each_scope_is_open_closed_and_unknown(
    framework_id, requirement_id, everything, evidence, subject, facts_of, now
):
    items = everything(built_in()[framework_id])

    def found(world):
        silent = SAYS_OTHERWISE if world is NOBODY else ()
        kept = [
            evidence(item.kind, facts={**item.facts, **world.get(item.kind, {})}) if item.kind in NOBODY else item
            for item in items
            if item.kind not in silent
        ]
        return states(framework_id, kept, subject, facts_of, now)[requirement_id]

    kind, answers = OTHER_ANSWERS.get(requirement_id, ("classification.ai_act", {}))
    assert found({kind: answers}) is State.MET
    assert found(NOBODY) is State.NOT_APPLICABLE
    unanswered = [item for item in items if item.kind not in NOBODY]
    assert states(framework_id, unanswered, subject, facts_of, now)[requirement_id] is State.INSUFFICIENT_EVIDENCE
    assert len(SCOPED) > 60
