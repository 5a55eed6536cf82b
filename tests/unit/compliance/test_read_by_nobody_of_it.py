"""Kinds of error that a reading by somebody who wrote none of it found: each holds for every pack."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate

ALL = [requirement for compiled in built_in().values() for requirement in compiled.framework.requirements]
EXAMINED = {"bias.run", "quality.performance"}  # of what a version does; monitoring goes on from one to the next


def requirement(name):
    return next(found for it in built_in().values() if (found := it.framework.requirement(name)) is not None)


def needs_of(item, kinds=None):
    return [need for check in item.checks for need in check.needs if kinds is None or need.kind in kinds]


def test_who_signs_for_a_version_stands_on_an_examination_of_that_version():
    signed = [item for item in ALL if item.attestation is not None and item.attestation.scope == "model_version"]
    other = [item.id for item in signed for need in needs_of(item, EXAMINED) if not need.of_version]
    columns = [
        item.id
        for item in signed
        for check in item.checks
        for need in check.needs
        if "new_columns" in check.met_when and not need.of_version
    ]
    assert other == columns == []


def test_the_owner_of_one_model_does_not_sign_for_the_organisation():
    parts = [(item.id, item.attestation) for item in ALL if item.attestation is not None]
    assert [name for name, it in parts if it.scope == "organisation" and it.role == "model owner"] == []


def test_that_a_run_answered_is_enough_only_where_what_it_found_is_handled_too():
    """A subcategory asks no less of a finding than its category: it is assessed, or its alert is handled in time."""
    answered = [it for it in ALL for check in it.checks if 'status in ["passing", "failing"]' in check.met_when]
    assert answered
    loose = {it.id for it in answered if not needs_of(it, {"alerts.handled"})}
    assert loose == {"RMF-MEASURE-1"}  # it asks that metrics are applied, and an answer shows that


@pytest.mark.parametrize(
    ("name", "managed"), [("CO-1702(2)", False), ("SOC2-CC8.1", False), ("SOX-change", True), ("SR-change", False)]
)
def test_a_promotion_contradicts_only_a_duty_that_asks_for_a_second_person(name, managed):
    checks = [c for c in requirement(name).checks if {n.kind for n in c.needs} == {"registry.promotion"}]
    assert {check.contradicts for check in checks} == {managed}


@pytest.fixture
def state(everything, evidence, subject, facts_of, now):
    def look(framework_id, requirement_id, **answers):
        changed = [
            evidence(item.kind, facts={**item.facts, **answers[name]})
            if (name := item.kind.removeprefix("classification.")) in answers and item.kind.startswith("class")
            else item
            for item in everything(built_in()[framework_id])
        ]
        found = evaluate(built_in()[framework_id], subject, facts_of(changed), now=now).requirements
        return next(it for it in found if it.requirement_id == requirement_id)

    return look


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"appeal_instead": False, "ability_or_work_only": False}, "CCPA-7221"),
        ({"appeal_instead": True, "ability_or_work_only": False}, "CCPA-7221(b)"),
        ({"appeal_instead": True, "ability_or_work_only": True}, "CCPA-7221(b)"),
        ({"appeal_instead": False, "ability_or_work_only": True}, "CCPA-7221(b)(2)"),
    ],
)
def test_of_opt_out_appeal_and_exception_one_is_asked(answers, asked, state):
    for name in ("CCPA-7221", "CCPA-7221(b)", "CCPA-7221(b)(2)"):
        found = state("ccpa_admt", name, ccpa_admt=answers)
        assert (found.if_in_force is State.NOT_APPLICABLE) is (name != asked)


@pytest.mark.parametrize(
    ("name", "answers", "applies"),
    [
        ("AIA-75(1a)", {}, True),
        ("AIA-75(1a)", {"route": "none", "area": None}, False),  # 75(1a): of high-risk systems
        ("AIA-75(1a)", {"route": "annex_i", "area": None}, False),  # 75(1)(a)(i)
        ("AIA-75(1a)", {"area": "2"}, False),  # 75(1)(a)(ii)
        ("AIA-26(8)", {"public_body": True}, True),
        ("AIA-26(8)", {"public_body": True, "area": "2"}, False),  # registered nationally: 49(3), (5)
    ],
)
def test_a_duty_reaches_as_far_as_its_article(name, answers, applies, state):
    found = state("eu_ai_act", name, ai_act=answers)
    assert (found.if_in_force is not State.NOT_APPLICABLE) is applies


def test_incidents_are_told_to_the_ai_office_from_the_day_on_that_they_are_told_at_all():
    assert requirement("AIA-75(1a)").applies_from == requirement("AIA-73").applies_from


SAID = {
    "AIA-2(2)": ["102-112"],  # as amended; 102-109 and 112 before
    "AIA-16": ["22(1)", "third country"],
    "AIA-26(10)": ["initial identification of a potential suspect", "untargeted"],
    "AIA-52": ["after this model met the condition", "by designation only"],
    "AIA-60": ["established in the Union", "only with safeguards", "roles in writing"],
    "CCPA-7157": ["This year's submission", "by 1 April"],
    "CCPA-7221": ["15 business days"],
    "HIPAA-contingency": [
        "exact copies of all",
        "any loss of data",
        "protect its security go on in an emergency",
        "critical each application",
        "put into effect",
    ],
    "GDPR-15": ["period of Art. 12(3)"],  # a month, or three where it was extended
    "GDPR-16": ["period of Art. 12(3)"],
    "GDPR-20": ["period of Art. 12(3)"],
    "GDPR-21": ["legal claims"],
    "GDPR-17": ["refused with reasons within one month", "every store", "period of Art. 12(3)"],
    "ISO-4.2": ["Interested parties and their requirements"],
    "ISO-6.1.3": ["designated management approved"],
    "SOX-404": ["the auditor attested"],
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_says_what_the_text_says(name):
    item = requirement(name)
    said = " ".join([item.summary, item.attestation.statement, item.document.title if item.document else ""])
    assert [words for words in SAID[name] if words not in " ".join([said, str(item.legal_basis)])] == []
