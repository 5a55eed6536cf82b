"""GDPR, consumer credit, California, Colorado, New York, HIPAA, SR 26-2: each requirement taken apart limb by limb."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.questionnaires.scoping import ProcessingAnswers, classify_processing
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import FACTS, OTHER_ANSWERS, framework_of, make_evidence

PACKS = ("gdpr", "consumer_credit_directive", "ccpa_admt", "colorado_sb26_189", "nyc_ll144", "hipaa", "sr_26_2")
MINE = [it for pack in PACKS for it in built_in()[pack].framework.requirements]
PROCESSING = FACTS["classification.processing"]


@pytest.fixture
def judged(everything, subject, facts_of, now):
    """The state of a requirement in a world where it applies, with some evidence altered, added or gone."""

    def state(name, added=(), gone=(), **altered):
        kind, world = OTHER_ANSWERS.get(name, ("", {}))
        changed = {it.replace("__", "."): change for it, change in altered.items()}
        items = [
            item.model_copy(update={**change, "facts": {**item.facts, **(world if item.kind == kind else {}),
                                                        **change.get("facts", {})}})
            for item in everything(framework_of(name))
            if item.kind not in gone and (change := changed.get(item.kind, {})) is not None
        ]  # fmt: skip
        found = evaluate(framework_of(name), subject, facts_of([*items, *added]), now=now)
        return next((it for it in found.requirements if it.requirement_id == name), found.scope)

    return state


# --- what a signature speaks of ---

BY_REGISTER = {"GDPR-30", "GDPR-30(2)"}  # confirmed in the register of processing, entry by entry
WORKED_ON = {"HIPAA-incidents", "SR-development"}  # a log that grows, a file that other duties share


@pytest.mark.parametrize("it", [it for it in MINE if it.attestation and it.document], ids=lambda it: it.id)
def test_a_signature_beside_a_document_is_of_the_newest(it, judged, now):
    kind = f"document.{it.document.topic}"
    newer = {kind.replace(".", "__"): {"produced_at": now - timedelta(hours=1)}}
    assert judged(it.id).if_in_force is State.MET
    if it.id in BY_REGISTER | WORKED_ON:
        assert kind not in it.attestation.confirms
        return
    assert kind in it.attestation.confirms
    assert judged(it.id, **newer).if_in_force is State.ATTESTATION_DUE


SPEAKS_OF = [
    ("GDPR-35(2)", "document.dpia"),
    ("GDPR-36", "document.dpia"),
    ("LL144-audit-ratios", "document.ll144_audit"),
    ("LL144-audit-summary", "document.ll144_audit"),
]


@pytest.mark.parametrize(("name", "kind"), SPEAKS_OF)
def test_a_signature_about_what_is_not_on_record_says_nothing(name, kind, judged):
    found = judged(name, gone={kind})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    said = ("No document is on record: ", f"There is no evidence of kind {kind}", "Not known: the audit")
    assert any(one in found.reason for one in said)


@pytest.mark.parametrize("name", ["GDPR-5(1)(e)", "GDPR-7", "GDPR-13", "GDPR-35"])
def test_what_is_signed_of_the_answers_is_signed_anew_when_they_change(name, judged, now):
    answered = {"produced_at": now - timedelta(hours=1)}
    assert judged(name, classification__processing=answered).if_in_force is State.ATTESTATION_DUE


# --- evidence on record that denies what is signed ---

FAILING = {"status": EvidenceStatus.FAILING}
DENIED = [
    ("GDPR-5(1)(a)", {"classification__processing": {"facts": {"basis": None}}}),
    ("GDPR-5(1)(a)", {"classification__processing": {"facts": {"special_condition": None}}}),
    ("GDPR-5(1)(d)", {"requests__rectification": {"facts": {"late": 3}}}),
    ("GDPR-5(1)(d)", {"requests__rectification": {"facts": {"answered_late": 1}}}),
    ("GDPR-5(2)", {"classification__processing": {"facts": {"basis": None}}}),
    ("GDPR-5(2)", {"capture__config": {"facts": {"oldest_hour": "2020-05-01T00:00:00+00:00"}}}),
    ("GDPR-5(2)", {"drift__run": {"facts": {"new_columns": ["religion"]}}}),
    ("GDPR-25", {"drift__run": {"facts": {"new_columns": ["religion"]}}}),
    ("GDPR-30", {"document__processing_record": {"facts": {"transfers": 0, "entries": 1}}}),
    ("GDPR-30(2)", {"document__processor_record": {"facts": {"transfers": 0, "entries": 1}}}),
    ("CO-1702(2)", {"capture__config": {"facts": {"version": "credit-9"}}}),
    ("CO-1703", {"storage__captures": {"facts": {"some_deleted_after_days": 1095}}}),
    ("CCPA-7221(b)(2)", {"quality__performance": FAILING}),
    ("CCPA-7221(b)(2)", {"quality__performance": {"facts": {"thresholds_set_before": False}}}),
]


@pytest.mark.parametrize(("name", "change"), DENIED)
def test_what_is_signed_does_not_stand_against_what_is_on_record(name, change, judged):
    assert judged(name).if_in_force is State.MET
    assert judged(name, **change).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_an_update_of_long_ago_is_enough_where_nothing_changed_since(judged, now):
    old = {"produced_at": now - timedelta(days=900)}
    assert judged("CO-1702(2)", registry__promotion=old).if_in_force is State.MET


def of_years(years):
    return {"capture_retention": f"{years * 365 * 24}h", "capture_retention_days": years * 365}


def test_a_period_of_decades_wants_its_reasons_and_for_that_period(judged):
    decades, longer = of_years(30), of_years(90)
    asked = {"classification__processing": {"facts": decades}}
    assert judged("GDPR-5(1)(e)", classification__processing={"facts": of_years(9)}).if_in_force is State.MET
    assert judged("GDPR-5(1)(e)", **asked).if_in_force is State.INSUFFICIENT_EVIDENCE
    answers = make_evidence("classification.processing", facts={**PROCESSING, **decades})
    assessed = {"facts": {FACT: {answers.kind: found_sha256(answers)}}}
    assert judged("GDPR-5(1)(e)", **asked, document__retention_reasons=assessed).if_in_force is State.MET
    asked = {"classification__processing": {"facts": longer}}
    found = judged("GDPR-5(1)(e)", **asked, document__retention_reasons=assessed)
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def test_special_categories_are_no_part_of_creditworthiness_unless_it_is_said_why(judged):
    processed = [make_evidence("classification.processing", facts={"personal_data": True, "special_categories": True})]
    gone = {"classification.processing", "document.credit_special_categories", "bias.run"}
    assert judged("CCD-18(3)", processed, gone).if_in_force is State.INSUFFICIENT_EVIDENCE
    none = [make_evidence("classification.processing", facts={"personal_data": True, "special_categories": False})]
    assert judged("CCD-18(3)", none, gone).if_in_force is State.MET


HINTS = [{"large_scale_special": True}, {"public_monitoring": True}]


@pytest.mark.parametrize("hint", HINTS)
def test_no_officer_beside_processing_that_may_ask_for_one_wants_the_reasons(hint, judged):
    no_officer = {"classification__processing": {"facts": {"officer_designated": False}}}
    asked = {"classification__processing": {"facts": {"officer_designated": False, **hint}}}
    gone = {"document.officer_reasons"}
    assert judged("GDPR-37", gone=gone, **no_officer).if_in_force is State.MET
    assert judged("GDPR-37", gone=gone, **asked).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert judged("GDPR-37", **asked).if_in_force is State.MET
    assert judged("GDPR-35(2)", **no_officer).if_in_force is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("name", "fact", "assessed"),
    [("GDPR-34", "persons_late", False), ("GDPR-34", "persons_met_late", True), ("GDPR-33", "persons_met_late", None)],
)
def test_a_late_word_to_persons_is_assessed_and_what_is_owed_is_not(name, fact, assessed, judged):
    facts = {"recorded": 1, fact: 1, "met_late": int(fact.endswith("met_late")), "missed": ["i-1 gdpr_persons"]}
    breaches = {"facts": facts, **FAILING}
    paper = {"facts": {FACT: {"incidents.breaches": found_sha256(make_evidence("incidents.breaches", **breaches))}}}
    expected = State.MET if assessed is None else State.INSUFFICIENT_EVIDENCE  # of the authority nothing was late
    assert judged(name, incidents__breaches=breaches).if_in_force is expected
    expected = State.INSUFFICIENT_EVIDENCE if assessed is False else State.MET
    found = judged(name, incidents__breaches=breaches, document__late_report_assessment=paper)
    assert found.if_in_force is expected


# --- answers that exempt ---

CREDIT = {"creditor": True, "consumer_credit": True, "assesses": True}
DECIDES = {"business": True, "replaces_human": True, "significant": True}
IN_COLORADO = {"personal_data": True, "consequential": True, "materially_influences": True}
NOTHING_PERSONAL = {"personal_data": False, "role": None}
EXEMPTED = [
    ("GDPR-13", "processing", NOTHING_PERSONAL, "classification.ccpa_admt", {"replaces_human": True}),
    ("GDPR-13", "processing", NOTHING_PERSONAL, "classification.hipaa", {"care_decision": True}),
    ("GDPR-5(1)(b)", "processing", NOTHING_PERSONAL, "erasure.run", {"of": "persons"}),
    ("GDPR-9", "processing", {"special_categories": False}, "classification.ai_act", {"points": ["1a"]}),
    ("GDPR-9", "processing", {"special_categories": False}, "classification.ai_act", {"points": ["5b", "1b"]}),
    ("GDPR-9", "processing", {"special_categories": False}, "classification.hipaa", {"care_decision": True}),
    *(
        ("HIPAA-access", "hipaa", {"phi": False, "vendors": False}, "classification.processing", one)
        for one in ({"special_categories": True}, {"special_condition": "h"})
    ),
    *(
        (name, "processing", {"dpia_required": False}, f"classification.{pack}", says)
        for name in ("GDPR-35", "GDPR-36")
        for pack, says in (
            ("hiring_nyc", {"bound": True}), ("consumer_credit_directive", CREDIT), ("ccpa_admt", DECIDES),
            ("colorado_sb26_189", IN_COLORADO),
        )
    ),
    (
        "LL144-notice", "hiring_nyc",
        {"bound": False, "employer_or_agency": False, "new_york_city": True, "substantially_assists": "sole",
         "automated_employment_decision_tool": True},
        "classification.ai_act", {"deployer": True, "points": ["4a"]},
    ),
    ("SR-vendor", "sr_26_2", {"vendor": False}, "classification.ai_act", {"deployer": True, "provider": False}),
    (
        "CCD-18(6)", "consumer_credit_directive", {"assesses": False}, "classification.processing",
        {"score_drawn_on": True},
    ),
    *(
        (name, "ccpa_admt", {"replaces_human": False, "other_risk": True}, f"classification.{pack}", says)
        for name in ("CCPA-7220", "CCPA-7222")
        for pack, says in (
            ("processing", {"solely_automated": True}),
            ("hiring_nyc", {"bound": True, "substantially_assists": "sole"}),
        )
    ),
    *(
        ("CCPA-7220", "ccpa_admt", {"significant": False, "other_risk": True}, f"classification.{pack}", says)
        for pack, says in (
            ("ai_act", {"points": ["3a"]}), ("hiring_nyc", {"bound": True}), ("hipaa", {"care_decision": True}),
            ("consumer_credit_directive", CREDIT),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pack", "answers", "by", "says"), EXEMPTED)
def test_an_answer_exempts_from_nothing_that_other_records_deny(name, pack, answers, by, says, judged):
    change = {f"classification__{pack}": {"facts": answers}}
    gone = {by, "bias.run", "vendors.agreements"}  # an examination of persons or processors deny that there are none
    silent = [make_evidence(by, facts=dict.fromkeys(says, False))]
    assert judged(name, silent, gone, **change).if_in_force is State.NOT_APPLICABLE
    found = judged(name, [make_evidence(by, facts=says)], gone, **change)
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert by in found.reason


OUT_OF = [
    ("consumer_credit_directive", {"creditor": False}, "ai_act", {"points": ["5b"]}),
    ("ccpa_admt", {"significant": False}, "hipaa", {"care_decision": True}),
    ("ccpa_admt", {"significant": False}, "processing", {"special_categories": True}),
    ("ccpa_admt", {"replaces_human": False}, "ai_act",
     {"emotion_recognition": True, "biometric_categorisation": False, "remote_identification": False}),
    ("colorado_sb26_189", {"insurer": True}, "hiring_nyc", {"bound": True}),
    ("colorado_sb26_189", {"health_entity": True}, "hiring_nyc", {"bound": True}),
    ("colorado_sb26_189", {"personal_data": False}, "hiring_nyc", {"bound": True}),
    ("colorado_sb26_189", {"consequential": False}, "ccpa_admt", DECIDES),
    ("colorado_sb26_189", {"personal_data": False}, "ccpa_admt", DECIDES),
    ("colorado_sb26_189", {"consequential": False}, "hipaa", {"care_decision": True}),
    ("sr_26_2", {"model": False}, "hiring_nyc", {"automated_employment_decision_tool": True}),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "answers", "other", "says"), OUT_OF)
def test_a_pack_is_not_left_by_answers_that_others_deny(pack, answers, other, says, judged):
    name = built_in()[pack].framework.requirements[0].id
    change = {f"classification__{pack}": {"facts": answers}, "bias__run": {"facts": {"grounds": []}}}
    silent = make_evidence(f"classification.{other}", facts={one: [] if one == "points" else False for one in says})
    assert judged(name, [silent], **change).applies is False
    assert judged(name, [make_evidence(f"classification.{other}", facts=says)], **change).applies is None


def test_another_significant_risk_is_assessed_and_owes_nothing_else(judged):
    answers = {"replaces_human": False, "other_risk": True}
    change = {"classification__ccpa_admt": {"facts": answers}}
    assert judged("CCPA-7150", **change).if_in_force is State.MET
    for name in ("CCPA-7220", "CCPA-7221", "CCPA-7221(b)", "CCPA-7221(b)(2)", "CCPA-7222"):
        assert judged(name, **change).if_in_force is State.NOT_APPLICABLE
    known = {**FACTS["classification.ccpa_admt"], "replaces_human": False}
    known.pop("other_risk")
    unanswered = [make_evidence("classification.ccpa_admt", facts=known)]
    assert judged("CCPA-7150", unanswered, {"classification.ccpa_admt"}).applies is None


def test_convictions_on_a_large_scale_contradict_nothing():
    given = {"personal_data": True, "large_scale_special": True}
    assert classify_processing(ProcessingAnswers.model_validate(given)).contradictions
    of_convictions = ProcessingAnswers.model_validate({**given, "criminal_data": True})
    assert not classify_processing(of_convictions).contradictions


# --- what is signed names what the text asks ---

NAMES = {
    "GDPR-5(1)(b)": ("specified, explicit and legitimate",),
    "GDPR-6": ("necessary",),
    "GDPR-13": ("13(3), 14(4)", "13(4) or 14(5)"),
    "GDPR-15": ("whether data are processed",),
    "GDPR-17": ("without a request",),
    "GDPR-21": ("automated means",),
    "GDPR-25": ("design", "by default"),
    "GDPR-26": ("26(3)",),
    "GDPR-37": ("37(5)", "38(2)", "38(4)", "highest management", "dismissed"),
    "CCD-18(1)": ("over-indebtedness", "repayment"),
    "CCPA-7150": (
        "specific purpose", "minimum", "how long", "number of consumers", "what they are told", "who gets it", "logic",
        "output", "benefits", "negative impacts", "causes", "safeguards", "whether the processing will begin",
        "who gave information", "authority", "7153", "five years",
    ),
    "CCPA-7157": ("7157(b)", "perjury", "30 days"),
    "CCPA-7220": ("prominent", "categories", "output", "opt-out", "retaliated"),
    "CCPA-7222": ("outcome", "retaliated"),
    "CCPA-7221(b)": ("interpret the output",),
    "LL144-audit": ("using, developing or distributing", "employed", "financial interest"),
    "LL144-audit-summary": ("conspicuously", "unknown category"),
    "LL144-notice-data": ("a law forbids", "investigation", "website, and each written request was answered"),
    "HIPAA-training": ("management",),
    "HIPAA-associates": ("164.504(e)(2)", "subcontractors"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "words"), NAMES.items(), ids=NAMES)
def test_a_statement_names_each_limb(name, words):
    statement = framework_of(name).framework.requirement(name).attestation.statement
    assert [word for word in words if word not in statement] == []


def test_one_review_by_a_person_settles_three_laws():
    said = {framework_of(name).framework.requirement(name).attestation.statement
            for name in ("CCD-18(8)", "CCPA-7221(b)", "CO-1705")}  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize("name", ["GDPR-32", "GDPR-37", "GDPR-44"])
def test_what_binds_processors_too_is_not_listed_as_of_controllers_alone(name):
    assert framework_of(name).framework.requirement(name).group == "Duties of controller and processor"


@pytest.mark.parametrize("name", ["HIPAA-access", "HIPAA-integrity"])
def test_others_do_not_handle_health_information_that_is_not_there(name, judged):
    alone = {"facts": {"phi": False, "vendors": False}}
    assert judged(name, classification__hipaa=alone).if_in_force is State.NOT_APPLICABLE
    beside = {"facts": {"phi": False, "vendors": True}}
    assert judged(name, classification__hipaa=beside).if_in_force is State.INSUFFICIENT_EVIDENCE
    nothing_else = {"facts": {"phi": False, "vendors": True, "care_decision": False}}
    assert judged(name, classification__hipaa=nothing_else).applies is None  # the whole pack is not left out either
