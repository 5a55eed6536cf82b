"""An answer takes no duty away where other evidence says otherwise: each line of the table, at each requirement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.denied import TABLE
from syndic.compliance.rules.judge import evaluate
from syndic.compliance.rules.other_answers import AI_ACT, ANY, CCPA, COLORADO, CREDIT, HIPAA, SPECIAL_GROUNDS
from syndic.grounds import GROUNDS
from tests.unit.compliance.conftest import OTHER_ANSWERS, VERSION, as_facts, make_evidence, without_contrary

SAYING = {
    "classification.ai_act": {
        "profiling": True, "emotion_recognition": True, "biometric_categorisation": True, "remote_identification": True,
        "points": ["1b", "4a"], "special_categories_for_bias": True, "route": "annex_iii", "deployer": True,
        "provider": False,
    },
    "classification.processing": {"personal_data": True, "solely_automated": True, "score_drawn_on": True,
                                  "systematic_evaluation": True, "basis": "public_task", "processors": True},
    "classification.hiring_nyc": {"bound": True, "substantially_assists": "sole", "employer_or_agency": True},
    "classification.consumer_credit_directive": {"automated": True, "creditor": True, "consumer_credit": True,
                                                 "assesses": True},
    "classification.colorado_sb26_189": {"personal_data": True, "deployer": True, "health_entity": True,
                                         "colorado": True, "consequential": True, "materially_influences": True},
    "classification.hipaa": {"phi": True, "care_decision": True},
    "erasure.run": {"of": "persons"},
    "classification.sox": {"issuer": True, "financial_reporting": True},
    "classification.sr_26_2": {"banking": True, "relevant": True, "model": True, "vendor": True, "generative": True},
    "document.processing_record": {
        "transfers": 2, "entries": 1, "special_categories": True, "joint_controllers": True, "protection_officer": True,
    },
    "document.processor_record": {"transfers": 2, "entries": 1},
    "directory.accounts": {"by_role": {"data_protection_officer": 1}},
    "bias.run": {"grounds": ["race_or_ethnicity & sex"], "protected_attributes": ["sex"]},
    "inventory.entry": {
        "roles": ["provider", "deployer", "importer", "distributor", "authorised_representative"],
        "origin": "general_purpose_model", "supplier_named": True, "life_state": "in_use",
        "data_categories": ["personal", "special_categories", "criminal_offences", "of_children"],
    },
    "incidents.breaches": {"recorded": 1},
    "requests.explanation": {"of_this_model": 1},
    "document.conformity_assessment": {"location": "/models/german-credit/conformity"},
    "incidents.handled": {"roles": ["controller", "deployer", "processor", "provider"]},
    "vendors.agreements": {"run_by": 1, "processors": 1, "suppliers": 1, "processors_outside": 1},
    "classification.ccpa_admt": {"business": True, "replaces_human": True, "significant": True,
                                 "ability_or_work_only": True},
}  # fmt: skip
SIGNED = {"decision": "affirmed", "model_version": VERSION}
SILENT = {
    "classification.ai_act": {
        "profiling": False, "emotion_recognition": False, "biometric_categorisation": False, "points": ["2", "8b"],
        "remote_identification": False, "special_categories_for_bias": False, "route": "none", "deployer": False,
    },
    "document.processing_record": {"transfers": 0, "entries": 0},
    "document.processor_record": {"transfers": 0, "entries": 0},
    "directory.accounts": {"by_role": {"data_protection_officer": 0, "admin": 2}},
    "classification.processing": {"personal_data": False, "solely_automated": False},
    "classification.hiring_nyc": {"bound": False, "substantially_assists": "none"},
    "bias.run": {"grounds": []},
    "inventory.entry": {"roles": [], "origin": "own_development", "data_categories": ["confidential"]},
    "incidents.breaches": {"recorded": 0},
    "requests.explanation": {"of_this_model": 0},
    "erasure.run": {"of": "age"},
    "incidents.handled": {"roles": []},
    "vendors.agreements": {"processors": 0, "suppliers": 0, "processors_outside": 0},
}  # fmt: skip


def reads(compiled, name, path):
    return any(
        path in it.paths for (of, place), it in compiled.expressions.items() if of == name and place == "applies"
    )


APART = {
    (AI_ACT, "route"): {
        "area": "8b",
        "points": ["8b"],
        "in_scope": True,
        "public_body": True,
    },  # an exception is relied on
    (AI_ACT, "in_scope"): {
        "in_scope": False,
        "outside_scope": "not_on_market",
        "route": "none",
        "level": "minimal",
        "area": None,
        "points": [],
        **dict.fromkeys(
            (
                "talks_to_people",
                "generative",
                "needs_exposure_notice",
                "gpai_provider",
                "gpai_systemic",
                "special_categories_for_bias",
            ),
            False,
        ),
    },
    (AI_ACT, "provider"): {"authorised_representative": False},  # who may register in the provider's place
    (AI_ACT, "public_body"): {"area": "4a", "points": ["4a"]},
    (AI_ACT, "public_service"): {"area": "4a", "points": ["4a"]},
    (AI_ACT, "area"): {"area": None, "points": [], "route": "none", "in_scope": True, "public_body": True},
    (CCPA, "ability_or_work_only"): {"appeal_instead": False},
    (HIPAA, "covered"): {"care_decision": True},
    ("classification.hiring_nyc", "bound"): {"substantially_assists": "none"},
}
"""Answers beside the one that is denied, so that the exemption hangs on it."""
BY = {
    (AI_ACT, "provider", "document.eu_registration"): {"title": "Annex VIII Section A"},
    (AI_ACT, "deployer", "document.eu_registration"): {"title": "Annex VIII Section C"},
    (AI_ACT, "in_scope", "inventory.entry"): {"life_state": "in_use", "countries": ["CH", "DE"]},
    (AI_ACT, "public_body", "document.eu_registration"): {"title": "Annex VIII Section C"},
    (AI_ACT, "route", "document.eu_registration"): {"title": "Annex VIII Section A"},
    **{
        (pack, "deployer", "classification.processing"): {
            "role": "controller", "solely_automated": True, "score_drawn_on": False,
        }
        for pack in (AI_ACT, COLORADO)
    },
}  # fmt: skip
"""What only holds in other words than those of `SAYING`."""
OF_CHECKS = {"prohibited", "substantially_modified", "basis"}  # no scope hangs on them, or on another answer each
OF_DATES = {"before_2026", "on_market_before_2026_08_02", "legacy_public_authority"}
OTHERWISE = {
    (CCPA, "ability_or_work_only"): {
        "points": ["5b"], "consumer_credit": True, "assesses": True, "care_decision": True,
    },
    (CREDIT, "assesses"): {"points": ["5b"], "score_drawn_on": True},
}  # fmt: skip
NO_TOOL = {"automated_employment_decision_tool": False, "substantially_assists": "sole"}
WANTS_IT_SO = {"AIA-6(4)", "AIA-2(2)"}  # are about what is not high-risk, and about products of another law
HANGING = [
    (line, framework_id, it.id)
    for line, one in enumerate(TABLE)
    for framework_id, compiled in built_in().items()
    for it in compiled.framework.requirements
    if reads(compiled, it.id, f"{one.questionnaire}.{one.fact}")
]


def alone(compiled, name):
    """A framework with one of its requirements, which is judged as it is among the others."""
    (asked,) = [it for it in compiled.framework.requirements if it.id == name]
    return replace(compiled, framework=compiled.framework.model_copy(update={"requirements": (asked,)}))


@pytest.mark.parametrize("line", range(len(TABLE)))
def test_an_answer_that_other_evidence_contradicts_exempts_from_nothing(line, everything, subject, now):
    one = TABLE[line]
    tried = 0
    for at, framework_id, name in HANGING:
        if at != line or name in WANTS_IT_SO:
            continue
        compiled = built_in()[framework_id]
        kind, world = OTHER_ANSWERS.get(name, ("", {}))
        items = []
        for item in everything(compiled):
            if item.kind in SILENT and item.kind != one.questionnaire:
                continue
            facts = {**item.facts, **(world if item.kind == kind else {})}
            if item.kind == one.questionnaire:
                facts |= APART.get((one.questionnaire, one.fact), {})
                facts |= NO_TOOL if (one.fact, one.by) == ("bound", AI_ACT) else {}
                facts |= {} if one.answered is ANY else {one.fact: one.answered}
            items.append(item.model_copy(update={"facts": facts}))
        own = next(item for item in items if item.kind == one.questionnaire)
        rest = [item for item in items if item.kind != one.by]

        asked = alone(compiled, name)

        def state(extra, kept=rest, asked=asked):
            found = evaluate(asked, subject, as_facts([*without_contrary(kept), *extra]), now=now)
            if found.scope is not None and not found.scope.applies:
                return None
            (judged,) = found.requirements
            return judged

        said_apart = OTHERWISE.get((one.questionnaire, one.fact))
        silent = make_evidence(one.by, facts={} if said_apart else SILENT.get(one.by, {}))
        unsaid = state([] if one.by == own.kind or one.on_the_duty else [silent])
        if unsaid is None or unsaid.if_in_force is not State.NOT_APPLICABLE:
            continue  # another answer calls for it, or the rest of this pack's scope is unknown
        says = (SIGNED if one.on_the_duty else None) or (
            said_apart
            or BY.get((one.questionnaire, one.fact, one.by))
            or SAYING.get(one.by)
            or dict.fromkeys(("phi", "generative", "replaces_human"), True)
        )
        both = state([make_evidence(one.by, facts=says)])
        assert both.if_in_force is State.INSUFFICIENT_EVIDENCE, name
        assert one.by in both.reason
        tried += 1
    assert tried or one.fact in OF_CHECKS | OF_DATES or one.questionnaire.removeprefix("classification.") in built_in()


def test_every_special_ground_is_one_that_is_known():
    assert GROUNDS.keys() >= SPECIAL_GROUNDS
