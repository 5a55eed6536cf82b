"""A signature does not stand beside a register or a measurement that says the contrary: asked of every pack.

What a statement speaks of is told by its words. Evidence on the same thing that fails keeps the requirement from being
met, whether the pack reads that evidence already or not, so that a new requirement is asked too. Where the words match
and the evidence is about something else, the reason stands in `APART`.
"""

from __future__ import annotations

import re

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import FACTS, MODEL, OTHER_ANSWERS
from tests.unit.compliance.test_each_requirement import ALL, alone, rule

UNSOUND = [{"version": "x", "at": "2026-11-01T00:00:00+00:00", "sound": False}]
SAID = {
    # evidence: when it says the contrary, and the words of a statement that speaks of the same thing
    "incidents.handled": ({"measures_overdue": 1}, ("incident", "recover from a")),
    "remediations.handled": (
        {"overdue": 1, "missed_without_action": ["quality.performance"], "found_without_action": ["drift.run"]},
        ("remediat", "corrective", "deficienc", "nonconform", "exceptions were recorded and corrected",
         "sustains? the value", "outcomes inconsistent with"),
    ),
    "policies.kept": (
        {"review_overdue": 1, "acknowledgements_outstanding": 1},
        (r"polic(y|ies)\b.*\b(known|reviewed|in effect)\b", "know the AI policy"),
    ),
    "risks.decided": (
        {"not_assessed": 1, "undecided": 1, "expired": 1},
        ("residual (negative )?risk", "what risk is left", "likelihood and", "impact, likelihood", "treatment plan is",
         "risk assessments were carried out"),
    ),
    "risks.reviewed": (
        {"overdue": 1, "without_date": 1},
        ("risk register was reviewed", "risks .*are tracked", "track existing", "controls are regularly assessed",
         "periodic review"),
    ),
    "risks.treated": ({"overdue": 1}, ("treatment plan (is|are)", "measures that reduce the risks")),
    "vendors.agreements": (
        {
            "without_supply_agreement": ["v-1"], "without_processing_agreement": ["v-1"],
            "questionnaire_due": ["v-1"], "processors_unknown": ["v-1"],
        },
        (r"\b(vendors?|suppliers|processors)\b", "third.part(y|ies).*(monitored|vetted|held to)",
         "supplied from outside"),
    ),
    "directory.accounts": ({"without_second_factor": 2}, ("multi-factor", "second factor")),
    "quality.performance": (
        {},
        ("valid and reliable", "(performing|performs) (consistently )?as intended", "its intended purposes and stated",
         "explained, validated"),
    ),
    "bias.run": ({}, ("fairness and bias", "between groups", "examined for bias")),
    "registry.promotion": (
        {"period": UNSOUND}, ("tested and approved before", "through the gate", "before this version was deployed"),
    ),
    "storage.captures": ({"encrypted": False}, (r"\bencrypt",)),
    "monitoring.plan": (
        {"overdue": ["drift"], "differences": ["drift"]},
        ("monitoring plans", "monitored when in production", "in use is monitored", "monitored as part",
         "regularly monitored", "are monitored regularly", "by the recorded plan, which covers",
        "are monitored by a plan", "it is monitored"),
    ),
    "oversight.assigned": (
        {"accepted": 0, "trained": 0, "able": 0},
        ("people assigned to oversee", "who may do so is named", "responsibilities are assigned and", "to people as",
         "people, partners"),
    ),
    "document.ai_literacy_record": (
        {"lapsed": 1}, ("authority and training", "receive AI risk", "competent by education"),
    ),
    "incidents.breaches": (
        {"late": 1, "late_by_law": 1, "persons_late": 1, "controller_late": 1},
        (r"\bbreach", "unauthorised disclosures"),
    ),
    "requests.handled": ({"late": 1}, ("access and correction given", "complaints handled")),
    "requests.automated": ({"late": 1}, ("objection, override", "human review", r"\bappeal\b")),
    "capture.config": (
        {"oldest_hour": "2015-01-01T00:00:00+00:00"},
        (r"\bretention\b", "used, kept", r"\bdisposed of\b", "kept (no|for no) longer"),
    ),
    "erasure.run left_of_age": (
        {"left_of_age": 1}, (r"\bretention\b", "used, kept", r"\bdisposed of\b", "deletion after"),
    ),
    "erasure.run left_of_persons": (
        {"left_of_persons": 1},
        (r"\bdisposed of\b", r"\b(deleted|erased)\b", "requests for erasure", "handling of requests"),
    ),
    "requests.handled late": (
        {"late": 1}, ("handling of requests", "helped with requests", "complaints handled"),
    ),
    "monitoring.plan overdue": (
        {"overdue": ["drift"]},
        ("real-time monitoring", "regularly identify and track", "monitoring plans", "evaluated regularly"),
    ),
    "risks.reviewed overdue": (
        {"overdue": 1}, ("regularly identify and track", "evaluated regularly for safety risks"),
    ),
    "risks.treated overdue": ({"overdue": 1}, ("residual negative risk does not",)),
    "risks.decided undecided": (
        {"undecided": 1},
        ("responsibility for decisions about risks", "identify and track existing",
         "(closed|reduced|refused) or accepted"),
    ),
    "drift.run new_columns": (
        {"new_columns": ["national_id"]},
        (
            "categories of personal information", "which categories affect", "the inputs and the types",
            "inputs that measure", "qualifications and characteristics", "goes into prompts", "collected, used, kept",
            "captured traffic.* identified",
        ),
    ),
    "requests.explanation": ({"late": 1}, ("who ask get.*its logic",)),
    "registry.promotion tested": ({"tested": False}, ("tested over its range",)),
    "remediations.handled without action": (
        {"missed_without_action": ["quality.performance"], "found_without_action": ["drift.run"]},
        ("what follows from it is decided", "was looked at and escalated", "deficiencies evaluated",
         "what they found was followed"),
    ),
    "remediations.handled overdue": ({"overdue": 1}, (r"what (they|it|was) found was (followed|closed)", "corrective")),
    "remediations.handled found_without_action": (
        {"found_without_action": ["drift.run"]}, ("outcomes inconsistent with", "corrective", r"\bcorrected\b"),
    ),
    "remediations.handled missed_without_action": (
        {"missed_without_action": ["quality.performance"]},
        ("outcomes inconsistent with", "corrective", r"\bcorrected\b"),
    ),
    "registry.promotion approved": (
        {"period": [{**UNSOUND[0], "tested": True, "approved": False}]}, (r"\bduties apart\b",),
    ),
    "storage.platform": ({"unencrypted": ["trail"]}, ("removal of data are protected",)),
    "vendors.agreements processors_unknown": (
        {"processors_unknown": ["v-1"]}, ("third parties held to it", r"\bprocessors\b"),
    ),
}  # fmt: skip

