"""Nouns of alerting: an alert is one trouble over time, however many findings tell of it."""

from __future__ import annotations

from enum import StrEnum

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
