"""A small world for systems, vendors and conformity: stores in memory, a person, a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import RequirementState
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.models import RegisteredModel
from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version, register_model
from syndic.settings import Settings

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
OLGA = "olga@example.org"
WORDS = "Read with the people who built it, in the file of March."
CREDIT = {
    "screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": False, "annex_i_product": False,
    "area": "5b", "profiling": True, "third_party_supplies": True,
}  # fmt: skip
EXCEPTED = {
    **CREDIT, "area": "3b", "profiling": False, "exception_grounds": ["narrow_task"],
    "exception_reasons": "It only sorts incoming files.",
}  # fmt: skip


class _Settings:
    mail_fallback = "fallback@example.org"


@dataclass
class Supply:
    """Adapters and what tests do with them."""

    store: MemoryStore = field(default_factory=MemoryStore)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    bus: MemoryBus = field(default_factory=MemoryBus)
    moment: datetime = NOW
    settings: Settings | _Settings = field(default_factory=_Settings)

    def now(self) -> datetime:
        return self.moment

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        pass

    @property
    def trail(self) -> dict[str, Any]:
        return {"store": self.store, "audit": self.audit, "actor": "olga", "now": self.moment}

    @property
    def told(self) -> dict[str, Any]:
        return {**self.trail, "bus": self.bus}

    def later(self, **period: int) -> None:
        self.moment += timedelta(**period)

    def model(
        self, name: str = "credit", *, versions: tuple[str, ...] = ("1", "2"), serves: str = "1"
    ) -> RegisteredModel:
        model = register_model(
            name=name, owner=OLGA, intended_purpose="Scores applications for consumer credit.", version_in_use=serves,
            **self.trail,
        )  # fmt: skip
        for version in versions:
            made = {"model_id": model.id, "version": version, "created_at": self.moment, "created_by": "olga"}
            add_version(ModelVersion.model_validate(made), **self.trail)
            self.later(minutes=1)
        return model

    def answers(self, model_id: str, answers: dict[str, Any], questionnaire: str = "ai_act") -> None:
        classify(model_id, questionnaire, answers, **self.told)

    def requirement(self, model_id: str, requirement_id: str) -> RequirementState:
        given = {"store": self.store, "audit": self.audit, "bus": self.bus, "now": self.moment}
        statuses = evaluate_model(model_id, **given)
        return next(one for status in statuses for one in status.requirements if one.requirement_id == requirement_id)

    def checks(self, model_id: str, requirement_id: str) -> list[str]:
        """How the checks of a requirement stand, signatures and documents left out."""
        found = self.requirement(model_id, requirement_id)
        return [part.state.value for part in found.parts if part.part == "check"]
