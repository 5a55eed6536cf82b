"""How good the model is, by ground truth: metrics with intervals, each against its declared level. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from syndic.models import ColumnKind
from syndic.quality.models import Estimate, Metric, Performance, PerformanceVerdict, QualityPolicy
from syndic.quality.performance.classes import Classes, match_classes
from syndic.statistics.means import mean, root_mean
from syndic.statistics.power import times_to_include
from syndic.statistics.proportions import f1, wilson
from syndic.statistics.two_sample import auc
from syndic.windows import Categories, Column, LabelCoverage
from syndic.windows.cells.vocabulary import listed

Floats = NDArray[np.float64]
ROWS = 2_000_000
NO_MATTER = "this is no matter of rows"
_MOST_TIMES = 1000  # times the rows there are: beyond it rows will not tell
_WORST = (
    PerformanceVerdict.BELOW_LEVEL,
    PerformanceVerdict.INCONCLUSIVE,
    PerformanceVerdict.NOT_ENOUGH_DATA,
    PerformanceVerdict.MEETS_LEVEL,
    PerformanceVerdict.MEASURED,
)


@dataclass(slots=True)
class Outcomes:
    """Labelled rows: what was true, what was predicted, and with which score. At most 2,000,000 are kept."""

    kind: ColumnKind
    labels: list[str] = field(default_factory=list)
    predictions: list[str | None] = field(default_factory=list)
    truth: list[Floats] = field(default_factory=list)
    predicted: list[Floats] = field(default_factory=list)
    scores: list[Floats] = field(default_factory=list)
    rows: int = 0
    labelled: int = 0

    def add(self, label: Column, prediction: Column | None, score: Column | None) -> None:
        """Add the rows of a piece that have a label."""
        self.rows += len(label)
        known = ~label.missing if isinstance(label, Categories) else ~np.isnan(label)
        self.labelled += int(known.sum())
        if self.labelled > ROWS:
            return
        if self.kind is ColumnKind.CATEGORICAL:
            self.labels.extend(text or "" for text in _texts(label, known))
            size = int(known.sum())
            self.predictions.extend([None] * size if prediction is None else _texts(prediction, known))
            self.scores.append(_numbers(score, known))
        elif not isinstance(label, Categories):
            self.truth.append(label[known])
            self.predicted.append(_numbers(score if prediction is None else prediction, known))

    def merge(self, other: Outcomes) -> None:
        """Add other rows, which come after these."""
        self.rows += other.rows
        self.labelled += other.labelled
        if self.labelled <= ROWS:
            self.labels += other.labels
            self.predictions += other.predictions
            self.truth += other.truth
            self.predicted += other.predicted
            self.scores += other.scores


def judge_performance(outcomes: Outcomes, coverage: LabelCoverage, policy: QualityPolicy) -> Performance:
    """Metrics of the labelled rows and the verdict against the declared levels."""
    shared = {
        "rows": coverage.rows,
        "labelled": coverage.labelled,
        "coverage": coverage.share,
        "late": coverage.late,
        "orphans": coverage.orphans,
        "duplicates": coverage.duplicates,
    }
    if coverage.labelled < policy.min_labels:
        return Performance(
            verdict=PerformanceVerdict.NOT_ENOUGH_DATA,
            reason=f"{coverage.labelled} of {coverage.rows} rows have a label, {policy.min_labels} are needed",
            rows_needed=math.ceil(policy.min_labels * coverage.rows / coverage.labelled) if coverage.labelled else None,
            rows_reason=None if coverage.labelled else "no label has come, so it is not known how many rows get one",
            **shared,
        )
    if outcomes.kind is ColumnKind.CATEGORICAL:
        task, matched, confusion, metrics = _classified(outcomes, policy)
        positive, note = matched.positive, matched.note
    else:
        task, positive, confusion, metrics, note = "regression", None, None, _regressed(outcomes), None
    judged = {metric: against_level(metric, metrics.get(metric), level) for metric, level in policy.levels.items()}
    metrics = {**metrics, **judged}
    verdict, reason = _overall(metrics, coverage)
    telling = next((found for found in metrics.values() if found.verdict is verdict and _asks(found)), None)
    if verdict is PerformanceVerdict.NOT_COMPARABLE:
        telling = Estimate(rows_reason=NO_MATTER)
    return Performance(
        rows_needed=_at_coverage(telling, coverage),
        rows_reason=None if telling is None else telling.rows_reason,
        verdict=verdict,
        reason=f"{reason}; {note}" if note else reason,
        task=task,
        positive=positive,
        confusion=confusion,
        metrics={metric: metrics[metric] for metric in Metric if metric in metrics},
        **shared,
    )


def _classified(
    outcomes: Outcomes, policy: QualityPolicy
) -> tuple[str, Classes, dict[str, int] | None, dict[Metric, Estimate]]:
    seen = frozenset(value for value in outcomes.predictions if value is not None)
    matched = match_classes(frozenset(outcomes.labels), seen, policy)
    labels = np.array([matched.of_labels[label] for label in outcomes.labels], object)
    classes_of = {**dict.fromkeys(seen), **matched.of_predictions}
    predictions = np.array([None if value is None else classes_of[value] for value in outcomes.predictions], object)
    predicted = np.array([value is not None for value in outcomes.predictions], bool)
    metrics: dict[Metric, Estimate] = {}
    other_words = matched.obstacle
    if other_words:
        metrics[Metric.ACCURACY] = Estimate(reason=other_words)
    elif predicted.any():
        right = int(np.sum(labels[predicted] == predictions[predicted]))
        metrics[Metric.ACCURACY] = _proportion(right, int(predicted.sum()), "Wilson")
    else:
        metrics[Metric.ACCURACY] = Estimate(reason="no predicted class is captured")
    classes, positive = matched.names, matched.positive
    if positive is None:
        said = "which class is positive is not declared in the policy, and the labels are not 0 and 1"
        if policy.positive is not None:
            said = f"the declared positive class {policy.positive!r} does not occur; classes seen: {listed(classes)}"
        unknown = Estimate(reason=said)
        names = (Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.AUC, Metric.BRIER)
        return "multiclass" if len(classes) > 2 else "binary", matched, None, metrics | dict.fromkeys(names, unknown)
    true = labels == positive
    confusion = None
    if other_words:
        metrics |= dict.fromkeys((Metric.PRECISION, Metric.RECALL, Metric.F1), Estimate(reason=other_words))
    else:
        confusion = _confusion(true, predictions == positive, predicted)
        metrics |= _rates(confusion)
    metrics |= _scored(true, np.concatenate(outcomes.scores) if outcomes.scores else np.zeros(0))
    return "multiclass" if len(classes) > 2 else "binary", matched, confusion, metrics


def _confusion(true: NDArray[np.bool_], called: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> dict[str, int]:
    return {
        "true_positive": int(np.sum(true & called & predicted)),
        "false_positive": int(np.sum(~true & called & predicted)),
        "true_negative": int(np.sum(~true & ~called & predicted)),
        "false_negative": int(np.sum(true & ~called & predicted)),
    }


def _rates(confusion: Mapping[str, int]) -> dict[Metric, Estimate]:
    hits, alarms, misses = confusion["true_positive"], confusion["false_positive"], confusion["false_negative"]
    found = {
        Metric.PRECISION: _proportion(hits, hits + alarms, "Wilson", "the positive class is never predicted"),
        Metric.RECALL: _proportion(hits, hits + misses, "Wilson", "no label is of the positive class"),
    }
    if hits + alarms + misses:
        value, low, high = f1(hits, alarms, misses)
        found[Metric.F1] = Estimate(value=value, low=low, high=high, n=hits + alarms + misses, method="Wilson")
    else:
        found[Metric.F1] = Estimate(reason="the positive class is neither predicted nor true")
    return found


def _scored(true: NDArray[np.bool_], scores: Floats) -> dict[Metric, Estimate]:
    usable = np.isfinite(scores)
    true, scores = true[usable], scores[usable]
    if len(scores) < 2:
        nothing = Estimate(reason="no numeric score is captured")
        return {Metric.AUC: nothing, Metric.BRIER: nothing}
    found: dict[Metric, Estimate] = {}
    if true.any() and not true.all():
        value, low, high = auc(scores[true], scores[~true])
        found[Metric.AUC] = Estimate(value=value, low=low, high=high, n=len(scores), method="DeLong, logit")
    else:
        found[Metric.AUC] = Estimate(n=len(scores), reason="all labels are of one class")
    if np.min(scores) >= 0.0 and np.max(scores) <= 1.0:
        value, low, high = mean((scores - true) ** 2)
        found[Metric.BRIER] = Estimate(value=value, low=max(0.0, low), high=high, n=len(scores), method="normal")
    else:
        found[Metric.BRIER] = Estimate(n=len(scores), reason="the scores are not probabilities between 0 and 1")
    return found


def _regressed(outcomes: Outcomes) -> dict[Metric, Estimate]:
    truth, predicted = np.concatenate(outcomes.truth), np.concatenate(outcomes.predicted)
    usable = np.isfinite(truth) & np.isfinite(predicted)
    errors = predicted[usable] - truth[usable]
    if len(errors) < 2:
        nothing = Estimate(reason="no numeric prediction is captured")
        return {Metric.RMSE: nothing, Metric.MAE: nothing}
    root, absolute = root_mean(errors**2), mean(np.abs(errors))
    return {
        Metric.RMSE: Estimate(value=root[0], low=root[1], high=root[2], n=len(errors), method="normal, of the square"),
        Metric.MAE: Estimate(
            value=absolute[0], low=max(0.0, absolute[1]), high=absolute[2], n=len(errors), method="normal"
        ),
    }


def _proportion(successes: int, trials: int, method: str, none: str = "there is nothing to count") -> Estimate:
    if trials == 0:
        return Estimate(reason=none)
    low, high = wilson(successes, trials)
    return Estimate(value=successes / trials, low=float(low), high=float(high), n=trials, method=method)


def against_level(metric: Metric, found: Estimate | None, level: float) -> Estimate:
    """A metric against its level: below only when the whole interval is on the wrong side."""
    if found is None or found.value is None or found.low is None or found.high is None:
        reason = found.reason if found else "this metric is not measured for this kind of model"
        no_rows = f"{NO_MATTER}: {reason}" if reason else NO_MATTER
        return Estimate(level=level, verdict=PerformanceVerdict.NOT_ENOUGH_DATA, reason=reason, rows_reason=no_rows)
    if metric.is_error:
        wrong, surely = found.value > level, found.low > level
    else:
        wrong, surely = found.value < level, found.high < level
    verdict = PerformanceVerdict.MEETS_LEVEL
    if wrong:
        verdict = PerformanceVerdict.BELOW_LEVEL if surely else PerformanceVerdict.INCONCLUSIVE
    needed, why = _rows_needed(found, level) if verdict is PerformanceVerdict.INCONCLUSIVE else (None, None)
    return found.model_copy(update={"level": level, "verdict": verdict, "rows_needed": needed, "rows_reason": why})


def _rows_needed(found: Estimate, level: float) -> tuple[int | None, str | None]:
    """Labelled rows until the whole interval is on the wrong side, in four of five cases, or why no number is."""
    if found.value is None or found.low is None or found.high is None:
        return None, NO_MATTER
    times = times_to_include(abs(found.value - level), (found.high - found.low) / 3.92)
    if times >= _MOST_TIMES:
        return None, f"more than {_MOST_TIMES} times these rows: the value is on its level"
    return math.ceil(found.n * max(times, 1.0)), None


def _asks(found: Estimate) -> bool:
    return found.rows_needed is not None or found.rows_reason is not None


def _at_coverage(found: Estimate | None, coverage: LabelCoverage) -> int | None:
    """Rows of which so many get a label, where as many do as now."""
    if found is None or found.rows_needed is None or not coverage.labelled:
        return None
    return math.ceil(found.rows_needed * coverage.rows / coverage.labelled)


def _overall(metrics: Mapping[Metric, Estimate], coverage: LabelCoverage) -> tuple[PerformanceVerdict, str]:
    judged = [(found.verdict, metric, found) for metric, found in metrics.items() if found.verdict is not None]
    labelled = f"{coverage.labelled} of {coverage.rows} rows have a label"
    if not judged:
        said = ", ".join(f"{m.value} {e.value:.3g}" for m, e in metrics.items() if e.value is not None)
        if not said:
            return PerformanceVerdict.NOT_COMPARABLE, f"labels and predictions cannot be compared; {labelled}"
        return PerformanceVerdict.MEASURED, f"{said}; no level is declared; {labelled}"
    verdict, metric, found = min(judged, key=lambda entry: (_WORST.index(entry[0]), entry[1].value))
    if found.value is None:
        return verdict, f"{metric.value}: {found.reason}; {labelled}"
    word = {
        PerformanceVerdict.BELOW_LEVEL: "misses",
        PerformanceVerdict.INCONCLUSIVE: "may miss",
        PerformanceVerdict.MEETS_LEVEL: "meets",
    }[verdict]
    return verdict, (
        f"{metric.value} {found.value:.3g} ({found.low:.3g} to {found.high:.3g}) {word} its level {found.level:g}; "
        f"{labelled}"
    )


def _texts(column: Column, rows: NDArray[np.bool_]) -> list[str | None]:
    """Values as texts that can be compared: 1.0 and "1" are the same class."""
    if isinstance(column, Categories):
        levels = [_plain(level) for level in column.levels]
        return [levels[code] if code >= 0 else None for code in column.codes[rows].tolist()]
    return [None if value != value else _plain(repr(value)) for value in column[rows].tolist()]  # noqa: PLR0124 (NaN)


def _numbers(column: Column | None, rows: NDArray[np.bool_]) -> Floats:
    """The numbers of some rows, NaN when there is no numeric column."""
    if column is None or isinstance(column, Categories):
        return np.full(int(rows.sum()), np.nan)
    return column[rows]


def _plain(text: str) -> str:
    return text.removesuffix(".0")
