"""Twelve systems through the questionnaire: each comes out right, and each way of answering it wrong is named.

Provisions: Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from syndic.compliance.questionnaires.annexes import AREAS, OUTSIDE, PRACTICES, SECTION_A, SECTION_B
from syndic.compliance.questionnaires.outcomes import Outcome
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act

BASE: dict[str, Any] = {
    "screening": dict.fromkeys(PRACTICES, False),
    "provider": True,
    "deployer": True,
    "annex_i_product": False,
    "area": None,
    "profiling": False,
}
CLAIM = {
    "exception_grounds": ["narrow_task"],
    "exception_reasons": "It only puts incoming files into alphabetical order.",
}
WHY = "Used by the hospital to notice pain of patients who cannot speak."
NO_FACES = {"emotion_recognition": False, "biometric_categorisation": False, "deep_fake": False}
WHY = "The dialogue says in its first line that a machine answers."
SAFE = {"failure_endangers": True, "only_comfort": False}
DEPLOYER = {"provider": False}


def practice(letter: str, **over: Any) -> dict[str, Any]:
    return {"screening": {**BASE["screening"], letter: True}, **over}


def classified(on: date | None = None, **over: Any) -> Outcome:
    return classify_ai_act(AiActAnswers.model_validate({**BASE, **over}), on=on)


RIGHT = {
    "credit scoring": ({"area": "5b", "profiling": True}, "high", "annex_iii"),
    "fraud detection": ({"financial_fraud_detection": True, "profiling": True}, "minimal", "none"),
    "CV screening, deployer": ({**DEPLOYER, "area": "4a", "profiling": True}, "high", "annex_iii"),
    "deployer with the provider's assessment": (
        {**DEPLOYER, "area": "3b", "providers_assessment": True, **CLAIM}, "minimal", "none",
    ),
    "chatbot": ({"talks_to_people": True, "generative": True}, "limited", "none"),
    "recommender": ({"profiling": True}, "minimal", "none"),
    "emotion recognition at work": (
        practice("f", **DEPLOYER, emotion_recognition=True, area="1c", at_workplace=True), "unacceptable", "annex_iii",
    ),
    "emotion recognition for medical reasons": (
        practice("f", emotion_recognition=True, area="1c", practice_exceptions={"f": WHY}, harmonised_standards=False,
                 authority_area=False),
        "high", "annex_iii",
    ),
    "emotion recognition in a shop": ({**DEPLOYER, "emotion_recognition": True, "area": "1c"}, "high", "annex_iii"),
    "biometric categorisation": ({**DEPLOYER, "biometric_categorisation": True, "area": "1b"}, "high", "annex_iii"),
    "medical device": ({"annex_i_product": True, "annex_i_act": "2017/745", **SAFE}, "high", "annex_i"),
    "car": ({"annex_i_product": True, "annex_i_act": "2018/858", **SAFE}, "high", "annex_i_b"),
    "aircraft": ({"annex_i_product": True, "annex_i_act": "2018/1139", **SAFE}, "high", "annex_i_b"),
    "machinery": ({"annex_i_product": True, "annex_i_act": "machinery", **SAFE}, "high", "annex_i_b"),
    "life insurance pricing": ({"area": "5c", "profiling": True}, "high", "annex_iii"),
    "exam proctoring": ({"area": "3d"}, "high", "annex_iii"),
    "a school's timetable": ({}, "minimal", "none"),
    "grid safety component": ({"area": "2", **SAFE}, "high", "annex_iii"),
    "fine-tuned model, a tenth of the compute": (
        {"generative": True, "gpai_modified": True, "compute_share": 0.1}, "limited", "none",
    ),
    "importer": ({"provider": False, "deployer": False, "importer": True, "area": "3d"}, "high", "annex_iii"),
    "distributor": ({"provider": False, "deployer": False, "distributor": True, "area": "3d"}, "high", "annex_iii"),
    "representative": (
        {"provider": False, "deployer": False, "authorised_representative": True, "area": "3d"}, "high", "annex_iii",
    ),
    "military": ({"area": "1a", "remote_identification": True, "outside_scope": "military",
                  "harmonised_standards": True,
                  "outside_reasons": "Built for and used by the army alone."}, "minimal", "none"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_system_that_is_answered_for_as_it_is_comes_out_right_and_undisputed(name):
    answers, level, route = RIGHT[name]
    found = classified(**answers)
    assert (found.facts["level"], found.facts["route"], found.contradictions) == (level, route, ())
    assert found.facts["open_questions"] == []
    assert found.reasons


WRONG = {
    "scoring said not to be profiling": ({"area": "5b", **CLAIM}, "high", "which is profiling"),
    "insurance said not to be profiling": ({"area": "5c"}, "high", "which is profiling"),
    "CV screening said not to be profiling": ({"area": "4a"}, "high", "evaluating a candidate"),
    "a deployer concludes for itself": ({**DEPLOYER, "area": "3b", **CLAIM}, "high", "conclusion is the provider's"),
    "reasons that are none": ({"area": "3b", **CLAIM, "exception_reasons": "x"}, "high", "without reasons"),
    "reasons that are a placeholder": ({"area": "3b", **CLAIM, "exception_reasons": "TBD " * 20}, "high", "without"),
    "emotions at work, screened no": (
        {**DEPLOYER, "at_workplace": True, "emotion_recognition": True, "area": "1c"}, "high", "(f) is not",
    ),
    "emotions, area none": ({**DEPLOYER, "emotion_recognition": True}, "high", "point 1c follows"),
    "categories, area none": ({**DEPLOYER, "biometric_categorisation": True}, "high", "point 1b follows"),
    "identification, area none": ({**DEPLOYER, "remote_identification": True}, "high", "point 1a follows"),
    "exposure notice that says not for what": ({"needs_exposure_notice": True}, "limited", "none of emotion"),
    "a biometric area for what is none": ({**DEPLOYER, "area": "1b"}, "high", "said not to do"),
    "no role at all": ({"provider": False, "deployer": False}, "minimal", "no role"),
    "an exception to (f) without reasons": (
        practice("f", **DEPLOYER, emotion_recognition=True, area="1c", practice_exceptions={"f": "x"}), "unacceptable",
        "without reasons",
    ),
    "an exception to (h) without its objective": (
        practice("h", **DEPLOYER, remote_identification=True, area="1a", practice_exceptions={"h": WHY}),
        "unacceptable",
        "without its objective",
    ),
    "an exception to a practice that is not there": ({"practice_exceptions": {"f": WHY}}, "minimal", "is not present"),
    "name on another's system": ({**DEPLOYER, "area": "3d", "own_name": True}, "high", "Art. 25 makes"),
    "purpose changed": ({**DEPLOYER, "area": "3d", "purpose_changed": True}, "high", "Art. 25 makes"),
    "fine-tuned with half the compute": (
        {"generative": True, "gpai_modified": True, "compute_share": 0.5}, "limited", "more than a third",
    ),
    "grid component for comfort": (
        {"area": "2", "only_comfort": True, "failure_endangers": False}, "high", "serves comfort or efficiency only",
    ),
    "comfort that endangers": ({"area": "2", "only_comfort": True, "failure_endangers": True}, "high", "Art. 6(1b)"),
    "outside scope without reasons": ({"area": "3d", "outside_scope": "research"}, "high", "without reasons"),
    "open source and high-risk": (
        {"area": "3d", "outside_scope": "open_source", "outside_reasons": "Published under the Apache licence."},
        "high",
        "Art. 2(12)",
    ),
    "personal use by an employer": (
        {"area": "3d", "at_workplace": True, "outside_scope": "personal", "outside_reasons": "It is for my use only."},
        "high", "purely personal use",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_named_and_does_not_lower_the_level(name):
    answers, level, says = WRONG[name]
    found = classified(**answers)
    assert any(says in text for text in found.contradictions), found.contradictions
    assert (found.facts["level"], found.failing) == (level, True)


OPEN = {
    "education, no sub-point": ({"area": "3"}, "sub-point of Annex III point 3"),
    "product, no act": ({"annex_i_product": True, **SAFE}, "which act of Annex I"),
    "grid, safety not asked": ({"area": "2"}, "endanger health or safety"),
    "modified model, compute not known": ({"gpai_modified": True}, "share of the original compute"),
    "biometrics, standards not known": ({"emotion_recognition": True, "area": "1c"}, "harmonised standards"),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_answered_is_an_open_question(name):
    answers, says = OPEN[name]
    assert any(says in str(question) for question in classified(**answers).facts["open_questions"])


def test_a_practice_added_in_2026_is_prohibited_from_its_day_on():
    before, on_it = (classified(day, **practice("ba")) for day in (date(2026, 12, 1), date(2026, 12, 2)))
    assert (before.facts["level"], on_it.facts["level"]) == ("minimal", "unacceptable")
    assert "not prohibited before that day" in before.reasons[0]
    assert before.facts["prohibited_added"] == ["ba"]


@pytest.mark.parametrize("letter", ["ba", "bb"])
def test_a_general_image_model_with_safeguards_is_not_prohibited(letter):
    """Art. 5(1a): only when intended, or foreseeable, reproducible and without adequate safeguards."""
    why = "General image model; a filter of prompts and output prevents it and reports of misuse are corrected."
    found = classified(**practice(letter, generative=True, practice_exceptions={letter: why}))
    assert (found.facts["level"], found.facts["prohibited_added"], found.contradictions) == ("limited", [], ())
    assert found.facts["excepted_practices"] == [letter]


@pytest.mark.parametrize("act", [*SECTION_A, *SECTION_B])
def test_each_act_of_annex_i_leads_to_its_section(act):
    found = classified(annex_i_product=True, annex_i_act=act, **SAFE)
    assert found.facts["route"] == ("annex_i" if act in SECTION_A else "annex_i_b")
    assert any("2(2)" in reason for reason in found.reasons) is (act in SECTION_B)


def test_what_serves_comfort_in_a_product_is_no_safety_component():
    """Art. 6(1a)."""
    found = classified(
        annex_i_product=True, annex_i_act="2017/745", only_comfort=True, failure_endangers=False, exemption_reasons=WHY
    )
    assert found.facts["level"] == "minimal"
    assert found.contradictions


ROUTES = {
    "Annex III 2 to 8": ({"area": "5b", "profiling": True}, "annex_vi"),
    "biometrics without standards": (
        {"area": "1c", "emotion_recognition": True, "harmonised_standards": False}, "annex_vii",
    ),
    "biometrics with standards": (
        {"area": "1c", "emotion_recognition": True, "harmonised_standards": True}, "annex_vi_or_vii",
    ),
    "biometrics, not answered": ({"area": "1c", "emotion_recognition": True}, None),
    "product of Section A": ({"annex_i_product": True, "annex_i_act": "2017/745", **SAFE}, "sector"),
    "product of Section A in an area": (
        {"annex_i_product": True, "annex_i_act": "2017/745", **SAFE, "area": "5d"}, "sector",
    ),
    "product of Section B": ({"annex_i_product": True, "annex_i_act": "machinery", **SAFE}, None),
    "not high-risk": ({}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", ROUTES)
def test_the_conformity_procedure_follows_from_the_answers(name):
    """Art. 43(1)-(3)."""
    answers, route = ROUTES[name]
    assert classified(**answers).facts["conformity_route"] == route


@pytest.mark.parametrize(
    ("answers", "duty"),
    [
        ({"talks_to_people": True, "obvious": True}, "talks_to_people"),
        ({"generative": True, "assistive_editing": True}, "generative"),
        ({"informs_public": True, "editorial_responsibility": True, **NO_FACES}, "needs_exposure_notice"),
    ],
)
def test_an_exception_of_article_50_takes_the_duty_off(answers, duty):
    reasoned = classified(**answers, exemption_reasons=WHY)
    assert (reasoned.facts[duty], reasoned.facts["level"], reasoned.contradictions) == (False, "minimal", ())
    for hollow in ("", "tbd"):
        unfounded = classified(**answers, exemption_reasons=hollow)
        assert unfounded.facts[duty] is True
        assert any("claimed without reasons" in one for one in unfounded.contradictions)
    first = next(iter(answers))
    assert classified(**{first: True}).facts[duty] is True


@pytest.mark.parametrize("share", [0.0, 1 / 3, 0.34, 1.0])
def test_more_than_a_third_of_the_compute_makes_a_provider_of_the_model(share):
    found = classified(gpai_provider=False, gpai_modified=True, compute_share=share)
    assert found.facts["gpai_provider"] is (share > 1 / 3)


@pytest.mark.parametrize("reason", OUTSIDE)
def test_each_way_out_of_scope_needs_reasons_and_then_leaves_no_duty(reason):
    why = "The contract with the institute allows no other use than this one."
    answers = {"provider": reason != "personal", "deployer": reason not in {"research", "not_on_market"}}
    if reason == "open_source":
        left = classified(**answers, outside_scope=reason, outside_reasons=why)
        assert left.facts["in_scope"] is True, "whether Art. 50 reaches it was not answered"
        answers |= {"talks_to_people": False, "generative": False}
    found = classified(**answers, outside_scope=reason, outside_reasons=why)
    assert (found.facts["in_scope"], found.contradictions) == (False, ())
    assert found.reasons == (OUTSIDE[reason],)
    assert classified(**answers, outside_scope=reason).facts["in_scope"] is True


@pytest.mark.parametrize("area", AREAS)
def test_every_sub_point_is_shown_with_the_question(area):
    described = AiActAnswers.model_json_schema()["properties"]["area"]["description"]
    assert f"{area}: " in described