PRACTICE = "that a practice or a process is there is not refuted by one case that came late"
OF_OTHERS = "the register does not say which of it is about the things of third parties"
WHICH = "the register does not say which policies, risks or agreements are those that the text means"
OWN_CLOCK = "the clock that the law sets for it is read instead, or none is kept"
NAMED = "that a period is named or published is signed for, not that it is kept"
OTHER_DATA = (
    "data of a certain kind or occasion are meant, and the runs do not say whether they were among what is left"
)
OF_A_PERSON = "a decision on a person, or data of one, is corrected, and what others have to do"
TOLD = "what somebody else is told of it is signed for"
APART = {
    ("RMF-GOVERN-4", "incidents.handled"): PRACTICE,
    ("RMF-GOVERN-4.3", "incidents.handled"): PRACTICE,
    ("RMF-GOVERN-6.2", "incidents.handled"): OF_OTHERS,
    ("GAI-third-party", "incidents.handled"): OF_OTHERS,
    ("RMF-MANAGE-3.1", "monitoring.plan"): OF_OTHERS,
    ("RMF-MAP-5.1", "incidents.handled"): "public reports of others are meant",
    ("RMF-GOVERN-6", "policies.kept"): WHICH,
    ("HIPAA-associates", "vendors.agreements"): WHICH,  # a business associate agreement is none of those kept
    ("HIPAA-associates", "incidents.handled"): "what an agreement has to hold is meant",
    ("ISO-A.3.2", "vendors.agreements"): "who answers for suppliers is meant, not what is agreed with them",
    ("LL144-audit", "vendors.agreements"): "that the auditor is independent of the vendor is meant",
    ("SOX-302", "remediations.handled"): TOLD,
    ("CO-1702(1)", "requests.automated"): TOLD,
    ("CO-1704(3)", "requests.automated"): TOLD,
    ("AIA-20(2)", "remediations.handled"): TOLD,
    ("AIA-20(2)", "incidents.handled"): OWN_CLOCK,
    ("AIA-26(5)", "incidents.handled"): OWN_CLOCK,
    ("AIA-60", "incidents.handled"): OWN_CLOCK,
    ("AIA-73", "incidents.handled"): OWN_CLOCK,
    ("AIA-73", "remediations.handled"): OWN_CLOCK,
    ("AIA-75(1a)", "incidents.handled"): OWN_CLOCK,
    ("CCPA-7150", "capture.config"): NAMED,
    ("CCPA-7150", "erasure.run left_of_age"): NAMED,
    ("LL144-notice-data", "capture.config"): NAMED,
    ("LL144-notice-data", "erasure.run left_of_age"): NAMED,
    ("CCPA-7220", "requests.automated"): TOLD,
    ("RMF-MEASURE-3.3", "requests.automated"): PRACTICE,
    ("AIA-20(2)", "remediations.handled overdue"): TOLD,
    ("AIA-20(2)", "remediations.handled found_without_action"): TOLD,
    ("AIA-20(2)", "remediations.handled missed_without_action"): TOLD,
    ("AIA-73", "remediations.handled missed_without_action"): OWN_CLOCK,
    **{
        (one, f"remediations.handled {fact}_without_action"): OF_A_PERSON
        for one in ("CCPA-7221(b)", "CO-1705", "CCD-18(8)", "AIA-4a", "AIA-24")
        for fact in ("found", "missed")
    },
    ("AIA-73", "remediations.handled overdue"): OWN_CLOCK,
    ("AIA-73", "remediations.handled found_without_action"): OWN_CLOCK,
    ("AIA-4a", "erasure.run left_of_persons"): OTHER_DATA,
    ("AIA-26(10)", "erasure.run left_of_persons"): OTHER_DATA,
    ("AIA-60", "erasure.run left_of_persons"): OTHER_DATA,
    ("GDPR-5(1)(d)", "erasure.run left_of_persons"): OTHER_DATA,
    ("GDPR-28(3)", "erasure.run left_of_persons"): OTHER_DATA,
    ("GDPR-28(3)", "requests.handled late"): "the clock of Art. 12(3) is the controller's",
    **{
        (one, kind): "documents and media are disposed of, not captured rows"
        for one in ("ISO-7.5", "SOC2-CC6")
        for kind in ("capture.config", "erasure.run left_of_age", "erasure.run left_of_persons")
    },
    ("GDPR-28(3)", "incidents.breaches"): "GDPR-33(2) is about telling the controller of them",
}


