"""Checking a window: read, count, compare, keep once, tell the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.own_windows import DAY, LENGTHS
from syndic.drift.baseline.seasonal import season_key
from syndic.drift.counts.count_rows import count
from syndic.drift.counts.model import Counts
from syndic.drift.measures.usual import Usual, usual
from syndic.drift.models import BaselineInfo, DriftReport
from syndic.drift.policy.kept import get_policy
from syndic.drift.policy.model import DriftPolicy, Season
from syndic.drift.report.build import compare, inputs_hash, without_comparison
from syndic.drift.report.keep import keep
from syndic.drift.report.queries import find_baseline, stored
from syndic.drift.set_baseline import load_baseline
from syndic.models import CaptureFormat, CheckRequested, Intake, RegisteredModel, TimeWindow
from syndic.ports import Archive, AuditTrail, CaptureReader, EventBus, MapRunner, ObjectInfo, Store
from syndic.records import get_model
from syndic.windows import Window, read_window

WITHOUT_TIMES: Final = (
    "the baseline has no times, so how much an hour or a day usually varies is not known and may ring: set it from "
    "captured traffic, or from a table with a time column, and limits and the season are learnt from it"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a check of one window depends on, before a row is read."""

    model: RegisteredModel
    window: TimeWindow
    policy: DriftPolicy
    info: BaselineInfo | None
    baseline_sha256: str
    items: tuple[ObjectInfo, ...]
    inputs_sha256: str
    obstacle: str | None
    capture_format: CaptureFormat | None = None
    season: Season = Season.NONE
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartedMap:
    """The window is too large for one function: a map run counts it object by object."""

    name: str
    objects: int
    bytes: int


