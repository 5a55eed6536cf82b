"""Nouns of alerting: an alert is one trouble over time, however many findings tell of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.models import Concern, Finding, Finite, Moment, Noun, Severity, TimeWindow


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # a person has seen it; a rise of severity opens it again
    RESOLVED = "resolved"  # the newest window no longer shows the trouble


class SeverityChange(Noun):
    """From when on the trouble was how bad. `none` means that it was over."""

    since: Moment
    severity: Severity


class Sighting(Noun):
    """What one finding said, in short. The newest finding of a window counts."""

    finding_id: str
    window: TimeWindow | None
    found_at: Moment
    severity: Severity
    value: Finite | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """The order of sightings: by what they are about, then by when they were found. Not by arrival."""
        end = self.window.end if self.window else self.found_at
        return (end.isoformat(), self.found_at.isoformat(), self.finding_id)


class Notice(Noun):
    """A message that told of an alert."""

    severity: Severity
    place: tuple[str, str, str]  # of the newest sighting that it told of
    at: Moment
    confirmed: bool = True  # False: it was claimed and perhaps sent, the run ended before it knew


class Acknowledgement(Noun):
    """A person's word that they have seen an alert."""

    severity: Severity
    place: tuple[str, str, str]
    at: Moment
    by: str
    note: str = ""


class AlertRecord(Noun):
    """What is stored of one subject: everything an `Alert` is derived from."""

    latest: Finding
    sightings: tuple[Sighting, ...]  # in order of place, the newest 200
    first_seen: Moment  # of the present episode
    acknowledgement: Acknowledgement | None = None
    notice: Notice | None = None


class Alert(Noun):
    """One trouble of one model: what is wrong now, since when, and who knows."""

    id: str
    subject_key: str
    model_id: str
    model_name: str
    owner: str | None
    concern: Concern
    subject: str
    measure: str | None
    state: AlertState
    severity: Severity  # of the newest window; `none` when resolved
    worst: Severity  # of the present or last episode
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
    acknowledged_by: str | None = None
    acknowledged_at: Moment | None = None
    note: str = ""
    notified_at: Moment | None = None
    notice_unconfirmed: bool = False  # perhaps the message never left; it is not sent again


class AlertPage(Noun):
    """Some alerts and the token for the next ones."""

    alerts: tuple[Alert, ...]
    next_token: str | None = None


class SlotState(StrEnum):
    """Where sending to a recipient stands."""

    FREE = "free"
    CLAIMED = "claimed"  # a run gathers what to tell; nothing was sent
    SENDING = "sending"  # a run is about to send or has just sent
    SENT = "sent"  # the service took the message; the alerts are being noted as told


class Told(Noun):
    """An alert as a message tells of it."""

    alert_id: str
    severity: Severity
    place: tuple[str, str, str]


class Slot(Noun):
    """A recipient's slot. Whoever moved it on by a conditional write is the only one who sends to them."""

    state: SlotState = SlotState.FREE
    digest_id: str | None = None
    told: tuple[Told, ...] = ()
    since: Moment
    message_id: str | None = None


class DigestReport(Noun):
    """What a run of digests did, counted by recipients unless said otherwise."""

    sent: int = 0
    alerts: int = 0  # alerts told of in the messages sent
    busy: int = 0  # another run is sending to the recipient
    failed: tuple[str, ...] = ()  # reasons; nothing was sent, the next run tries again
    unconfirmed: int = 0  # an earlier run ended between sending and noting it; not sent again
    without_recipient: int = 0  # alerts of an owner whom no mail can reach, or of none, without a fallback address


class ReceiverSettings(Noun):
    """By which channel a receiver is told, and of what."""

    channel: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")] = Field(
        description="email, slack, slack_bot, teams, pagerduty, jira or webhook"
    )
    secret: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] | None = Field(
        default=None, description="name of the secret in the secret store, never the secret itself"
    )
    options: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")], Annotated[str, StringConstraints(max_length=2048)]
    ] = Field(default_factory=dict, max_length=10, description="what else the channel has to know; nothing secret")
    severity: Severity = Field(default=Severity.HIGH, description="told of alerts from this severity on")
    owners: tuple[Annotated[str, StringConstraints(min_length=1, max_length=254)], ...] = Field(
        default=(), max_length=100, description="told of the models of these owners only; empty: of all"
    )


class Receiver(ReceiverSettings):
    """Somebody who is told of alerts beside the owners, and by which channel."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class ReceiverRecord(Noun):
    """What is stored of a receiver; None: it was removed."""

    receiver: Receiver | None = None
    changed_at: Moment | None = None
    changed_by: str | None = None


class ReceiverTest(Noun):
    """What became of a test message."""

    sent: bool | None = Field(description="null: it left, and whether it was taken is unknown")
    reason: str | None = None
    message_id: str | None = None


class Said(Noun):
    """How an alert was told to a receiver."""

    severity: Severity
    first_seen: Moment


class Delivery(Noun):
    """What a receiver was told of the alerts that are open, and what it is being told now."""

    told: dict[str, Said] = Field(default_factory=dict)
    sending: dict[str, Said] = Field(default_factory=dict)
    digest_id: str | None = None
    since: Moment | None = None
    not_before: Moment | None = None  # until then the receiver is left alone
    settings: str | None = None  # hash of the settings with which it asked for that
    trouble: str | None = None  # why it could not be told last


class DeliveryReport(Noun):
    """What a run of digests did, counted by receivers unless said otherwise."""

    sent: int = 0
    alerts: int = 0  # alerts told of in the messages sent
    busy: int = 0  # another run is sending to the receiver
    waiting: int = 0  # the receiver asked to be left alone, or refused
    failed: tuple[str, ...] = ()  # reasons; a later run tries again
    unconfirmed: int = 0  # perhaps sent, and not sent again

    def added(self, other: DeliveryReport) -> DeliveryReport:
        """Both together."""
        return DeliveryReport(
            sent=self.sent + other.sent,
            alerts=self.alerts + other.alerts,
            busy=self.busy + other.busy,
            waiting=self.waiting + other.waiting,
            failed=(*self.failed, *other.failed),
            unconfirmed=self.unconfirmed + other.unconfirmed,
        )
