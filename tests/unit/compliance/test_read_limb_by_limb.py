"""The AI Act taken apart limb by limb: what let a requirement be met or left out that the text does not bear."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.questionnaires.contradictions import CIVIL
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.compliance.rules.found import found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from syndic.registers.incidents.evidence import MOST_NAMED, _named
from tests.unit.compliance.conftest import FACTS, OTHER_ANSWERS, framework_of, make_evidence

PACK = built_in()["eu_ai_act"].framework
AI = "classification.ai_act"
CREDIT = ("classification.consumer_credit_directive", {"creditor": True, "consumer_credit": True, "assesses": True})
HIRING = ("classification.hiring_nyc", {"bound": True})
ABILITY = {"business": True, "replaces_human": True, "significant": True, "ability_or_work_only": True}
CALIFORNIA = ("classification.ccpa_admt", ABILITY)
COLORADO = {"colorado": True, "deployer": True, "consequential": True, "materially_influences": True}
NOTHING = {"solely_automated": False, "score_drawn_on": False, "systematic_evaluation": False}


@pytest.fixture
def judged(everything, subject, facts_of, now):
    """A requirement with all on record, some of it altered (None: gone) and some added."""

    def look(name, altered=None, *added):
        altered, items = altered or {}, []
        world = OTHER_ANSWERS.get(name, ("", {}))
        for item in everything(framework_of(name)):
            change = dict(altered.get(item.kind) or {})
            if (item.kind in altered and altered[item.kind] is None) or item.kind in {kind for kind, _ in added}:
                continue
            own = {key: change.pop(key) for key in ("status", "produced_at") if key in change}
            facts = {**item.facts, **(world[1] if item.kind == world[0] else {}), **change}
            items.append(item.model_copy(update={"facts": facts, **own}))
        items += [make_evidence(kind, facts=facts) for kind, facts in added]
        found = evaluate(framework_of(name), subject, facts_of(items), now=now)
        return next(it for it in found.requirements if it.requirement_id == name)

    return look


# --- what is signed of a document is signed of the one on record ---

ON_PAPER = sorted(it.id for it in PACK.requirements if it.attestation and it.document)
BY_TRAININGS = {"AIA-4"}  # its record grows with each training; what is signed for is that measures are in place


@pytest.mark.parametrize("name", ON_PAPER)
def test_a_signature_beside_a_document_is_of_the_document_on_record(name):
    asked = PACK.requirement(name)
    of_it = f"document.{asked.document.topic}" in asked.attestation.confirms
    assert of_it is (name not in BY_TRAININGS)


@pytest.mark.parametrize("name", ["AIA-25", "AIA-26(9)", "AIA-43", "AIA-75(1e)"])
def test_what_is_signed_of_answers_does_not_outlive_them(name, judged, now):
    kind = "classification.processing" if name == "AIA-26(9)" else AI
    assert judged(name).if_in_force is State.MET
    found = judged(name, {kind: {"produced_at": now - timedelta(hours=1)}})
    assert found.if_in_force is State.ATTESTATION_DUE
    assert kind in found.reason


def test_a_register_says_when_what_it_shows_was_made(judged, now):
    """The record of a version is written anew when another one is assessed; what is signed of it stands."""
    late = {"produced_at": now - timedelta(hours=1)}
    made = {**late, "made_at": (now - timedelta(days=9)).isoformat()}
    assert judged("AIA-43", {"document.conformity_assessment": made}).if_in_force is State.MET
    assert judged("AIA-43", {"document.conformity_assessment": late}).if_in_force is State.ATTESTATION_DUE


# --- evidence of each limb ---

LATE = {"status": EvidenceStatus.FAILING}
NOT_SHOWN = [
    ("AIA-18", {"document.technical_documentation": None}),
    ("AIA-18", {"document.quality_manual": None}),
    ("AIA-18", {"document.eu_declaration": None}),
    ("AIA-26(1)", {"oversight.assigned": {"assigned": 4, "accepted": 4, "trained": 3, "able": 3}}),
    ("AIA-26(8)", {"document.eu_registration": None}),
    ("AIA-55", {"incidents.handled": LATE}),
    ("AIA-60", {"incidents.reporting": {"late_undecided": 1, **LATE}}),
    ("AIA-75(1a)", {"incidents.reporting": {"late_undecided": 1, **LATE}}),
    ("AIA-75(1a)", {"incidents.reporting": {"met_late": 1, "missed": ["i-1 report"], **LATE}}),
    ("AIA-6(4)", {AI: {"contradictions": ["an exception and none"]}}),
    ("AIA-6(4)", {"classification.processing": {"score_drawn_on": True}}),
    ("AIA-25", {"conformity.modification": {"decision": "substantial"}}),
]


@pytest.mark.parametrize(("name", "altered"), NOT_SHOWN)
def test_what_nothing_shows_is_not_met(name, altered, judged):
    added = [(kind, {**FACTS[kind], **facts}) for kind, facts in altered.items() if kind == "conformity.modification"]
    assert judged(name).if_in_force is State.MET
    assert judged(name, altered, *added).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_a_report_that_is_owed_to_the_ai_office_and_late_is_none(judged):
    found = judged("AIA-75(1a)", {"incidents.reporting": {"late": 1, "late_by_law": 1, **LATE}})
    assert found.if_in_force is State.NOT_MET


def test_an_assessment_is_signed_for_the_version_in_use(judged):
    found = judged("AIA-27", {"attestation.fria": {"model_version": "credit-6"}})
    assert found.if_in_force is State.ATTESTATION_DUE


def test_a_test_in_real_world_conditions_ends_after_twice_six_months(judged, now):
    """Art. 60(4)(f)."""
    plan = "document.real_world_testing_plan"
    before, long_before = ({"produced_at": now - timedelta(days=days)} for days in (185, 366))
    assert judged("AIA-60", {plan: long_before}).if_in_force is State.EXPIRED
    signed = {plan: before, "attestation.real_world_testing": before}
    assert judged("AIA-60", signed).if_in_force is State.EXPIRED


def test_the_twenty_first_late_report_is_not_assessed_with_the_twenty():
    named = [f"i-{number:02} report" for number in range(MOST_NAMED + 2)]
    few, more, most = (_named(named[:count]) for count in (MOST_NAMED, MOST_NAMED + 1, MOST_NAMED + 2))
    assert few == {"missed": named[:MOST_NAMED]}
    found = {found_sha256(make_evidence("incidents.reporting", facts=facts)) for facts in (few, more, most)}
    assert len(found) == 3


# --- out of scope, not high-risk, in another area: not against what others say ---

OUTSIDE = {
    "in_scope": False, "route": "none", "level": "minimal", "area": None, "points": [], "prohibited": [],
    **dict.fromkeys(
        ("talks_to_people", "generative", "needs_exposure_notice", "gpai_provider", "gpai_systemic",
         "special_categories_for_bias"), False,
    ),
}  # fmt: skip
EXCEPTED = {"route": "none", "level": "minimal", "area": "4a", "points": ["4a"]}
AREA_4A = {"area": "4a", "points": ["4a"]}
ONLY_2 = {"area": "2", "points": ["2"], "provider": False, "public_body": True}
NOT_EXEMPT = [
    *((name, {**OUTSIDE, "outside_scope": "research"}, CREDIT)
      for name in ("AIA-4", "AIA-4a", "AIA-5", "AIA-5(ba)", "AIA-6", "AIA-9", "AIA-27", "AIA-50(1)", "AIA-53")),
    ("AIA-5", {**OUTSIDE, "outside_scope": "not_in_union"}, CREDIT),
    ("AIA-5", {**OUTSIDE, "outside_scope": "personal"}, HIRING),
    ("AIA-5", {**OUTSIDE, "outside_scope": "military"}, CALIFORNIA),
    ("AIA-5", {**OUTSIDE, "outside_scope": "not_on_market"}, ("classification.colorado_sb26_189", COLORADO)),
    ("AIA-5", {**OUTSIDE, "outside_scope": "research"}, ("incidents.handled", {"roles": ["deployer"]})),
    ("AIA-9", EXCEPTED, HIRING),
    ("AIA-9", EXCEPTED, CALIFORNIA),
    ("AIA-9", EXCEPTED, ("classification.colorado_sb26_189", COLORADO)),
    ("AIA-9", EXCEPTED, ("classification.processing", {**NOTHING, "solely_automated": True})),
    ("AIA-9", {**EXCEPTED, "area": None, "points": []}, CALIFORNIA),
    ("AIA-27", AREA_4A, CREDIT),
    ("AIA-27", AREA_4A, ("classification.processing", {**NOTHING, "basis": "public_task"})),
    ("AIA-49", ONLY_2, HIRING),
    ("AIA-26(11)", ONLY_2, HIRING),
    ("AIA-86", ONLY_2, CREDIT),
    ("AIA-26(1)", {"deployer": False}, ("classification.sox", {"issuer": True, "financial_reporting": True})),
    ("AIA-25(4)", {"third_party_supplies": False}, ("classification.sr_26_2", {"vendor": True})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "says"), NOT_EXEMPT)
def test_an_answer_exempts_from_nothing_that_others_deny(name, answers, says, judged):
    quiet = [
        ("classification.processing", NOTHING),
        ("vendors.agreements", {**FACTS["vendors.agreements"], "suppliers": 0}),
        ("bias.run", {**FACTS["bias.run"], "grounds": ["sex"]}),
    ]
    alone = judged(name, {AI: answers}, *quiet)
    assert alone.if_in_force is State.NOT_APPLICABLE
    beside = judged(name, {AI: answers}, *(one for one in quiet if one[0] != says[0]), says)
    assert beside.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert says[0] in beside.reason


def test_out_of_the_union_stands_beside_the_law_of_a_state(judged):
    for says in (HIRING, CALIFORNIA, ("classification.colorado_sb26_189", COLORADO)):
        found = judged("AIA-5", {AI: {**OUTSIDE, "outside_scope": "not_in_union"}}, says)
        assert found.if_in_force is State.NOT_APPLICABLE


def test_out_of_scope_that_others_deny_asks_nothing_of_a_role_that_nobody_has(judged):
    answers = {**OUTSIDE, "outside_scope": "research", "importer": False}
    assert judged("AIA-23", {AI: answers}, CREDIT).if_in_force is State.NOT_APPLICABLE


@pytest.mark.parametrize("says", [HIRING, CALIFORNIA])
def test_no_practice_does_not_hold_where_emotions_of_candidates_are_read(says, judged):
    """Art. 5(1)(f)."""
    answers = {"emotion_recognition": True, "area": "1c", "points": ["1c"]}
    assert judged("AIA-5", {AI: answers}).if_in_force is State.MET
    assert judged("AIA-5", {AI: answers}, says).if_in_force is State.INSUFFICIENT_EVIDENCE
    excepted = {**answers, "excepted_practices": ["f"]}
    assert judged("AIA-5", {AI: excepted}, says).if_in_force is State.MET


def test_each_denied_answer_is_looked_at_by_itself(judged):
    """Hiring denies the area and the role: that the area might be another one does not leave the role out."""
    found = judged(
        "AIA-27", {AI: {"deployer": False}}, ("classification.hiring_nyc", {"bound": True, "employer_or_agency": True})
    )
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


REASONS = "It is used by the armed forces only."
GIVEN = {
    "screening": dict.fromkeys(("a", "b", "c", "d", "e", "f", "g", "h", "ba", "bb"), False), "provider": True,
    "deployer": False, "annex_i_product": False, "area": None, "profiling": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        *(({"outside_scope": "military", "outside_reasons": REASONS, "area": f"{number}a"},
           "civil purpose") for number in sorted(CIVIL)),
        ({"gpai_modified": True, "third_party_supplies": False}, "nobody is said to supply"),
        ({"legacy_public_authority": True, "real_world_testing": True}, "before it is placed on the market"),
        ({"legacy_public_authority": True, "provider": False, "deployer": True, "public_body": False}, "Art. 111(2)"),
    ],
)  # fmt: skip
def test_answers_that_cannot_both_be_true_are_said_to(answers, says):
    found = classify_ai_act(AiActAnswers.model_validate(GIVEN | answers)).contradictions
    assert any(says in one for one in found)
    assert not any(says in one for one in classify_ai_act(AiActAnswers.model_validate(GIVEN)).contradictions)


# --- dates ---


@pytest.mark.parametrize("name", ["AIA-52", "AIA-53", "AIA-53(1)(a)", "AIA-54", "AIA-55"])
def test_models_of_before_august_2025_have_until_august_2027(name, judged):
    """Art. 111(3) speaks of all obligations of their providers."""
    assert judged(name).applies_from == date(2025, 8, 2)
    assert judged(name, {AI: {"gpai_before_2025_08_02": True}}).applies_from == date(2027, 8, 2)


def test_contradictory_answers_put_no_date_off(judged):
    legacy = {"legacy_public_authority": True}
    assert judged("AIA-9", {AI: legacy}).applies_from == date(2030, 8, 2)
    assert judged("AIA-9", {AI: {**legacy, "contradictions": ["x"]}}).applies_from == date(2027, 12, 2)


@pytest.mark.parametrize("name", ["AIA-60", "AIA-73", "AIA-75(1a)", "AIA-75(1e)", "AIA-86"])
def test_where_the_text_does_not_settle_the_date_both_readings_are_shown(name):
    assert {one.applies_from for one in PACK.requirement(name).open_readings} == {date(2026, 8, 2), date(2027, 12, 2)}


# --- asked of whom the text asks ---


@pytest.mark.parametrize("name", ["AIA-9", "AIA-10"])
def test_no_groups_are_asked_of_what_is_about_nobody(name, judged):
    answered = ("classification.processing", {"personal_data": False})
    about_nobody = {
        AI: {"area": "2", "points": ["2"], "remote_identification": False, "special_categories_for_bias": False},
        "vendors.agreements": {"processors": 0},
    }
    assert judged(name, {"bias.run": None}).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert judged(name, {"bias.run": None, **about_nobody}, answered).if_in_force is State.MET
    assert (
        judged(name, {"bias.run": None, "classification.processing": None}).if_in_force is State.INSUFFICIENT_EVIDENCE
    )
    assert judged(name, {"classification.processing": None}).if_in_force is State.MET
    assert judged(name, {"bias.run": None, AI: AREA_4A}, answered).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_no_advice_is_signed_for_that_article_4a_does_not_ask():
    assert "officer" not in PACK.requirement("AIA-4a").attestation.statement


SAID = {
    "AIA-2(2)": ["Art. 60a"],
    "AIA-4a": ["confidentiality", "other data would not do", "4a(2)(a)"],
    "AIA-9": ["deployers can be expected to know", "performs consistently"],
    "AIA-10": ["10(6)"],
    "AIA-13": ["relevant, accessible", "representative"],
    "AIA-23": ["name and address"],
    "AIA-25(4)": ["state of the art"],
    "AIA-26(5)": ["could not be reached"],
    "AIA-26(11)": ["2016/680"],
    "AIA-47": ["one declaration for all", "asked for a copy"],
    "AIA-48": ["48(5)"],
    "AIA-53": ["state-of-the-art technologies", "53(3)"],
    "AIA-55": ["tools of the state of the art"],
    "AIA-72": ["part of its technical documentation"],
    "AIA-73": ["without delay", "in cooperation with the authorities"],
}


@pytest.mark.parametrize("name", SAID)
def test_the_signature_names_each_limb(name):
    said = PACK.requirement(name).attestation.statement
    assert [words for words in SAID[name] if words not in said] == []
