"""Telling people: what there is to say, once, and the channels that say it each in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from syndic.models import Severity


@dataclass(frozen=True, slots=True)
class Number:
    """A measured number, the threshold it is judged by and its interval, where there are such."""

    name: str
    value: float
    threshold: float | None = None
    interval: tuple[float, float] | None = None

    def in_words(self) -> str:
        """Such as ``psi 1.7 (threshold 0.25, interval 1.5 to 1.9)``."""
        more = []
        if self.threshold is not None:
            more.append(f"threshold {self.threshold:.4g}")
        if self.interval is not None:
            more.append(f"interval {self.interval[0]:.4g} to {self.interval[1]:.4g}")
        return f"{self.name} {self.value:.4g}" + (f" ({', '.join(more)})" if more else "")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person may do about a matter where they read of it: acknowledge or snooze the alert as it was told.

    Attributes:
        alert: Its id.
        episode: When its trouble began: what begins later is another trouble, which nobody has seen by this one.
        severity: As how bad it was told: what is worse since nobody has seen either.
    """

    alert: str
    episode: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that somebody is told of. Every text is one line, without control characters, and not escaped.

    Attributes:
        severity: How grave it is.
        model: The model's name.
        title: What it is, in a few words.
        about: Concern and subject.
        numbers: What was measured.
        since: Since when, in how many windows.
        cause: Why it is told.
        to_do: What a person should do.
        link: The page that shows more; None where the dashboard's address is not known.
        related: What else was found of the same trouble; None where there is nothing.
        standing: What became of it since it was told; None where nothing did.
        offer: What may be done about it from where it is read; None: nothing any more.
    """

    severity: Severity
    model: str
    title: str
    about: str
    numbers: tuple[Number, ...]
    since: str
    cause: str
    to_do: str
    link: str | None
    related: str | None = None
    standing: str | None = None
    offer: Offer | None = None

    @property
    def headline(self) -> str:
        """The title, after the model's name unless the title has it."""
        return self.title if self.model and self.model in self.title else f"{self.model}: {self.title}"


class Step(StrEnum):
    """What becomes of the alert at a receiver that keeps one open under a key. Elsewhere all are messages."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Notification:
    """What one recipient is told at one time, in no channel's form.

    Attributes:
        to: The recipient's address.
        subject: The most important thing, in at most 150 characters.
        lead: One sentence about the whole.
        matters: Each thing, the worst first. A channel shows as many as it can hold and says how many follow.
        overview: The page of all of them; None where the dashboard's address is not known.
        closing: Who tells this, when, and whether it is told again.
        dedupe_id: The same whenever the same thing is told to the same recipient.
        at: When.
        step: Whether something begins, is seen by somebody, or is over.
        thread: The same for all that is told of one thing, for receivers that keep it open; None: `dedupe_id`.
    """

    to: str
    subject: str
    lead: str
    matters: tuple[Matter, ...]
    overview: str | None
    closing: str
    dedupe_id: str
    at: datetime
    step: Step = Step.TRIGGER
    thread: str | None = None

    @property
    def incident(self) -> str:
        """Under which key a receiver keeps it open."""
        return self.thread or self.dedupe_id


class Notifier(Protocol):
    """Tells people, by one channel."""

    def send(self, notification: Notification) -> str:
        """Send one notification and return the service's id of it.

        Raises `NotSentError` or `InvalidInputError` when it was certainly not sent. After any other error it may have
        been, and it is not sent again.
        """


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one receiver is reached.

    Attributes:
        kind: The channel, a word of the table of channels.
        secret: Name of the secret that the channel needs; None where it needs none. Never the secret itself.
        options: What else the channel has to know, by name. Nothing in it is secret.
        name: Of the receiver.
    """

    kind: str
    secret: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a message that somebody pressed, as the chat's service vouches for it.

    Attributes:
        request: The same for the same request, whoever sends it.
        member: The person, as the chat knows them, with their workspace: ``T0123-U0456``.
        place: Where it was pressed: workspace and channel, ``T0123/C0456``.
        message: The id of the message, as `Channels.send` returned it.
        sent_at: When the message was sent; None: it does not say.
        receiver: Name of the receiver that the message was for.
        offer: What was offered by it.
        snooze: For how long to hear no more of it; None: it is acknowledged.
    """

    request: str
    member: str
    place: str
    message: str
    sent_at: datetime | None
    receiver: str
    offer: Offer
    snooze: timedelta | None = None


class Channels(Protocol):
    """Reaches receivers by whatever channel each has."""

    def check(self, destination: Destination) -> None:
        """Raise `InvalidInputError` when the channel does not exist or an option is missing, unknown or wrong."""

    def knows_again(self, kind: str) -> bool:
        """Whether the channel's receiver takes what has the same `Notification.dedupe_id` once."""

    def keeps_open(self, kind: str) -> bool:
        """Whether the channel's receiver keeps what it was told open, and takes it that it is over."""

    def send(self, destination: Destination, notification: Notification) -> str:
        """Send one notification and return the receiver's id of it, or nothing. Raises as `Notifier.send` does."""

    def updates(self, kind: str) -> bool:
        """Whether a message of the channel can be changed after it was sent."""

    def update(self, destination: Destination, message: str, notification: Notification) -> None:
        """Let a message that was sent say this from now on. Doing it twice is doing it once.

        Raises `NotSentError`, `UnansweredError`: try again; `InvalidInputError`: it cannot be changed any more.
        """

    def whisper(self, destination: Destination, press: Press, text: str) -> None:
        """Tell the person who pressed a button, and nobody else of the channel. Raises as `Notifier.send` does."""

    def read_press(self, secret: str, headers: Mapping[str, str], body: bytes) -> Press | None:
        """The button that a request is about; None: it is about none, and there is nothing to do.

        Args:
            secret: Name of the secret with which the chat's service signs its requests.
            headers: Of the request, by names in lower case.
            body: Of the request, byte for byte.

        Raises:
            NotSignedInError: The request is not signed with the secret, or not within five minutes.
            InvalidInputError: It is signed, and of a form that nobody knows.
            NotSentError: The secret cannot be read at present.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """A notification as e-mail."""

    to: str
    subject: str
    text: str
    html: str
    dedupe_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


class MailService(Protocol):
    """Delivers e-mail."""

    def deliver(self, mail: Mail) -> str:
        """Deliver one mail and return the service's id of it; raises what `Notifier.send` does."""


class Topic(Protocol):
    """Tells whoever subscribed, by what each subscribed with."""

    def publish(self, subject: str, text: str, short: str, attributes: Mapping[str, str]) -> str:
        """Publish one text and return the service's id of it; raises what `Notifier.send` does.

        Args:
            subject: At most 100 printable ASCII characters.
            text: At most 200 KB.
            short: For those who get few characters: at most 140.
            attributes: By which subscribers choose what they want to hear of.
        """
