"""Checking a window: compare what was counted of it, keep once, tell the others."""

from __future__ import annotations

from datetime import datetime

from syndic.batch_jobs import judged_model
from syndic.checks.counting.counter import WindowCounts
from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.own_windows import LENGTHS
from syndic.drift.counts.model import Counts
from syndic.drift.keys import report_key
from syndic.drift.measures.usual import Usual, usual
from syndic.drift.models import DriftReport
from syndic.drift.prepare import Prepared, counter_of, prepare
from syndic.drift.report.build import compare, without_comparison
from syndic.drift.report.keep import keep
from syndic.drift.report.queries import stored
from syndic.drift.set_baseline import load_baseline, load_slices
from syndic.drift.slices.of_windows import SlicedRows, drift_slices, error_slices
from syndic.models import CheckRequested, Intake
from syndic.ports import Archive, AuditTrail, CaptureReader, EventBus, Store


def check_drift(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,  # noqa: ARG001 - every check takes the same collaborators
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    counts: WindowCounts,
) -> DriftReport:
    """Compare a window with the model's baseline, keep the report and tell the others.

    The same inputs (captured objects, baseline, policy) give the stored report and change nothing. `counts` are those
    of the window: kept, or read when they are asked for. Raises `NotFoundError` for an unknown model,
    `UnavailableError` when captures or records cannot be read, `StaleCountsError` when the counts are of another
    baseline.
    """
    model = judged_model(store, request.model_id, request.window)
    prepared = prepare(model, request.window, store=store)
    digest = prepared.inputs_sha256(counts.files)
    first = store.get(report_key(model.id, request.window)) is None
    present = None if first else stored(store, model.id, request.window)
    if present is not None and present.report.inputs_sha256 == digest and not request.force:
        return keep(present.report, model, request.window, store=store, bus=bus, audit=audit, stored=True)
    if prepared.obstacle is not None:
        report = without_comparison(
            model,
            request.window,
            prepared.policy,
            prepared.obstacle,
            inputs_sha256=digest,
            intake=Intake(objects=len(counts.files.objects)),
            now=now,
        )
    else:
        baseline = load_baseline(model.id, prepared.baseline_sha256, archive=archive)
        counter = counter_of(prepared, baseline, archive=archive)
        counts.fill(counter)
        report = _compared(prepared, baseline, counter.total, inputs_sha256=digest, archive=archive, now=now)
        report = _with_slices(report, prepared, counter.slices, archive)
    return keep(report, model, request.window, store=store, bus=bus, audit=audit, force=request.force, absent=first)


def _compared(
    prepared: Prepared, baseline: Baseline, counts: Counts, *, inputs_sha256: str, archive: Archive, now: datetime
) -> DriftReport:
    return compare(
        baseline,
        counts,
        prepared.policy,
        baseline_sha256=prepared.baseline_sha256,
        inputs_sha256=inputs_sha256,
        now=now,
        model=prepared.model,
        window=prepared.window,
        warnings=prepared.warnings,
        usual=_usual(prepared, baseline, archive),
    )


def _with_slices(report: DriftReport, prepared: Prepared, counted: SlicedRows | None, archive: Archive) -> DriftReport:
    """With the slices in which drift and error concentrate, where the policy asks for them."""
    if counted is None or prepared.sliced is None:
        return report
    before = load_slices(prepared.model.id, prepared.sliced, archive=archive)
    return report.model_copy(
        update={"slices": drift_slices(report, before, counted), "error_slices": error_slices(report, counted)}
    )


def _usual(prepared: Prepared, baseline: Baseline, archive: Archive) -> Usual | None:
    """How the baseline's own windows of that length vary; a part of a season is judged by those of the whole.

    A batch job is a whole population, whatever time it took: hours or days of the baseline say nothing about it.
    """
    info = prepared.info
    if info is None or info.own_windows is None or prepared.window.job is not None:
        return None
    whole = baseline
    if prepared.baseline_sha256 != info.sha256:
        whole = load_baseline(prepared.model.id, info.sha256, archive=archive)
    span = (prepared.window.end - prepared.window.start).total_seconds() / 3600.0
    return usual(whole, min(LENGTHS, key=lambda hours: abs(hours - span)), prepared.season)
