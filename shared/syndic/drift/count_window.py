"""A window's rows as counts on the baseline's edges, piece by piece and part by part."""

from __future__ import annotations

from collections.abc import Iterable

from syndic.canonical import sha256_of
from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.codec import FORMAT, counts_from_bytes, counts_to_bytes
from syndic.drift.counts.count_rows import count
from syndic.drift.counts.model import Counts
from syndic.drift.prepare import Prepared, prepare
from syndic.drift.set_baseline import load_baseline
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, RegisteredModel, TimeWindow
from syndic.ports import Archive, CaptureReader, Store
from syndic.windows import Labels, Rejected, Window


class DriftCounter:
    """`Counter` of drift: see `syndic.checks.counting`."""

    check = "drift"

    def __init__(self, schema: CaptureSchema, baseline: Baseline, *, basis: str, multivariate: bool) -> None:
        self.schema, self.basis = schema, basis
        self.total = Counts()
        self._baseline, self._multivariate = baseline, multivariate

    def begin(self, labels: Labels | None) -> None:
        """Drift is of what came in and went out: labels are not counted."""

    def add(self, piece: Window) -> None:
        """Count the rows of a piece."""
        self.total = self.total.plus(count(piece, self._baseline, multivariate=self._multivariate))

    def reject(self, rejected: Rejected) -> None:
        """The intake of the pieces counts what was rejected."""

    def merge(self, counts: bytes) -> None:
        """Add the counts of another part."""
        self.total = self.total.plus(counts_from_bytes(counts))

    def counts(self) -> bytes:
        """The counts so far."""
        return counts_to_bytes(self.total)


def counter_of(prepared: Prepared, baseline: Baseline) -> DriftCounter:
    """The counter of a window that can be compared."""
    schema = prepared.model.capture_schema
    if schema is None:
        raise InvalidInputError("the model has no capture schema yet", where=f"model {prepared.model.id}")
    multivariate = prepared.policy.multivariate
    basis = sha256_of([FORMAT, prepared.baseline_sha256, multivariate])
    return DriftCounter(schema, baseline, basis=basis, multivariate=multivariate)


def make_counter(
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    archive: Archive,
    captures: CaptureReader,  # noqa: ARG001 - every check's counter is made of the same collaborators
) -> DriftCounter | None:
    """The counter of a window; None where it cannot be compared with anything."""
    prepared = prepare(model, window, store=store)
    if prepared.obstacle is not None:
        return None
    return counter_of(prepared, load_baseline(model.id, prepared.baseline_sha256, archive=archive))


def count_pieces(pieces: Iterable[Window], baseline: Baseline, *, multivariate: bool = False) -> Counts:
    """The counts of several pieces of a window, one piece in memory at a time."""
    total = Counts()
    for piece in pieces:
        total = total.plus(count(piece, baseline, multivariate=multivariate))
    return total
