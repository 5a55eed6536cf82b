"""What is on record of a version as a modification of a high-risk system, read from evidence. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from syndic.models import Evidence

CLASSIFIED: Final = "classification.ai_act"
DECIDED: Final = "conformity.modification"
SUBSTANTIAL: Final = "substantial"
_WORDS: Final = {
    "initial": "decided to be the first one",
    "none": "decided to be no substantial modification",
    "foreseen": "changed as its conformity assessment foresaw",
    SUBSTANTIAL: "a substantial modification whose conformity was assessed again",
}


@dataclass(frozen=True, slots=True)
class VersionDecision:
    """What was decided of one version, and whether its conformity was assessed since."""

    decision: str
    assessed: bool

    @property
    def owed(self) -> bool:
        """Whether it has to be assessed again and was not."""
        return self.decision == SUBSTANTIAL and not self.assessed

    @property
    def words(self) -> str:
        """The decision in words."""
        return _WORDS.get(self.decision, self.decision)


def is_high_risk(evidence: Mapping[str, Evidence]) -> bool:
    """Whether the recorded answers make the organisation the provider of a high-risk system.

    By Annex III or Annex I Section A; of Section B neither Art. 43 nor this is owed (Art. 2(2)).
    """
    found = evidence.get(CLASSIFIED)
    return (
        found is not None
        and found.facts.get("route") in {"annex_i", "annex_iii"}
        and found.facts.get("provider") is True
    )


def decision_on(evidence: Mapping[str, Evidence], version: str) -> VersionDecision | None:
    """The decision on a version, or None while nobody decided."""
    found = evidence.get(DECIDED)
    decisions = None if found is None else found.facts.get("decisions")
    made = decisions.get(version) if isinstance(decisions, dict) else None
    if not isinstance(made, dict):
        return None
    return VersionDecision(str(made.get("decision")), assessed=made.get("assessed") is True)
