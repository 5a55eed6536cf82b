"""Did it hurt? The drift of a window beside what labels, or scores alone, say of the model's performance.

Drift and quality meet in records only: what is read here is what the quality check keeps of its windows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from syndic.drift.models import Harm, HistoryPoint, Impact, MetricChange, Verdict
from syndic.drift.policy.model import ImpactRules
from syndic.models import Severity, TimeWindow
from syndic.ports import Store
from syndic.statistics.earlier_windows import FEWEST_EARLIER, Change, change_from

_LEVEL: Final = 0.05
_EARLIER: Final = 12
_ERRORS: Final = frozenset({"brier", "rmse", "mae"})  # smaller is better
_PART_OF: Final = 1.96  # standard errors on each side of a value in its 95 % interval

Source = Literal["realised", "expected"]


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Metric(_Read):
    value: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str | None = None

    @property
    def error(self) -> float | None:
        """Standard error of the value, None without an interval."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return (self.high - self.low) / (2.0 * _PART_OF)


class _Answer(_Read):
    metrics: dict[str, _Metric] = {}
    verdict: str = ""

    @property
    def known(self) -> dict[str, _Metric]:
        """The metrics that have a value and an interval."""
        return {name: one for name, one in self.metrics.items() if one.error is not None}


class _Quality(_Read):
    performance: _Answer | None = None
    expected: _Answer | None = None

    def best(self) -> tuple[Source, dict[str, _Metric]] | None:
        """Labels where they have come, else what the scores let expect where the reference may be trusted."""
        if self.performance is not None and self.performance.known:
            return "realised", self.performance.known
        trusted = self.expected is not None and self.expected.verdict in {"expected", "expected_below_level"}
        if self.expected is not None and trusted and self.expected.known:
            return "expected", self.expected.known
        return None


Seen = Mapping[str, tuple[Source, dict[str, _Metric]]]
"""By window key, how the model did."""


def performance_seen(store: Store, model_id: str, first: TimeWindow, last: TimeWindow) -> Seen:
    """What the quality check kept of the windows of a span that can be known."""
    found: dict[str, tuple[Source, dict[str, _Metric]]] = {}
    token: str | None = None
    while True:
        page = store.query(f"quality.{model_id}", start=first.key, end=f"{last.key}~", limit=100, token=token)
        for record in page.records:
            try:
                best = _Quality.model_validate(record.body["report"]).best()
            except (ValidationError, KeyError):
                continue  # of another version: nothing is known of it
            if best is not None:
                found[record.key.sort] = best
        token = page.next_token
        if token is None:
            return found


def impact_of(point: HistoryPoint, points: Mapping[str, HistoryPoint], seen: Seen) -> Impact:
    """A window's drift joined with its performance, or with the newest known of the same trouble before it.

    A metric is worse when the whole interval of its change from windows without drift is, or when it misses its
    declared level. All metrics share one level.
    """
    about = _newest(point, points, seen)
    facts = {"window": point.window, "drift": point.verdict, "drifted": point.drifted, "confirmed": point.confirmed}
    if about is None:
        reason = "nothing is known of the model's performance: no labels came, and the scores let expect nothing"
        return Impact(**facts, harm=Harm.UNKNOWN, reason=reason)
    source, metrics = seen[about]
    quiet = [key for key in sorted(points) if key < about and key in seen and points[key].verdict is Verdict.NO_DRIFT]
    quiet = quiet[-_EARLIER:]
    changes = tuple(_changed(name, one, [seen[key][1] for key in quiet], len(metrics)) for name, one in metrics.items())
    harm, reason = _answer(changes, source)
    window = points[about].window
    if window != point.window:
        reason = f"{reason} (in the window {window.words}, the newest of this trouble that it is known of)"
    return Impact(
        **facts,
        harm=harm,
        reason=reason,
        source=source,
        about=window,
        compared_with=len(quiet),
        metrics=changes,
    )


def with_impact(severity: Severity, impact: Impact | None, rules: ImpactRules) -> Severity:
    """The severity of a finding by what the policy makes of harm. What is only expected never lowers it."""
    if impact is None or impact.harm is Harm.UNKNOWN:
        return severity
    if impact.harm is Harm.HURT and rules.hurt is not None:
        return max(severity, rules.hurt, key=lambda one: one.rank)
    if impact.harm is Harm.NOT_SEEN and impact.source == "realised" and rules.not_seen is not None:
        return min(severity, rules.not_seen, key=lambda one: one.rank)
    return severity


def _newest(point: HistoryPoint, points: Mapping[str, HistoryPoint], seen: Seen) -> str | None:
    """The window itself, or the newest before it in which the same columns drifted, whose performance is known."""
    for key in sorted((key for key in points if key <= point.window.key), reverse=True):
        if key != point.window.key and not set(points[key].drifted) & set(point.drifted):
            if points[key].verdict is Verdict.NO_DRIFT:
                return None
            continue
        if key in seen:
            return key
    return None


def _changed(name: str, now: _Metric, before: Sequence[Mapping[str, _Metric]], family: int) -> MetricChange:
    value, error = now.value or 0.0, now.error or 0.0
    earlier = [one[name] for one in before if name in one]
    found = change_from(
        value,
        error,
        [one.value or 0.0 for one in earlier],
        [one.error or 0.0 for one in earlier],
        level=_LEVEL / family,
    )
    below = now.verdict in {"below_level", "expected_below_level"}
    return MetricChange(
        metric=name,
        now=value,
        before=None if found is None else found.before,
        change=None if found is None else found.change,
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        below_level=below,
        worse=below or _is_worse(name, found),
    )


def _is_worse(name: str, found: Change | None) -> bool:
    if found is None:
        return False
    return found.low > 0.0 if name in _ERRORS else found.high < 0.0


def _answer(changes: Sequence[MetricChange], source: Source) -> tuple[Harm, str]:
    by = "by its labels" if source == "realised" else "by what its scores let expect, which sees no change of concept"
    worse = [one for one in changes if one.worse]
    if worse:
        said = "; ".join(_told(one) for one in sorted(worse, key=lambda one: (not one.below_level, one.metric))[:2])
        return Harm.HURT, f"the model does worse, {by}: {said}"
    if any(one.change is not None for one in changes):
        steady = [one for one in changes if one.change is not None]
        return Harm.NOT_SEEN, f"no metric is worse than in windows without drift, {by}: {_told(steady[0])}"
    reason = (
        f"performance is known {by}, but fewer than {FEWEST_EARLIER} windows without drift are there to compare with"
    )
    return Harm.UNKNOWN, reason


def _told(one: MetricChange) -> str:
    if one.change is None or one.before is None or one.low is None or one.high is None:
        return f"{one.metric} {one.now:.3g} misses its declared level"
    level = ", under its declared level" if one.below_level else ""
    change = f"{one.metric} {one.now:.3g} after {one.before:.3g} ({one.change:+.2g}, {one.low:+.2g} to {one.high:+.2g})"
    return f"{change}{level}" if math.isfinite(one.change) else one.metric
