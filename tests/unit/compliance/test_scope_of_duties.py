"""Who owes what: duties follow from the answers to the questionnaires, as the articles themselves limit them."""

from __future__ import annotations

from datetime import date

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.rules.judge import evaluate

SCREENED = dict.fromkeys(PRACTICES, False)
CREDIT = {
    "screening": SCREENED,
    "provider": True,
    "deployer": True,
    "annex_i_product": False,
    "area": "5b",
    "profiling": True,
}


@pytest.fixture
def state(register, store, audit, bus, now):
    """The state of a requirement of a model that some answers were given for."""
    model = register()

    def look(answers, requirement_id, *, framework_id="eu_ai_act", questionnaire="ai_act"):
        given = {"store": store, "audit": audit, "bus": bus}
        classify(model.id, questionnaire, answers, **given, actor="ada", now=now)
        statuses = evaluate_model(model.id, **given, now=now)
        status = next(it for it in statuses if it.framework_id == framework_id)
        return next(it for it in status.requirements if it.requirement_id == requirement_id)

    return look


@pytest.mark.parametrize(
    ("unanswered", "first", "added"),
    [
        (tuple(PRACTICES), State.INSUFFICIENT_EVIDENCE, State.INSUFFICIENT_EVIDENCE),
        (("ba",), State.MET, State.INSUFFICIENT_EVIDENCE),
        (("c",), State.INSUFFICIENT_EVIDENCE, State.MET),
        ((), State.MET, State.MET),
    ],
)
def test_a_practice_that_nobody_was_asked_about_is_not_known_to_be_absent(unanswered, first, added, state):
    answers = {**CREDIT, "screening": {letter: False for letter in PRACTICES if letter not in unanswered}}
    checks = [part.state for part in state(answers, "AIA-5").parts if part.part == "check"][:1]
    assert checks == [first]
    checks = [part.state for part in state(answers, "AIA-5(ba)").parts if part.part == "check"][:1]
    assert checks == [added]


def test_a_prohibited_practice_is_one_whatever_else_was_not_answered(state):
    assert state({**CREDIT, "screening": {"c": True}}, "AIA-5").state is State.NOT_MET


PROVIDER = {"deployer": False}
PRIVATE = {"public_body": False, "public_service": False}
PUBLIC = {"provider": False, "public_body": True}


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        pytest.param({}, {"AIA-27", "AIA-49", "AIA-86"}, id="credit scoring"),
        pytest.param({"area": "4", **PRIVATE}, {"AIA-49", "AIA-86"}, id="hiring, private"),
        pytest.param({"area": "4", **PUBLIC}, {"AIA-27", "AIA-49", "AIA-86"}, id="hiring, a public body deploys"),
        pytest.param({"area": "2", **PROVIDER}, {"AIA-49"}, id="infrastructure, provider"),
        pytest.param({"area": "2", **PUBLIC}, set(), id="infrastructure, a public body deploys"),
        pytest.param({"area": None, "annex_i_product": True, "public_body": True}, set(), id="product"),
        pytest.param({"annex_i_product": True}, {"AIA-27", "AIA-49", "AIA-86"}, id="product in an area of Annex III"),
    ],
)
def test_duties_that_hang_on_annex_iii_are_asked_of_its_systems_only(answers, asked, state):
    """Art. 27(1), 49(1), (3) and 86(1) name Annex III and leave out its point 2; Art. 49(5) has that one registered."""
    found = {
        name
        for name in ("AIA-27", "AIA-49", "AIA-86")
        if state({**CREDIT, **answers}, name).state is not State.NOT_APPLICABLE
    }
    assert found == asked


def test_a_product_in_an_area_of_annex_iii_has_the_earlier_date(state):
    assert state({**CREDIT, "annex_i_product": True}, "AIA-9").applies_from == date(2027, 12, 2)
    assert state({**CREDIT, "annex_i_product": True, "area": None}, "AIA-9").applies_from == date(2028, 8, 2)


def test_only_an_excepted_system_of_annex_iii_owes_the_assessment_of_6_4(state):
    prohibited = {**CREDIT, "screening": {**SCREENED, "c": True}}
    assert state(prohibited, "AIA-6(4)").state is State.NOT_APPLICABLE
    excepted = {
        "profiling": False,
        "exception_grounds": ["narrow_task"],
        "exception_reasons": "It only sorts incoming files.",
    }
    assert state({**CREDIT, "area": "3b", **excepted}, "AIA-6(4)").state is State.NOT_YET_IN_FORCE


@pytest.mark.parametrize(
    ("condition", "met"), [("9(2)(a)", True), ("Art. 9(2)(g)", True), ("9(2)(h)", False), (None, False)]
)
def test_automated_decisions_on_special_categories_rest_on_two_conditions_only(condition, met, state):
    """GDPR Art. 22(4)."""
    answers = {
        "personal_data": True,
        "special_categories": True,
        "special_condition": condition,
        "basis": "contract",
        "solely_automated": True,
        "automated_exception": "contract",
    }
    found = state(answers, "GDPR-22", framework_id="gdpr", questionnaire="processing")
    checks = [part.state is State.MET for part in found.parts if part.part == "check"]
    assert checks[:3] == [True, met, True], "and the answers do not contradict each other"


def test_thresholds_changed_after_the_data_were_there_were_not_set_beforehand(
    everything, evidence, subject, facts_of, now
):
    """AI Act, Art. 9(8)."""
    framework = built_in()["eu_ai_act"]
    late = [
        evidence(item.kind, facts={**item.facts, "thresholds_set_before": False}) if item.kind == "drift.run" else item
        for item in everything(framework)
    ]
    status = evaluate(framework, subject, facts_of(late), now=now)
    found = next(item for item in status.requirements if item.requirement_id == "AIA-9")
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE, "the tests before the market may have had theirs"
    assert "thresholds were changed after the tested window had begun" in found.reason
