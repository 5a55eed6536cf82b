"""Routing as data, in Alertmanager's words: what people write in a file or a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from syndic.alerting.models.lengths import LENGTH, length_text, read_length
from syndic.models import Moment, Noun, Rules

OWNERS: Final = "owners"
"""The receiver that is always there: each alert's owner, by mail."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]{0,63}$")]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Length = Annotated[
    timedelta,
    BeforeValidator(read_length),
    PlainSerializer(length_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": LENGTH, "examples": ["5m", "4h", "1d"]}),
]


def _not_negative(value: timedelta) -> timedelta:
    if value < timedelta() or value > timedelta(days=365):
        msg = "is not between nothing and a year"
        raise ValueError(msg)
    return value


Wait = Annotated[Length, AfterValidator(_not_negative)]


class Escalation(Rules):
    """Who is told when nobody has acknowledged after a time."""

    after: Wait
    receiver: Name
    within: Name | None = Field(default=None, description="an interval: only its time is counted, as business hours")


class Route(Rules):
    """A node of the tree: whom it tells of the alerts that reach it, in which groups, how often."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    receiver: Name | None = Field(default=None, description="none: the parent's")
    matchers: tuple[Condition, ...] = Field(default=(), max_length=20, description='such as severity=~"high|critical"')
    goes_on: bool = Field(default=False, alias="continue", description="whether the siblings after it are asked too")
    group_by: tuple[Label, ...] | None = Field(default=None, max_length=10, description="none: the parent's")
    group_wait: Wait | None = Field(default=None, description="from the first alert of a group to its first message")
    group_interval: Wait | None = Field(default=None, description="between messages of what is new in a group")
    repeat_interval: Wait | None = Field(default=None, description="until what is still open is told again; 0: never")
    mute_time_intervals: tuple[Name, ...] = Field(default=(), max_length=20)
    active_time_intervals: tuple[Name, ...] = Field(default=(), max_length=20)
    escalate: tuple[Escalation, ...] = Field(default=(), max_length=10)
    routes: tuple[Route, ...] = Field(default=(), max_length=50)


class InhibitRule(Rules):
    """While a source alert stands, target alerts with equal labels are not told."""

    source_matchers: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    target_matchers: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    equal: tuple[Label, ...] = Field(default=(), max_length=10)


class Times(Rules):
    """When an interval holds: each given field must fit. A range such as `monday:friday` includes its end."""

    times: tuple[TimeRange, ...] = Field(default=(), max_length=20)
    weekdays: tuple[str, ...] = Field(default=(), max_length=7, description="monday, or monday:friday")
    days_of_month: tuple[str, ...] = Field(default=(), max_length=31, description="1:5, or -1 for the last day")
    months: tuple[str, ...] = Field(default=(), max_length=12, description="1, january, or january:march")
    years: tuple[str, ...] = Field(default=(), max_length=20, description="2026, or 2026:2028")
    location: str = Field(default="UTC", max_length=64, description="time zone such as Europe/Berlin")


class TimeRange(Rules):
    """From a time of day until another one, which is not included any more."""

    start_time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end_time: Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class TimeInterval(Rules):
    """Recurring times under a name: when any of them holds."""

    name: Name
    time_intervals: tuple[Times, ...] = Field(max_length=20)


class Routing(Rules):
    """Whom alerts reach: a tree of routes, what inhibits what, and named times."""

    route: Route
    inhibit_rules: tuple[InhibitRule, ...] = Field(default=(), max_length=50)
    time_intervals: tuple[TimeInterval, ...] = Field(default=(), max_length=50)


class KeptRouting(Noun):
    """The routing in force, and who set it."""

    routing: Routing
    version: int = Field(description="0: nobody has set one; each receiver's own conditions decide")
    changed_at: Moment | None = None
    changed_by: str | None = None


class SilenceSettings(Rules):
    """What is quiet from when until when, and why."""

    matchers: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    starts_at: Moment | None = Field(default=None, description="none: now")
    ends_at: Moment
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Silence(Noun):
    """Alerts that match are not told while it lasts; they stay where they are seen."""

    id: str
    matchers: tuple[str, ...]
    starts_at: Moment
    ends_at: Moment
    comment: str
    created_by: str
    created_at: Moment


class WouldTell(Noun):
    """What a routing would have told a receiver."""

    receiver: str
    messages: int
    alerts: int = Field(description="alerts told of in these messages, each as often as it was told")


class RoutingDryRun(Noun):
    """What a routing would have told in the days that were looked at, from the alerts on record."""

    since: Moment
    until: Moment
    receivers: tuple[WouldTell, ...]
    alerts: int = Field(description="alerts that opened, rose or came back in that time")
    untold: int = Field(description="of these, those of which nobody would have been told")


class ReceiverDryRun(Noun):
    """What a receiver would have been told in the days that were looked at, by the routing in force."""

    since: Moment
    until: Moment
    messages: int
    alerts: int = Field(description="alerts told of in these messages, each as often as it was told")
    named: bool = Field(description="whether a route names it; where nobody set any, each receiver has one")


class SilenceDryRun(Noun):
    """What a silence would have kept quiet in the days that were looked at, and what it keeps quiet now."""

    since: Moment
    until: Moment
    alerts: int = Field(description="alerts that it matches, of those that opened, rose or came back in that time")
    receivers: tuple[WouldTell, ...] = Field(
        description="messages and alerts that would not have been told, by receiver"
    )
    standing: tuple[str, ...] = Field(description="ids of alerts in trouble now that it matches, a hundred at most")


Times.model_rebuild()


def as_written(routing: Routing) -> dict[str, Any]:
    """A routing as people write it: without what is not said."""
    return routing.model_dump(mode="json", by_alias=True, exclude_defaults=True)
