"""Answers on data of persons, patients, candidates and consumers that take duties away, and what says otherwise.

A further part of the table of `other_answers`, beside what is classified by the AI Act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from syndic.compliance.rules.no_personal_data import some
from syndic.compliance.rules.other_answers import (
    AI_ACT,
    CCPA,
    COLORADO,
    CREDIT,
    HIPAA,
    HIRING,
    PROCESSING,
    SPECIAL_GROUNDS,
    Denial,
    Facts,
    Says,
    all_true,
    grounds_of,
    points_of,
)

SR_26_2: Final = "classification.sr_26_2"
BIOMETRIC: Final = {"1a": "remote biometric identification", "1b": "biometric categorisation by sensitive attributes"}
EVALUATES: Final = "(GDPR, Art. 35(3)(a))"


def _points(facts: Facts) -> frozenset[str]:
    listed = facts.get("points")
    return frozenset(map(str, listed if isinstance(listed, list) else ())) | {str(facts.get("area"))}


def _biometric(facts: Facts) -> str | None:
    named = sorted(_points(facts) & BIOMETRIC.keys())
    return f"{BIOMETRIC[named[0]]} (Annex III point {named[0][0]}({named[0][1]}))" if named else None


def _hires_with_it(facts: Facts) -> str | None:
    holds = facts.get("deployer") is True and "4a" in _points(facts)
    return "the organisation as its deployer for recruitment (Annex III point 4(a))" if holds else None


def _health_data(facts: Facts) -> str | None:
    special = facts.get("special_categories") is True or facts.get("special_condition") == "h"
    return "special categories of data, beside decisions on the care of patients" if special else None


def _for_care_at_an_entity(facts: Facts) -> bool:
    return facts.get("covered") is True and facts.get("care_decision") is True


def _others_provide_it(facts: Facts) -> str | None:
    holds = facts.get("deployer") is True and facts.get("provider") is False
    return "the organisation as its deployer and somebody else as its provider" if holds else None


def _for_who_uses_it(facts: Facts) -> bool:
    """Left out because the organisation is said to be neither employer nor agency, for nothing else."""
    return (
        facts.get("employer_or_agency") is False
        and facts.get("automated_employment_decision_tool") is not False
        and facts.get("new_york_city") is not False
        and facts.get("substantially_assists") != "none"
    )


def _relied_on_alone(facts: Facts) -> str | None:
    holds = facts.get("bound") is True and facts.get("substantially_assists") == "sole"
    return "that it is relied on alone" if holds else None


def _of_significance(facts: Facts) -> str | None:
    named = sorted(one for one in _points(facts) if one.startswith(("3", "4")) or one == "5b")
    return f"education, employment or credit (Annex III point {', '.join(named)})" if named else None


def _only(words: str, *numbers: str) -> Says:
    """Says these words where every point of Annex III that is named is one of these numbers."""

    def says(facts: Facts) -> str | None:
        named = points_of(facts)
        return f"{words} (Annex III point {', '.join(named)})" if named and all(map(_of(numbers), named)) else None

    return says


def _of(numbers: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda point: point.startswith(numbers)


ANSWERS_ON_PERSONS: Final[tuple[Denial, ...]] = (
    Denial(PROCESSING, "special_categories", HIPAA,
           all_true("decisions on the care of patients, which rest on data concerning health", "care_decision")),
    Denial(PROCESSING, "special_categories", AI_ACT, _biometric),
    # a systematic evaluation of persons on which decisions rest that concern them seriously needs an assessment
    *(
        Denial(PROCESSING, "dpia_required", by, says)
        for by, says in (
            (HIRING, all_true(f"candidates who are evaluated by it for decisions on them {EVALUATES}", "bound")),
            (CREDIT, all_true(
                f"consumers whose creditworthiness is evaluated by it {EVALUATES}",
                "creditor", "consumer_credit", "assesses",
            )),
            (CCPA, all_true(
                f"significant decisions on consumers that it replaces {EVALUATES}",
                "business", "replaces_human", "significant",
            )),
            (COLORADO, all_true(
                f"consequential decisions on persons that it materially influences {EVALUATES}",
                "personal_data", "consequential", "materially_influences",
            )),
        )
    ),
    # what leaves a model out of a pack is held against these by the pack itself; here for each duty of it
    Denial(
        CCPA, "replaces_human", PROCESSING,
        all_true("decisions with legal or similar effect with no human step", "solely_automated"),
    ),
    Denial(CCPA, "replaces_human", HIRING, _relied_on_alone),
    Denial(CCPA, "significant", AI_ACT, _of_significance),
    Denial(CCPA, "significant", HIRING, all_true("candidates or employees who are judged by it", "bound")),
    Denial(
        CCPA, "significant", CREDIT,
        all_true("the assessment of the creditworthiness of consumers", "consumer_credit", "assesses"),
    ),
    Denial(CCPA, "significant", HIPAA, all_true("decisions on the care of patients", "care_decision")),
    Denial(HIPAA, "phi", HIPAA, all_true("others that handle that information for it", "vendors")),
    Denial(HIPAA, "phi", PROCESSING, _health_data, where=_for_care_at_an_entity),
    Denial(HIRING, "bound", AI_ACT, _hires_with_it, where=_for_who_uses_it),
    Denial(CREDIT, "assesses", PROCESSING, all_true("a score on which others draw strongly", "score_drawn_on")),
    Denial(SR_26_2, "vendor", AI_ACT, _others_provide_it),
    Denial(HIPAA, "vendors", PROCESSING, all_true("processors of its personal data", "processors")),
    Denial(
        HIPAA, "vendors", "vendors.agreements", some("vendors on record that host it or run it as a service", "run_by")
    ),
    Denial(CCPA, "other_risk", "bias.run", grounds_of("an examination by sensitive grounds,", SPECIAL_GROUNDS)),
    # what the act leaves out: the practice of insurance, and care by an entity under HIPAA that is not employment
    Denial(COLORADO, "insurer", AI_ACT, _only("that it is used for education or work only", "3", "4"), answered=True),
    Denial(
        COLORADO, "insurer", CREDIT,
        all_true("the assessment of the creditworthiness of consumers", "consumer_credit", "assesses"), answered=True,
    ),
    Denial(COLORADO, "health_entity", AI_ACT, _only("that it is used for employment only", "4"), answered=True),
)  # fmt: skip
"""Looked at beside `DENIALS`."""
