"""The risk level that the recorded answers lead to. It proposes; a person decides, with reasons, and may differ."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from syndic.compliance.people.answers import VALID, classification_of
from syndic.compliance.people.questionnaires import PRACTICES
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
    """The proposal for a model. The rules and their sources are in `syndic.compliance.people.questionnaires`."""
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
    not_known = [f"Art. 5(1)({letter}): {text}" for letter, text in PRACTICES.items() if letter not in answered]
    good_until = kept.decided_at + VALID
    if now >= good_until:
        not_known.append(f"whether the answers of {kept.decided_at:%Y-%m-%d} still hold: they were good for a year")
    return RiskProposal(
        level=RiskLevel(str(kept.facts["level"])),
        firm=not not_known and not kept.contradictions,
        reasons=kept.reasons,
        not_known=tuple(not_known),
        contradictions=kept.contradictions,
        answered_by=kept.decided_by,
        answered_at=kept.decided_at,
        good_until=good_until,
    )
