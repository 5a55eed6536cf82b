"""The nouns of policies."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.models import Instant, Moment, Noun
from syndic.registers.models import Dated, Entry

MOST_ACKNOWLEDGED = 1200
"""People who acknowledge one policy here, for an entry is one record. Of more another system keeps the list."""


class PolicyState(StrEnum):
    """Where a policy stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class Acknowledgement(Noun):
    """That a person has read a version."""

    person: str
    at: Instant


class PolicyDocument(Entry):
    """A policy of the organisation. Its text lies where the organisation keeps it; here are its hash and its life."""

    state: PolicyState = PolicyState.DRAFT
    template: str | None = Field(default=None, max_length=60)
    version: str = Field(default="1", min_length=1, max_length=40)
    location: str = Field(default="", max_length=1000)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="of the text that is in force")
    review_days: int = Field(default=365, ge=1, le=3660)
    approved_by: str | None = None
    in_force_at: Moment | None = None
    reviewed_at: Moment | None = None
    readers: tuple[str, ...] = Field(
        default=(), max_length=MOST_ACKNOWLEDGED, description="who has to acknowledge it: user names or addresses"
    )
    acknowledged: tuple[Acknowledgement, ...] = Field(
        default=(), max_length=MOST_ACKNOWLEDGED, description="of the version in force"
    )

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Its review."""
        if self.state is not PolicyState.IN_FORCE or self.review_due is None:
            return ()
        return (Dated(name="review", title="Review the policy", day=self.review_due, soon_days=30),)

    @property
    def outstanding(self) -> tuple[str, ...]:
        """Readers who have not acknowledged the version in force."""
        if self.state is not PolicyState.IN_FORCE:
            return ()
        done = {one.person.casefold() for one in self.acknowledged}
        return tuple(one for one in self.readers if one.casefold() not in done)


class PolicyTemplate(Noun):
    """A text to begin with, in own words; what stands in brackets is for the organisation to fill in."""

    id: str
    title: str
    audience: str
    review_days: int
    edition: str
    sha256: str = Field(description="of the text as it is given")
    text: str