def speaks(words, statement):
    return re.search("|".join(words), statement, re.IGNORECASE) is not None


def name_of(said):
    """The kind of evidence, which a fact of it may follow that is asked about by itself."""
    return said.partition(" ")[0]


def negative(kind, make):
    facts, _ = SAID[kind]
    kind = name_of(kind)
    return make(kind, facts={**FACTS.get(kind, {}), **facts}, status=EvidenceStatus.FAILING)


CASES = [
    (framework_id, requirement_id, kind)
    for framework_id, requirement_id in ALL
    for kind, (_, words) in SAID.items()
    if (asked := rule(framework_id, requirement_id).attestation) is not None
    and speaks(words, asked.statement)
    and (requirement_id, kind) not in APART
]


@pytest.fixture
def state(everything, evidence, subject, facts_of, now):
    """How a requirement stands with all on record, and with one kind of it saying the contrary, of it or of all."""

    def look(framework_id, requirement_id, kind=None, model_id=MODEL):
        other, world = OTHER_ANSWERS.get(requirement_id, ("", {}))
        items = [
            evidence(item.kind, facts={**item.facts, **world}) if item.kind == other else item
            for item in everything(built_in()[framework_id])
            if kind is None or item.kind != name_of(kind)
        ]
        if kind is not None:
            items.append(negative(kind, evidence).model_copy(update={"model_id": model_id}))
        (found,) = evaluate(alone(framework_id, requirement_id), subject, facts_of(items), now=now).requirements
        return found.if_in_force

    return look


@pytest.mark.parametrize(("framework_id", "requirement_id", "kind"), CASES)
def test_what_is_on_record_does_not_deny_what_is_signed(framework_id, requirement_id, kind, state):
    assert state(framework_id, requirement_id) is State.MET
    assert state(framework_id, requirement_id, kind) is not State.MET
    assert state(framework_id, requirement_id, kind, ORGANISATION) is not State.MET


def test_each_kind_of_evidence_is_spoken_of_somewhere():
    assert {kind for _, _, kind in CASES} == SAID.keys()


@pytest.mark.parametrize(("requirement_id", "kind"), APART)
def test_each_reason_is_needed(requirement_id, kind, state):
    framework_id = next(name for name, of in ALL if of == requirement_id)
    assert speaks(SAID[kind][1], rule(framework_id, requirement_id).attestation.statement)
    assert state(framework_id, requirement_id, kind) is State.MET


RECORDED = re.compile(
    r"recorded (plan|process|information|requirements|approach|objectives|policy)|as recorded|by the process recorded|"
    r"(process|processes|means) recorded",
)
OF_WHAT_IS_RECORDED = [
    requirement
    for framework_id, requirement_id in ALL
    if (requirement := rule(framework_id, requirement_id)).document is not None
    and requirement.attestation is not None
    and RECORDED.search(requirement.attestation.statement)
]


@pytest.mark.parametrize("requirement", OF_WHAT_IS_RECORDED, ids=lambda it: it.id)
def test_who_signs_that_something_is_as_recorded_signs_for_the_newest_record(requirement):
    confirmed = requirement.attestation.confirms or ()
    confirmed = (confirmed,) if isinstance(confirmed, str) else confirmed
    assert f"document.{requirement.document.topic}" in confirmed
