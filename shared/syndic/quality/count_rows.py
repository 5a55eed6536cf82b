"""A window's rows as counts against what is expected of them, with the outcomes of those whose labels came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndic.canonical import sha256_of
from syndic.checks.counting.codec import from_bytes, to_bytes
from syndic.models import CaptureSchema, ColumnRole, ColumnSpec, to_json
from syndic.quality.data.profile import Profile
from syndic.quality.models import Expectation
from syndic.quality.performance.metrics import Outcomes
from syndic.quality.performance.scored import Scored
from syndic.quality.report.quarantine import Quarantine
from syndic.windows import Column, Labels, Rejected, Window, join_labels

FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Kept:
    """What travels from one counter to another."""

    profile: Profile
    scored: Scored
    outcomes: Outcomes | None
    matched: list[int]
    late: int
    labels: int
    duplicate_labels: int
    rejected: list[str]


@dataclass
class QualityCounter:
    """`Counter` of quality: see `syndic.checks.counting`.

    Attributes:
        schema: By which the window is read.
        expected: What the baseline lets expect of each column.
        ignored: Columns that are left out.
        end: The window's end: a label collected later is late.
        profile: Counts of the data.
        scored: Counts of the scores.
        outcomes: Rows whose labels came; None where the model has no ground truth.
        matched: 64-bit hashes of the ids of rows that have a label.
        late: Rows whose label was late.
        labels: Labels that were read, and `duplicate_labels` those replaced by a later one.
        quarantine: Records that could not be used.
    """

    schema: CaptureSchema
    expected: Mapping[str, Expectation]
    ignored: frozenset[str]
    end: datetime
    check: str = "quality"
    profile: Profile = field(init=False)
    scored: Scored = field(default_factory=Scored)
    outcomes: Outcomes | None = None
    matched: set[int] = field(default_factory=set)
    late: int = 0
    labels: int = 0
    duplicate_labels: int = 0
    quarantine: Quarantine = field(default_factory=Quarantine)
    _truth: Labels | None = None

    def __post_init__(self) -> None:
        self.profile = Profile(self.expected, self.ignored)

    @property
    def basis(self) -> str:
        """The hash of what rows are counted against."""
        expected = {name: to_json(one) for name, one in self.expected.items()}
        return sha256_of([FORMAT, expected, sorted(self.ignored), to_json(self.schema)])

    def begin(self, labels: Labels | None) -> None:
        """Take the ground truth that rows are joined with."""
        self._truth = labels
        spec = self._spec
        if labels is not None and spec is not None:
            self.outcomes = Outcomes(spec.kind)
            self.labels, self.duplicate_labels = len(labels), labels.duplicates

    def add(self, piece: Window) -> None:
        """Count the rows of a piece."""
        self.profile.add(piece)
        truth = None
        prediction, score = _of(piece, ColumnRole.PREDICTION), _of(piece, ColumnRole.SCORE)
        if self.outcomes is not None and self._truth is not None and self._spec is not None:
            truth = join_labels(piece, self._truth).columns[self._spec.name]
            self.outcomes.add(truth, prediction, score)
            self._match(piece, self._truth)
        if piece.rows:
            self.scored.add(score, prediction, truth)

    def reject(self, rejected: Rejected) -> None:
        """List a record that could not be used."""
        self.quarantine.add(rejected)

    def merge(self, counts: bytes) -> None:
        """Add the counts of another part."""
        kept = from_bytes(_Kept, counts)
        self.profile.merge(kept.profile)
        self.scored.merge(kept.scored)
        if kept.outcomes is not None:
            self.outcomes = self.outcomes or Outcomes(kept.outcomes.kind)
            self.outcomes.merge(kept.outcomes)
        self.matched.update(kept.matched)
        self.late += kept.late
        self.labels, self.duplicate_labels = kept.labels, kept.duplicate_labels
        self.quarantine.extend(kept.rejected)

    def counts(self) -> bytes:
        """The counts so far."""
        profile = replace(self.profile, expected={})
        kept = _Kept(
            profile, self.scored, self.outcomes, sorted(self.matched), self.late, self.labels,
            self.duplicate_labels, self.quarantine.lines,
        )  # fmt: skip
        return to_bytes(kept)

    @property
    def _spec(self) -> ColumnSpec | None:
        return self.schema.label

    def _match(self, piece: Window, labels: Labels) -> None:
        """Note which labels belong to rows of a piece, and how many of them came late."""
        for row_id in piece.ids:
            if row_id and row_id in labels.values:
                self.matched.add(_hash(row_id))
                _, collected = labels.values[row_id]
                self.late += collected is not None and collected >= self.end


def _of(piece: Window, role: ColumnRole) -> Column | None:
    names = piece.with_role(role)
    return piece.columns[names[0]] if names else None


def _hash(row_id: str) -> int:
    digest = hashlib.blake2b(row_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
