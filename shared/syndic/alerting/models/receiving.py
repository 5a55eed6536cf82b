"""Receivers: who is told beside the owners, and by which channel."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.models import Moment, Noun, Severity


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
