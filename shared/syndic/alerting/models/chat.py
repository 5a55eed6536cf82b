"""Chats: messages that stay what they say, and who somebody there is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.alerting.models.telling import Said
from syndic.models import Moment, Noun

Member = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]{1,29}-[UW][A-Z0-9]{1,29}$")]


class ChatMessage(Noun):
    """A message that can be changed, and what it shows."""

    receiver: str
    message: str
    alerts: dict[str, Said]  # as they were told
    digest_id: str
    sent_at: Moment
    url: str | None = None  # of the dashboard: who changes the message later may not know it
    shown: str  # hash of what it shows of each alert
    not_before: Moment | None = None  # until then the service is left alone


class ChatPersonSettings(Noun):
    """Whom a member of a chat is."""

    person: Annotated[str, StringConstraints(min_length=1, max_length=254)] = Field(
        description="name or address of an account: what it may do, the member may"
    )


class ChatPerson(ChatPersonSettings):
    """A member of a chat, and the account that they have."""

    member: Member = Field(description="workspace and member as Slack shows them, such as T0123ABCD-U0456EFGH")
    set_by: str
    set_at: Moment


class ChatPersonRecord(Noun):
    """What is stored of a member; None: it was removed."""

    person: ChatPerson | None = None
