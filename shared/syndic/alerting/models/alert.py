"""An alert: one trouble of a model over time, however many findings tell of it, and what people did about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from syndic.alerting.models.seen import SeverityChange
from syndic.models import Concern, Finding, Finite, Moment, Noun, Severity, TimeWindow

SHOWN: Final = r"^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+$"
"""A name that is shown as it is written: signs that turn the direction of text, or control a terminal, are none."""


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # a person has seen it; a rise of severity opens it again
    SNOOZED = "snoozed"  # quiet until a time; a rise of severity opens it again
    RESOLVED = "resolved"  # the data are well again, or a person said why it is over


class Standing(Noun):
    """What a person did to an alert: by whom, when, and as how bad they saw it."""

    by: str
    at: Moment
    severity: Severity
    seen_until: Moment  # end of the newest data that the alert told of then
    note: str = ""


class Snooze(Standing):
    """A person wants to hear no more of it until then."""

    until: Moment


class Assignment(Noun):
    """Who cares for an alert."""

    to: str
    by: str
    at: Moment


class ActionName(StrEnum):
    """What a person can do to an alert."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    COMMENT = "comment"


class Action(Noun):
    """Something that a person did to an alert."""

    at: Moment
    by: str
    action: ActionName
    note: str = ""
    assignee: str | None = None
    until: Moment | None = None


class AlertChange(Noun):
    """What a person does to an alert. Nothing said: it is acknowledged."""

    action: ActionName = ActionName.ACKNOWLEDGE
    note: Annotated[str, StringConstraints(max_length=2000)] = Field(
        default="", description="a note; why it is over, when it is resolved; what is said, when it is a comment"
    )
    assignee: Annotated[str, StringConstraints(pattern=SHOWN, max_length=254)] | None = Field(
        default=None, description="who cares for it from now on: for assign"
    )
    until: Moment | None = Field(default=None, description="until when it stays quiet: for snooze")


class Notice(Noun):
    """A message that told of an alert."""

    severity: Severity
    first_seen: Moment  # of the trouble that it told of
    at: Moment
    confirmed: bool = True  # False: it was claimed and perhaps sent, the run ended before it knew


class Member(Noun):
    """One finding of an alert, as it stands: subject and measure, how bad, and since when."""

    subject_key: str
    subject: str
    measure: str | None
    severity: Severity = Field(description="of its newest troubled window; none: it is over")
    recovering: bool = Field(default=False, description="its newest window is well, and one more closes it")
    follows: bool = Field(default=False, description="it follows from others: what comes out, from what goes in")
    title: str
    reason: str
    remedy: str
    value: Finite | None
    threshold: Finite | None
    report_id: str | None
    first_seen: Moment
    last_seen: Moment
    windows_seen: int


class AlertRecord(Noun):
    """What is stored of an alert: what follows from its subjects, and what people did."""

    id: str
    lead: Finding  # what a person should act on
    severity: Severity  # none: all of it is over
    recovering: bool = False
    worst: Severity
    first_seen: Moment
    last_seen: Moment
    opened_at: Moment | None = None  # when it became open last: escalation counts from it
    alarmed_at: Moment | None = None  # when the first finding of the episode came that was high or worse
    windows: tuple[TimeWindow, ...]
    windows_seen: int
    history: tuple[SeverityChange, ...]
    members: tuple[Member, ...]  # the lead first, 50 at most
    findings: int  # members in all
    acknowledgement: Standing | None = None
    snooze: Snooze | None = None
    resolution: Standing | None = None
    assignment: Assignment | None = None
    actions: tuple[Action, ...] = ()  # the newest 200
    notice: Notice | None = None


class Alert(Noun):
    """One trouble of one model: what is wrong now, since when, who knows, and who cares for it."""

    id: str
    model_id: str
    model_name: str
    owner: str | None
    concern: Concern
    state: AlertState
    severity: Severity  # of the newest window; `none` when resolved
    recovering: bool = Field(description="the newest window is well, and one more closes the alert")
    worst: Severity  # of the present or last episode
    subject_key: str = Field(description="of the finding to act on, as the next ten")
    subject: str
    measure: str | None
    title: str
    reason: str
    remedy: str
    value: Finite | None
    threshold: Finite | None
    report_id: str | None
    first_seen: Moment  # start of the first window of the present (or last) episode
    last_seen: Moment  # end of the newest window
    windows: tuple[TimeWindow, ...]  # windows of the episode that show the trouble, the newest 24
    windows_seen: int
    history: tuple[SeverityChange, ...]  # the newest 24 changes
    members: tuple[Member, ...] = Field(description="findings of the alert, the one to act on first; 50 at most")
    findings: int = Field(description="how many findings the alert has in all")
    acknowledged_by: str | None = None
    acknowledged_at: Moment | None = None
    note: str = Field(default="", description="of the acknowledgement, the snooze or the resolution that holds")
    snoozed_until: Moment | None = None
    snoozed_by: str | None = None
    resolved_by: str | None = Field(default=None, description="null: the data are well again, or it is not resolved")
    assignee: str | None = None
    actions: tuple[Action, ...] = Field(default=(), description="what people did, the newest 200")
    notified_at: Moment | None = None
    notice_unconfirmed: bool = False  # perhaps the message never left; it is not sent again
    opened_at: Moment | None = Field(default=None, description="when it was opened, or opened again, last")


class AlertPage(Noun):
    """Some alerts and the token for the next ones."""

    alerts: tuple[Alert, ...]
    next_token: str | None = None


class ChangedAlert(Noun):
    """What became of one alert of many."""

    id: str
    alert: Alert | None = None
    problem: str | None = Field(default=None, description="why it was not changed")
