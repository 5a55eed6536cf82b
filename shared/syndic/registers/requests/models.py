"""The nouns of the register of requests. A person stands in it as a reference that means nothing to a stranger."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.models import Instant, Moment, Noun
from syndic.registers.models import Entry

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]
MOST_ANSWERS = 10
Words = Annotated[str, StringConstraints(max_length=2000)]


class PersonRight(StrEnum):
    """What a person asks for."""

    ACCESS = "access"  # GDPR Art. 15
    RECTIFICATION = "rectification"  # 16
    ERASURE = "erasure"  # 17
    RESTRICTION = "restriction"  # 18
    PORTABILITY = "portability"  # 20
    OBJECTION = "objection"  # 21
    HUMAN_INTERVENTION = "human_intervention"  # 22(3): also to state one's view and to contest the decision
    CONSENT_WITHDRAWAL = "consent_withdrawal"  # 7(3)
    EXPLANATION = "explanation"  # AI Act Art. 86


class RequestChannel(StrEnum):
    """How a request came."""

    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    PORTAL = "portal"
    IN_PERSON = "in_person"
    AUTHORITY = "authority"
    OTHER = "other"


class IdentityCheck(StrEnum):
    """Whether it is known that the person is who they say (Art. 12(6))."""

    NOT_CHECKED = "not_checked"
    ASKED = "asked"  # more was asked for, because there were reasonable doubts
    CONFIRMED = "confirmed"
    NOT_NEEDED = "not_needed"  # there are no reasonable doubts
    FAILED = "failed"


class PersonRequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTITY_ASKED = "identity_asked"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RequestOutcome(StrEnum):
    """What was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class RefusalGround(StrEnum):
    """Why a request is refused, in whole or in part."""

    NOT_IDENTIFIED = "not_identified"  # Art. 11(2), 12(2)
    UNFOUNDED = "unfounded"  # manifestly unfounded, Art. 12(5)
    EXCESSIVE = "excessive"  # Art. 12(5)
    NO_DATA = "no_data"  # nothing about the person is processed
    NOT_CONTROLLER = "not_controller"
    EXCEPTION = "exception"  # of the right itself, such as Art. 15(4), 17(3), 20(3)-(4), 21(1), 22(2), AI Act 86(2)
    RESTRICTED_BY_LAW = "restricted_by_law"  # Art. 23
    OTHER_LAW = "other_law"  # AI Act Art. 86(3): the right is given elsewhere


class RequestAnswer(Noun):
    """What was answered to the person, and when. The answer itself is not kept."""

    outcome: RequestOutcome
    at: Instant
    ground: RefusalGround | None = None
    reason: Words = Field(default="", description="why it is refused, in whole or in part; as the person was told it")
    told_of_remedies: bool = Field(
        default=False, description="told of the complaint to an authority and of the judicial remedy (Art. 12(4))"
    )
    recipients_told: bool | None = Field(
        default=None, description="whether recipients of the data were told (Art. 19); null: not asked for here"
    )
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="of what was sent")
    recorded_by: str
    late_because: Words = ""


class PersonRequest(Entry):
    """A request of a person."""

    state: PersonRequestState = PersonRequestState.RECEIVED
    right: PersonRight
    reference: Reference = Field(description="a pseudonym of the person or the case; never a name, address or number")
    channel: RequestChannel
    received_at: Instant
    identity: IdentityCheck = IdentityCheck.NOT_CHECKED
    identity_at: Moment | None = None
    decision: str = Field(default="", max_length=200, description="row id of the decision it is about, if there is one")
    erasures: tuple[str, ...] = Field(default=(), max_length=20, description="ids of erasures made for it")
    extension: Words = Field(default="", description="why the answer takes longer, as the person was told")
    extended_at: Instant | None = Field(default=None, description="when the person was told of it")
    note: Words = ""
    answer: RequestAnswer | None = None
    reopened_because: Words = Field(default="", description="why it was opened again, the last time")
    earlier_answers: tuple[RequestAnswer, ...] = Field(
        default=(), max_length=MOST_ANSWERS, description="what was answered before it was opened again, first before"
    )
