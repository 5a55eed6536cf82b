"""What counts a window for one check, what fills it, and how one that fails is kept from the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from syndic.checks.counting.window_files import WindowFiles
from syndic.errors import ConflictError, SyndicError, UnavailableError
from syndic.models import CaptureSchema, RegisteredModel, TimeWindow
from syndic.ports import Archive, CaptureReader, Store
from syndic.windows import Labels, Rejected, Window

log = logging.getLogger(__name__)


class Counter(Protocol):
    """Mergeable counts of a window for one check: of its rows, or of the counts of its parts in their order."""

    @property
    def check(self) -> str:
        """Whose counts they are."""

    @property
    def basis(self) -> str:
        """The hash of all that they depend on besides the files: the baseline's edges, columns, groups."""

    @property
    def schema(self) -> CaptureSchema:
        """By which the files are read."""

    def begin(self, labels: Labels | None) -> None:
        """Take the ground truth that has come, before any row; None where the model has none."""

    def add(self, piece: Window) -> None:
        """Count the rows of a piece, without their labels."""

    def reject(self, rejected: Rejected) -> None:
        """Take note of a record that could not be used."""

    def merge(self, counts: bytes) -> None:
        """Add what another counter of the same basis counted of the next part."""

    def counts(self) -> bytes:
        """All that was counted."""


class StaleCountsError(ConflictError):
    """Counts were made by another baseline, policy or schema than those of now, or have expired: count again."""


class WindowCounts(Protocol):
    """A window's files and what they hold, for whatever counter asks."""

    @property
    def files(self) -> WindowFiles:
        """The files that were or will be counted."""

    def fill(self, counter: Counter) -> None:
        """Let a counter have all that it counts of these files. Raises `StaleCountsError`."""


class MakeCounter(Protocol):
    """Makes the counter of a check; None where there is nothing to count by, which the check's report then says."""

    def __call__(
        self, model: RegisteredModel, window: TimeWindow, *, store: Store, archive: Archive, captures: CaptureReader
    ) -> Counter | None:
        """Raises `UnavailableError`, and what is wrong with what the check is made by."""


class Guarded:
    """A counter that fails alone: what is wrong with one check's counts keeps no other check from its own.

    What a service did not answer is raised: the whole window is then counted again.
    """

    def __init__(self, counter: Counter) -> None:
        self.inner = counter
        self.check, self.basis, self.schema = counter.check, counter.basis, counter.schema
        self.failure: str | None = None

    def begin(self, labels: Labels | None) -> None:
        """Pass on."""
        with self._alone():
            self.inner.begin(labels)

    def add(self, piece: Window) -> None:
        """Pass on, unless it failed before."""
        if self.failure is None:
            with self._alone():
                self.inner.add(piece)

    def reject(self, rejected: Rejected) -> None:
        """Pass on."""
        self.inner.reject(rejected)

    def merge(self, counts: bytes) -> None:
        """Pass on, unless it failed before."""
        if self.failure is None:
            with self._alone():
                self.inner.merge(counts)

    def counts(self) -> bytes:
        """What was counted. Not asked of one that failed."""
        return self.inner.counts()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            yield
        except UnavailableError:
            raise
        except Exception as error:  # a defect of one check is that check's
            self.failure = str(error) if isinstance(error, SyndicError) else f"{type(error).__name__}: {error}"
            log.exception("counting failed", extra={"check": self.check, "reason": self.failure})
