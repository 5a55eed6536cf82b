"""What an audit of the frameworks' law found wrong, line by line: provisions, addressees, scope, who signs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.models import Requirement
from syndic.compliance.questionnaires.scoping import (
    CASES_OF_35,
    HiringAnswers,
    ProcessingAnswers,
    Soc2Answers,
    classify_hiring,
    classify_processing,
    classify_soc2,
    condition_of,
)
from syndic.compliance.rules.judge import evaluate

FRAMEWORK = {"AIA": "eu_ai_act", "GDPR": "gdpr", "SOC2": "soc2", "RMF": "nist_ai_rmf", "ISO": "iso_42001",
             "LL144": "nyc_ll144"}  # fmt: skip


def requirement(name: str) -> Requirement:
    found = built_in()[FRAMEWORK[name.split("-", maxsplit=1)[0]]].framework.requirement(name)
    assert found is not None, name
    return found


def words(name: str) -> str:
    """All that is said on a requirement."""
    return " ".join(str(requirement(name).model_dump()).split())


@pytest.fixture
def state(everything, evidence, subject, facts_of, now):
    """The readiness of a requirement when facts of one kind of evidence are changed."""

    def look(name: str, kind: str, **facts: Any) -> State:
        compiled = built_in()[FRAMEWORK[name.split("-", maxsplit=1)[0]]]
        items = everything(compiled)
        known = next((item.facts for item in items if item.kind == kind), {})
        changed = evidence(kind, facts={**known, **facts})
        status = evaluate(compiled, subject, facts_of([*(it for it in items if it.kind != kind), changed]), now=now)
        return next(item.if_in_force for item in status.requirements if item.requirement_id == name)

    return look


SAID = {
    "AIA-4a": ["4a(1) (providers of high-risk systems)", "4a(2) (others)", "2026, 7, 27"],
    "AIA-5": ["(h)(i)-(iii)", "recorded exception holds"],
    "AIA-5(ba)": ["(1a) and (1b)", "reasonable and adequate safeguards", "purpose of the use"],
    "AIA-6": ["(1a)-(1c)", "Art. 3(14)", "provider's conclusion"],
    "AIA-9": ["before it was placed on the market", "9(8)"],
    "AIA-10": ["Art. 4a(1)", "10(1)-(4), (6)"],
    "AIA-11": ["SMEs", "small mid-caps", "Commission's simplified form"],
    "AIA-12": ["12(3)"],
    "AIA-13": ["13(3)(a)-(f)", "where appropriate"],
    "AIA-14": ["designed", "two persons"],
    "AIA-15": ["42(3)"],
    "AIA-17": ["17(2)"],
    "AIA-18": ["18(3)"],
    "AIA-19": ["19(2)"],
    "AIA-25": ["25(1), (3)", "not high-risk"],
    "AIA-25(2)": ["failure modes", "technical access", "not to be made high-risk"],
    "AIA-25(4)": ["in writing", "open-source", "99(4)(da)"],
    "AIA-26(5)": ["incident", "inancial institutions"],
    "AIA-27": ["27(2)", "27(3)"],
    "AIA-43": ["Annex VI", "Annex VII", "Section A", "their own law"],
    "AIA-43(4)": ["substantial"],
    "AIA-48": ["48(4)"],
    "AIA-49": ["private providers of public services do not"],
    "AIA-50(1)": ["obvious"],
    "AIA-50(2)": ["assistive standard editing"],
    "AIA-50(3)": ["editorial responsibility"],
    "AIA-53(1)(a)": ["53(2)"],
    "AIA-73": ["73(5)", "73(6)", "73(9)-(10)", "75(1a)", "15 days", "2 days", "10 days"],
    "AIA-86": ["legal or similarly significant", "86(3)"],
    "GDPR-5(1)(a)": ["lawful, fair and transparent"],
    "GDPR-5(1)(d)": ["statistical accuracy, which is another thing", "rectified"],
    "GDPR-13": ["13(2)(f)", "14(2)(g)"],
    "GDPR-15": ["C-203/22", "understand and contest"],
    "GDPR-22": ["C-634/21", "the measures that", "suitable measures"],
    "GDPR-30": ["controller's record"],
    "GDPR-33": ["unless it is unlikely to result in a risk"],
    "GDPR-35": ["35(1)", "35(2)", "35(4)"],
    "GDPR-35(2)": ["38(6)", "C-453/21", "data protection officer"],
    "LL144-audit": ["20-871(a)(1)", "5-302", "historical data"],
    "LL144-audit-summary": ["5-303", "source and explanation", "six months after the last use", "Before use"],
    "LL144-notice": ["20-871(b)(1)-(2)", "5-304(a)", "ten business days"],
    "LL144-notice-data": ["20-871(b)(3)"],
    "SOC2-CC8.1": ["complete", "400 days"],
    "RMF-MAP-2": ["2.1-2.3", "knowledge limits"],
}


@pytest.mark.parametrize("name", SAID)
def test_a_requirement_names_what_its_provision_says(name):
    said = words(name)
    assert [text for text in SAID[name] if text not in said] == []


def test_nothing_says_that_the_amending_text_was_not_read():
    for compiled in built_in().values():
        assert "was not read" not in compiled.text
        assert "secondary sources agree" not in compiled.text


# --- AI Act: who owes it ---

AI = "classification.ai_act"
OTHERS = ("AIA-22", "AIA-23", "AIA-24")
CASES = [
    ("AIA-43", {"conformity_route": None}, State.INSUFFICIENT_EVIDENCE),
    ("AIA-43", {"conformity_route": "sector"}, State.MET),
    ("AIA-49", {"provider": False, "public_service": True}, State.NOT_APPLICABLE),
    ("AIA-49", {"provider": False, "public_body": True}, State.MET),
    ("AIA-27", {"area": "4a", "public_service": True}, State.MET),
    ("AIA-27", {"area": "4a"}, State.NOT_APPLICABLE),
    ("AIA-25", {"provider": False, "level": "minimal", "route": "none"}, State.MET),
    ("AIA-25", {"provider": False, "level": "minimal", "route": "none", "purpose_changed": True}, State.NOT_MET),
    ("AIA-25", {}, State.NOT_APPLICABLE),
    ("AIA-25(2)", {"provider": False}, State.NOT_APPLICABLE),
    ("AIA-25(4)", {"third_party_supplies": False}, State.NOT_APPLICABLE),
    ("AIA-25(4)", {"third_party_supplies": None}, State.INSUFFICIENT_EVIDENCE),
    ("AIA-53(1)(a)", {"open_source": True, "gpai_systemic": False}, State.NOT_APPLICABLE),
    ("AIA-53(1)(a)", {"open_source": True}, State.MET),
    ("AIA-53", {"open_source": True, "gpai_systemic": False}, State.MET),
    ("AIA-5", {"in_scope": False}, State.NOT_APPLICABLE),
    ("AIA-6", {"open_questions": ["which sub-point"]}, State.INSUFFICIENT_EVIDENCE),
    ("AIA-22", {"authorised_representative": False}, State.NOT_APPLICABLE),
    ("AIA-23", {"importer": False}, State.NOT_APPLICABLE),
    ("AIA-24", {"distributor": False}, State.NOT_APPLICABLE),
    *((name, {}, State.MET) for name in OTHERS),
]


@pytest.mark.parametrize(("name", "facts", "expected"), CASES)
def test_a_duty_is_asked_of_whom_the_article_names(name, facts, expected, state):
    assert state(name, AI, **facts) is expected


HIGH_RISK = sorted(
    item.id
    for item in built_in()["eu_ai_act"].framework.requirements
    if item.applies is not None and 'route in ["annex_i", "annex_iii"]' in item.applies.when
)


@pytest.mark.parametrize("name", HIGH_RISK)
def test_a_product_of_section_b_owes_none_of_the_duties_of_high_risk(name, state):
    """Art. 2(2): cars, aircraft and machinery follow their own law."""
    assert state(name, AI, route="annex_i_b", area=None) is State.NOT_APPLICABLE
    assert len(HIGH_RISK) > 20


def test_the_provider_signs_for_design_and_the_deployer_for_people():
    design, use = requirement("AIA-14").attestation, requirement("AIA-26(1)").attestation
    assert design is not None
    assert use is not None
    assert "designed" in design.statement
    assert "ompetent people" not in design.statement
    assert "competent" in use.statement


def test_prohibitions_of_2026_are_signed_for():
    assert requirement("AIA-5(ba)").attestation is not None
    assert requirement("AIA-5(ba)").applies_from == date(2026, 12, 2)


# --- GDPR ---


def test_the_officer_advises_and_does_not_sign_for_the_controller():
    """Art. 38(6), 39: of all requirements the officer signs only for the advice given."""
    signed = [
        item.id
        for item in built_in()["gdpr"].framework.requirements
        if item.attestation is not None and item.attestation.role == "data protection officer"
    ]
    assert signed == ["GDPR-35(2)"]


def test_a_hit_rate_is_no_evidence_of_correct_personal_data():
    read = {need.kind for check in requirement("GDPR-5(1)(d)").checks for need in check.needs}
    assert read == {"requests.rectification", "quality.run"}  # faults in the data themselves, and no model at all


def processing(**answers: Any):
    return classify_processing(ProcessingAnswers.model_validate({"personal_data": True, **answers}))


REASON = "Only aggregated turnover of shops is forecast; the ids of the tills are the sole personal data."


def test_without_an_answer_on_other_risks_an_assessment_is_not_excluded(state):
    assert "dpia_required" not in processing().facts
    assert "dpia_required" not in processing(on_authority_list=False, other_high_risk=False).facts
    reasoned = {"on_authority_list": False, "other_high_risk": False, "no_high_risk_reasons": REASON}
    assert "dpia_required" not in processing(**reasoned).facts  # nobody answered the cases of Art. 35(3)
    excluded = processing(**reasoned, **dict.fromkeys(CASES_OF_35, False))
    assert excluded.facts["dpia_required"] is False
    assert processing(on_authority_list=True).facts["dpia_required"] is True
    assert processing(other_high_risk=True).facts["dpia_triggers"] == ["35(1)"]
    assert state("GDPR-35", "classification.processing", dpia_required=False) is State.NOT_APPLICABLE
    assert state("GDPR-35", "classification.processing", dpia_required=None) is State.INSUFFICIENT_EVIDENCE


def test_a_score_that_others_draw_on_is_the_decision():
    """C-634/21, SCHUFA."""
    found = processing(score_drawn_on=True)
    assert (found.facts["solely_automated"], found.facts["dpia_required"]) == (True, True)
    assert any("C-634/21" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("text", "letter"),
    [("g", "g"), ("9(2)(g)", "g"), ("Art. 9(2)(a) GDPR", "a"), ("(j)", "j"), ("not (a)", None), ("yes", None),
     ("9(2)(k)", None), ("", None), ("(a) or (g)", None), ("9(1)(a)", None), (None, None)],
)  # fmt: skip
def test_a_condition_is_a_letter_of_article_9_and_no_other_text(text, letter):
    assert condition_of(text) == letter
    found = processing(special_categories=True, special_condition=text)
    assert bool(found.contradictions) is (letter is None and text is not None)


@pytest.mark.parametrize("letter", "abcdefghij")
def test_automated_decisions_on_special_categories_rest_on_a_or_g(letter, state):
    expected = State.MET if letter in "ag" else State.NOT_MET
    assert state("GDPR-22", "classification.processing", special_condition=letter) is expected


# --- SOC 2, NIST, ISO, New York ---

CATEGORIES = {"SOC2-A1": "availability", "SOC2-C1": "confidentiality", "SOC2-PI1": "processing_integrity",
              "SOC2-P": "privacy"}  # fmt: skip


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_category_is_asked_only_when_it_is_engaged(name, state):
    engaged = dict.fromkeys(CATEGORIES.values(), True)
    facts = classify_soc2(Soc2Answers.model_validate({**engaged, CATEGORIES[name]: False})).facts
    assert state(name, "classification.soc2", **facts) is State.NOT_APPLICABLE
    assert state(name, "classification.soc2", **engaged) is State.MET


def test_one_promotion_out_of_line_in_the_period_is_seen(state):
    sound = {"version": "7", "at": "2026-11-01T00:00:00+00:00", "sound": True}
    out_of_line = {"period": [sound, {**sound, "sound": False}]}
    # these ask for a plan, tests and an approval, and not for a second person
    for name in ("SOC2-CC8.1", "ISO-A.6.2.5"):
        assert state(name, "registry.promotion", **out_of_line) is State.INSUFFICIENT_EVIDENCE


def test_a_model_without_a_domain_is_not_in_context(state):
    assert state("RMF-MAP-1", "registry.profile", domain_named=False) is State.INSUFFICIENT_EVIDENCE
    assert state("RMF-MAP-1", "registry.profile", thin=["limitations"]) is State.INSUFFICIENT_EVIDENCE


def test_an_empty_field_of_the_record_contradicts_no_law(state):
    """The record is Syndic's own form: the plan or the purpose may be written elsewhere."""
    for name in ("AIA-11", "AIA-14", "GDPR-5(2)", "SOC2-CC2", "ISO-A.4.2", "RMF-MANAGE-2"):
        empty = ["oversight_plan", "intended_purpose"]
        assert state(name, "registry.profile", empty=empty) is State.INSUFFICIENT_EVIDENCE


