"""Nouns of the mirror."""

from __future__ import annotations

from pydantic import Field

from syndic.models import Moment, Noun


class LeftOut(Noun):
    """A record that could not be carried over. It is tried again at each exchange."""

    partition: str
    sort: str
    reason: str


class Mark(Noun):
    """How far the changes of one side were carried to the other. Lies with the receiver.

    A receiver that lost its records has lost the mark too and is given everything.
    """

    through: str | None = None  # newest change carried over, by the writer's clock
    recent: dict[str, Moment | None] = Field(
        default_factory=dict, description="changes near the newest: when first read, by the reader; null: read again"
    )
    copying: str | None = None  # while everything is copied: the partition that is next
    page: str | None = None  # and where in it, by the sender's token
    left_out: tuple[LeftOut, ...] = ()


class MirrorState(Noun):
    """When both clouds last met."""

    attempted_at: Moment
    mirrored_at: Moment | None = None  # everything that the other cloud had then is here
    unavailable: str | None = None  # the reason, while the exchange fails
    failing_since: Moment | None = None


class Carried(Noun):
    """What one direction of an exchange did."""

    looked_at: int = 0
    written: int = 0
    events: int = 0
    complete: bool = True  # False: more waits than one run takes on; the next one goes on
    left_out: tuple[LeftOut, ...] = ()


class ExchangeReport(Noun):
    """What one exchange did."""

    pulled: Carried = Carried(complete=False)
    pushed: Carried = Carried(complete=False)
    unavailable: str | None = None
