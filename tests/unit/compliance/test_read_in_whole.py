"""All requirements read one by one with the text of their source: what was wrong, by kind, asked of every pack."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.people.answers import QUESTIONNAIRES
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.rules.judge import evaluate
from tests.unit.compliance.conftest import FACTS, make_evidence

ALL = [it for compiled in built_in().values() for it in compiled.framework.requirements]
ONE_MODEL = re.compile(r"\bthis (model|system|version|tool|technology)\b")


def requirement(name):
    return next(it for it in ALL if it.id == name)


# --- who signs, and for what ---


def test_a_signature_for_the_organisation_does_not_speak_of_one_model():
    signed = [it for it in ALL if it.attestation is not None and it.attestation.scope == "organisation"]
    assert len(signed) > 60
    assert [it.id for it in signed if ONE_MODEL.search(it.attestation.statement)] == []


def test_what_is_said_of_the_organisation_alone_is_not_signed_by_the_owner_of_a_model():
    own = re.compile(r"^(The organization's|Organizational) ")
    owners = [it for it in ALL if it.attestation is not None and it.attestation.role == "model owner"]
    assert [it.id for it in owners if own.match(it.attestation.statement)] == []


def test_no_run_of_the_platform_alone_meets_anything():
    """Who examines, decides or audits is a person; a run shows what that person looked at."""
    assert [it.id for it in ALL if it.attestation is None and it.document is None] == []


LIMBS: dict[str, tuple[str, ...]] = {
    "AIA-4": ("on the organisation's behalf", "take into account", "persons on whom"),
    "AIA-4a": ("other data do not suffice", "pseudonymisation", "access is", "no other party", "deleted", "says why"),
    "AIA-5": ("5(5)", "authorisation", "registration", "5(2) to (4)"),
    "AIA-6(4)": ("documented", "registered", "authorities that asked"),
    "AIA-9": ("reviewed regularly", "by design first", "training for deployers", "each hazard and overall"),
    "AIA-10": ("statistical properties",),
    "AIA-11": ("in clear form", "Annex I Section A"),
    "AIA-12": ("substantial modification", "monitoring by deployers", "12(3)"),
    "AIA-13": ("transparent enough", "concise, complete, correct", "foreseeable risks"),
    "AIA-15": ("errors, faults", "feedback loops", "poisoning", "declared in the instructions", "over its life"),
    "AIA-17": ("(a) to (m)", "17(4)"),
    "AIA-18": ("at the disposal of the authorities",),
    "AIA-22": ("ten years", "cooperated with", "registration"),
    "AIA-23": ("23(6)-(7)",),
    "AIA-24": ("24(3)", "24(5)-(6)"),
    "AIA-26(1)": ("organisational measures", "assigned to oversee", "authority and support"),
    "AIA-26(5)": ("Art. 72", "in the order of"),
    "AIA-27": ("with the template", "updated"),
    "AIA-43": ("certificate is in force",),
    "AIA-48": ("visibly, legibly and indelibly", "promotional"),
    "AIA-50(1)": ("obvious", "50(5)"),
    "AIA-50(2)": ("detectable", "leaves out"),
    "AIA-54": ("Art. 53", "55", "ten years", "end the mandate"),
    "AIA-55": ("national authorities", "their sources"),
    "AIA-60": ("dated, documented", "60(5)", "60(7)", "60(8)", "six months"),
    "AIA-72": ("interaction with other AI systems", "actively and systematically"),
    "AIA-73": ("73(6)", "corrective action"),
    "GDPR-5(1)(c)": ("trained on",),
    "GDPR-6": ("balance of interests", "public authority"),
    "GDPR-7": ("apart from other matters", "beforehand", "no service hangs"),
    "GDPR-15": ("15(1)(a) to (h)",),
    "GDPR-16": ("incomplete was completed",),
    "GDPR-17": ("17(2)",),
    "GDPR-19": ("who the recipients are",),
    "GDPR-20": ("commonly used", "another controller"),
    "GDPR-21": ("apart from other information",),
    "GDPR-25": ("by default no more data",),
    "GDPR-32": ("on instructions only",),
    "AIA-14": ("deal with them", "by Art. 14(5)"),
    "CCD-18(8)": ("personal data that were used",),
    "CCPA-7221(b)": ("personal data that were used",),
    "CO-1705": ("personal data that were used",),
    "GDPR-33": ("33(3)", "where it was later"),
    "GDPR-34": ("34(2)",),
    "HIPAA-risk-analysis": ("accurate and thorough",),
    "ISO-10.2": ("management system changed",),
    "ISO-6.1.4": ("available to interested parties",),
    "ISO-7.5": ("disposed of", "from outside"),
    "ISO-8.1": ("unintended",),
    "CCPA-7150": ("31 December 2027",),
    "HIPAA-contingency": ("critical", "revised"),
    "HIPAA-documentation": ("available", "updated"),
    "HIPAA-minimum": ("164.502(b)(2)", "gives to others"),
    "HIPAA-training": ("malicious software",),
    "ISO-5.1": ("supports those",),
    "ISO-6.2": ("updated", "how results are evaluated"),
    "LL144-audit-ratios": ("highest scoring", "unknown category"),
    "RMF-GOVERN-1": ("transparent", "regular review"),
    "RMF-MEASURE-2": ("representative", "generalise", "fails safely"),
    "SOC2-A1": ("environmental protections",),
    "SOC2-CC1": ("ethical values", "independent of management", "competences"),
    "SOC2-CC5": ("general controls over technology", "policies and procedures"),
    "SOC2-CC6": ("least privilege", "physical access", "transmission", "malicious software"),
    "SOC2-CC7": ("vulnerabilities", "recovered"),
}
"""Of texts with several limbs, the ones that the signature had left out."""


@pytest.mark.parametrize("name", LIMBS)
def test_each_limb_of_the_text_is_signed_for(name):
    statement = requirement(name).attestation.statement
    assert [words for words in LIMBS[name] if words not in statement] == []


# --- what nobody answered exempts from nothing ---

FEWEST = {
    "ai_act": {"screening": dict.fromkeys(PRACTICES, False), "annex_i_product": False, "profiling": False},
    "processing": {"personal_data": True},
}
BASES = [
    ("ai_act", {"provider": True, "deployer": False, "area": None}),
    ("ai_act", {"provider": False, "deployer": True, "area": "4a", "profiling": True}),
    ("ai_act", {"provider": True, "deployer": True, "area": "8b"}),
    ("processing", {}),
    ("processing", {"basis": "contract"}),
]
PACK = {"ai_act": "eu_ai_act", "processing": "gdpr"}


@pytest.fixture
def states(subject, facts_of, now):
    def of(questionnaire, answers, *more):
        asked = QUESTIONNAIRES[questionnaire]
        outcome = asked.classify(asked.answers.model_validate({**FEWEST[questionnaire], **answers}), now.date())
        if outcome.contradictions and not more:
            return None
        items = [make_evidence(f"classification.{questionnaire}", facts=outcome.facts), *more]
        found = evaluate(built_in()[PACK[questionnaire]], subject, facts_of(items), now=now)
        return {it.requirement_id: it for it in found.requirements}

    return of


def possible(field):
    """The values of an answer that are worth a try."""
    kinds = get_args(field.annotation) or (field.annotation,)
    values = [True, False] if bool in kinds else []
    for kind in (field.annotation, *kinds):
        values += [one for one in get_args(kind) if isinstance(one, str)]
    return values


APART = {"outside_scope", "annex_i_act", "identification_objective", "practice_exceptions", "exception_grounds",
         "further_areas"}  # fmt: skip
"""Answers that count with reasons or with another answer only."""


@pytest.mark.parametrize(("questionnaire", "base"), BASES)
def test_a_question_that_nobody_answered_takes_no_duty_away(questionnaire, base, states):
    """Where an answer would call for a duty, leaving the question open does not say that it is not owed."""
    asked = QUESTIONNAIRES[questionnaire].answers.model_fields
    silent = states(questionnaire, base)
    away = {name for name, it in silent.items() if it.if_in_force is State.NOT_APPLICABLE}
    tried = 0
    for name, field in asked.items():
        if field.is_required() or name in base or name in APART:
            continue
        for value in possible(field):
            given = states(questionnaire, {**base, name: value})
            if given is None:
                continue  # it contradicts the answers that were given: then none of them is known to be true
            called = {one for one, it in given.items() if it.if_in_force is not State.NOT_APPLICABLE}
            assert away & called == set(), (name, value)
            tried += 1
    assert tried > 15


def test_an_answer_on_which_no_exemption_hangs_is_left_alone(states):
    """A supplier on record calls for no agreement of a system that is not high-risk."""
    answers = {"provider": True, "deployer": False, "area": None, "third_party_supplies": False}
    found = states("ai_act", answers, make_evidence("vendors.agreements", facts={"suppliers": 3}))
    assert found["AIA-25(4)"].if_in_force is State.NOT_APPLICABLE


# --- exemptions that reached further than the text ---


@pytest.mark.parametrize(
    ("name", "kind", "answers", "applies"),
    [
        ("AIA-60", "ai_act", {"route": "annex_i", "area": None}, True),  # 60(1) as amended
        ("AIA-60", "ai_act", {"route": "annex_i_b", "area": None}, False),  # 60a
        ("AIA-75(1a)", "ai_act", {"gpai_provider": False}, True),  # of one undertaking: 75(1)(a)
        ("AIA-75(1a)", "ai_act", {"gpai_same_provider": False, "very_large_platform": True}, True),  # 75(1)(b)
        ("AIA-75(1a)", "ai_act", {"gpai_same_provider": False}, False),
        ("GDPR-21", "processing", {"basis": "consent", "direct_marketing": True}, True),  # 21(2)
        ("GDPR-21", "processing", {"basis": "consent"}, False),
    ],
)
def test_a_duty_reaches_as_far_as_its_article(name, kind, answers, applies, everything, subject, facts_of, now):
    compiled = next(it for it in built_in().values() if it.framework.requirement(name))
    items = [
        item.model_copy(update={"facts": {**item.facts, **answers}}) if item.kind == f"classification.{kind}" else item
        for item in everything(compiled)
    ]
    found = evaluate(compiled, subject, facts_of(items), now=now).requirements
    assert (next(it for it in found if it.requirement_id == name).if_in_force is State.MET) is applies


@pytest.mark.parametrize(
    ("pack", "own", "other", "says"),
    [
        ("ccpa_admt", {"business": True, "replaces_human": True, "significant": False}, "ai_act", {"area": "4a"}),
        ("colorado_sb26_189", {"colorado": True, "consequential": False}, "ai_act", {"area": "3a"}),
        ("colorado_sb26_189", {"materially_influences": False}, "processing", {"solely_automated": True}),
        ("colorado_sb26_189", {"personal_data": False}, "processing", {"personal_data": True}),
        ("colorado_sb26_189", {"deployer": False, "developer": False}, "ai_act", {"deployer": True}),
        ("colorado_sb26_189", {"health_entity": True}, "hipaa", {"covered": False}),
        ("sr_26_2", {"generative": True}, "ai_act", {"generative": False}),
    ],
)
def test_a_pack_is_not_left_out_against_what_other_answers_say(pack, own, other, says, subject, facts_of, now):
    answered = make_evidence(f"classification.{pack}", facts={**FACTS[f"classification.{pack}"], **own})
    beside = make_evidence(f"classification.{other}", facts=says)
    assert evaluate(built_in()[pack], subject, facts_of([answered]), now=now).scope.applies is False
    assert evaluate(built_in()[pack], subject, facts_of([answered, beside]), now=now).scope.applies is None


# --- a register of nothing ---

RISKS = [
    it.id
    for it in ALL
    for check in it.checks
    if not check.where_recorded and any(need.kind.startswith("risks.") for need in check.needs)
]


@pytest.mark.parametrize("name", sorted(set(RISKS)))
def test_that_no_recorded_risk_is_overdue_shows_nothing_where_none_is_recorded(name, look):
    asked = [check for check in requirement(name).checks if not check.where_recorded]
    kinds = {need.kind for check in asked for need in check.needs if need.kind.startswith("risks.")}
    for kind in kinds:
        assert look(name, kind, {"recorded": 0, "open": 0}).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_each_pack_says_how_far_its_source_was_read():
    for compiled in built_in().values():
        framework = compiled.framework
        assert framework.read_from is not None, framework.id
        assert framework.not_read, framework.id
