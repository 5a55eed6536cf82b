"""Kinds of error that a reading by somebody who had not seen the packs before found: each holds for every pack."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.compliance.questionnaires.scoping import OF_PERSONS, ProcessingAnswers, classify_processing
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from syndic.registers.requests.evidence import EXPLANATION, OF_THE_CONTROLLER
from syndic.registers.requests.models import PersonRight

ALL = [requirement for compiled in built_in().values() for requirement in compiled.framework.requirements]


def requirement(name):
    return next(item for item in ALL if item.id == name)


def kinds_of(item):
    return {need.kind for check in item.checks for need in check.needs}


@pytest.fixture
def judged(everything, subject, facts_of, now):
    """The state of a requirement with everything on record, some kinds of evidence altered."""

    def look(name, changes=None, statuses=None):
        compiled = next(it for it in built_in().values() if it.framework.requirement(name) is not None)
        items = [
            item.model_copy(
                update={
                    "facts": {**item.facts, **(changes or {}).get(item.kind, {})},
                    "status": (statuses or {}).get(item.kind, item.status),
                }
            )
            for item in everything(compiled)
        ]
        found = evaluate(compiled, subject, facts_of(items), now=now).requirements
        return next(it for it in found if it.requirement_id == name)

    return look


# Met while what is on record says that the duty was not kept

ANSWERED = {
    "requests.access": {"GDPR-15", "CCPA-7222", "LL144-notice-data"},
    "requests.automated": {
        "GDPR-22", "CCD-18(8)", "CCPA-7221", "CCPA-7221(b)", "CO-1705", "RMF-MANAGE-4", "RMF-MANAGE-4.1",
    },
    "requests.consent": {"AIA-60", "GDPR-5(1)(a)", "GDPR-6", "GDPR-7"},
    "requests.erasure": {"GDPR-17"},
    "requests.explanation": {"AIA-86", "CCPA-7222"},
    "requests.objection": {"GDPR-21", "CCPA-7221"},
    "requests.portability": {"GDPR-20"},
    "requests.rectification": {"GDPR-5(1)(d)", "GDPR-16", "CO-1705"},
    "requests.restriction": {"GDPR-18"},
}  # fmt: skip
WANT_OTHER_ANSWERS_TOO = {"GDPR-5(1)(a)", "GDPR-6", "GDPR-21", "CCPA-7221", "CCPA-7221(b)"}
"""As a basis that is consent."""


@pytest.mark.parametrize("kind", ANSWERED)
def test_who_has_to_answer_a_request_is_not_met_while_one_on_record_is_late(kind, judged):
    assert {item.id for item in ALL if kind in kinds_of(item)} == ANSWERED[kind]
    for name in sorted(ANSWERED[kind] - WANT_OTHER_ANSWERS_TOO):
        assert judged(name).if_in_force is State.MET
        for fact in ("late", "answered_late"):
            assert judged(name, {kind: {fact: 1}}).if_in_force is not State.MET


def test_each_right_of_the_register_is_shown_by_itself():
    alone = {rights[0] for rights in OF_THE_CONTROLLER.values() if len(rights) == 1}
    assert alone | {PersonRight.EXPLANATION} == set(PersonRight)
    assert {*OF_THE_CONTROLLER, EXPLANATION} - {"requests.handled"} == ANSWERED.keys()


def test_alerts_show_something_only_where_monitoring_answers(judged):
    told = [item.id for item in ALL if "alerts.handled" in kinds_of(item)]
    assert {"GAI-incidents", "HIPAA-activity-review", "SOX-review"} <= set(told)
    silent = {"drift.run": EvidenceStatus.INCONCLUSIVE}
    assert [name for name in told if judged(name, statuses=silent).if_in_force is State.MET] == []


@pytest.mark.parametrize(
    ("oldest", "gone_after", "state"),
    [
        ("2025-11-23T00:00:00+00:00", "0h", State.MET),
        ("2025-11-20T00:00:00+00:00", "0h", State.MET),  # a store takes a day or two to delete
        ("2025-11-17T00:00:00+00:00", "0h", State.NOT_MET),
        ("2025-11-23T00:00:00+00:00", "720h", State.INSUFFICIENT_EVIDENCE),  # a year, and a month as earlier versions
        ("2026-05-01T00:00:00+00:00", "8760h", State.INSUFFICIENT_EVIDENCE),
        ("2026-05-01T00:00:00+00:00", "720h", State.MET),
    ],
)
def test_what_stays_after_deletion_is_added_to_the_age(oldest, gone_after, state, judged):
    days = int(gone_after[:-1]) // 24
    found = judged(
        "GDPR-5(1)(e)",
        {
            "capture.config": {"oldest_hour": oldest},
            "storage.captures": {"gone_after": gone_after, "gone_after_days": days},
        },
    )
    assert found.if_in_force is state


# Not met though the text asks less

REACHED = {"RMF-MEASURE-2", "RMF-MEASURE-2.5", "SOC2-PI1"}
"""Where the text wants a declared level reached, or itself declares it."""


def test_a_missed_level_contradicts_only_what_wants_it_reached(judged, everything, evidence, subject, facts_of, now):
    missed = {"quality.performance": EvidenceStatus.FAILING}
    reading = [item.id for item in ALL if "quality.performance" in kinds_of(item)]
    states = {name: judged(name, statuses=missed).if_in_force for name in reading}
    assert {name for name, state in states.items() if state is State.NOT_MET} == REACHED
    assert states.pop("CCPA-7221(b)(2)") is State.NOT_APPLICABLE  # an appeal is offered in this world
    assert {*states.values()} == {State.NOT_MET, State.INSUFFICIENT_EVIDENCE}
    compiled = built_in()["sr_26_2"]
    items = [
        it.model_copy(update={"status": missed.get(it.kind, it.status)})
        for it in everything(compiled)
        if it.kind != "document.performance_assessment"
    ]
    run = next(it for it in items if it.kind == "quality.performance")
    facts = {"model_version": subject.version, FACT: {run.kind: found_sha256(run)}}
    paper = evidence("document.performance_assessment", facts=facts)
    found = evaluate(compiled, subject, facts_of([*items, paper]), now=now).requirements
    assert next(it for it in found if it.requirement_id == "SR-validation").if_in_force is State.MET


# Asked of others than the text asks, or of nobody

ALONE = {
    "classification.ai_act": {"route": "annex_iii", "area": "2", "points": ["2"]},
    "classification.processing": dict.fromkeys(("solely_automated", "score_drawn_on", "systematic_evaluation"), False),
}
NOT_HIGH = {"classification.ai_act": {"route": "none"}}
NO_ROLE = {"classification.ai_act": {"provider": False, "deployer": False}}
OUTSIDE = {"classification.ai_act": {"in_scope": False}}


@pytest.mark.parametrize(
    ("name", "answers"),
    [("AIA-26(11)", ALONE), ("AIA-60", NOT_HIGH), ("AIA-4", NO_ROLE), ("AIA-4", OUTSIDE)],
)
def test_a_duty_is_asked_of_those_whom_its_article_names(name, answers, judged):
    assert judged(name).if_in_force is State.MET
    assert judged(name, answers).if_in_force is State.NOT_APPLICABLE


VALUES = {"basis": "contract", "automated_exception": "law"}


@pytest.mark.parametrize("answer", OF_PERSONS)
def test_no_personal_data_does_not_hold_beside_an_answer_about_them(answer, judged):
    outcome = classify_processing(
        ProcessingAnswers.model_validate({"personal_data": False, answer: VALUES.get(answer, True)})
    )
    assert any(answer.replace("_", " ") in one for one in outcome.contradictions)
    found = judged("GDPR-15", {"classification.processing": outcome.facts})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert classify_processing(ProcessingAnswers(personal_data=False)).contradictions == ()


ANSWERS = {
    "screening": dict.fromkeys(("a", "b", "c", "d", "e", "f", "g", "h", "ba", "bb"), False),
    "provider": True,
    "deployer": False,
    "annex_i_product": False,
    "area": "4a",
    "profiling": True,
}
UNSEEN = {"outside_scope": "not_on_market", "outside_reasons": "It is built and tried out in our own laboratory only."}


@pytest.mark.parametrize(
    ("tested", "inside"), [({"real_world_testing": True}, True), ({}, True), ({"real_world_testing": False}, False)]
)
def test_testing_in_real_world_conditions_is_not_left_out(tested, inside):
    outcome = classify_ai_act(AiActAnswers.model_validate({**ANSWERS, **UNSEEN, **tested}))
    assert (outcome.facts["in_scope"], bool(outcome.contradictions)) == (inside, inside)


@pytest.mark.parametrize("remote", [{}, {"remote_identification": False}])
def test_who_identifies_afterwards_identifies_remotely(remote, judged):
    given = {**ANSWERS, "area": "6e", "deployer": True, "public_body": True, "post_remote_law_enforcement": True}
    outcome = classify_ai_act(AiActAnswers.model_validate({**given, **remote}))
    assert any("identifies persons remotely" in one for one in outcome.contradictions)
    answers = {name: outcome.facts.get(name, "not answered") for name in ("remote_identification", "contradictions")}
    found = judged("AIA-26(10)", {"classification.ai_act": {**answers, "route": "annex_iii", "deployer": True}})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


# Words

NAMED = {
    "personal_data": ("personal data",),
    "controller": ("controller",),
    "in_scope": ("scope",),
    "provider": ("provide", "role"),
    "deployer": ("deploy", "role"),
    "importer": ("role",),
    "distributor": ("role",),
    "authorised_representative": ("role",),
    "at_workplace": ("workplace",),
    "route": ("Annex", "high-risk"),
    "assesses": ("assessment of creditworthiness",),
    "dpia_required": ("Art. 35", "impact assessment"),
}
"""Answers that leave a duty out, and a word for each in the reason that is shown."""


def test_the_reason_for_not_applying_names_each_answer_that_may_be_it():
    unnamed = [
        (item.id, path)
        for compiled in built_in().values()
        for item in compiled.framework.requirements
        if item.applies is not None
        for path in sorted(compiled.expressions[item.id, "applies"].paths)
        if (words := NAMED.get(path.rpartition(".")[2]))
        and not any(word.casefold() in item.applies.otherwise.casefold() for word in words)
    ]
    assert unnamed == []


SAID = {
    "AIA-26(10)": ["was asked for beforehand", "within 48 hours", "on request"],
    "AIA-54": ["54(4)", "54(1)-(6)"],
    "AIA-60": ["prompt recall", "suspension, end and outcome", "instructions"],
    "CCD-18(3)": ["relevant and accurate"],
    "CCD-18(8)": ["logic and risks"],
    "GDPR-10": ["under the control of official authority"],
    "GDPR-32": ["Pseudonymisation"],
    "GDPR-44": ["Art. 44-49"],
    "HIPAA-evaluation": ["of the environment", "meet the rule"],
    "HIPAA-minimum": ["164.514(d)"],
    "LL144-audit": ["5-302(a)", "had never used the tool"],
    "LL144-audit-ratios": ["5-301(b)-(d)"],
    "SOC2-CC1": ["attracted, developed and retained"],
    "SOX-404": ["annual report", "at the end of the year", "material weaknesses disclosed"],
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_says_what_the_text_says(name):
    item = requirement(name)
    said = f"{item.attestation.statement} {item.legal_basis}"
    assert [words for words in SAID[name] if words not in said] == []


def test_transfers_bind_processors_too():
    assert "controller or processor" in requirement("GDPR-44").attestation.statement
