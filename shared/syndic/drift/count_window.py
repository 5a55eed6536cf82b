"""A window's rows as counts on the baseline's edges, piece by piece and part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from syndic.checks.counting.codec import from_bytes, to_bytes
from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.codec import counts_from_bytes, counts_to_bytes
from syndic.drift.counts.count_rows import count
from syndic.drift.counts.model import Counts
from syndic.drift.slices.of_windows import SlicedRows
from syndic.models import CaptureSchema
from syndic.windows import Labels, Rejected, Window, join_labels


@dataclass(frozen=True, slots=True)
class _Both:
    """What travels from one counter to another where slices are asked for."""

    counts: bytes
    slices: SlicedRows


class DriftCounter:
    """`Counter` of drift: see `syndic.checks.counting`."""

    check = "drift"

    def __init__(
        self,
        schema: CaptureSchema,
        baseline: Baseline,
        *,
        basis: str,
        multivariate: bool,
        slices: SlicedRows | None = None,
    ) -> None:
        self.schema, self.basis = schema, basis
        self.total = Counts()
        self.slices = slices
        self._baseline, self._multivariate = baseline, multivariate
        self._truth: Labels | None = None

    def begin(self, labels: Labels | None) -> None:
        """Drift is of what came in and went out: labels only say in which slices predictions are wrong."""
        self._truth = labels

    def add(self, piece: Window) -> None:
        """Count the rows of a piece."""
        self.total = self.total.plus(count(piece, self._baseline, multivariate=self._multivariate))
        if self.slices is not None and piece.rows:
            self.slices = self.slices.with_rows(piece)
            if self._truth is not None:
                self.slices = self.slices.with_labels(join_labels(piece, self._truth), self._truth.spec.name)

    def reject(self, rejected: Rejected) -> None:
        """The intake of the pieces counts what was rejected."""

    def merge(self, counts: bytes) -> None:
        """Add the counts of another part."""
        if self.slices is None:
            self.total = self.total.plus(counts_from_bytes(counts))
            return
        both = from_bytes(_Both, counts)
        self.total = self.total.plus(counts_from_bytes(both.counts))
        self.slices = self.slices.plus(both.slices)

    def counts(self) -> bytes:
        """The counts so far."""
        counted = counts_to_bytes(self.total)
        return counted if self.slices is None else to_bytes(_Both(counted, self.slices))


def count_pieces(pieces: Iterable[Window], baseline: Baseline, *, multivariate: bool = False) -> Counts:
    """The counts of several pieces of a window, one piece in memory at a time."""
    total = Counts()
    for piece in pieces:
        total = total.plus(count(piece, baseline, multivariate=multivariate))
    return total
