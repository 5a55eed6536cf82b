"""What the API and the dashboard read of drift: baseline, reports, history, trends, root causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from syndic.checks.history.older import read_back
from syndic.drift.keys import POINTS, STREAM, baseline_key, partition, point_key, report_key
from syndic.drift.models import (
    BaselineInfo,
    DriftHistory,
    DriftReport,
    Episode,
    FeatureDrift,
    FeatureTrend,
    Harm,
    HistoryPoint,
    ImpactHistory,
    RankedFeature,
    RootCause,
    TrendPoint,
    Verdict,
)
from syndic.drift.report.impact import impact_of, performance_seen
from syndic.drift.verdict.persistence import episodes
from syndic.errors import NotFoundError
from syndic.models import ColumnRole, TimeWindow
from syndic.ports import Readable, Record, Store

OUTPUTS: Final = frozenset({ColumnRole.PREDICTION, ColumnRole.SCORE})
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored report, with what the windows around it say, and whether everybody was told."""

    report: DriftReport
    point: HistoryPoint
    announced: bool


def stored(store: Store, model_id: str, window: TimeWindow) -> Stored | None:
    """The stored report of a window."""
    keys = report_key(model_id, window), point_key(model_id, window)
    record, point = map(store.get_many(keys).get, keys)
    if record is None or point is None:
        return None
    known = HistoryPoint.model_validate(point.body["point"])
    report = DriftReport.model_validate(record.body).model_copy(update={"confirmed": known.confirmed})
    return Stored(report, known, bool(point.body["announced"]))


def find_baseline(model_id: str, *, store: Readable) -> BaselineInfo | None:
    """The baseline a model is compared with, or None."""
    record = store.get(baseline_key(model_id))
    return None if record is None else BaselineInfo.model_validate(record.body)


def get_baseline(model_id: str, *, store: Store) -> BaselineInfo:
    """The baseline a model is compared with. Raises `NotFoundError` when none is set."""
    info = find_baseline(model_id, store=store)
    if info is None:
        raise NotFoundError(f"no baseline is set for the model {model_id!r}")
    return info


def latest_report(model_id: str, *, store: Store) -> DriftReport | None:
    """The report of the newest window, or None."""
    page = store.query(partition(model_id), prefix=POINTS, descending=True, limit=1)
    if not page.records:
        return None
    window = HistoryPoint.model_validate(page.records[0].body["point"]).window
    return get_report(model_id, window, store=store)


def get_report(model_id: str, window: TimeWindow, *, store: Store) -> DriftReport:
    """The report of a window. Raises `NotFoundError`."""
    found = stored(store, model_id, window)
    if found is None:
        raise NotFoundError(f"the model {model_id!r} has no drift report for the window {window.key}")
    return found.report


def history(
    model_id: str, *, store: Store, read: Readable | None = None, limit: int = 100, token: str | None = None
) -> DriftHistory:
    """The newest `limit` windows, oldest first, and their episodes. `token` continues with older ones.

    After the oldest window come the days, then the months, that stand for those that are gone.
    """
    page = read_back(
        model_id, STREAM, partition(model_id), store=store, read=read, limit=limit, token=token, prefix=POINTS
    )
    points = _in_order(page.records)
    return DriftHistory(
        model_id=model_id, points=points, episodes=episodes(points), older=page.older, next_token=page.next_token
    )


def impacts(model_id: str, *, store: Store, limit: int = 100, token: str | None = None) -> ImpactHistory:
    """Did it hurt? The newest `limit` windows, oldest first: drift and performance joined, as both are known now."""
    points, next_token = _points(model_id, store, limit, token)
    if not points:
        return ImpactHistory(model_id=model_id, windows=(), next_token=next_token)
    known = {point.window.key: point for point in points}
    seen = performance_seen(store, model_id, points[0].window, points[-1].window)
    windows = tuple(impact_of(point, known, seen) for point in points)
    return ImpactHistory(model_id=model_id, windows=windows, next_token=next_token)


