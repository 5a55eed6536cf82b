"""What counts a window for one check, and how one that fails is kept from the others."""

from __future__ import annotations

import logging
from typing import Protocol

from syndic.errors import SyndicError, UnavailableError
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
        try:
            self.inner.begin(labels)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect of one check is that check's
            self._fail(error)

    def add(self, piece: Window) -> None:
        """Pass on, unless it failed before."""
        if self.failure is None:
            try:
                self.inner.add(piece)
            except UnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                self._fail(error)

    def reject(self, rejected: Rejected) -> None:
        """Pass on."""
        self.inner.reject(rejected)

    def merge(self, counts: bytes) -> None:
        """Pass on, unless it failed before."""
        if self.failure is None:
            try:
                self.inner.merge(counts)
            except UnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                self._fail(error)

    def counts(self) -> bytes:
        """What was counted. Not asked of one that failed."""
        return self.inner.counts()

    def _fail(self, error: Exception) -> None:
        self.failure = str(error) if isinstance(error, SyndicError) else f"{type(error).__name__}: {error}"
        log.error("counting failed", exc_info=error, extra={"check": self.check, "reason": self.failure})
