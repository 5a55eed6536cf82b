"""Answers to the AI Act's questionnaire that take duties away, and what other questionnaires and registers say.

A second part of the table of `other_answers`: out of scope (Art. 2), not high-risk (Art. 6), in no area or in another
one of Annex III, no practice of Art. 5, and not the one who uses, changed or built in what others make.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from syndic.compliance.rules.other_answers import (
    AI_ACT,
    ANY,
    CCPA,
    COLORADO,
    CREDIT,
    HIRING,
    PROCESSING,
    Denial,
    Facts,
    Says,
    all_true,
    points_of,
)

SOX: Final = "classification.sox"
SR_26_2: Final = "classification.sr_26_2"
MODIFIED: Final = "conformity.modification"
EMPTIED: Final = (
    "route", "level", "area", "prohibited", "prohibited_added", "talks_to_people", "generative",
    "needs_exposure_notice", "gpai_provider", "gpai_systemic", "special_categories_for_bias",
)  # fmt: skip
"""Facts that say nothing where Art. 2 is said to leave a system out."""


def _out_by(*ways: str) -> Callable[[Facts], bool]:
    """Whether Art. 2 is said to leave the system out by one of these ways."""
    return lambda facts: facts.get("outside_scope") in ways


def _area_is_named(facts: Facts) -> bool:
    return facts.get("in_scope") is not False and bool(points_of(facts))


def _names_no(*numbers: str) -> Callable[[Facts], bool]:
    """Whether no point of Annex III of these numbers is named. Detecting financial fraud is left out by 5(b)."""

    def holds(facts: Facts) -> bool:
        fraud = numbers == ("5",) and facts.get("financial_fraud_detection") is True
        named = any(one.startswith(numbers) for one in points_of(facts))
        return facts.get("in_scope") is not False and not fraud and not named

    return holds


def _neither_public(facts: Facts) -> bool:
    return facts.get("public_body") is not True and facts.get("public_service") is not True


def _reads_emotions(facts: Facts) -> bool:
    excepted = facts.get("excepted_practices")
    return facts.get("emotion_recognition") is True and not (isinstance(excepted, list) and "f" in excepted)


def _says(words: str, fact: str, value: str) -> Says:
    """Of a fact that is a value, or a list of them."""

    def says(facts: Facts) -> str | None:
        found = facts.get(fact)
        return words if found == value or (isinstance(found, list) and value in found) else None

    return says


def _only_by_itself(facts: Facts) -> str | None:
    holds = (
        facts.get("role") in {"controller", "both"}
        and facts.get("solely_automated") is True
        and facts.get("score_drawn_on") is False  # else the score is the decision, and others use it
    )
    return "decisions with no human step of which the organisation is the controller" if holds else None


_ASSESSES: Final = all_true(
    "the assessment of the creditworthiness of consumers (AI Act, Annex III point 5(b))",
    "creditor", "consumer_credit", "assesses",
)  # fmt: skip
_REPLACES: Final = all_true(
    "significant decisions of the business that it replaces (11 CCR 7001(e))",
    "business", "replaces_human", "significant",
)  # fmt: skip
_ABILITY: Final = all_true(
    "the ability for a job or a place of education that it decides on (AI Act, Annex III points 3 and 4)",
    "business", "replaces_human", "significant", "ability_or_work_only",
)  # fmt: skip
_IN_COLORADO: Final = all_true(
    "decisions on consumers that the organisation takes with it", "colorado", "consequential", "deployer"
)
_HIRES: Final = all_true("selection for a job or promotion (AI Act, Annex III point 4(a))", "bound")

CLASSIFIED_OTHERWISE: Final[tuple[Denial, ...]] = (
    # Art. 2: what is in use for others is neither research, nor before the market, nor personal, nor for defence only
    *(
        Denial(AI_ACT, "in_scope", by, says, where=_out_by(*ways), empties=EMPTIED)
        for by, says, ways in (
            (CREDIT, _ASSESSES,
             ("military", "research", "personal", "not_on_market", "open_source", "not_in_union")),
            (HIRING, _HIRES, ("military", "research", "personal", "not_on_market", "open_source")),
            (CCPA, _REPLACES, ("military", "research", "personal", "not_on_market")),
            (COLORADO, _IN_COLORADO, ("military", "research", "personal", "not_on_market")),
            ("incidents.handled", _says("incidents on record as its deployer", "roles", "deployer"),
             ("research", "personal", "not_on_market")),
        )
    ),
    # Art. 6(3), last subparagraph: what profiles natural persons is high-risk in an area, whatever exception is named
    *(
        Denial(AI_ACT, "route", PROCESSING, all_true(words, fact), answered="none", instead="annex_iii",
               where=_area_is_named)
        for fact, words in (
            ("score_drawn_on", "a score about persons, which is profiling (AI Act, Art. 6(3), last subparagraph)"),
            (
                "systematic_evaluation",
                "a systematic evaluation of persons, which is profiling (AI Act, Art. 6(3), last subparagraph)",
            ),
        )
    ),
    # Art. 6(3), first subparagraph: an exception is for what does not materially influence the outcome of decisions
    *(
        Denial(AI_ACT, "route", by, says, answered="none", instead="annex_iii", where=_area_is_named)
        for by, says in (
            (PROCESSING, all_true(
                "decisions with no human step, whose outcome it influences (AI Act, Art. 6(3))", "solely_automated"
            )),
            (HIRING, all_true("that it substantially assists decisions on candidates (AI Act, Art. 6(3))", "bound")),
            (CCPA, _REPLACES),
            (COLORADO, all_true(
                "that it materially influences decisions on persons (AI Act, Art. 6(3))",
                "consequential", "materially_influences",
            )),
        )
    ),
    *(
        Denial(AI_ACT, fact, by, says, answered=answered, instead=instead, where=_names_no(*numbers))
        for by, says, point, numbers in (
            (CREDIT, _ASSESSES, "5b", ("5",)),
            (HIRING, _HIRES, "4a", ("4",)),
            (CCPA, _ABILITY, "4a", ("3", "4")),
        )
        for fact, answered, instead in (("route", "none", "annex_iii"), ("area", ANY, point))
    ),
    # Art. 5(1)(f): emotions inferred of candidates and workers
    *(
        Denial(AI_ACT, "prohibited", by, says, answered=[], instead=["f"], where=_reads_emotions)
        for by, says in ((HIRING, _HIRES), (CCPA, _ABILITY))
    ),
    # Art. 3(4): who takes its own decisions by a system, or keeps its books by it, uses it
    *(
        Denial(pack, "deployer", by, says)
        for pack in (AI_ACT, COLORADO)
        for by, says in (
            (PROCESSING, _only_by_itself),
            (SOX, all_true("an issuer whose statements its outputs flow into", "issuer", "financial_reporting")),
            (SR_26_2, all_true("a bank that uses it as its model", "banking", "relevant", "model")),
        )
    ),
    Denial(AI_ACT, "third_party_supplies", SR_26_2, all_true("the model or product of a vendor", "vendor")),
    # a task in the public interest or official authority is carried out by a public body or for the public (Art. 27)
    *(
        Denial(
            AI_ACT, fact, PROCESSING, _says("a public task as the basis of processing", "basis", "public_task"),
            where=_neither_public,
        )
        for fact in ("public_body", "public_service")
    ),
    Denial(
        AI_ACT, "substantially_modified", MODIFIED,
        _says("a substantial modification of the version in use", "decision", "substantial"),
    ),
)  # fmt: skip
"""Looked at beside `DENIALS`; each line is tried at each requirement that hangs on it."""
