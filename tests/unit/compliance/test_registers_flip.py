"""Registers flip requirements: a missed clock contradicts, what nobody judged shows nothing, none is no proof."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.erasure.evidence import erasure_evidence
from syndic.erasure.models import Erasure, ErasureFound, ErasureState
from syndic.models import EvidenceStatus
from syndic.registers.incidents import rules
from syndic.registers.incidents.evidence import incident_evidence
from syndic.registers.incidents.models import Incident, IncidentAssessment
from syndic.registers.policies.models import PolicyDocument
from syndic.registers.policies.register import PolicyText, policy_evidence, put_in_force
from syndic.registers.risks.evidence import risk_evidence
from syndic.registers.risks.models import Risk
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
    ("risks.reviewed", {"overdue": 1}, "iso_42001", "ISO-6.1.2", State.INSUFFICIENT_EVIDENCE),
    ("risks.decided", {"not_assessed": 1}, "iso_42001", "ISO-6.1.2", State.INSUFFICIENT_EVIDENCE),
    ("risks.decided", {"expired": 1}, "iso_42001", "ISO-6.1.3", State.INSUFFICIENT_EVIDENCE),
    ("risks.treated", {"overdue": 1}, "iso_42001", "ISO-6.1.3", State.INSUFFICIENT_EVIDENCE),
    ("risks.decided", {"vulnerable_not_looked_at": 1}, "iso_42001", "ISO-6.1.4", State.INSUFFICIENT_EVIDENCE),
    ("risks.reviewed", {"overdue": 1}, "iso_42001", "ISO-8.2", State.INSUFFICIENT_EVIDENCE),
    ("risks.treated", {"overdue": 1}, "iso_42001", "ISO-8.3", State.INSUFFICIENT_EVIDENCE),
    ("policies.kept", {"acknowledgements_outstanding": 1}, "iso_42001", "ISO-A.2.2", State.INSUFFICIENT_EVIDENCE),
    ("policies.kept", {"acknowledgements_outstanding": 1}, "iso_42001", "ISO-7.3", State.INSUFFICIENT_EVIDENCE),
    ("policies.kept", {"review_overdue": 1}, "iso_42001", "ISO-A.2.4", State.INSUFFICIENT_EVIDENCE),
    ("policies.kept", {"review_overdue": 1}, "iso_42001", "ISO-5.2", State.INSUFFICIENT_EVIDENCE),
    ("erasure.run", {"left_of_persons": 1}, "gdpr", "GDPR-17", State.INSUFFICIENT_EVIDENCE),
    ("erasure.run", {"left_of_age": 1}, "gdpr", "GDPR-5(1)(e)", State.INSUFFICIENT_EVIDENCE),
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


DAY = timedelta(days=1)


def erasure(number, at, *, left=0, kind="persons", reference="", older_than=None):
    return Erasure(
        id=f"{MODEL}.e{number:08d}", model_id=MODEL, kind=kind, reason="asked", reference=reference, asked_by="ada",
        asked_at=at, applied_at=at, state=ErasureState.APPLIED, older_than=older_than,
        found=ErasureFound(unreadable=left),
    )  # fmt: skip


def test_what_an_erasure_left_stays_until_another_one_took_it(states):
    def both(*made):
        found = states("gdpr", erasure_evidence(MODEL, made, NOW))
        return found["GDPR-17"].if_in_force, found["GDPR-5(1)(e)"].if_in_force

    open_, met = State.INSUFFICIENT_EVIDENCE, State.MET
    left = erasure(1, NOW - 9 * DAY, left=2, reference="r-1")
    assert both() == (met, met), "none was made, and the signatures stand"
    assert both(left) == (open_, met)
    assert both(erasure(2, NOW - DAY, reference="r-2"), left) == (open_, met), "a complete one for somebody else"
    assert both(erasure(2, NOW - DAY, reference=""), erasure(1, NOW - 9 * DAY, left=1)) == (open_, met)
    assert both(erasure(2, NOW - DAY, reference="r-1", left=1), left) == (open_, met), "tried again and left again"
    assert both(erasure(2, NOW - DAY, reference="r-1"), left) == (met, met)
    assert both(erasure(2, NOW - DAY, kind="age", older_than=NOW - 20 * DAY), left) == (open_, met)
    assert both(erasure(2, NOW - DAY, kind="age", older_than=NOW - 8 * DAY), left) == (met, met)
    aged = erasure(1, NOW - 9 * DAY, kind="age", left=1, older_than=NOW - 40 * DAY)
    assert both(aged) == (met, open_)
    assert both(erasure(2, NOW - DAY, reference="r-1"), aged) == (met, open_), "one of a person takes no other rows"
    assert both(erasure(2, NOW - DAY, kind="age", older_than=NOW - 30 * DAY), aged) == (met, met)


def test_that_no_risk_and_no_policy_is_on_record_meets_nothing_without_document_and_signature(states):
    nothing = (*risk_evidence(MODEL, (), NOW), *policy_evidence(ORGANISATION, (), NOW))
    alone = states(
        "iso_42001", *nothing,
        without=(
            "document.risk_register", "attestation.aims_treatment", "attestation.aims_impact", "document.ai_policy",
            "document.ai_policy_review", "attestation.aims_awareness",
        ),
    )  # fmt: skip
    for name in ("6.1.2", "6.1.3", "6.1.4", "8.2", "A.2.2", "A.2.4", "5.2", "7.3"):
        assert alone[f"ISO-{name}"].if_in_force is not State.MET, name


def test_a_policy_is_read_by_those_who_have_to_and_a_risk_is_assessed(states):
    own = {"opened_by": "ada", "opened_at": NOW, "changed_by": "ada", "changed_at": NOW, "owner": "ada@example.org"}
    text = PolicyText(version="1", location="https://docs.example.org/1", sha256="7" * 64)
    drafted = PolicyDocument(**own, id="p1", title="Use of AI", readers=("otto",), review_days=30)
    policy = put_in_force(drafted, text, actor="ada", now=NOW)
    unread = states("iso_42001", *policy_evidence(ORGANISATION, (policy,), NOW))
    assert unread["ISO-A.2.2"].if_in_force is State.INSUFFICIENT_EVIDENCE
    assert unread["ISO-A.2.4"].if_in_force is State.MET
    (shown_then,) = policy_evidence(ORGANISATION, (policy,), NOW + 28 * DAY)
    assert shown_then.expires_at < NOW + 32 * DAY, "no longer than until its review has passed"
    found = Risk(**own, id="r1", title="Refuses the old", kind="safety", origin="monitoring", model_ids=(MODEL,))
    fresh = states("iso_42001", *risk_evidence(MODEL, (found,), NOW))
    assert {fresh[f"ISO-{name}"].if_in_force for name in ("6.1.2", "6.1.3", "6.1.4")} == {State.INSUFFICIENT_EVIDENCE}
