"""Forty requirements drawn by chance and read with the text: what was wrong, by kind, asked of every pack."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.compliance.questionnaires.scoping import CASES_OF_35, ProcessingAnswers, classify_processing
from syndic.compliance.rules.denied import TABLE
from syndic.compliance.rules.found import found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import FACTS, NOW, OTHER_ANSWERS, framework_of, make_evidence

ALL = [it for compiled in built_in().values() for it in compiled.framework.requirements]


def requirement(name):
    return next(it for it in ALL if it.id == name)


def kinds(one):
    return {need.kind for check in one.checks for need in check.needs}


@pytest.fixture
def state(everything, subject, facts_of, now):
    """A requirement with everything on record but for what is altered, by kind, and what is added."""

    def look(name, *more, gone=(), **altered):
        compiled = framework_of(name)
        items = []
        for item in everything(compiled):
            change = altered.get(item.kind.replace(".", "__"), {})
            facts = {**item.facts, **{key: value for key, value in change.items() if key not in {"status", "at"}}}
            update = {"facts": facts, "status": change.get("status", item.status)}
            items.append(item.model_copy(update={**update, "produced_at": change.get("at", item.produced_at)}))
        kept = [item for item in items if item.kind not in {*gone, *(it.kind for it in more)}]
        found = evaluate(compiled, subject, facts_of([*kept, *more]), now=now).requirements
        return next(it for it in found if it.requirement_id == name)

    return look


# --- evidence that shows something else ---

CONFIRMING = [it for it in ALL if it.attestation is not None and it.attestation.confirms]
OF_ANSWERS = re.compile(r"recorded (risk classification|lawful basis|condition|case)|answer of the screening")


@pytest.mark.parametrize(
    ("name", "confirmed"), [(it.id, kind) for it in CONFIRMING for kind in it.attestation.confirms]
)
def test_a_signature_does_not_outlive_the_answers_that_it_confirms(name, confirmed, state):
    kind, world = OTHER_ANSWERS.get(name, (confirmed, {}))
    worlds = {kind.replace(".", "__"): world}
    assert state(name, **worlds).if_in_force is State.MET
    at, later = confirmed.replace(".", "__"), NOW - timedelta(hours=1)
    anew = {"at": later, "made_at": later.isoformat()}
    asked = next(it for it in CONFIRMING if it.id == name)
    if asked.document is not None and asked.document.follows == confirmed:  # what is made from it is made anew as well
        worlds |= {f"document__{asked.document.topic}": anew}
    found = state(name, **{**worlds, at: {**worlds.get(at, {}), **anew}})
    assert found.if_in_force is State.ATTESTATION_DUE
    assert f"it confirms {confirmed}, which was" in found.reason or "an incident came to light after it" in found.reason


def test_each_signature_on_answers_says_which():
    speaking = {it.id for it in ALL if it.attestation is not None and OF_ANSWERS.search(it.attestation.statement)}
    assert speaking >= {"AIA-5", "AIA-6", "GDPR-6", "GDPR-9", "GDPR-22"}
    assert speaking <= {it.id for it in CONFIRMING}


ON_INCIDENTS = {"AIA-20", "RMF-MANAGE-4", "RMF-MANAGE-4.1", "RMF-MANAGE-4.3", "ISO-10.2", "GAI-incidents", "SOC2-CC7"}


@pytest.mark.parametrize("name", sorted(ON_INCIDENTS))
def test_what_is_about_correcting_or_telling_reads_the_incidents_on_record(name, state):
    assert state(name).if_in_force is State.MET
    found = state(name, incidents__handled={"status": EvidenceStatus.FAILING})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def test_whatever_is_called_incident_or_correction_and_measures_reads_a_register_of_incidents():
    about = re.compile(r"\bincident|corrective action", re.IGNORECASE)
    measured = [it for it in ALL if about.search(it.title) and kinds(it)]
    assert len(measured) >= 5
    assert [it.id for it in measured if not any(kind.startswith("incidents.") for kind in kinds(it))] == []


def test_the_officer_who_advises_neither_owns_the_model_nor_signs_for_it(state, subject):
    found = state("GDPR-35(2)", attestation__dpia_advice={"signer": subject.owner})
    assert found.if_in_force is State.ATTESTATION_DUE
    assert "owns the model" in found.reason


def test_a_notice_is_of_the_qualifications_that_this_version_assesses(state):
    old = {"model_version": "credit-1"}
    assert state("LL144-notice", attestation__ll144_notice=old).if_in_force is State.ATTESTATION_DUE
    assert state("LL144-notice", document__ll144_notice=old).if_in_force is State.MET  # signed for this version
    both = state("LL144-notice", document__ll144_notice=old, attestation__ll144_notice=old)
    assert both.if_in_force is not State.MET


CHANGES = [it.id for it in ALL if any("promotion.served_as" in check.met_when for check in it.checks)]


@pytest.mark.parametrize("name", CHANGES)
def test_a_version_in_use_that_no_promotion_brought_there_is_not_shown_to_be_controlled(name, state):
    assert {"SR-change", "SOC2-CC8.1", "SOX-change"} <= set(CHANGES)
    assert state(name, capture__config={"version": "credit-8"}).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_a_model_that_nobody_changed_for_years_owes_no_new_promotion(state):
    assert state("SR-change", registry__promotion={"at": NOW - timedelta(days=900)}).if_in_force is State.MET


def test_a_document_that_another_requirement_names_otherwise_is_signed_for():
    """One topic under two titles: the document that was recorded for one says nothing of the other by itself."""
    titles: dict[str, set[str]] = {}
    for it in ALL:
        if it.document is not None:
            titles.setdefault(it.document.topic, set()).add(it.document.title)
    alone = [it for it in ALL if it.document and not it.attestation and not it.checks]
    bare = {it.id for it in alone if len(titles[it.document.topic]) > 1}
    assert bare == {"ISO-A.4.3"}  # the data sheet is what documents the data resources


# --- statements that said less than the text ---

LIMBS = {
    "AIA-20": ("with the deployer who reported it",),
    "AIA-21": ("all that shows conformity", "the Member State names"),
    "AIA-26(7)": ("rules and procedures", "came under its use"),
    "CCPA-7221": (
        "linked in the pre-use notice",
        "cookie tool alone",
        "not begun was not begun",
        "instructed to do the same in that time",
    ),
    "CO-1704(3)": ("the inputs",),
    "GAI-2.5": ("energy", "effects on the environment", "was done"),
    "GDPR-35(2)": ("monitor", "neither on purposes nor on means"),
    "GDPR-44": ("onward transfers",),
    "ISO-A.2.4": ("suitable, adequate and effective",),
    "ISO-A.5.3": ("the period that was set",),
    "LL144-audit-ratios": ("under 2%",),
    "LL144-notice": ("5-304(b)-(c)", "this version assesses"),
    "RMF-MANAGE-2": ("is documented", "knows it"),
    "RMF-MEASURE-4": ("by those affected",),
    "SOC2-P": ("when or before their data were collected", "again when it changed"),
    "SR-change": ("did not come through it",),
}


@pytest.mark.parametrize("name", LIMBS)
def test_each_limb_of_the_text_is_signed_for(name):
    statement = requirement(name).attestation.statement
    assert [words for words in LIMBS[name] if words not in statement] == []


# --- duties that were left out wrongly ---

CREDIT = {"creditor": True, "consumer_credit": True, "assesses": True}
EXCEPTED = {"area": "4a", "points": ["4a"], "route": "none", "level": "minimal"}
NO_AREA = {"area": None, "points": [], "route": "none", "level": "minimal"}
NOT_DEPLOYED = {"deployer": False}
SOLO = {"developer": True, "deployer": False}


@pytest.mark.parametrize(
    ("name", "own", "answers", "by", "says"),
    [
        ("AIA-20", "ai_act", EXCEPTED, "classification.processing", {"score_drawn_on": True}),
        ("AIA-21", "ai_act", EXCEPTED, "classification.processing", {"systematic_evaluation": True}),
        ("AIA-26(9)", "ai_act", NO_AREA, "classification.consumer_credit_directive", CREDIT),
        ("AIA-27", "ai_act", NO_AREA, "classification.consumer_credit_directive", CREDIT),
        ("AIA-86", "ai_act", NO_AREA, "classification.hiring_nyc", {"bound": True}),
        ("AIA-26(7)", "ai_act", NOT_DEPLOYED, "classification.colorado_sb26_189", {"deployer": True}),
        ("AIA-26(9)", "ai_act", NOT_DEPLOYED, "classification.hiring_nyc", {"employer_or_agency": True}),
        ("CO-1704(3)", "colorado_sb26_189", SOLO, "classification.ai_act", {"deployer": True}),
        ("CO-1705", "colorado_sb26_189", SOLO, "classification.ai_act", {"deployer": True}),
        ("CCPA-7221", "ccpa_admt", {"appeal_instead": False}, "classification.ai_act", {"points": ["5b"]}),
        ("GDPR-44", "processing", {"third_country_transfers": False}, "document.processing_record", {"transfers": 1}),
        ("LL144-notice", "hiring_nyc", {"bound": False, "substantially_assists": "none"}, "classification.ccpa_admt",
         {"replaces_human": True}),
        ("LL144-notice", "hiring_nyc", {"bound": False, "automated_employment_decision_tool": False},
         "classification.ai_act", {"points": ["4a"]}),
    ],
)  # fmt: skip
def test_a_duty_is_not_left_out_against_what_other_answers_say(name, own, answers, by, says, state):
    answered = make_evidence(f"classification.{own}", facts={**FACTS[f"classification.{own}"], **answers})
    assert state(name, answered, gone=(by,)).if_in_force is State.NOT_APPLICABLE
    found = state(name, answered, make_evidence(by, facts=says))
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert by in found.reason


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"in_scope": False, "outside_scope": "not_in_union", **EXCEPTED}, ("hiring_nyc", {"bound": True})),
        ({"financial_fraud_detection": True, **NO_AREA}, ("consumer_credit_directive", CREDIT)),
    ],
)
def test_what_is_outside_the_act_or_left_out_by_it_stays_so(answers, says, state):
    answered = make_evidence("classification.ai_act", facts={**FACTS["classification.ai_act"], **answers})
    others = (
        make_evidence("classification.processing", facts={"score_drawn_on": answers["area"] is not None}),
        make_evidence(f"classification.{says[0]}", facts=says[1]),
    )
    assert state("AIA-20", answered, *others).if_in_force is State.NOT_APPLICABLE


def test_ability_and_work_stand_beside_a_second_point(state):
    """Biometrics in the selection of applicants are still for the selection alone."""
    beside = make_evidence("classification.ai_act", facts={"points": ["4a", "1a"]})
    own = {**FACTS["classification.ccpa_admt"], "appeal_instead": False}
    answered = make_evidence("classification.ccpa_admt", facts=own)
    assert state("CCPA-7221", answered, beside).if_in_force is State.NOT_APPLICABLE


def test_no_classification_is_met_while_other_answers_name_an_area(state):
    answered = make_evidence("classification.ai_act", facts={**FACTS["classification.ai_act"], **NO_AREA})
    assert state("AIA-6", answered).if_in_force is State.MET
    found = state("AIA-6", answered, make_evidence("classification.consumer_credit_directive", facts=CREDIT))
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "5(b)" in found.reason


def test_answers_as_the_questionnaire_gives_them_are_denied_too(state):
    """By the facts that it makes, not by ones that a test made up."""
    given = AiActAnswers.model_validate({
        "screening": {}, "provider": True, "deployer": True, "annex_i_product": False, "profiling": False, "area": "8b",
        "exception_grounds": ["narrow_task"], "exception_reasons": "It only sorts files into folders.",
    })  # fmt: skip
    facts = {**classify_ai_act(given).facts, "contradictions": []}
    assert facts["route"] == "none"
    scored = classify_processing(ProcessingAnswers(personal_data=True, score_drawn_on=True)).facts
    answered = make_evidence("classification.ai_act", facts=facts)
    found = state("AIA-20", answered, make_evidence("classification.processing", facts=scored))
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def test_a_pack_that_holds_answers_against_its_scope_holds_them_against_its_duties():
    """Contradictions are read where the scope fails; a duty that hangs on the same answer needs a denial of its own."""
    denied = {(one.questionnaire, one.fact) for one in TABLE}
    missing = []
    for compiled in built_in().values():
        own = compiled.framework.questionnaire
        alone = [one.when for one in compiled.framework.contradictions if one.when.count(f"!{own}.") == 1]
        says = " ".join(alone)  # of two answers denied at once, either may be the one that is wrong
        for it in compiled.framework.requirements:
            when = it.applies.when if it.applies else ""
            read = re.findall(rf"(?<!!){own}\.(\w+)", when)
            missing += [(it.id, fact) for fact in read if f"!{own}.{fact}" in says and (own, fact) not in denied]
    assert missing == []


def test_hipaa_is_not_left_out_where_an_entity_under_it_uses_the_model(subject, facts_of, now):
    answered = make_evidence("classification.hipaa", facts={"covered": False, "phi": True, "care_decision": False})
    beside = make_evidence("classification.colorado_sb26_189", facts={"health_entity": True})
    pack = built_in()["hipaa"]
    assert evaluate(pack, subject, facts_of([answered]), now=now).scope.applies is False
    assert evaluate(pack, subject, facts_of([answered, beside]), now=now).scope.applies is None


@pytest.mark.parametrize("left", sorted(CASES_OF_35))
def test_no_impact_assessment_is_ruled_out_while_a_case_of_the_law_was_not_answered(left):
    given = {
        **dict.fromkeys(CASES_OF_35, False), "personal_data": True, "on_authority_list": False,
        "other_high_risk": False,
        "no_high_risk_reasons": "It counts boxes on a belt and no persons.",
    }  # fmt: skip
    assert classify_processing(ProcessingAnswers.model_validate(given)).facts["dpia_required"] is False
    del given[left]
    assert "dpia_required" not in classify_processing(ProcessingAnswers.model_validate(given)).facts


# --- failures that the text does not call failures ---


def test_a_missed_level_and_groups_of_nobody_say_nothing_against_a_validation(state):
    assert "bias.run" not in kinds(requirement("ISO-A.6.2.4"))
    found = state("ISO-A.6.2.4", quality__performance={"status": EvidenceStatus.FAILING})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def test_where_the_law_sets_no_mark_a_limit_that_finds_nothing_takes_nothing_away(state):
    assert state("LL144-audit-ratios", bias__run={"hollow_limits": ["ratio 0"]}).if_in_force is State.MET
    assert state("GDPR-5(1)(a)", bias__run={"hollow_limits": ["ratio 0"]}).if_in_force is not State.MET


@pytest.mark.parametrize(
    ("kind", "topic", "facts"),
    [
        ("storage.captures", "hipaa_captures_alternative", {"captured": True, "encrypted": False}),
        ("storage.platform", "hipaa_stores_alternative", {"unencrypted": ["archive"]}),
    ],
)
def test_an_addressable_safeguard_is_met_by_reasons_for_what_was_found(kind, topic, facts, state):
    where = {"model_id": ORGANISATION} if kind == "storage.platform" else {}
    store = make_evidence(kind, facts=facts, **where)
    other = make_evidence(kind, facts={**facts, "unencrypted": ["archive", "trail"]}, **where)
    reasons = make_evidence(f"document.{topic}", facts={"findings_sha256": {kind: found_sha256(store)}}, **where)
    assert state("HIPAA-encryption", store).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert state("HIPAA-encryption", store, reasons).if_in_force is State.MET
    assert state("HIPAA-encryption", other, reasons).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_correction_and_review_do_not_ask_that_all_traffic_is_captured(state):
    assert state("CO-1705", capture__config={"enabled": False}).if_in_force is State.MET
    assert state("CO-1705", requests__automated={"late": 1}).if_in_force is State.INSUFFICIENT_EVIDENCE
