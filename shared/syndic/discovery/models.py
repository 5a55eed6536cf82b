"""Nouns of discovery."""

from __future__ import annotations

from pydantic import Field

from syndic.models import Moment, Noun


class ModelNote(Noun):
    """Something a person should know about a model after a run."""

    model_id: str
    note: str


class DiscoveryReport(Noun):
    """What a run found and did."""

    registered: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # their source could not be read
    unavailable: dict[str, str] = Field(default_factory=dict)  # source -> reason
    requested: int = 0  # checks asked for
    handed_on: int = 0  # models that other messages look at
    notes: tuple[ModelNote, ...] = ()  # what keeps models from being checked, and tags that are not understood


class KnownSource(Noun):
    """What a source last listed. Kept so that an endpoint that is no longer listed is missed."""

    name: str
    listed: tuple[str, ...] = ()  # model ids
    departed: dict[str, Moment] = Field(default_factory=dict)  # model id -> when it was found gone
    unavailable: str | None = None  # the reason, while it cannot be read


class HourRun(Noun):
    """Hours without a gap: ``[start, end)``."""

    start: Moment
    end: Moment


class Round(Noun):
    """A listing of all files of an endpoint that has more than one call lists, a part of it at a time."""

    began: Moment
    since: Moment | None = None  # files that were modified before are known; None: none are
    after: str | None = None  # where it goes on; None: it came to the end
    looked_at: Moment  # when its last part was listed


class Bookmark(Noun):
    """How far a model's captured files were handed on. Moves only after the bus took the requests."""

    modified: Moment | None = None  # of the newest file seen
    recent: tuple[str, ...] = ()  # fingerprints of files not older than the overlap before it, to know them again
    span: str | None = None  # the longest that a folder of the newest files stands for
    labels_hour: Moment | None = None  # of the newest ground truth folder seen
    recent_labels: tuple[str, ...] = ()
    waiting: dict[str, tuple[Moment, ...]] = Field(default_factory=dict)  # check -> starts of windows to ask for
    covered: tuple[HourRun, ...] = ()  # hours that had captured files when they were listed, the newest 1000 runs
    kept_from: Moment | None = None  # the first of these hours whose files were still there
    looked_back_at: Moment | None = None  # when that was looked at
    variants: tuple[str, ...] = ()  # folders below the endpoint's in which new files are looked for
    variants_since: Moment | None = None  # since when there were these and no others
    round: Round | None = None  # none while one call lists all files
