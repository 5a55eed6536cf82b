"""Who owes what: processors and controllers, where an officer is designated, systems under several points of a list."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.compliance.questionnaires.scoping import ProcessingAnswers, classify_processing
from syndic.compliance.rules.judge import evaluate
from tests.unit.compliance.conftest import FACTS, make_evidence

OF_BOTH = {"GDPR-32", "GDPR-37", "GDPR-44"}
OF_THE_PROCESSOR = {"GDPR-28(3)", "GDPR-30(2)", "GDPR-33(2)"}
CREDITOR = make_evidence(
    "classification.consumer_credit_directive", facts={"creditor": True, "consumer_credit": True, "assesses": True}
)
AS_CONTROLLER = make_evidence("document.processing_record", facts={"entries": 1, "transfers": 0})
AS_PROCESSOR = make_evidence("document.processor_record", facts={"entries": 1, "transfers": 0})


@pytest.fixture
def judged(everything, subject, facts_of, now):
    def look(framework_id, kind, change, *more):
        compiled = built_in()[framework_id]
        beside = {it.kind for it in more}
        items = [
            it.model_copy(update={"facts": {n: v for n, v in {**it.facts, **change}.items() if v is not None}})
            if it.kind == kind
            else it
            for it in everything(compiled)
            if it.kind not in beside and not it.kind.endswith(("processing_record", "processor_record"))
        ]
        found = evaluate(compiled, subject, facts_of([*items, *more]), now=now).requirements
        return {it.requirement_id: it for it in found}

    return look


def facts_from(**answers):
    return classify_processing(ProcessingAnswers.model_validate({"personal_data": True, **answers})).facts


@pytest.mark.parametrize(
    ("role", "controller", "processor"),
    [("controller", True, False), ("processor", False, True), ("both", True, True), (None, True, None)],
)
def test_each_role_is_asked_for_its_own_duties(role, controller, processor, judged):
    said = facts_from(role=role)
    assert (said["controller"], said.get("processor")) == (controller, processor)
    found = judged(
        "gdpr", "classification.processing", {"role": role, "controller": controller, "processor": processor,
                                              "direct_marketing": True},
    )  # fmt: skip
    away = {name for name, it in found.items() if it.if_in_force is State.NOT_APPLICABLE}
    duties = found.keys() - OF_THE_PROCESSOR - OF_BOTH - {"GDPR-21"}
    assert (away & duties) == (set() if controller else duties)
    wanted = {True: set(), False: OF_THE_PROCESSOR, None: set()}[processor]
    assert away & (OF_THE_PROCESSOR | OF_BOTH) == wanted
    if processor is None:  # nobody answered: that takes nothing away, and shows nothing
        assert {found[name].if_in_force for name in OF_THE_PROCESSOR} == {State.INSUFFICIENT_EVIDENCE}


@pytest.mark.parametrize("beside", [CREDITOR, AS_CONTROLLER])
def test_who_decides_on_purposes_is_no_processor_by_its_own_word(beside, judged):
    change = {"role": "processor", "controller": False}
    assert judged("gdpr", "classification.processing", change)["GDPR-35"].if_in_force is State.NOT_APPLICABLE
    found = judged("gdpr", "classification.processing", change, beside)["GDPR-35"]
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert beside.kind in found.reason


def test_who_is_on_record_as_processor_is_one(judged):
    change = {"role": "controller", "processor": False}
    assert judged("gdpr", "classification.processing", change)["GDPR-30(2)"].if_in_force is State.NOT_APPLICABLE
    found = judged("gdpr", "classification.processing", change, AS_PROCESSOR)["GDPR-30(2)"]
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def test_a_processor_that_decides_with_somebody_contradicts_itself():
    asked = ProcessingAnswers(personal_data=True, role="processor", joint_controllers=True)
    assert any("decides on purposes" in one for one in classify_processing(asked).contradictions)


@pytest.mark.parametrize(
    ("designated", "state"),
    [(True, State.MET), (False, State.NOT_APPLICABLE), (None, State.INSUFFICIENT_EVIDENCE)],
)
def test_the_officer_is_asked_where_one_is_designated(designated, state, judged):
    change = {"officer_designated": designated}
    found = judged("gdpr", "classification.processing", change)
    assert found["GDPR-35(2)"].if_in_force is state
    assert found["GDPR-37"].if_in_force is State.MET  # why none is, is signed for there


def test_no_officer_beside_accounts_in_the_role_of_one_exempts_from_nothing(judged):
    said = make_evidence("directory.accounts", facts={"by_role": {"data_protection_officer": 1}})
    found = judged("gdpr", "classification.processing", {"officer_designated": False}, said)["GDPR-35(2)"]
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


def classified(**answers):
    base = {
        "screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": True, "annex_i_product": False,
        "area": None, "profiling": True,
    }  # fmt: skip
    return classify_ai_act(AiActAnswers.model_validate({**base, **answers}))


@pytest.mark.parametrize(
    ("answers", "area", "points", "apart"),
    [
        ({"area": "4a", "further_areas": ["5b"]}, "5b", ["4a", "5b"], False),  # Art. 27(1)(b) is owed
        ({"area": "2", "further_areas": ["4a"]}, "4a", ["2", "4a"], False),  # not registered nationally only
        ({"area": "4a", "further_areas": ["4a"]}, "4a", ["4a"], False),
        ({"area": "4a", "further_areas": ["6e"], "public_body": True}, "4a", ["4a", "6e"], True),
        ({"area": "1a", "remote_identification": True}, "1a", ["1a"], None),
        ({"area": "1a", "remote_identification": True, "authority_area": True}, "1a", ["1a"], True),
        ({"area": "1a", "remote_identification": True, "authority_area": False}, "1a", ["1a"], False),
        ({"area": None}, None, [], False),
    ],
)
def test_a_system_may_fall_under_several_points(answers, area, points, apart):
    facts = classified(**answers).facts
    assert (facts["area"], facts["points"], facts.get("registered_apart")) == (area, points, apart)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"area": None, "further_areas": ["4a"]}, "no area of Annex III is named, but further ones are"),
        ({"area": "4a", "further_areas": ["5b"], "profiling": False}, "point 5b rates persons"),
        ({"area": "4a", "further_areas": ["1c"]}, "point 1c is named, but the system is said not to do"),
        ({"area": "6e", "authority_area": False, "public_body": True}, "which points 6 and 7 are"),
        ({"area": "4a", "further_areas": ["6e"], "public_body": False}, "6(e) is for authorities"),
        ({"area": "4a", "further_areas": ["5b"], "financial_fraud_detection": True}, "it excludes systems"),
    ],
)
def test_a_further_point_contradicts_as_the_first_does(answers, says):
    assert any(says in one for one in classified(**answers).contradictions), classified(**answers).contradictions


def test_a_further_point_of_scoring_keeps_an_exception_shut():
    claim = {"exception_grounds": ["narrow_task"], "exception_reasons": "It only puts files into an order."}
    assert classified(area="3b", profiling=False, **claim).facts["route"] == "none"
    assert classified(area="3b", further_areas=["5b"], profiling=False, **claim).facts["route"] == "annex_iii"


@pytest.mark.parametrize("name", ["AIA-27", "AIA-49", "AIA-86"])
def test_critical_infrastructure_leaves_out_only_what_is_nothing_else(name, judged):
    alone = {"area": "2", "points": ["2"], "provider": False, "public_body": True, "deployer": True}
    found = judged("eu_ai_act", "classification.ai_act", alone)
    assert found[name].if_in_force is State.NOT_APPLICABLE
    both = classified(area="2", further_areas=["4a"], provider=False, public_body=True).facts
    assert judged("eu_ai_act", "classification.ai_act", {**FACTS["classification.ai_act"], **both})[
        name
    ].if_in_force is not State.NOT_APPLICABLE  # fmt: skip


@pytest.mark.parametrize(
    ("change", "applies"),
    [
        ({"conformity_route": "annex_vii"}, True),
        ({"conformity_route": "annex_vi_or_vii"}, True),
        ({"conformity_route": "annex_vi"}, False),  # internal control: no third party
        ({"conformity_route": "annex_vii", "gpai_same_provider": False}, False),
        ({"conformity_route": "annex_vii", "gpai_same_provider": False, "very_large_platform": True}, True),
        ({"conformity_route": "annex_vii", "area": "2", "points": ["2"]}, False),  # 75(1)(a)(ii)
        ({"conformity_route": "sector", "route": "annex_i", "area": None, "very_large_platform": True}, True),
        ({"conformity_route": "sector", "route": "annex_i", "area": None}, False),  # 75(1)(a)(i)
        ({"conformity_route": "annex_vii", "provider": False}, False),
    ],
)
def test_a_third_party_assesses_by_way_of_the_commission_where_the_office_is_competent(change, applies, judged):
    found = judged("eu_ai_act", "classification.ai_act", change)["AIA-75(1e)"]
    assert found.if_in_force is (State.MET if applies else State.NOT_APPLICABLE)
