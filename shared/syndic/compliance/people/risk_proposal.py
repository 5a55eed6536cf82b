"""The risk level that the recorded answers lead to. It proposes; a person decides, with reasons, and may differ."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from syndic.compliance.people.answers import VALID, classification_of
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.models import Moment, Noun, RiskLevel
from syndic.ports import Store

QUESTIONNAIRE = "ai_act"


class RiskProposal(Noun):
    """What level the answers lead to under Regulation (EU) 2024/1689, why, and what is still open."""

    level: RiskLevel | None = Field(description="null: the questionnaire was not answered, so nothing is proposed")
    firm: bool = Field(description="false while something is not known, contradictory or out of date")
    reasons: tuple[str, ...] = Field(description="with the provisions they come from")
    not_known: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    answered_by: str | None = None
    answered_at: Moment | None = None
    good_until: Moment | None = None


def propose_risk(store: Store, model_id: str, *, now: datetime) -> RiskProposal:
    """The proposal for a model, by the law of the day of `now`.

    The rules and their sources are in `syndic.compliance.questionnaires.risk_level`.
    """
    kept = classification_of(store, model_id, QUESTIONNAIRE)
    if kept is None:
        asked = (
            "whether a practice of Art. 5 is present", "whether it is a product of Annex I (Art. 6(1))",
            "which area of Annex III its purpose falls into, if any", "whether it profiles natural persons (Art. 6(3))",
            "whether transparency is owed (Art. 50)",
        )  # fmt: skip
        return RiskProposal(level=None, firm=False, reasons=(), not_known=asked)
    screened = kept.answers.get("screening")
    answered = screened if isinstance(screened, dict) else {}
    outcome = classify_ai_act(AiActAnswers.model_validate(kept.answers), on=now.date())
    not_known = [f"Art. 5(1)({letter}): {text}" for letter, text in PRACTICES.items() if letter not in answered]
    not_known += [str(question) for question in _listed(outcome.facts["open_questions"])]
    good_until = kept.decided_at + VALID
    if now >= good_until:
        not_known.append(f"whether the answers of {kept.decided_at:%Y-%m-%d} still hold: they were good for a year")
    return RiskProposal(
        level=RiskLevel(str(outcome.facts["level"])),
        firm=not not_known and not outcome.contradictions,
        reasons=outcome.reasons,
        not_known=tuple(not_known),
        contradictions=outcome.contradictions,
        answered_by=kept.decided_by,
        answered_at=kept.decided_at,
        good_until=good_until,
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
