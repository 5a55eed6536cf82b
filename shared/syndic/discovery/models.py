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
    notes: tuple[ModelNote, ...] = ()  # models that cannot be checked, and why


class HourRun(Noun):
    """Hours without a gap: ``[start, end)``."""

    start: Moment
    end: Moment


class Bookmark(Noun):
    """How far a model's captured files were handed on. Moves only after the bus took the requests."""

    modified: Moment | None = None  # the newest file seen
    recent: tuple[str, ...] = ()  # fingerprints of files within the overlap before `modified`, to know them again
    waiting: dict[str, tuple[Moment, ...]] = Field(default_factory=dict)  # check -> starts of windows to ask for
    covered: tuple[HourRun, ...] = ()  # hours that have captured files, the newest 1000 runs
