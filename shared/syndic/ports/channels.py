"""Telling people: what there is to say, once, and the channels that say it each in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """

    kind: str
    secret: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


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
