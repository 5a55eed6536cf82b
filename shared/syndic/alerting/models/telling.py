"""Telling people: who sends to whom just now, what was told, and what a run did."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.models import Moment, Noun, Severity


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
    first_seen: Moment


class Slot(Noun):
    """A recipient's slot. Whoever moved it on by a conditional write is the only one who sends to them."""

    state: SlotState = SlotState.FREE
    digest_id: str | None = None
    told: tuple[Told, ...] = ()
    since: Moment
    message_id: str | None = None
    sent_at: Moment | None = None  # of the last message


class DigestReport(Noun):
    """What a run of digests did, counted by recipients unless said otherwise."""

    sent: int = 0
    alerts: int = 0  # alerts told of in the messages sent
    busy: int = 0  # another run is sending to the recipient
    failed: tuple[str, ...] = ()  # reasons; nothing was sent, the next run tries again
    unconfirmed: int = 0  # an earlier run ended between sending and noting it; not sent again
    without_recipient: int = 0  # alerts of an owner whom no mail can reach, or of none, without a fallback address


class Said(Noun):
    """How an alert was told to a receiver."""

    severity: Severity
    first_seen: Moment


class Delivery(Noun):
    """What a receiver was told of a group of alerts, and what it is being told now."""

    receiver: str = ""
    labels: dict[str, str] = Field(default_factory=dict)  # by which the alerts are grouped
    told: dict[str, Said] = Field(default_factory=dict)
    told_at: Moment | None = None
    anchor: Moment | None = None  # end of the wait of the new group: intervals are counted from it
    interval: float = 0.0  # seconds of the group's intervals, when none of its alerts is left to say so
    thread: str | None = None  # under which the receiver keeps the group open
    acknowledged: bool = False  # whether it was told that somebody has seen all of it
    noticed: Moment | None = None  # when something was there to be told that has to wait
    sending: dict[str, Said] = Field(default_factory=dict)
    step: str = "trigger"
    digest_id: str | None = None
    tries: int = 0
    since: Moment | None = None
    not_before: Moment | None = None  # until then the receiver is left alone
    settings: str | None = None  # hash of the settings with which it asked for that
    trouble: str | None = None  # why it could not be told last


class DeliveryState(Noun):
    """What a receiver was told of a group of alerts, and what waits."""

    id: str
    receiver: str
    labels: dict[str, str] = Field(description="by which the alerts are grouped")
    alerts: tuple[str, ...] = Field(description="ids of the alerts that it was told of and that may still stand")
    told_at: Moment | None = Field(description="of the last message")
    waiting: tuple[str, ...] = Field(description="ids of alerts of a message that was not taken, or is on its way")
    tries: int = Field(description="in vain, one after the other")
    not_before: Moment | None = Field(description="until then it is left alone")
    trouble: str | None = Field(description="why it did not take the last message")


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
