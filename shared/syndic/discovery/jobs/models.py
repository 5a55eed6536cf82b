"""Nouns of batch jobs as discovery sees them."""

from __future__ import annotations

from pydantic import Field

from syndic.discovery.bookmark import Check
from syndic.models import JobStatus, Moment, Noun, TimeWindow


class EndedBookmark(Noun):
    """How far the ended jobs of a source were handed on. Moves only after the bus took them."""

    until: Moment  # jobs that were last changed before it are known
    recent: tuple[str, ...] = ()  # names of those within the overlap before it
    unavailable: str | None = None  # the reason, while they cannot be listed


class JobNote(Noun):
    """What is said of one job."""

    name: str
    status: JobStatus
    began: Moment
    unread: str | None = Field(default=None, description="why its rows are not judged, and what to set")


class JobsSeen(Noun):
    """The batch jobs of a model: which wait for checks, and the newest of them."""

    newest: Moment | None = None  # when the newest that completed was created: what it used is what serves
    jobs: int = 0
    notes: tuple[JobNote, ...] = ()  # of the newest, the last first
    waiting: dict[Check, tuple[TimeWindow, ...]] = Field(default_factory=dict)
    labels_hour: Moment | None = None  # of the newest ground truth folder seen
    recent_labels: tuple[str, ...] = ()