def test_a_voluntary_american_framework_asks_for_no_european_questionnaire():
    read = {
        need.kind for item in built_in()["nist_ai_rmf"].framework.requirements for check in item.checks
        for need in check.needs if not need.may_be_missing
    }  # fmt: skip
    assert not {kind for kind in read if kind.startswith("classification.")}


def test_title_and_summary_are_two_sentences():
    for framework_id in ("nist_ai_rmf", "iso_42001"):
        for item in built_in()[framework_id].framework.requirements:
            assert item.summary.rstrip(".") != item.title, item.id


def test_iso_says_whose_titles_they_are():
    framework = built_in()["iso_42001"].framework
    assert "own titles" not in built_in()["iso_42001"].text
    assert "short titles" in framework.source
    assert "clauses 4 to 10" in framework.notice


HIRING = {"automated_employment_decision_tool": True, "new_york_city": True, "employer_or_agency": True}
WEIGHTS = [("sole", True), ("weighs_most", True), ("overrules", True), ("none", False), (None, None)]


@pytest.mark.parametrize(("weight", "bound"), WEIGHTS)
def test_new_york_binds_an_employer_whose_tool_substantially_assists(weight, bound):
    """6 RCNY 5-300: three alternatives; a vendor is not bound."""
    answers = {**HIRING, "substantially_assists": weight}
    assert classify_hiring(HiringAnswers.model_validate(answers)).facts.get("bound") is bound
    vendor = {**answers, "employer_or_agency": False}
    assert classify_hiring(HiringAnswers.model_validate(vendor)).facts["bound"] is False
    elsewhere = {**answers, "new_york_city": False}
    assert classify_hiring(HiringAnswers.model_validate(elsewhere)).facts["bound"] is False


@pytest.mark.parametrize("name", [item.id for item in built_in()["nyc_ll144"].framework.requirements])
def test_new_yorks_law_stands_where_it_binds(name, state):
    assert state(name, "classification.hiring_nyc", bound=False) is State.NOT_APPLICABLE
    assert state(name, "classification.hiring_nyc", bound=True) is State.MET
    assert state(name, "classification.hiring_nyc", bound=None) is State.INSUFFICIENT_EVIDENCE
