"""Registers flip requirements: a missed clock contradicts, what nobody judged shows nothing, none is no proof."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from syndic.registers.incidents import rules
from syndic.registers.incidents.evidence import incident_evidence
from syndic.registers.incidents.models import Incident, IncidentAssessment
from tests.unit.compliance.conftest import MODEL, NOW

CASES = [
    # kind, facts, framework, requirement, state
    ("incidents.reporting", {"late_by_law": 1, "late": 1}, "eu_ai_act", "AIA-73", State.NOT_MET),
    ("incidents.reporting", {"late_undecided": 1, "late": 1}, "eu_ai_act", "AIA-73", State.INSUFFICIENT_EVIDENCE),
    ("incidents.reporting", {"met_late": 1, "missed": ["a ai_act_report"]}, "eu_ai_act", "AIA-73",
     State.INSUFFICIENT_EVIDENCE),
    ("incidents.informing", {"late": 1}, "eu_ai_act", "AIA-26(5)", State.INSUFFICIENT_EVIDENCE),
    ("incidents.breaches", {"late_by_law": 1, "late": 1}, "gdpr", "GDPR-33", State.NOT_MET),
    ("incidents.breaches", {"late_undecided": 1, "late": 1}, "gdpr", "GDPR-33", State.INSUFFICIENT_EVIDENCE),
    ("incidents.handled", {"measures_overdue": 1}, "soc2", "SOC2-CC7", State.INSUFFICIENT_EVIDENCE),
    ("incidents.handled", {"measures_overdue": 1}, "nist_ai_rmf", "RMF-MANAGE-4", State.INSUFFICIENT_EVIDENCE),
    ("risks.reviewed", {"overdue": 1}, "eu_ai_act", "AIA-9", State.INSUFFICIENT_EVIDENCE),
    ("risks.decided", {"expired": 1}, "eu_ai_act", "AIA-9", State.INSUFFICIENT_EVIDENCE),
    ("risks.treated", {"overdue": 1}, "nist_ai_rmf", "RMF-MANAGE-1", State.INSUFFICIENT_EVIDENCE),
    ("risks.decided", {"undecided": 1}, "sr_26_2", "SR-governance", State.INSUFFICIENT_EVIDENCE),
    ("risks.reviewed", {"overdue": 1}, "soc2", "SOC2-CC3", State.INSUFFICIENT_EVIDENCE),
]  # fmt: skip


@pytest.fixture
def states(everything, subject, facts_of):
    """States of a framework with everything on record but the given evidence in its place."""

    def of(framework_id, *given, without=()):
        kept = [one for one in everything(built_in()[framework_id]) if one.kind not in {it.kind for it in given}]
        items = [one for one in (*kept, *given) if one.kind not in without]
        found = evaluate(built_in()[framework_id], subject, facts_of(items), now=NOW)
        return {one.requirement_id: one for one in found.requirements}

    return of


@pytest.mark.parametrize(("kind", "facts", "framework", "requirement", "state"), CASES)
def test_one_fact_of_a_register_flips_its_requirement(kind, facts, framework, requirement, state, states, everything):
    before = next(one for one in everything(built_in()[framework]) if one.kind == kind)
    after = before.model_copy(update={"status": EvidenceStatus.FAILING, "facts": {**before.facts, **facts}})
    assert states(framework)[requirement].if_in_force is State.MET
    assert states(framework, after)[requirement].if_in_force is state


def shown(now, *decided, roles=("provider", "controller")):
    own = {"opened_by": "ada", "opened_at": NOW, "changed_by": "ada", "changed_at": NOW}
    known = {"title": "Refusals", "owner": "ada@example.org", "source": "alert", "aware_at": NOW - timedelta(days=30)}
    incidents = []
    for number, one in enumerate(decided):
        incident = rules.settled(Incident(**own, **known, id=f"i{number}", roles=roles), now)
        incidents.append(rules.assessed(incident, IncidentAssessment.model_validate(one), now))
    return incident_evidence(MODEL, incidents, now)


def test_the_register_itself_flips_them(states):
    serious = {"serious": True, "harms": ("health",)}
    breach = {"personal_data_breach": True, "breach_risk": "risk"}
    found = shown(NOW, {**serious, **breach})
    assert states("eu_ai_act", *found)["AIA-73"].if_in_force is State.NOT_MET
    assert states("gdpr", *found)["GDPR-33"].if_in_force is State.NOT_MET
    undecided = shown(NOW, {})
    assert states("eu_ai_act", *undecided)["AIA-73"].if_in_force is State.INSUFFICIENT_EVIDENCE
    assert states("gdpr", *undecided)["GDPR-33"].if_in_force is State.INSUFFICIENT_EVIDENCE


def test_that_none_is_on_record_meets_nothing_without_the_signature(states):
    none = shown(NOW)
    assert states("eu_ai_act", *none)["AIA-73"].if_in_force is State.MET
    unsigned = states("eu_ai_act", *none, without=("attestation.incident_reporting",))["AIA-73"]
    assert unsigned.if_in_force is State.ATTESTATION_DUE
