"""What the API and the dashboard read of fairness: reports, trends, threshold crossings, intersections."""

from __future__ import annotations

from collections.abc import Iterator

from syndic.bias.keys import report_key, report_partition, stream
from syndic.bias.models import (
    BEYOND,
    OUTCOMES,
    AttributeBias,
    BiasReport,
    GroupBias,
    Judgement,
    Look,
    Verdict,
)
from syndic.bias.policy.model import Metric
from syndic.bias.report.disclosure import suppress
from syndic.bias.report.history import BiasHistory, Crossing, TrendGroup, TrendLook, TrendPoint
from syndic.checks.history.older import OlderPeriods, read_back
from syndic.errors import NotFoundError
from syndic.models import TimeWindow
from syndic.ports import Readable, Store

MOST = 1000


def latest(model_id: str, *, store: Store, outcome: str = "prediction") -> BiasReport | None:
    """The report on an outcome in the newest window, or None."""
    page = store.query(report_partition(model_id), prefix=f"{outcome}.", descending=True, limit=1)
    return BiasReport.model_validate(page.records[0].body) if page.records else None


def latest_reports(model_id: str, *, store: Store) -> tuple[BiasReport, ...]:
    """The newest report on each outcome that has one, what the model does first."""
    found = (latest(model_id, store=store, outcome=outcome) for outcome in OUTCOMES)
    return tuple(report for report in found if report is not None)


def get_report(model_id: str, window: TimeWindow, *, store: Store, outcome: str = "prediction") -> BiasReport:
    """The report on an outcome in a window. Raises `NotFoundError`."""
    record = store.get(report_key(model_id, outcome, window))
    if record is None:
        raise NotFoundError(f"the model {model_id!r} has no bias report on {outcome} for the window {window.key}")
    return BiasReport.model_validate(record.body)


def intersectional(
    model_id: str, *, store: Store, outcome: str = "prediction"
) -> tuple[BiasReport, dict[str, AttributeBias]]:
    """The newest report and its combinations. Raises `NotFoundError` when there is no report."""
    report = latest(model_id, store=store, outcome=outcome)
    if report is None:
        raise NotFoundError(f"the model {model_id!r} has no bias report on {outcome} yet")
    return report, report.intersections


def history(
    model_id: str,
    *,
    store: Store,
    read: Readable | None = None,
    outcome: str = "prediction",
    limit: int = 100,
    token: str | None = None,
) -> BiasHistory:
    """The newest `limit` windows of one outcome, oldest first, and the threshold crossings between them.

    `token` continues with older ones, then with the days and months that stand for those that are gone.

    Groups under the policy's `suppress_below` are hidden, as in a report that is shown. The crossings follow from the
    reports alone, so they are the same in whatever order the windows arrived.
    """
    reports: list[BiasReport] = []
    older = OlderPeriods()
    wanted = min(max(1, limit), MOST)
    while len(reports) < wanted:
        page = read_back(
            model_id, stream(outcome), report_partition(model_id), store=store, read=read, prefix=f"{outcome}.",
            limit=min(100, wanted - len(reports)), token=token,
        )  # fmt: skip
        reports += [suppress(BiasReport.model_validate(record.body)) for record in page.records]
        older, token = page.older, page.next_token
        if token is None or older.periods:
            break
    reports.reverse()
    return BiasHistory(
        model_id=model_id,
        outcome=outcome,
        points=tuple(point for report in reports if (point := _point(report)) is not None),
        crossings=tuple(crossings(reports)),
        older=older,
        next_token=token,
    )


def _point(report: BiasReport) -> TrendPoint | None:
    if report.window is None:
        return None
    return TrendPoint(
        window=report.window,
        report_id=report.id,
        verdict=report.verdict,
        attributes={
            name: {
                group: TrendGroup(
                    n=found.n,
                    selection_rate=found.selection_rate,
                    disparate_impact=found.disparate_impact,
                    verdict=found.verdict,
                )
                for group, found in attribute.groups.items()
            }
            for name, attribute in report.attributes.items()
        },
        looks=tuple(_look(look) for look in report.looks.looks) if report.looks else (),
        needed=report.looks.needed if report.looks else None,
        version=report.looks.version if report.looks else None,
    )


def _look(look: Look) -> TrendLook:
    return TrendLook(
        attributes=look.attributes,
        group=look.group,
        compared_with=look.compared_with,
        metric=look.metric,
        e=look.e_shared,
        effect=look.effect,
        threshold=look.threshold,
        verdict=look.verdict,
    )


def crossings(reports: list[BiasReport]) -> Iterator[Crossing]:
    """Where a judged disparity began or ceased to be beyond threshold and chance, in reports from old to new.

    A group that could not be judged in a window, or an inconclusive answer, neither begins nor ends anything: the
    state before it holds until a window says otherwise.
    """
    beyond: dict[tuple[str, str, Metric], tuple[bool, float | None]] = {}
    for report in reports:
        for attribute, group, metric, judgement in _judgements(report):
            if judgement.verdict in {Verdict.NOT_ASSESSABLE, Verdict.INCONCLUSIVE}:
                continue
            is_beyond = judgement.verdict in BEYOND
            estimate = group[1].disparity(metric)
            value = estimate.value if estimate else None
            was, before = beyond.get((attribute, group[0], metric), (False, None))
            beyond[attribute, group[0], metric] = (is_beyond, value)
            if was != is_beyond and report.window is not None:
                yield Crossing(
                    at=report.window.end,
                    attribute=attribute,
                    group=group[0],
                    metric=metric,
                    direction="began" if is_beyond else "ceased",
                    before=before,
                    after=value,
                    threshold=judgement.threshold,
                    report_id=report.id,
                )


def _judgements(report: BiasReport) -> Iterator[tuple[str, tuple[str, GroupBias], Metric, Judgement]]:
    for name, attribute in {**report.attributes, **report.intersections}.items():
        for group, found in attribute.groups.items():
            for key, judgement in found.judgements.items():
                yield name, (group, found), Metric(key), judgement
