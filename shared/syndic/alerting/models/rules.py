"""Rules of one's own: conditions over what is on record of a model, and evidence that stays away."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.alerting.models.routing import Condition, Name, Wait, WouldTell
from syndic.models import Moment, Noun, Rules, Severity


class Absence(Rules):
    """That no evidence of a kind has come for a time: a check that did not run, data that stopped."""

    evidence: Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=64)] = Field(
        description="a kind of evidence, such as drift.run, bias.run or capture.intake"
    )
    after: Wait = Field(description="such as 3d")


class AlertRuleSettings(Rules):
    """When there is an alert, beside what the checks find. One of `when` and `absent`."""

    when: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = Field(
        default=None,
        description="a condition in CEL over `model`, `evidence` (the newest of each kind: status, summary, facts) and "
        '`alerts` (by concern: severity, state, findings), such as evidence["drift.run"].facts.share > 0.3',
    )
    absent: Absence | None = None
    severity: Severity = Severity.MEDIUM
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(description="what is wrong")
    remedy: Annotated[str, StringConstraints(max_length=500)] = Field(default="", description="what to do")
    matchers: tuple[Condition, ...] = Field(
        default=(), max_length=20, description='for which models, by their labels, such as domain="credit"; none: all'
    )
    needed: int = Field(
        default=1, ge=1, le=12, description="of the newest `windows` looks that saw other evidence, so many"
    )
    windows: int = Field(default=1, ge=1, le=12)


class AlertRule(AlertRuleSettings):
    """A rule under its name."""

    name: Name


class RulePast(Noun):
    """What a rule would have said, had it been set at the beginning of the days that were looked at."""

    since: Moment
    until: Moment
    raised: int = Field(description="how often it would have raised an alert, over all models")
    models: tuple[str, ...] = Field(description="ids of models at which it would have, a hundred at most")
    tells: tuple[WouldTell, ...] = Field(description="what would have been told of them by the routing in force")
    shortened: dict[str, Moment] = Field(
        description="models at which it could be judged from a later moment on only: since when; a hundred at most"
    )
    unjudged: dict[str, str] = Field(
        description="models with moments, or all of them, that could not be judged, and why; a hundred at most"
    )
    unread: int = Field(description="models that were not looked back at, because too much would have had to be read")


class RuleTrial(Noun):
    """For which models a rule holds now, and what it would have said in the past 30 days."""

    holds: tuple[str, ...] = Field(description="ids of models, a hundred at most")
    models: int = Field(description="models that it is about")
    unjudged: dict[str, str] = Field(description="models for which it cannot be told, and why; a hundred at most")
    tells: tuple[WouldTell, ...] = Field(
        default=(), description="who would be told of these models now, by the routing in force"
    )
    past: RulePast | None = Field(default=None, description="none: nobody looked back")