def feature_trend(
    model_id: str, feature: str, *, store: Store, read: Readable | None = None, limit: int = 100
) -> FeatureTrend:
    """One column over the newest `limit` windows, oldest first. Raises `NotFoundError` when no window has it."""
    page = read_back(
        model_id, STREAM, partition(model_id), store=store, read=read, limit=min(limit, MOST), prefix=POINTS
    )
    points, older = _in_order(page.records), page.older.of(feature)
    having = [point for point in points if feature in point.columns]
    if not having and not older.periods:
        raise NotFoundError(f"no drift report of {model_id!r} has a column {feature!r}")
    newest = stored(store, model_id, having[-1].window) if having else None
    return FeatureTrend(
        model_id=model_id,
        feature=feature,
        threshold=newest.report.policy.rule(feature).psi_threshold if newest else None,
        points=tuple(
            TrendPoint(window=point.window, report_id=point.report_id, **dict(point.columns[feature]))
            for point in having
        ),
        episodes=tuple(episode for episode in episodes(points) if episode.feature == feature),
        older=older,
    )


def root_cause(model_id: str, *, store: Store, window: TimeWindow | None = None) -> RootCause:
    """Which columns carry the drift of a window (the newest, when left out), and what moved with them.

    Raises `NotFoundError` when there is no report.
    """
    report = latest_report(model_id, store=store) if window is None else get_report(model_id, window, store=store)
    if report is None or report.window is None:
        raise NotFoundError(f"the model {model_id!r} has no drift report yet")
    points, _ = _points(model_id, store, MOST, None)
    upto = [point for point in points if point.window.key <= report.window.key]
    since = _since(episodes(upto), report.window)
    inputs = [(name, report.features[name]) for name in report.drifted if report.features[name].role not in OUTPUTS]
    moved, said = _outputs(report)
    quality_moved, quality = _quality(model_id, report, upto, store)
    return RootCause(
        model_id=model_id,
        window=report.window,
        report_id=report.id,
        verdict=report.verdict,
        ranked=tuple(_ranked(name, feature, since.get(name)) for name, feature in inputs),
        predictions_moved=moved,
        predictions=said,
        quality_moved=quality_moved,
        quality=quality,
    )


def _points(model_id: str, store: Store, limit: int, token: str | None) -> tuple[tuple[HistoryPoint, ...], str | None]:
    page = store.query(partition(model_id), prefix=POINTS, descending=True, limit=min(limit, MOST), token=token)
    return _in_order(page.records), page.next_token


def _in_order(newest_first: Sequence[Record]) -> tuple[HistoryPoint, ...]:
    return tuple(HistoryPoint.model_validate(record.body["point"]) for record in reversed(newest_first))


def _since(found: tuple[Episode, ...], window: TimeWindow) -> Mapping[str, TimeWindow]:
    return {episode.feature: episode.first for episode in found if episode.last.key >= window.key}


def _ranked(name: str, feature: FeatureDrift, since: TimeWindow | None) -> RankedFeature:
    return RankedFeature(
        feature=name,
        role=feature.role,
        share=feature.share or 0.0,
        psi=feature.psi,
        severity=feature.severity,
        reason=feature.reason,
        since=since,
        histogram=feature.histogram,
    )


def _outputs(report: DriftReport) -> tuple[bool | None, str]:
    outputs = {name: feature for name, feature in report.features.items() if feature.role in OUTPUTS}
    answered = {n: f for n, f in outputs.items() if f.verdict in {Verdict.DRIFT, Verdict.NO_DRIFT}}
    if not answered:
        return None, "no output of the model could be compared"
    moved = [name for name, feature in answered.items() if feature.verdict is Verdict.DRIFT]
    if moved:
        return True, f"the model's outputs moved too: {', '.join(moved)}"
    return False, f"the model's outputs did not move: {', '.join(answered)}"


def _quality(
    model_id: str, report: DriftReport, points: Sequence[HistoryPoint], store: Store
) -> tuple[bool | None, str]:
    """Whether the model does worse since, by the record that joins drift and performance."""
    known = {point.window.key: point for point in points}
    window = report.window
    if window is None or window.key not in known:
        return None, "the window has left the history"
    seen = performance_seen(store, model_id, points[0].window, window)
    impact = impact_of(known[window.key], known, seen)
    return {Harm.HURT: True, Harm.NOT_SEEN: False, Harm.UNKNOWN: None}[impact.harm], f"quality: {impact.reason}"
