"""The nouns of a monitoring plan: what is planned, what a person says beside it, and what was seen of it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field, JsonValue

from syndic.models import Day, Finite, Moment, Noun, WindowLength
from syndic.registers.models import Dated, Entry

CheckName = Literal["drift", "quality", "performance", "bias"]

KINDS: Final[dict[CheckName, str]] = {
    "drift": "drift.run",
    "quality": "quality.run",
    "performance": "quality.performance",
    "bias": "bias.run",
}
"""The evidence that a run of each check leaves."""

LENGTHS: Final = {
    WindowLength.HOUR: timedelta(hours=1),
    WindowLength.DAY: timedelta(days=1),
    WindowLength.WEEK: timedelta(days=7),
    WindowLength.MONTH: timedelta(days=31),
    WindowLength.JOB: timedelta(days=31),  # no schedule is known: a job a month is the least that is expected
}


class PlanState(StrEnum):
    """Where a version of a plan stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class PlannedCheck(Noun):
    """One check, as it runs by itself."""

    check: CheckName
    runs: bool
    why_not: str = ""
    policy_version: int = Field(default=0, description="0: nobody has set one, the defaults hold")
    policy_sha256: str
    rules: dict[str, JsonValue] = Field(description="what the check judges by")


class Monitored(Noun):
    """How a model is monitored, as schedules, policies and routes say."""

    model_id: str
    name: str
    purpose: str | None
    owner: str | None
    version: str | None
    window: WindowLength = Field(description="each check runs once for every window of this length")
    lateness: timedelta = Field(description="how long after its end a window waits for late files")
    label_delay_days: int = 0
    captured: bool
    sampling_percent: Finite | None = None
    columns_sha256: str | None = Field(default=None, description="of the schema of captured traffic")
    baseline_sha256: str | None = Field(default=None, description="of the baseline that windows are compared with")
    checks: tuple[PlannedCheck, ...]
    told: tuple[str, ...] = Field(description="receivers that an alert of high severity on it reaches")


class PlanStatements(Noun):
    """What no schedule says and Art. 72 asks for: a person writes it."""

    feedback: str = Field(
        default="", max_length=4000, description="72(2): how data that deployers provide, and other sources, come in"
    )
    interaction: str = Field(
        default="", max_length=4000, description="72(2): analysis of the interaction with other AI systems, or why none"
    )
    evaluation: str = Field(
        default="", max_length=4000, description="72(2): how continuous compliance with Section 2 is evaluated, by whom"
    )
    action: str = Field(
        default="", max_length=4000, description="what is done, by whom, when monitoring finds something"
    )


class PlanDifference(Noun):
    """Where what runs is not what the plan says."""

    field: str
    planned: JsonValue
    now: JsonValue


class PlanSeen(Noun):
    """What was seen of an approved plan when it was last held against what runs."""

    overdue: tuple[str, ...] = Field(default=(), max_length=10, description="planned checks that did not run in time")
    overdue_since: Day | None = Field(default=None, description="the day on which that was first seen")
    differences: tuple[str, ...] = Field(default=(), max_length=60, description="fields that are not as planned")


class MonitoringPlan(Entry):
    """A version of a model's plan. `state` is its `PlanState`; what is approved does not change."""

    number: int = Field(ge=1)
    content: Monitored
    statements: PlanStatements
    sha256: str = Field(description="of content and statements in canonical form")
    approved_by: str | None = None
    approved_at: Moment | None = None
    seen: PlanSeen = PlanSeen()

    @property
    def dated(self) -> tuple[Dated, ...]:
        """The review; and, since it was seen, that planned checks do not run."""
        since = self.seen.overdue_since
        late = () if since is None else (Dated(name="overdue", title="Planned checks do not run", day=since),)
        return (*super().dated, *late)

    @property
    def model_id(self) -> str:
        """The model that it is the plan of."""
        return self.model_ids[0]
