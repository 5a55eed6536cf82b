"""What a check judges: the counts that are kept of a window, or those of reading it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from syndic.canonical import sha256_of
from syndic.checks.counting.codec import from_bytes, to_bytes
from syndic.checks.counting.counter import Counter, Guarded, StaleCountsError
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.read_once import read_once
from syndic.checks.counting.window_files import WindowFiles
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import RegisteredModel, TimeWindow
from syndic.ports import Archive, CaptureReader

FORMAT = 1
"""Of the counts of all checks together. What was counted in another format is counted again."""


@dataclass(frozen=True, slots=True)
class Section:
    """What was counted for one check, or why it could not be."""

    basis: str
    counts: bytes = b""
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Some files and the counts of each check: those of a window, or of a part of it."""

    files: WindowFiles
    sections: dict[str, Section] = field(default_factory=dict)


class KeptCounts:
    """Counts that the counter kept in the archive."""

    def __init__(self, name: str, *, archive: Archive) -> None:
        try:
            data = archive.get(name)
        except NotFoundError as error:
            raise StaleCountsError(f"the counts {name} have expired") from error
        self._name, self._counted = name, from_bytes(Counted, data, where=name)

    @property
    def files(self) -> WindowFiles:
        """The files that were counted."""
        return self._counted.files

    def fill(self, counter: Counter) -> None:
        """Give the counter what another one of its basis counted.

        Raises `StaleCountsError`, and `InvalidInputError` when counting failed for this check alone.
        """
        section = self._counted.sections.get(counter.check)
        if section is None or section.basis != counter.basis:
            raise StaleCountsError(f"{self._name} was not counted by what {counter.check} is judged by now")
        if section.failure is not None:
            raise InvalidInputError(f"the window could not be counted: {section.failure}", where=self._name)
        counter.merge(section.counts)


@dataclass(frozen=True)
class Reading:
    """A window that is read when it is asked for."""

    model: RegisteredModel
    window: TimeWindow
    captures: CaptureReader
    now: datetime

    @cached_property
    def files(self) -> WindowFiles:
        """The files that there are."""
        return list_files(self.model, self.window, captures=self.captures, now=self.now)

    def fill(self, counter: Counter) -> None:
        """Read the files for one counter."""
        read_once(self.model, self.files, [counter], captures=self.captures)


def counts_name(model_id: str, window: TimeWindow, files: WindowFiles, counters: Sequence[Counter]) -> str:
    """Name of the counts of these files by these counters."""
    bases = {counter.check: counter.basis for counter in counters}
    return f"counts/{model_id}/{window.key}/{sha256_of([FORMAT, files.digest, bases])}.counts"


def count_window(
    model: RegisteredModel,
    window: TimeWindow,
    files: WindowFiles,
    counters: Sequence[Counter],
    *,
    captures: CaptureReader,
    archive: Archive,
) -> str:
    """Read a window once, keep the counts of every check and return their name. Those that are kept are not made again.

    Raises `UnavailableError`, and `ConflictError` when a file was replaced since it was listed.
    """
    name = counts_name(model.id, window, files, counters)
    try:
        kept = from_bytes(Counted, archive.get(name), where=name)
    except (NotFoundError, InvalidInputError):
        kept = None
    if kept is None or any(section.failure for section in kept.sections.values()):
        guarded = [Guarded(counter) for counter in counters]
        read_once(model, files, guarded, captures=captures)
        keep_counts(name, files, guarded, archive=archive)
    return name


def keep_counts(name: str, files: WindowFiles, counters: Sequence[Guarded], *, archive: Archive) -> None:
    """Write what was counted of some files."""
    sections = {
        one.check: Section(one.basis, failure=one.failure) if one.failure else Section(one.basis, one.counts())
        for one in counters
    }
    archive.put(name, to_bytes(Counted(files, sections)), content_type="application/octet-stream")
