"""Every requirement of every shipped framework, asked the same: generated from the packs, so that a new one is too.

Its flip: each piece of evidence it rests on turns it, and nothing else makes it met. Its laughable cases: evidence that
is there and says nothing. Its scope, open, closed and unknown, is in `test_flips`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import Compiled, built_in
from syndic.compliance.models import Need, Requirement
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import OTHER_ANSWERS

ALL = [
    (framework_id, requirement.id)
    for framework_id, compiled in built_in().items()
    for requirement in compiled.framework.requirements
]
MEASURED = ("drift.run", "bias.run", "quality.run", "quality.performance", "capture.config", "registry.profile",
            "registry.promotion", "alerts.handled", "remediations.handled", "storage.captures", "storage.platform",
            "directory.accounts", "vendors.agreements", "monitoring.plan", "conformity.modification")  # fmt: skip

KEPT_ELSEWHERE = ("document.processing_record", "document.processor_record")
"""Records of which a person may say only where they lie: then nothing of them is read."""
MAY_SAY_NOTHING = {
    ("AIA-19", "classification.processing"),
    ("AIA-26(6)", "classification.processing"),
    ("AIA-26(8)", "document.eu_registration"),
    ("GDPR-17", "capture.config"),
}
"""Where evidence is only held against a requirement by what it says: a period too short, another section."""


def rule(framework_id: str, requirement_id: str) -> Requirement:
    found = built_in()[framework_id].framework.requirement(requirement_id)
    assert found is not None
    return found


def kinds(requirement: Requirement) -> set[str]:
    """What a requirement rests on beside the questionnaires that only spare it evidence."""
    return {
        *(need.kind for check in requirement.checks for need in check.needs if not spares(need)),
        *([f"attestation.{requirement.attestation.topic}"] if requirement.attestation else []),
        *([f"document.{requirement.document.topic}"] if requirement.document else []),
    }


def spares(need: Need) -> bool:
    """Whether answers are read that take a need of other evidence away: without them that evidence is asked for."""
    return need.may_be_missing and need.kind.startswith("classification.")


def always(requirement: Requirement) -> set[str]:
    """What has to be on record. What need not be kept here is asked only where something of it is.

    Without the answers that say whether it applies at all it is not met either, whichever check reads them too.
    """
    asked = tuple(check for check in requirement.checks if not check.where_recorded)
    decides = {need.kind for need in requirement.applies.needs} if requirement.applies else set()
    return kinds(requirement.model_copy(update={"checks": asked})) | (decides & kinds(requirement))


@pytest.fixture
def world(everything, evidence):
    """All evidence of a framework in a world in which a requirement applies."""

    def make(framework_id, requirement_id):
        kind, facts = OTHER_ANSWERS.get(requirement_id, ("", {}))
        return [
            evidence(item.kind, facts={**item.facts, **facts}) if item.kind == kind else item
            for item in everything(built_in()[framework_id])
        ]

    return make


@pytest.fixture
def judged(subject, facts_of, now):
    def look(framework_id, requirement_id, items):
        (found,) = evaluate(alone(framework_id, requirement_id), subject, facts_of(items), now=now).requirements
        return found

    return look


@cache
def alone(framework_id: str, requirement_id: str) -> Compiled:
    """A framework with one of its requirements: the others say nothing about it, and take long."""
    compiled = built_in()[framework_id]
    requirements = (rule(framework_id, requirement_id),)
    return replace(compiled, framework=compiled.framework.model_copy(update={"requirements": requirements}))


@pytest.mark.parametrize("framework_id", built_in())
def test_a_requirement_is_judged_alone_as_it_is_among_the_others(framework_id, everything, subject, facts_of, now):
    every = everything(built_in()[framework_id])
    for items in (every, every[::2], every[1::2]):
        together = evaluate(built_in()[framework_id], subject, facts_of(items), now=now)
        for one in together.requirements:
            by_itself = evaluate(alone(framework_id, one.requirement_id), subject, facts_of(items), now=now)
            assert by_itself.requirements == (one,)


def altered(items, kind, **update):
    return [item.model_copy(update=update) if item.kind == kind else item for item in items]


@pytest.mark.parametrize(("framework_id", "requirement_id"), ALL)
def test_it_is_met_by_its_evidence_and_by_nothing_less(framework_id, requirement_id, world, judged, now):
    """The flip, and evidence from the future, stale, emptied of its facts."""
    items = world(framework_id, requirement_id)
    assert judged(framework_id, requirement_id, items).if_in_force is State.MET
    rests_on = kinds(rule(framework_id, requirement_id))
    assert rests_on
    for kind in rests_on:
        without = [item for item in items if item.kind != kind]
        met = judged(framework_id, requirement_id, without).if_in_force is State.MET
        assert met is (kind not in always(rule(framework_id, requirement_id))), kind
        for what, update in {
            "stale": {"expires_at": now - timedelta(seconds=1)},
            "from the future": {"produced_at": now + timedelta(days=1)},
            "without facts": {"facts": {}},
            "very old": {"produced_at": now - timedelta(days=5000)},
        }.items():
            if what == "without facts" and only_its_status_is_read(framework_id, requirement_id, kind):
                continue
            if what == "without facts" and (kind in KEPT_ELSEWHERE or (requirement_id, kind) in MAY_SAY_NOTHING):
                continue
            if what == "very old" and not runs_out(framework_id, requirement_id, kind):
                continue
            found = judged(framework_id, requirement_id, altered(items, kind, **update))
            assert found.if_in_force is not State.MET, (kind, what)


def only_its_status_is_read(framework_id, requirement_id, kind):
    """A document that is bound to no version, and a check that reads whether the evidence passes."""
    requirement = rule(framework_id, requirement_id)
    if requirement.document and kind == f"document.{requirement.document.topic}":
        return requirement.document.scope != "model_version"
    read = [check.met_when for check in requirement.checks for need in check.needs if need.kind == kind]
    bound = any(need.of_version for check in requirement.checks for need in check.needs if need.kind == kind)
    return bool(read) and not bound and all(f"{kind}." not in text.replace(f'"{kind}"]', "") for text in read)


def runs_out(framework_id, requirement_id, kind):
    requirement = rule(framework_id, requirement_id)
    if requirement.document and kind == f"document.{requirement.document.topic}":
        return requirement.document.valid_days is not None
    aged = [need.max_age_days for check in requirement.checks for need in check.needs if need.kind == kind]
    return kind.startswith("attestation.") or any(aged)


@pytest.mark.parametrize(("framework_id", "requirement_id"), ALL)
def test_what_fails_or_cannot_tell_is_no_pass(framework_id, requirement_id, world, judged):
    items = world(framework_id, requirement_id)
    requirement = rule(framework_id, requirement_id)
    for kind in kinds(requirement) & set(MEASURED):
        needs = [need for check in requirement.checks for need in check.needs if need.kind == kind]
        for status in (EvidenceStatus.FAILING, EvidenceStatus.INCONCLUSIVE):
            lenient = all(need.inconclusive_counts for need in needs)
            judges = any(f'evidence["{kind}"].status' in check.met_when for check in requirement.checks)
            if (lenient and status is EvidenceStatus.INCONCLUSIVE) or (not judges and status is EvidenceStatus.FAILING):
                continue  # what counts there is what was examined or set, as its data say
            reads_it = [check.met_when for check in requirement.checks if f'"{kind}"' in check.met_when]
            if status is EvidenceStatus.FAILING and all('["passing", "failing"]' in text for text in reads_it):
                continue  # it asks that the check answers, not what it answers
            found = judged(framework_id, requirement_id, altered(items, kind, status=status))
            assert found.if_in_force is not State.MET, (kind, status)


LAUGHABLE: dict[str, list[dict[str, Any]]] = {
    "capture.config": [
        {"sampling_percent": 0.1}, {"sampling_percent": 0}, {"sampling_percent": None}, {"enabled": False},
        {"windows_without_files": 1}, {"windows_without_files": None}, {"version": "credit-1"},
    ],
    "bias.run": [
        {"grounds": []}, {"compared_with": []}, {"model_version": "credit-1"}, {"thresholds_set_before": False},
    ],
    "drift.run": [{"model_version": "credit-1"}, {"thresholds_set_before": False}, {"new_columns": ["religion"]},
                  {"hollow_limits": ["age: psi_threshold 1000"]}],
    "quality.performance": [
        {"model_version": "credit-1"}, {"thresholds_set_before": False}, {"hollow_limits": ["auc 0.5"]},
    ],
    "quality.run": [{"hollow_limits": ["missing_tolerance 1"]}],
    "storage.captures": [
        {"encrypted": False}, {"some_deleted_after_days": 30}, {"deleted_after_days": None},
        {"gone_after_days": None},
    ],
    "storage.platform": [{"unencrypted": ["archive"]}, {"unencrypted": None}],
    "directory.accounts": [{"without_second_factor": 1}, {"without_second_factor": None}],
    "registry.profile": [
        {"empty": ["intended_purpose", "limitations", "oversight_plan", "data_sources"]},
        {"thin": ["intended_purpose", "limitations", "oversight_plan"]},
        {"domain_named": False}, {"owner_named": False},
    ],
    "registry.promotion": [
        {"period": None}, {"period": []}, {"served_as": ["credit-1"]}, {"tested": False}, {"tested": None},
        {"period": [{"version": "7", "at": "2026-11-01T00:00:00+00:00", "sound": False}]},
    ],
}  # fmt: skip


LAUGHABLE_OF: dict[str, dict[str, list[dict[str, Any]]]] = {
    "GDPR-5(1)(e)": {
        "capture.config": [{"oldest_hour": "2019-01-01T00:00:00+00:00"}, {"oldest_hour": None}],
        "storage.captures": [{"gone_after": "9600h"}, {"gone_after": None}],
    },
    **{
        one: {"capture.config": [{"oldest_hour": "2019-01-01T00:00:00+00:00"}, {"oldest_hour": None}]}
        for one in ("GDPR-17", "GDPR-25", "SOC2-C1", "SOC2-P")
    },
    "GDPR-5(2)": {"capture.config": [{"oldest_hour": "2019-01-01T00:00:00+00:00"}, {"oldest_hour": None}]},
}


def reads(requirement: Requirement, kind: str, fact: str) -> bool:
    """Whether a requirement asks about a fact of some evidence."""
    for check in requirement.checks:
        for need in check.needs:
            if need.kind == kind and (
                f"{kind}.{fact}" in check.met_when or (fact == "model_version" and need.of_version)
            ):
                return True
    return False


@pytest.mark.parametrize(("framework_id", "requirement_id"), ALL)
def test_evidence_that_is_laughable_does_not_meet_it(framework_id, requirement_id, world, judged):
    """0.1 % of the traffic, gaps, other attributes, another version, thresholds set afterwards, empty fields."""
    items = world(framework_id, requirement_id)
    requirement = rule(framework_id, requirement_id)
    for kind in kinds(requirement) & LAUGHABLE.keys():
        tried = 0
        for facts in (*LAUGHABLE[kind], *LAUGHABLE_OF.get(requirement_id, {}).get(kind, ())):
            (fact,) = facts
            if not reads(requirement, kind, fact):
                continue
            known = next(item.facts for item in items if item.kind == kind)
            changed = {name: value for name, value in {**known, **facts}.items() if value is not None}
            found = judged(framework_id, requirement_id, altered(items, kind, facts=changed))
            assert found.if_in_force is not State.MET, (kind, facts)
            tried += 1
        judges = any(f'evidence["{kind}"].status' in check.met_when for check in requirement.checks)
        assert tried or judges, f"{kind} is read and none of its laughable cases was tried"


@pytest.mark.parametrize(("framework_id", "requirement_id"), ALL)
def test_what_is_measured_alone_or_answered_alone_or_written_alone_is_not_enough(
    framework_id, requirement_id, world, judged
):
    """Of evidence, signature and document all that are asked for are needed; none stands for another."""
    items = world(framework_id, requirement_id)
    asked = always(rule(framework_id, requirement_id))
    groups = [
        {kind for kind in asked if kind.startswith("attestation.")},
        {kind for kind in asked if kind.startswith("document.")},
        {kind for kind in asked if not kind.startswith(("attestation.", "document.", "classification."))},
    ]
    present = [group for group in groups if group]
    if len(present) < 2:
        return
    for alone in present:
        kept = [item for item in items if item.kind in alone or item.kind not in asked or item.kind.startswith("class")]
        assert judged(framework_id, requirement_id, kept).if_in_force is not State.MET, alone


def test_syndics_own_trail_turns_no_requirement(world, judged, evidence):
    trail = evidence("audit.verified", facts={"entries": 10_000})
    for framework_id, requirement_id in ALL:
        items = world(framework_id, requirement_id)
        with_it = judged(framework_id, requirement_id, [*items, trail])
        assert with_it.if_in_force is judged(framework_id, requirement_id, items).if_in_force


def test_every_requirement_was_asked():
    assert len(ALL) == sum(len(compiled.framework.requirements) for compiled in built_in().values()) >= 135
