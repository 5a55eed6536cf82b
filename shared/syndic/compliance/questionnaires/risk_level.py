"""The risk level under Regulation (EU) 2024/1689 that answers lead to.

A level that follows from the answers is still confirmed by a person, through the attestation ``risk_classification``.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import JsonValue

from syndic.compliance.questionnaires.annexes import (
    ADDED,
    ADDED_FROM,
    EXCEPTIONS,
    OBJECTIVES,
    OUTSIDE,
    POINTS,
    PRACTICES,
    SECTION_A,
    SECTION_B,
    SUB_POINTS,
)
from syndic.compliance.questionnaires.contradictions import contradictions_of, practice_contradictions
from syndic.compliance.questionnaires.left_open import open_questions
from syndic.compliance.questionnaires.outcomes import Outcome, named
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.reliance import (
    areas,
    becomes_provider,
    biometric_points,
    comfort_only,
    excepted_from_high_risk,
    excepted_practices,
    excused,
    leaves_open,
    outside,
    profiles,
    provides_modified_model,
)

REASONS: Final = frozenset({"screening", "practice_exceptions", "exception_reasons", "outside_reasons",
                            "no_profiling_reasons"})  # fmt: skip

NONE_IS_AN_ANSWER: Final = frozenset({"area", "conformity_route"})  # no area; no procedure that follows
EXPOSES: Final = ("emotion_recognition", "biometric_categorisation", "deep_fake", "informs_public")
ASKED: Final = (
    "importer", "distributor", "authorised_representative", "own_name", "substantially_modified", "purpose_changed",
    "public_body", "public_service", "at_workplace", "real_world_testing", "talks_to_people", "generative",
    "special_categories_for_bias", "gpai_provider", "remote_identification",
)  # fmt: skip
"""Facts whose "no" takes a duty away, so that somebody has to have said it."""


def classify_ai_act(answers: AiActAnswers, *, on: date | None = None) -> Outcome:
    """The risk level that follows from the answers, and every contradiction in them.

    Args:
        answers: The answers of a person.
        on: The day whose law counts for the level; None: all that is adopted, in force or not.
    """
    excepted = excepted_practices(answers)
    present: list[str] = sorted(
        letter for letter, found in answers.screening.items() if found and letter not in excepted
    )
    prohibited = [letter for letter in present if letter not in ADDED]
    added = [letter for letter in present if letter in ADDED]
    in_scope = not outside(answers)
    route, routing = _route(answers) if in_scope else ("none", [])
    duties = _transparency(answers) if in_scope else dict.fromkeys(_transparency(answers), False)
    level = _level(answers, route, prohibited, added, on=on) if in_scope else "minimal"
    contradictions = contradictions_of(answers, high=route != "none", present=bool(present))
    reasons = [*_practices(answers, present, on=on), *routing] if in_scope else [OUTSIDE[str(answers.outside_scope)]]
    if any(duties.values()):
        reasons.append("Art. 50: transparency duties")
    if level == "minimal" and not reasons:
        reasons.append("no practice of Art. 5, no route of Art. 6 and no duty of Art. 50 was answered with yes")
    model = in_scope and (answers.gpai_provider or provides_modified_model(answers))
    facts: dict[str, JsonValue] = answers.model_dump(mode="json", exclude=set(REASONS))
    facts |= duties
    facts |= {
        "in_scope": in_scope,
        "provider": answers.provider or becomes_provider(answers),
        "area": _area(answers),
        "points": list(_points(answers)),
        "registered_apart": _registered_apart(answers),
        "level": level,
        "route": route,
        "conformity_route": _conformity(answers, route),
        "prohibited": list(prohibited if in_scope else ()),
        "prohibited_added": list(added if in_scope else ()),
        "excepted_practices": list(excepted),
        "gpai_provider": model,
        "gpai_systemic": in_scope and answers.gpai_systemic,
        "open_source": excused(answers, "open_source"),
        "special_categories_for_bias": in_scope and answers.special_categories_for_bias,
        "contradictions": list(contradictions),
        "practice_contradictions": list(practice_contradictions(answers)),
        "open_questions": list(open_questions(answers)),
    }
    facts = {name: value for name, value in facts.items() if value is not None or name in NONE_IS_AN_ANSWER}
    for name in _not_answered(answers, facts) if in_scope else ():
        facts.pop(name, None)
    # Stated only when it is so: what was not asked of the practices is not known to be absent.
    facts |= {
        name: True
        for name, letters in (("screened", PRACTICES.keys() - ADDED), ("screened_added", ADDED))
        if letters <= answers.screening.keys()
    }
    found = f", {len(contradictions)} contradictions in the answers" if contradictions else ""
    return Outcome(
        facts=facts,
        summary=f"risk level {level}{'' if in_scope else ', outside the scope of the Act'}{found}",
        reasons=tuple(reasons),
        contradictions=contradictions,
        failing=bool((present and in_scope) or contradictions),
    )


def _not_answered(answers: AiActAnswers, facts: dict[str, JsonValue]) -> list[str]:
    """Facts that take a duty away by a "no" that nobody gave: a default is no answer."""
    found = [name for name in ASKED if facts.get(name) is False and leaves_open(answers, name)]
    if facts.get("needs_exposure_notice") is False and leaves_open(answers, "needs_exposure_notice"):
        found += ["needs_exposure_notice"] if leaves_open(answers, *EXPOSES) else []
    if answers.gpai_modified and answers.compute_share is None and facts.get("gpai_provider") is False:
        found += ["gpai_provider"]  # a third of the compute makes one
    denied = facts.get("gpai_provider") is False and "gpai_provider" not in found
    if facts.get("gpai_systemic") is False and leaves_open(answers, "gpai_systemic") and not denied:
        found += ["gpai_systemic"]
    return found


def _level(answers: AiActAnswers, route: str, prohibited: list[str], added: list[str], *, on: date | None) -> str:
    if prohibited or (added and (on is None or on >= ADDED_FROM)):
        return "unacceptable"
    if route != "none":
        return "high"
    return "limited" if any(_transparency(answers).values()) else "minimal"


def _practices(answers: AiActAnswers, present: list[str], *, on: date | None) -> list[str]:
    reasons = []
    for letter in present:
        early = letter in ADDED and on is not None and on < ADDED_FROM
        reasons.append(f"Art. 5(1)({letter}): {PRACTICES[letter]}{'; not prohibited before that day' if early else ''}")
    for letter in excepted_practices(answers):
        objective = f" ({answers.identification_objective})" if letter == "h" else ""
        reasons.append(f"Art. 5(1)({letter}){objective}: exception relied on: {EXCEPTIONS[letter]}")
        if letter == "h" and answers.identification_objective:
            reasons.append(f"objective: {OBJECTIVES[answers.identification_objective]}")
    return reasons


def _transparency(answers: AiActAnswers) -> dict[str, bool]:
    """The duties of Art. 50, its exceptions taken off. Their names are those of the questions."""
    return {
        "talks_to_people": answers.talks_to_people and not excused(answers, "obvious"),
        "generative": answers.generative and not excused(answers, "assistive_editing"),
        "needs_exposure_notice": answers.needs_exposure_notice
        or answers.emotion_recognition
        or answers.biometric_categorisation
        or answers.deep_fake
        or (answers.informs_public and not excused(answers, "editorial_responsibility")),
    }


def _points(answers: AiActAnswers) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*areas(answers), *biometric_points(answers)]))


def _area(answers: AiActAnswers) -> str | None:
    """The point whose own duties count: one of Art. 27(1)(b) before all, critical infrastructure only when alone.

    Of the others the one that was named first, and one that follows from what the system does after those.
    """
    return min(_points(answers), key=_rank, default=None)


def _rank(point: str) -> int:
    return 0 if point in {"5b", "5c"} else 2 if point == "2" else 1


def _registered_apart(answers: AiActAnswers) -> bool | None:
    """Whether Art. 49(4) has it registered in the section that is not public; None: of biometrics it was not asked."""
    found = {point[0] for point in _points(answers)}
    if found & {"6", "7"}:
        return True
    return answers.authority_area if "1" in found else False


def _route(answers: AiActAnswers) -> tuple[str, list[str]]:
    """By which way of Art. 6 the system is high-risk, and why. Of both, Annex III: it applies earlier and asks more."""
    route, reasons = "none", []
    if answers.annex_i_product and not comfort_only(answers):
        if answers.annex_i_act in SECTION_B:
            route = "annex_i_b"
            reasons.append(
                f"Art. 6(1), Annex I Section B: {SECTION_B[answers.annex_i_act]}; Art. 2(2): only Art. 6(1), 60a, "
                "102-112 apply, the sector's own law asks the rest"
            )
        else:
            route = "annex_i"
            product = f", Section A: {SECTION_A[answers.annex_i_act]}" if answers.annex_i_act else ""
            reasons.append(f"Art. 6(1): product of Annex I{product} that needs third-party assessment")
    reasons.extend(f"Annex III point {point}: {POINTS.get(point) or SUB_POINTS[point]}" for point in _points(answers))
    if _points(answers):
        if excepted_from_high_risk(answers):
            reasons.append(f"Art. 6(3): exception relied on ({', '.join(answers.exception_grounds)})")
        else:
            route = "annex_iii"
        if profiles(answers):
            reasons.append("Art. 6(3), last subparagraph: it profiles natural persons, so no exception is open to it")
    elif answers.financial_fraud_detection:
        reasons.append("Annex III point 5(b) leaves out the detection of financial fraud: not high-risk by itself")
    if becomes_provider(answers):
        grounds = named([
            (answers.own_name, "(1)(a)"),
            (answers.substantially_modified, "(1)(b)"),
            (answers.purpose_changed, "(1)(c)"),
            (answers.product_manufacturer, "(3)"),
        ])  # fmt: skip
        reasons.append(f"Art. 25{', '.join(grounds)}: the organisation is the provider")
    return route, reasons


def _conformity(answers: AiActAnswers, route: str) -> str | None:
    """The procedure of Art. 43: the sector's for a product of Section A, also when it is in Annex III too."""
    if route not in {"annex_i", "annex_iii"}:
        return None
    if answers.annex_i_product and answers.annex_i_act is None:
        return None  # Section B has no procedure of Art. 43
    if answers.annex_i_product and answers.annex_i_act not in SECTION_B:
        return "sector"
    if not any(point.startswith("1") for point in _points(answers)):
        return "annex_vi"
    if answers.harmonised_standards is None:
        return None
    return "annex_vi_or_vii" if answers.harmonised_standards else "annex_vii"
