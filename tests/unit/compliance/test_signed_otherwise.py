"""What is signed or documented for a duty, held against the answer that would leave the duty out.

A new duty that an answer opens fails here until somebody decides whether its own signature and document speak against
that answer, or why they say nothing of it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.compliance.rules.signed_otherwise import SIGNED_OTHERWISE
from syndic.models import EvidenceStatus
from syndic.registers.processing.gaps import gaps_of
from syndic.registers.processing.models import Processing, ProcessingContents, ProcessingRole
from tests.unit.compliance.conftest import OTHER_ANSWERS, as_facts, framework_of, make_evidence, wanted

EUROPEAN = ("eu_ai_act", "gdpr", "consumer_credit_directive")
AI, GDPR, CREDIT = (f"classification.{one}" for one in ("ai_act", "processing", "consumer_credit_directive"))
KEPT_FREELY = "is well kept or signed by who does not owe it"
BOTH_WAYS = "its words hold where the duty does not, so that it says nothing of which is so"
OF_ALL_SYSTEMS = "the signature is of the organisation for all its systems and says nothing of this one"
OPENING = {f"{AI}.{one}" for one in ("route", "provider", "deployer", "in_scope", "area")} | {
    f"{GDPR}.{one}" for one in ("personal_data", "controller")}  # fmt: skip
SAYS_NOTHING = {
    "GDPR-35": KEPT_FREELY, "GDPR-36": BOTH_WAYS,
    "GDPR-7": "the ground may be changed, and consent asked for beside it",
    "GDPR-20": OF_ALL_SYSTEMS, "GDPR-33(2)": OF_ALL_SYSTEMS, "AIA-26(11)": KEPT_FREELY, "AIA-25(2)": BOTH_WAYS,
    "AIA-25": "who provides a system may sign as well that no change made it the provider",
    "AIA-49": "the section of the registration speaks, in the table of what registers say",
    "GDPR-21": "persons may be told of the right where it is not owed",
    "AIA-27": KEPT_FREELY, "AIA-75(1a)": BOTH_WAYS, "AIA-75(1e)": BOTH_WAYS, "CCD-18(8)": KEPT_FREELY,
}  # fmt: skip


def opened_by(compiled, requirement):
    return compiled.expressions[requirement.id, "applies"].paths - OPENING


def topics(requirement):
    signed, kept = requirement.attestation, requirement.document
    return {
        *((f"attestation.{signed.topic}",) if signed is not None else ()),
        *((f"document.{kept.topic}",) if kept is not None else ()),
    }


OPENED = [
    (name, it.id)
    for name in EUROPEAN
    for it in built_in()[name].framework.requirements
    if it.applies is not None and opened_by(built_in()[name], it)
]


@pytest.mark.parametrize(("framework", "name"), OPENED)
def test_of_each_duty_that_an_answer_opens_it_is_decided_what_its_signature_says(framework, name):
    compiled = built_in()[framework]
    requirement = compiled.framework.requirement(name)
    facts = opened_by(compiled, requirement)
    speaking = {one.by for one in SIGNED_OTHERWISE if f"{one.questionnaire}.{one.fact}" in facts}
    assert bool(speaking & topics(requirement)) is not (name in SAYS_NOTHING)


def world(name, **changed):
    """Everything on record, some kinds of it otherwise: facts, and whatever else a piece of evidence has."""
    kind, answers = OTHER_ANSWERS.get(name, ("", {}))
    changes = {of.replace("__", "."): change for of, change in changed.items()}
    return [
        item.model_copy(update={
            **(change := changes.get(item.kind, {})),
            "facts": {**item.facts, **(answers if item.kind == kind else {}), **change.get("facts", {})},
        })
        for item in wanted(framework_of(name))
    ]  # fmt: skip


def judged(name, items, subject, now):
    status = evaluate(framework_of(name), subject, as_facts(items), now=now)
    return next(it for it in status.requirements if it.requirement_id == name)


NO_TRANSFERS = {"facts": {"third_country_transfers": False}}
NO_TEST = {"facts": {"real_world_testing": False}}
LATER = timedelta(hours=2)


@pytest.mark.parametrize(
    ("name", "answers", "both", "exempt"),
    [
        ("GDPR-44", {GDPR: NO_TRANSFERS}, {}, False),
        ("GDPR-44", {GDPR: NO_TRANSFERS}, {"attestation.transfers": {"facts": {"withdrawn": True}}}, False),
        ("AIA-60", {AI: NO_TEST}, {}, False),
        ("AIA-60", {AI: NO_TEST}, {  # of what was tested before
            f"{part}.{topic}": {"facts": {"model_version": "credit-6"}}
            for part, topic in (("attestation", "real_world_testing"), ("document", "real_world_testing_plan"))
        }, True),
        ("GDPR-26", {GDPR: {"facts": {"joint_controllers": False}}}, {}, False),
        ("CCD-19", {CREDIT: {"facts": {"databases": False}}}, {}, False),
        ("CCD-19", {CREDIT: {"facts": {"databases": False}}}, {
            "attestation.credit_database_notice": {"facts": {"decision": "declined"}}}, True),
    ],
)  # fmt: skip
def test_an_answer_does_not_hold_beside_what_is_on_record_for_the_duty_itself(
    name, answers, both, exempt, subject, now
):
    changed = {of.replace(".", "__"): change for of, change in {**answers, **both}.items()}
    found = judged(name, world(name, **changed), subject, now)
    assert found.if_in_force is (State.NOT_APPLICABLE if exempt else State.INSUFFICIENT_EVIDENCE)


@pytest.mark.parametrize("ran_out", [False, True])
def test_answers_given_anew_supersede_a_document_and_a_signature_that_ran_out(ran_out, subject, now):
    made = now - timedelta(days=1)
    items = world(
        "GDPR-44",
        classification__processing={**NO_TRANSFERS, "produced_at": made + LATER},
        attestation__transfers={"expires_at": made + LATER / 2 if ran_out else now + LATER},
    )
    found = judged("GDPR-44", items, subject, now)
    assert found.if_in_force is (State.NOT_APPLICABLE if ran_out else State.INSUFFICIENT_EVIDENCE)
    assert ran_out or "attestation.transfers" in found.reason  # which can be withdrawn, a document cannot


# --- critical infrastructure (AI Act, Art. 26(11)): only Art. 86 leaves it out ---
@pytest.mark.parametrize("named", [None, "solely_automated", "score_drawn_on", "systematic_evaluation"])
def test_who_decides_on_persons_informs_them_in_critical_infrastructure_too(named, subject, now):
    asked = ("solely_automated", "score_drawn_on", "systematic_evaluation")
    items = world(
        "AIA-26(11)",
        classification__ai_act={"facts": {"area": "2", "points": ["2"]}},
        classification__processing={"facts": {one: one == named for one in asked}},
    )
    found = judged("AIA-26(11)", items, subject, now)
    assert found.if_in_force is (State.NOT_APPLICABLE if named is None else State.MET)
    unasked = [item for item in items if item.kind != GDPR]
    assert judged("AIA-26(11)", unasked, subject, now).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert judged("AIA-86", items, subject, now).if_in_force is State.NOT_APPLICABLE


# --- the record of processing that is kept here ---
READS = {
    "controller": ("GDPR-13",), "purposes": ("GDPR-5(1)(b)", "GDPR-13"), "data_subjects": (), "data_categories": (),
    "recipients": ("GDPR-13", "GDPR-19"), "retention": ("GDPR-5(1)(e)", "GDPR-13"),
    "transfers": ("GDPR-13", "GDPR-44"), "security": ("GDPR-32",),
    "legal_basis": ("GDPR-5(1)(a)", "GDPR-6", "GDPR-10", "GDPR-13"),
    "basis_note": ("GDPR-5(1)(a)", "GDPR-6", "GDPR-10"),
    "consent_obtained": ("GDPR-7",), "consent_withdrawn": ("GDPR-7",),
    "special_categories": ("GDPR-9", "AIA-4a"), "special_condition": ("GDPR-9", "AIA-4a"),
    "special_note": ("GDPR-9", "AIA-4a"),
}  # fmt: skip
"""Who speaks of what the record says; all of it is asked by Art. 30 and accountability, which read its state."""
WHOLE = ("GDPR-5(2)", "GDPR-30")
INCOMPLETE = (
    {}, {"transfers": [{"to": "US", "safeguard": "clauses"}], "no_transfers": True}, {"legal_basis": "consent"},
    {"special_categories": True}, {"special_categories": True, "special_condition": "a"},
)  # fmt: skip


def test_of_each_field_of_the_record_it_is_decided_who_speaks_of_it(now):
    found = {
        gap.field
        for contents in INCOMPLETE
        for gap in gaps_of(
            Processing(
                id="p-1", title="Credit", owner="ada", opened_by="ada", opened_at=now, changed_by="ada", changed_at=now,
                role=ProcessingRole.CONTROLLER, contents=ProcessingContents.model_validate(contents),
            )
        )
    }  # fmt: skip
    assert found == READS.keys()


@pytest.mark.parametrize("field", READS)
@pytest.mark.parametrize("told", ["missing", "missing_fields"])
def test_nothing_is_met_that_speaks_of_what_the_record_lacks(field, told, subject, now):
    lacks = {"status": EvidenceStatus.FAILING, "facts": {told: [f"p-1 {field}" if told == "missing" else field]}}
    for name in (*READS[field], *WHOLE):
        items = [item for item in world(name) if item.kind != "document.processing_record"]
        record = make_evidence("document.processing_record").model_copy(update=lacks)
        assert judged(name, [*items, record], subject, now).if_in_force is State.INSUFFICIENT_EVIDENCE, name
        if name != "GDPR-30":  # a record that is kept elsewhere is not read
            assert judged(name, items, subject, now).if_in_force is State.MET, name
