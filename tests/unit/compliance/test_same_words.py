"""What one requirement reads, its neighbours of the same words read too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from tests.unit.compliance.conftest import OTHER_ANSWERS, as_facts, framework_of, make_evidence, wanted

PACKS = built_in()
ALL = [(name, item) for name, compiled in PACKS.items() for item in compiled.framework.requirements]
GDPR = {item.id: item for item in PACKS["gdpr"].framework.requirements}


def conditions(title):
    return {
        (item.id, " ".join(check.met_when.split())) for _, item in ALL for check in item.checks if check.title == title
    }


@pytest.mark.parametrize(
    "title",
    [
        "Nothing is captured beyond the columns that are declared",
        "Something is done about what monitoring found",
        "No decision on a recorded residual risk is missing or has run out",
    ],
)
def test_checks_of_one_title_ask_the_same(title):
    asked = conditions(title)
    assert len(asked) > 1
    assert len({condition for _, condition in asked}) == 1, sorted(asked)


ELSEWHERE = {
    "Requests for rectification on record are answered in time",
    "No erasure of what is too old left some of it",
    "Where consent is the basis, its withdrawals on record are dealt with",
    "The record of processing that is kept here says the basis and why it holds",
    "The record of processing that is kept here says when data are erased",
    "The record of processing that is kept here says the purposes",
}
"""What accountability reads in one for all: each request, each erasure, and that the record lacks nothing."""


def test_accountability_reads_what_each_principle_reads():
    principles = [item for name, item in GDPR.items() if name.startswith("GDPR-5(1)")]
    read = {check.title for item in principles for check in item.checks}
    assert read >= ELSEWHERE
    assert read - ELSEWHERE <= {check.title for check in GDPR["GDPR-5(2)"].checks}


@pytest.fixture
def judged(subject, now):
    def look(name, facts=None, days=None, also=()):
        """With everything on record and some more, some facts altered, and some evidence of another day."""
        kind, world = OTHER_ANSWERS.get(name, ("", {}))
        items = [
            it.model_copy(
                update={
                    "facts": {**it.facts, **(world if it.kind == kind else {}), **(facts or {}).get(it.kind, {})},
                    "produced_at": (days or {}).get(it.kind, it.produced_at),
                }
            )
            for it in (*wanted(framework_of(name)), *also)
        ]
        found = evaluate(framework_of(name), subject, as_facts(items), now=now).requirements
        return next(it for it in found if it.requirement_id == name)

    return look


READS = [
    ("RMF-GOVERN-1.1", "classification.ai_act", {"prohibited_added": ["ba"]}),
    ("RMF-GOVERN-1.1", "classification.ai_act", {"practice_contradictions": ["emotion"]}),
    ("RMF-GOVERN-1.1", "classification.ai_act", {"screened": False}),
    ("CCPA-7150", "drift.run", {"rows_current": 0, "verdict": "not_enough_data"}),
    ("LL144-notice", "drift.run", {"rows_current": 0, "verdict": "not_enough_data"}),
    ("RMF-MEASURE-2.5", "registry.profile", {"empty": ["limitations"]}),
    ("RMF-MEASURE-2", "registry.profile", {"thin": ["limitations"]}),
    ("RMF-MEASURE-2.10", "drift.run", {"new_columns": ["national_id"]}),
    ("ISO-A.5.2", "risks.decided", {"not_assessed": 1}),
    ("ISO-A.5.2", "risks.decided", {"vulnerable_not_looked_at": 1}),
    ("GAI-2.7", "risks.treated", {"overdue": 1}),
    ("GDPR-17", "capture.config", {"oldest_hour": "2015-01-01T00:00:00+00:00"}),
    ("AIA-50(3)", "classification.processing", {"contradictions": ["the basis"]}),
]


@pytest.mark.parametrize(("name", "kind", "facts"), READS)
def test_it_is_not_met_beside_what_denies_it(name, kind, facts, judged):
    assert judged(name).if_in_force is State.MET
    assert judged(name, {kind: facts}).if_in_force is State.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(("days", "state"), [(-1, State.INSUFFICIENT_EVIDENCE), (0, State.MET), (1, State.MET)])
def test_a_summary_is_of_the_newest_audit(days, state, judged, now):
    audited = now - timedelta(days=30)
    made = {"document.ll144_audit": audited, "document.ll144_summary": audited + timedelta(days=days)}
    found = judged("LL144-audit-summary", days=made)
    assert found.if_in_force is state
    assert ("is older than document.ll144_audit" in found.reason) is (state is not State.MET)


def test_a_system_in_use_in_the_union_is_not_outside_it(judged):
    outside = {"in_scope": False, "outside_scope": "not_in_union"}

    def state(countries):
        entry = make_evidence("inventory.entry", facts={"life_state": "in_use", "countries": countries})
        return judged("AIA-5", {"classification.ai_act": outside}, also=(entry,)).if_in_force

    assert state(["CH", "DE"]) is State.INSUFFICIENT_EVIDENCE
    assert state(["CH", "NO"]) is State.NOT_APPLICABLE