def check_drift(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> DriftReport:
    """Compare a window with the model's baseline, keep the report and tell the others.

    The same inputs (captured objects, baseline, policy) give the stored report and change nothing. Raises
    `NotFoundError` for an unknown model, `UnavailableError` when captures or records cannot be read.
    """
    prepared = prepare(request, store=store, captures=captures)
    return _check(request, prepared, store=store, captures=captures, archive=archive, bus=bus, audit=audit, now=now)


def check_or_map(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    maps: MapRunner | None,
    map_threshold_mb: int,
    now: datetime,
) -> DriftReport | StartedMap:
    """`check_drift`, or the start of a map run when the window's objects are larger than the threshold."""
    prepared = prepare(request, store=store, captures=captures)
    size = sum(item.size for item in prepared.items)
    mapped = maps is not None and prepared.obstacle is None and prepared.capture_format in maps.formats
    large = mapped and size > map_threshold_mb * 1_000_000
    present = stored(store, prepared.model.id, request.window)
    known = present is not None and present.report.inputs_sha256 == prepared.inputs_sha256 and not request.force
    if maps is not None and large and not known:
        name = maps.start(request, prepared.items)
        log.info("map run started", extra={"run": name, "objects": len(prepared.items), "bytes": size})
        return StartedMap(name, len(prepared.items), size)
    return _check(request, prepared, store=store, captures=captures, archive=archive, bus=bus, audit=audit, now=now)


def prepare(request: CheckRequested, *, store: Store, captures: CaptureReader) -> Prepared:
    """Look up the model, its policy and baseline, and the captured objects of the window."""
    model = get_model(store, request.model_id)
    policy = get_policy(model.id, store=store)
    info = find_baseline(model.id, store=store)
    endpoint = model.endpoint
    capture = endpoint.capture if endpoint else None
    items: tuple[ObjectInfo, ...] = ()
    if endpoint is not None and capture is not None:
        items = tuple(captures.objects(endpoint, capture, request.window))
    obstacle = None
    if capture is None:
        obstacle = "the model's traffic is not captured"
    elif model.capture_schema is None:
        obstacle = "the columns of the model's traffic are not described (capture schema)"
    elif info is None:
        obstacle = "no baseline is set for this model"
    digest, season, warnings = _baseline_for(info, policy, request.window)
    return Prepared(
        model=model,
        window=request.window,
        policy=policy,
        info=info,
        baseline_sha256=digest,
        items=items,
        inputs_sha256=inputs_hash(items, digest, policy),
        obstacle=obstacle,
        capture_format=capture.format if capture else None,
        season=season,
        warnings=warnings,
    )


def conclude(prepared: Prepared, baseline: Baseline, counts: Counts, *, archive: Archive, now: datetime) -> DriftReport:
    """The report of a window's counts."""
    return compare(
        baseline,
        counts,
        prepared.policy,
        baseline_sha256=prepared.baseline_sha256,
        inputs_sha256=prepared.inputs_sha256,
        now=now,
        model=prepared.model,
        window=prepared.window,
        warnings=prepared.warnings,
        usual=_usual(prepared, baseline, archive),
    )


def count_pieces(pieces: Iterable[Window], baseline: Baseline, *, multivariate: bool = False) -> Counts:
    """The counts of several pieces of a window, one piece in memory at a time."""
    total = Counts()
    for piece in pieces:
        total = total.plus(count(piece, baseline, multivariate=multivariate))
    return total


def settle(
    report: DriftReport,
    prepared: Prepared,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
    force: bool = False,
) -> DriftReport:
    """Keep a report and tell of it."""
    return keep(report, prepared.model, prepared.window, store=store, bus=bus, audit=audit, force=force)


def _check(
    request: CheckRequested,
    prepared: Prepared,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> DriftReport:
    model, window = prepared.model, prepared.window
    present = stored(store, model.id, window)
    if present is not None and present.report.inputs_sha256 == prepared.inputs_sha256 and not request.force:
        return keep(present.report, model, window, store=store, bus=bus, audit=audit, stored=True)
    if prepared.obstacle is not None or prepared.info is None:
        report = without_comparison(
            model,
            window,
            prepared.policy,
            prepared.obstacle or "no baseline is set for this model",
            inputs_sha256=prepared.inputs_sha256,
            intake=Intake(objects=len(prepared.items)),
            now=now,
        )
    else:
        baseline = load_baseline(model.id, prepared.baseline_sha256, archive=archive)
        pieces = read_window(model, window, captures=captures)
        counts = count_pieces(pieces, baseline, multivariate=prepared.policy.multivariate)
        report = conclude(prepared, baseline, counts, archive=archive, now=now)
    return settle(report, prepared, store=store, bus=bus, audit=audit, force=request.force)


def _usual(prepared: Prepared, baseline: Baseline, archive: Archive) -> Usual | None:
    """How the baseline's own windows of that length vary; a part of a season is judged by those of the whole."""
    info = prepared.info
    if info is None or info.own_windows is None:
        return None
    whole = baseline
    if prepared.baseline_sha256 != info.sha256:
        whole = load_baseline(prepared.model.id, info.sha256, archive=archive)
    span = (prepared.window.end - prepared.window.start).total_seconds() / 3600.0
    return usual(whole, min(LENGTHS, key=lambda hours: abs(hours - span)), prepared.season)


def _baseline_for(
    info: BaselineInfo | None, policy: DriftPolicy, window: TimeWindow
) -> tuple[str, Season, tuple[str, ...]]:
    """Which summary a window is compared with, of which season it is a part, and what is to be said about it."""
    if info is None:
        return "", Season.NONE, ()
    without = () if info.own_windows is not None or _long(window) else (WITHOUT_TIMES,)
    season = info.season if policy.season is Season.AUTO else policy.season
    if season is Season.NONE:
        return info.sha256, Season.NONE, without
    key = season_key(window, season)
    if key is None:
        said = f"the window is longer than a part of the season ({season.value}): whole baseline"
        return info.sha256, Season.NONE, (said, *without)
    if info.season is not season or key not in info.seasons:
        said = f"the baseline has no part for {season.value} {key}: compared with the whole"
        return info.sha256, Season.NONE, (said, *without)
    return info.seasons[key], season, without


def _long(window: TimeWindow) -> bool:
    """Whether a window is longer than a day: few baselines hold enough such windows to learn from."""
    return (window.end - window.start).total_seconds() > 3600 * DAY


def size_of(items: Sequence[ObjectInfo]) -> int:
    """Bytes of all objects together."""
    return sum(item.size for item in items)
