"""Evidence of the past, as the reports that were kept give it: the newest of each kind alone is on record as such.

Reports stay for half a year at least, so nothing more is stored for this. A report of a window that was judged anew
counts as it is now; which version served then is said by the newest evidence alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from syndic.alerting.rules.replay import Past
from syndic.bias import keys as bias_keys
from syndic.bias.models import OUTCOMES, BiasReport
from syndic.bias.report.findings import evidence_of as bias_evidence
from syndic.drift import keys as drift_keys
from syndic.drift.models import DriftReport, HistoryPoint
from syndic.drift.report.build import EVIDENCE as DRIFT
from syndic.drift.report.build import evidence_of as drift_evidence
from syndic.models import Evidence, RegisteredModel, TimeWindow
from syndic.ports import Record, Store
from syndic.quality import keys as quality_keys
from syndic.quality.models import QualityReport
from syndic.quality.report.facts import EVIDENCE as QUALITY
from syndic.quality.report.facts import PERFORMANCE_EVIDENCE as PERFORMANCE
from syndic.quality.report.facts import evidence_of as quality_evidence
from syndic.quality.report.facts import performance_evidence_of
from syndic.records import ASIDE, list_evidence

MOST: Final = 1500
"""Reports read for one answer: what a request of the API has time for."""
LEAST: Final = 60
"""Reports of one model that are read in any case, while there is anything left to read at all."""
PAGE: Final = 50


class EvidenceHistory:
    """Reads evidence of the past, model by model, until it has read enough.

    Args:
        store: Reports and evidence.
        models: How many models are to share what may be read.
        most: How many reports may be read.
    """

    def __init__(self, store: Store, models: int, *, most: int = MOST) -> None:
        self._store, self._left = store, most
        self._each = max(LEAST, most // max(1, models))

    def __call__(self, model: RegisteredModel, kinds: frozenset[str] | None, since: datetime) -> Past | None:
        """What is on record of some kinds of evidence, or of all. None: too much was read already."""
        newest = {one.kind: one for one in list_evidence(self._store, model.id) if kinds is None or one.kind in kinds}
        found = dict[str, list[Evidence]]()
        known_since: dict[str, datetime] = {}
        for made, read in SOURCES.items():
            wanted = made if kinds is None else made & kinds
            if not wanted:
                continue
            if self._left <= 0:
                return None
            reports, whole = self._read(read(model.id, self._store), since)
            for one in reports:
                if one.kind in wanted:
                    found.setdefault(one.kind, []).append(one)
            for kind in wanted:
                if not whole and kind in found:
                    known_since[kind] = min(one.produced_at for one in found[kind])
        for kind, one in newest.items():
            before = [other for other in found.get(kind, ()) if other.source != one.source]
            if not before and kind not in found:
                known_since[kind] = one.produced_at
            found[kind] = [*before, one]
        return Past(tuple(one for many in found.values() for one in many), known_since)

    def _read(self, windows: Iterator[tuple[Evidence, ...]], since: datetime) -> tuple[list[Evidence], bool]:
        """Evidence of the newest windows back to the one that stood at a moment, and whether that was reached."""
        found: list[Evidence] = []
        allowed = min(self._each, self._left)
        for number, some in enumerate(islice(windows, allowed), 1):
            self._left -= 1
            found += some
            if some and max(one.produced_at for one in some) <= since:
                return found, True
            if number == allowed:
                return found, next(windows, None) is None
        return found, True


def _drift(model_id: str, store: Store) -> Iterator[tuple[Evidence, ...]]:
    partition = drift_keys.partition(model_id)
    for records in _pages(store, partition, end=drift_keys.POINTS):
        reports = [DriftReport.model_validate(record.body) for record in records]
        windows = [one.window for one in reports if one.window is not None]
        points = store.get_many([drift_keys.point_key(model_id, one) for one in windows])
        for report in reports:
            window = report.window
            kept = None if window is None else points.get(drift_keys.point_key(model_id, window))
            if window is None or kept is None:
                continue
            point = HistoryPoint.model_validate(kept.body["point"])
            told = report.model_copy(update={"confirmed": point.confirmed})
            yield (drift_evidence(told, model_id, window, point.impact, digest=_digest(report)),)


def _quality(model_id: str, store: Store) -> Iterator[tuple[Evidence, ...]]:
    for records in _pages(store, quality_keys.partition(model_id), end=ASIDE):
        for record in records:
            report = QualityReport.model_validate(record.body["report"])
            performance = performance_evidence_of(report, digest=_digest(report))
            yield (quality_evidence(report, digest=_digest(report)), *(() if performance is None else (performance,)))


def _bias(model_id: str, store: Store) -> Iterator[tuple[Evidence, ...]]:
    """The outcomes of a window are one piece of evidence: they are read side by side, the newest window first."""
    partition = bias_keys.report_partition(model_id)
    streams = {name: _reports(store, partition, f"{name}.") for name in OUTCOMES}
    heads = {name: next(stream, None) for name, stream in streams.items()}
    while any(heads.values()):
        there = {name: one for name, one in heads.items() if one is not None}
        window = max((one[0] for one in there.values()), key=lambda one: one.key)
        reports = [one[1] for one in there.values() if one[0] == window]
        digest = ".".join(map(_digest, reports))
        yield (bias_evidence(tuple(reports), model_id, window, digest=digest),)
        for name, one in there.items():
            if one[0] == window:
                heads[name] = next(streams[name], None)


def _digest(report: DriftReport | QualityReport | BiasReport) -> str:
    """Stands for a report's hash, which would take ten times as long as reading it."""
    return f"{report.inputs_sha256}.{report.revision}"


def _reports(store: Store, partition: str, prefix: str) -> Iterator[tuple[TimeWindow, BiasReport]]:
    for records in _pages(store, partition, prefix=prefix):
        for record in records:
            report = BiasReport.model_validate(record.body)
            if report.window is not None:
                yield report.window, report


def _pages(store: Store, partition: str, *, prefix: str = "", end: str | None = None) -> Iterator[Sequence[Record]]:
    token: str | None = None
    while True:
        page = store.query(partition, prefix=prefix, end=end, descending=True, limit=PAGE, token=token)
        yield page.records
        token = page.next_token
        if token is None:
            return


SOURCES: Final[Mapping[frozenset[str], Callable[[str, Store], Iterator[tuple[Evidence, ...]]]]] = {
    frozenset({DRIFT}): _drift,
    frozenset({QUALITY, PERFORMANCE}): _quality,
    frozenset({bias_keys.EVIDENCE_KIND}): _bias,
}
"""Kinds of evidence whose reports are kept, and how they are read, the newest window first."""
