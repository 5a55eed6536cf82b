"""Questionnaires beside the AI Act's: personal data (GDPR), hiring in New York City, categories of a SOC 2 report."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, JsonValue

from syndic.compliance.questionnaires.outcomes import Outcome, named
from syndic.models import Noun
from syndic.substance import says_something

Basis = Literal["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]
CONDITIONS: Final = frozenset("abcdefghij")
CASES_OF_35: Final = frozenset({"systematic_evaluation", "large_scale_special", "public_monitoring", "solely_automated",
                                "score_drawn_on"})  # fmt: skip
"""Answers of which none may be open where none is required: Art. 35(3)."""


OF_PERSONS: Final = (
    "special_categories", "solely_automated", "score_drawn_on", "systematic_evaluation", "large_scale_special",
    "public_monitoring", "criminal_data", "joint_controllers", "third_country_transfers", "processors",
    "direct_marketing", "basis", "automated_exception",
)  # fmt: skip
"""Answers that say something of personal data, and so contradict that there are none."""


class ProcessingAnswers(Noun):
    """Answers on the processing of personal data (Regulation (EU) 2016/679)."""

    personal_data: bool
    role: Literal["controller", "processor", "both"] | None = Field(
        default=None,
        description=(
            "Art. 4(7)-(8): decides on purposes and means (controller), acts for another who does (processor); "
            "left open, the duties of a controller are asked"
        ),
    )
    officer_designated: bool | None = Field(
        default=None, description="Art. 37: a data protection officer is designated, whether one has to be or not"
    )
    special_categories: bool = False
    special_condition: str | None = Field(
        default=None, description="the condition of Art. 9(2) relied on, as its letter or such as 9(2)(g)"
    )
    basis: Basis | None = None
    solely_automated: bool = Field(default=False, description="decisions with legal or similar effect, no human step")
    score_drawn_on: bool = Field(
        default=False,
        description=(
            "a score or probability about a person on which somebody else draws strongly to enter into, carry out or "
            "end a contract: making it is itself the decision (C-634/21, SCHUFA)"
        ),
    )
    automated_exception: Literal["contract", "law", "explicit_consent"] | None = None
    systematic_evaluation: bool = Field(default=False, description="Art. 35(3)(a)")
    large_scale_special: bool = Field(default=False, description="Art. 35(3)(b)")
    public_monitoring: bool = Field(default=False, description="Art. 35(3)(c)")
    on_authority_list: bool | None = Field(
        default=None, description="Art. 35(4): on the authority's list of processing that needs an assessment"
    )
    other_high_risk: bool | None = Field(default=None, description="Art. 35(1): another high risk to persons is likely")
    capture_retention_days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="days after which captured traffic is deleted (Art. 5(1)(e), 13(2)(a))",
    )
    criminal_data: bool | None = Field(default=None, description="Art. 10: data on criminal convictions or offences")
    children: bool | None = Field(default=None, description="Art. 8: an online service is offered directly to children")
    joint_controllers: bool | None = Field(
        default=None, description="Art. 26: somebody else decides on purposes and means together with the organisation"
    )
    third_country_transfers: bool | None = Field(
        default=None, description="Art. 44: data go to a third country, hosting, support and remote access included"
    )
    processors: bool | None = Field(
        default=None, description="Art. 28: others process personal data on the organisation's behalf, hosts included"
    )
    direct_marketing: bool | None = Field(
        default=None, description="Art. 21(2): data are processed for direct marketing"
    )
    no_high_risk_reasons: str = Field(default="", description="why no high risk is likely, when nothing above is yes")


class HiringAnswers(Noun):
    """Answers on NYC Local Law 144: who uses it, on whom, and how far it assists the decision (6 RCNY 5-300)."""

    automated_employment_decision_tool: bool = Field(
        description="issues a score, classification or recommendation from machine learning, statistics or AI"
    )
    new_york_city: bool = Field(description="used for a job or promotion in the city")
    employer_or_agency: bool | None = Field(
        default=None, description="the organisation uses the tool as employer or employment agency; a vendor does not"
    )
    substantially_assists: Literal["sole", "weighs_most", "overrules", "none"] | None = Field(
        default=None,
        description=(
            "sole: relied on alone; weighs_most: one of several criteria and weighted more than any other; overrules: "
            "used to overrule conclusions from other factors, human ones included; none of the three"
        ),
    )


class Soc2Answers(Noun):
    """Which categories the SOC 2 engagement includes. Security is always one."""

    availability: bool
    confidentiality: bool
    processing_integrity: bool
    privacy: bool


def condition_of(text: str | None) -> str | None:
    """The letter of Art. 9(2) that a text names: "g", "9(2)(g)", "Art. 9(2)(g) GDPR"; None when it names none."""
    if text is None:
        return None
    words = text.strip().casefold().removeprefix("art.").removeprefix("article").removesuffix("gdpr").strip()
    words = words.removesuffix("of the").strip().replace(" ", "")
    letter = words.removeprefix("9(2)").strip("()")
    return letter if letter in CONDITIONS and words in {letter, f"({letter})", f"9(2)({letter})"} else None


def _not_answered(answers: ProcessingAnswers) -> frozenset[str]:
    """Answers of no that nobody gave: a default is none, and takes no duty away."""
    left = {"special_categories", "solely_automated", "score_drawn_on"} - answers.model_fields_set
    if answers.solely_automated or answers.score_drawn_on:
        return frozenset(left - {"solely_automated"})
    return frozenset(left | {"solely_automated"} if left & {"solely_automated", "score_drawn_on"} else left)


def classify_processing(answers: ProcessingAnswers) -> Outcome:
    """Which duties of the GDPR the answers call for, and every contradiction in them."""
    personal = answers.personal_data
    automated = answers.solely_automated or answers.score_drawn_on
    condition = condition_of(answers.special_condition)
    triggers = named([
        (answers.systematic_evaluation or automated, "35(3)(a)"),
        (answers.large_scale_special, "35(3)(b)"),
        (answers.public_monitoring, "35(3)(c)"),
        (answers.on_authority_list is True, "35(4)"),
        (answers.other_high_risk is True, "35(1)"),
    ])  # fmt: skip
    excluded = (
        answers.on_authority_list is False
        and answers.other_high_risk is False
        and says_something(answers.no_high_risk_reasons)
        and answers.model_fields_set >= CASES_OF_35
    )
    about = [name for name in OF_PERSONS if getattr(answers, name) not in {None, False}]
    contradictions = named([
        (
            not personal and bool(about),
            f"no personal data, but {', '.join(about).replace('_', ' ')}, which are about them",
        ),
        (
            answers.large_scale_special and not answers.special_categories and answers.criminal_data is not True,
            "special categories or convictions on a large scale, but none of either",  # Art. 35(3)(b) names both
        ),
        (
            answers.automated_exception == "contract" and answers.basis not in {None, "contract"},
            "the exception for automated decisions is a contract, the basis is not",
        ),
        (
            answers.role == "processor" and answers.joint_controllers is True,
            "it only processes on behalf of others, but decides on purposes and means together with somebody",
        ),
        (
            answers.role is not None and not personal,
            f"a {answers.role if answers.role != 'both' else 'controller and processor'} of no personal data",
        ),
        (
            answers.special_condition is not None and condition is None,
            "the condition named is none of Art. 9(2)(a)-(j): name one letter",
        ),
    ])  # fmt: skip
    given = answers.model_dump(mode="json", exclude={"no_high_risk_reasons", "special_condition"})
    silent = _not_answered(answers) if personal else frozenset()
    facts: dict[str, JsonValue] = {
        name: value for name, value in given.items() if value is not None and name not in silent
    }
    facts |= {} if condition is None else {"special_condition": condition}
    facts |= {} if "solely_automated" in silent else {"solely_automated": automated}
    facts |= {"controller": answers.role != "processor"}  # left open, duties stand
    facts |= {} if answers.role is None else {"processor": answers.role != "controller"}
    facts |= {
        "dpia_triggers": list(triggers),
        "contradictions": list(contradictions),
    }
    if answers.capture_retention_days is not None:
        facts["capture_retention"] = f"{answers.capture_retention_days * 24}h"
    if triggers or excluded:
        facts["dpia_required"] = bool(triggers)  # otherwise not known: Art. 35(1) and (4) were not answered
    kind = "special categories of personal data" if answers.special_categories else "personal data"
    reasons = [f"Art. {name}: an impact assessment is required" for name in triggers]
    if answers.score_drawn_on:
        reasons.append("Art. 22: the score is itself the decision, since others draw strongly on it (C-634/21)")
    if personal and not triggers and not excluded:
        reasons.append("Art. 35(1), (3) and (4) are not all answered with reasons: not known whether one is required")
    return Outcome(
        facts=facts,
        summary=f"processes {kind}" if personal else "processes no personal data",
        reasons=tuple(reasons),
        contradictions=contradictions,
        failing=bool(contradictions),
    )


def classify_hiring(answers: HiringAnswers) -> Outcome:
    """Whether NYC Local Law 144 binds this organisation for this tool."""
    asked = (
        answers.automated_employment_decision_tool,
        answers.new_york_city,
        answers.employer_or_agency,
        None if answers.substantially_assists is None else answers.substantially_assists != "none",
    )
    facts: dict[str, JsonValue] = answers.model_dump(mode="json")
    if False in asked or None not in asked:
        facts["bound"] = all(asked)
    if "bound" not in facts:
        summary = "not known whether NYC Local Law 144 binds: role or weight of the tool not answered"
    else:
        summary = "under NYC Local Law 144" if facts["bound"] else "not under NYC Local Law 144"
    return Outcome(facts=facts, summary=summary, reasons=())


def classify_soc2(answers: Soc2Answers) -> Outcome:
    """The categories an examination covers."""
    engaged = ["security", *(name for name, yes in answers.model_dump().items() if yes)]
    names = ", ".join(name.replace("_", " ") for name in engaged)
    return Outcome(facts=answers.model_dump(mode="json"), summary=f"engaged: {names}", reasons=())
