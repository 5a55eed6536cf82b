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
    notes: tuple[ModelNote, ...] = ()  # what keeps models from being checked, and tags that are not understood


class KnownSource(Noun):
    """What a source last listed. Kept so that an endpoint that is no longer listed is missed."""

    name: str
    listed: tuple[str, ...] = ()  # model ids
    departed: dict[str, Moment] = Field(default_factory=dict)  # model id -> when it was found gone
    unavailable: str | None = None  # the reason, while it cannot be read
    fresh: tuple[str, ...] = ()  # models found for the first time by a run that did not end yet


class HourRun(Noun):
    """Hours without a gap: ``[start, end)``."""

    start: Moment
    end: Moment


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
