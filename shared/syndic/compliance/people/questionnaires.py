"""The questionnaires: risk classification under the AI Act, processing of personal data, hiring in New York City.

Answers are checked for contradictions; what follows from them is computed. A level that follows from the answers is
still confirmed by a person, through the attestation ``risk_classification``.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, JsonValue

from syndic.models import Noun

Practice = Literal["a", "b", "c", "d", "e", "f", "g", "h", "ba", "bb"]
PRACTICES: Final[dict[str, str]] = {
    "a": "subliminal, manipulative or deceptive techniques that cause significant harm",
    "b": "exploiting age, disability or a social or economic situation",
    "c": "social scoring",
    "d": "predicting crime solely from profiling or personality",
    "e": "untargeted scraping of facial images",
    "f": "inferring emotions at work or in education, except for medical or safety reasons",
    "g": "biometric categorisation by sensitive traits",
    "h": "real-time remote biometric identification in public for law enforcement",
    "ba": "intimate imagery of identifiable persons without consent (from 2 December 2026)",
    "bb": "child sexual abuse material (from 2 December 2026)",
}
ADDED: Final = frozenset({"ba", "bb"})

AREAS: Final[dict[str, str]] = {
    "1": "biometrics, verification excepted",
    "2": "safety component of critical infrastructure",
    "3": "education and vocational training",
    "4": "employment, management of workers, access to self-employment",
    "5a": "public benefits and services",
    "5b": "creditworthiness, detection of financial fraud excepted",
    "5c": "life and health insurance: risk assessment and pricing",
    "5d": "emergency calls and triage",
    "6": "law enforcement",
    "7": "migration, asylum and border control",
    "8": "administration of justice and democratic processes",
}

Area = Literal["1", "2", "3", "4", "5a", "5b", "5c", "5d", "6", "7", "8"]
Ground = Literal["narrow_task", "improves_human_result", "detects_patterns", "preparatory_task"]


class AiActAnswers(Noun):
    """Answers to the questionnaire on Regulation (EU) 2024/1689."""

    screening: dict[Practice, bool] = Field(description="Art. 5: is the practice present? Every letter is answered.")
    provider: bool
    deployer: bool
    annex_i_product: bool = Field(
        description="safety component of, or itself, a product that needs third-party assessment"
    )
    area: Area | None = Field(description="Annex III; null: none")
    financial_fraud_detection: bool = Field(default=False, description="its purpose is to detect financial fraud")
    profiling: bool = Field(description="profiles natural persons (GDPR Art. 4(4))")
    exception_grounds: tuple[Ground, ...] = Field(default=(), description="Art. 6(3)(a)-(d) grounds relied on")
    exception_reasons: str = ""
    public_body: bool = Field(
        default=False, description="deployer is a public body or a private one serving the public"
    )
    at_workplace: bool = False
    talks_to_people: bool = False
    generative: bool = False
    needs_exposure_notice: bool = Field(
        default=False,
        description="emotion recognition, biometric categories, deep fakes, generated text that informs the public",
    )
    special_categories_for_bias: bool = False
    gpai_provider: bool = False
    gpai_systemic: bool = False
    gpai_before_2025_08_02: bool = False
    on_market_before_2026_08_02: bool = False
    legacy_public_authority: bool = Field(
        default=False,
        description="for public authorities, on the market before its date, design not changed since (Art. 111(2))",
    )


class ProcessingAnswers(Noun):
    """Answers on the processing of personal data (Regulation (EU) 2016/679)."""

    personal_data: bool
    special_categories: bool = False
    special_condition: str | None = Field(
        default=None, description="the condition of Art. 9(2) relied on, such as 9(2)(g)"
    )
    basis: (
        Literal["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]
        | None
    ) = None
    solely_automated: bool = Field(default=False, description="decisions with legal or similar effect, no human step")
    automated_exception: Literal["contract", "law", "explicit_consent"] | None = None
    systematic_evaluation: bool = Field(default=False, description="Art. 35(3)(a)")
    large_scale_special: bool = Field(default=False, description="Art. 35(3)(b)")
    public_monitoring: bool = Field(default=False, description="Art. 35(3)(c)")


class HiringAnswers(Noun):
    """Answers on NYC Local Law 144."""

    automated_employment_decision_tool: bool
    new_york_city: bool


class Outcome(Noun):
    """What follows from answers: facts for the rules, reasons for people, contradictions to resolve."""

    facts: dict[str, JsonValue]
    summary: str
    reasons: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    failing: bool = False


def classify_ai_act(answers: AiActAnswers) -> Outcome:
    """The risk level that follows from the answers, and every contradiction in them."""
    present = sorted(letter for letter, found in answers.screening.items() if found)
    prohibited = [letter for letter in present if letter not in ADDED]
    added = [letter for letter in present if letter in ADDED]
    contradictions = _contradictions(answers)
    route, routing = _route(answers)
    reasons = [*(f"Art. 5(1)({letter}): {PRACTICES[letter]}" for letter in present), *routing]
    limited = answers.talks_to_people or answers.generative or answers.needs_exposure_notice
    if prohibited or added:
        level = "unacceptable"
    elif route != "none":
        level = "high"
    else:
        level = "limited" if limited else "minimal"
    if limited:
        reasons.append("Art. 50: transparency duties")
    if level == "minimal" and not reasons:
        reasons.append("no practice of Art. 5, no route of Art. 6 and no duty of Art. 50 was answered with yes")
    facts: dict[str, JsonValue] = answers.model_dump(mode="json", exclude={"screening", "exception_reasons"})
    facts |= {
        "level": level,
        "route": route,
        "prohibited": list(prohibited),
        "prohibited_added": list(added),
        "contradictions": list(contradictions),
    }
    # Stated only when it is so: what was not asked of the practices is not known to be absent.
    facts |= {
        name: True
        for name, letters in (("screened", PRACTICES.keys() - ADDED), ("screened_added", ADDED))
        if letters <= answers.screening.keys()
    }
    summary = f"risk level {level}" + (
        f", {len(contradictions)} contradictions in the answers" if contradictions else ""
    )
    return Outcome(
        facts=facts,
        summary=summary,
        reasons=tuple(reasons),
        contradictions=contradictions,
        failing=bool(present or contradictions),
    )


def _route(answers: AiActAnswers) -> tuple[str, list[str]]:
    """By which way of Art. 6 the system is high-risk, and why. Of both, Annex III: it applies earlier and asks more."""
    excepted = bool(answers.exception_grounds) and not answers.profiling and bool(answers.exception_reasons.strip())
    route, reasons = "none", []
    if answers.annex_i_product:
        route = "annex_i"
        reasons.append("Art. 6(1): product of Annex I that needs third-party assessment")
    if answers.area is not None:
        reasons.append(f"Annex III point {answers.area}: {AREAS[answers.area]}")
        if excepted:
            reasons.append(f"Art. 6(3): exception relied on ({', '.join(answers.exception_grounds)})")
        else:
            route = "annex_iii"
        if answers.profiling:
            reasons.append("Art. 6(3), last subparagraph: it profiles natural persons, so no exception is open to it")
    elif answers.financial_fraud_detection:
        reasons.append("Annex III point 5(b) leaves out the detection of financial fraud: not high-risk by itself")
    return route, reasons


def _contradictions(answers: AiActAnswers) -> tuple[str, ...]:
    missing = [letter for letter in PRACTICES if letter not in answers.screening]
    found = [
        (bool(missing), f"Art. 5 screening is incomplete: {', '.join(missing)} not answered"),
        (not (answers.provider or answers.deployer), "neither provider nor deployer: the organisation has no role"),
        (
            bool(answers.exception_grounds) and answers.profiling,
            "an exception under Art. 6(3) is claimed, but the system profiles natural persons: it is always high-risk",
        ),
        (
            bool(answers.exception_grounds) and answers.area is None,
            "an exception under Art. 6(3) is claimed, but no Annex III area is named",
        ),
        (
            bool(answers.exception_grounds) and answers.annex_i_product,
            "an exception under Art. 6(3) is claimed, but it is not open to the product route of Art. 6(1)",
        ),
        (
            bool(answers.exception_grounds) and not answers.exception_reasons.strip(),
            "an exception under Art. 6(3) is claimed without reasons",
        ),
        (
            answers.area == "5b" and answers.financial_fraud_detection,
            "Annex III 5(b) is named, but it excludes systems that detect financial fraud",
        ),
        (answers.gpai_systemic and not answers.gpai_provider, "systemic risk is named without a general-purpose model"),
        (
            answers.screening.get("d", False) and not answers.profiling,
            "crime prediction by profiling is answered yes, profiling no",
        ),
        (
            answers.at_workplace and not answers.deployer,
            "use at the workplace is named, but the organisation does not deploy the system",
        ),
    ]
    return tuple(text for holds, text in found if holds)


def classify_processing(answers: ProcessingAnswers) -> Outcome:
    """Which duties of the GDPR the answers call for, and every contradiction in them."""
    triggers = {
        "35(3)(a)": answers.systematic_evaluation or answers.solely_automated,
        "35(3)(b)": answers.large_scale_special,
        "35(3)(c)": answers.public_monitoring,
    }
    named = [name for name, holds in triggers.items() if holds]
    personal = answers.personal_data
    checks = [
        (
            not personal and (answers.special_categories or answers.solely_automated),
            "no personal data, but duties on them",
        ),
        (
            answers.large_scale_special and not answers.special_categories,
            "special categories on a large scale, but no special categories",
        ),
        (
            answers.automated_exception == "contract" and answers.basis not in {None, "contract"},
            "the exception for automated decisions is a contract, the basis is not",
        ),
    ]
    contradictions = tuple(text for holds, text in checks if holds)
    facts: dict[str, JsonValue] = answers.model_dump(mode="json")
    facts |= {"dpia_required": bool(named), "dpia_triggers": list(named), "contradictions": list(contradictions)}
    kind = "special categories of personal data" if answers.special_categories else "personal data"
    summary = f"processes {kind}" if personal else "processes no personal data"
    reasons = tuple(f"Art. {name}: an impact assessment is required" for name in named)
    return Outcome(
        facts=facts, summary=summary, reasons=reasons, contradictions=contradictions, failing=bool(contradictions)
    )


def classify_hiring(answers: HiringAnswers) -> Outcome:
    """Whether NYC Local Law 144 is touched."""
    touched = answers.automated_employment_decision_tool and answers.new_york_city
    return Outcome(
        facts=answers.model_dump(mode="json"),
        summary="automated employment decision tool in New York City" if touched else "not under NYC Local Law 144",
        reasons=(),
    )
