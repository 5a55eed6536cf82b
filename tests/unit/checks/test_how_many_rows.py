"""Whatever cannot be told says how many rows would tell, or why no number of rows would, in reports by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from pydantic import BaseModel

from syndic.bias.counting.tally import add_up, make_plan, tally
from syndic.bias.looks.answer import look_again
from syndic.bias.models import BiasReport, Judgement, Look
from syndic.bias.models import Verdict as BiasVerdict
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule, ProtectedAttribute
from syndic.bias.report.build import make_report
from syndic.drift.baseline.expectations import expectations
from syndic.drift.count_window import count_pieces
from syndic.drift.models import DriftPolicy, FeatureDrift, MultivariateDrift
from syndic.drift.models import Verdict as DriftVerdict
from syndic.drift.report.build import compare
from syndic.drift.summaries import summarise_rows
from syndic.models import ColumnKind, TimeWindow
from syndic.quality.examine_table import examine_file
from syndic.quality.examine_unlabelled import Roles, expect_file
from syndic.quality.models import (
    DataQuality,
    Estimate,
    ExpectedPerformance,
    ExpectedVerdict,
    Performance,
    PerformanceVerdict,
    QualityPolicy,
    Verdict,
)
from syndic.quality.models import Metric as Score
from syndic.quality.performance.metrics import Outcomes, judge_performance
from syndic.windows import Categories, LabelCoverage, Window
from tests.unit.bias.cases import IDENTITY, window
from tests.unit.drift.case import NOW

OPEN = {
    FeatureDrift: {DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.NOT_COMPARABLE},
    MultivariateDrift: {DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.NOT_COMPARABLE},
    DataQuality: {Verdict.NOT_ENOUGH_DATA, Verdict.NOT_COMPARABLE},
    Estimate: {PerformanceVerdict.NOT_ENOUGH_DATA, PerformanceVerdict.INCONCLUSIVE},
    Performance: {
        PerformanceVerdict.NOT_ENOUGH_DATA, PerformanceVerdict.INCONCLUSIVE, PerformanceVerdict.NOT_COMPARABLE
    },
    ExpectedPerformance: {
        ExpectedVerdict.NOT_ENOUGH_DATA, ExpectedVerdict.NOT_CALIBRATED, ExpectedVerdict.OUTSIDE_REFERENCE
    },
    Judgement: {BiasVerdict.INCONCLUSIVE, BiasVerdict.NOT_ASSESSABLE},
    Look: {BiasVerdict.INCONCLUSIVE, BiasVerdict.NOT_ASSESSABLE},
}  # fmt: skip
"""The verdicts of each noun that leave a question open."""


def parts(noun: object) -> Iterator[BaseModel]:
    """All nouns within one."""
    if isinstance(noun, BaseModel):
        yield noun
        for name in type(noun).model_fields:
            yield from parts(getattr(noun, name))
    elif isinstance(noun, dict):
        for one in noun.values():
            yield from parts(one)
    elif isinstance(noun, tuple | list):
        for one in noun:
            yield from parts(one)


def asked(report: BaseModel) -> int:
    """Hold each open verdict of a report to its answer; returns how many there were."""
    found = 0
    for noun in parts(report):
        for kind, verdicts in OPEN.items():
            if not isinstance(noun, kind):
                continue
            rows = noun.rows_needed  # type: ignore[attr-defined]
            why = rows.reason if isinstance(noun, Judgement | Look) and rows is not None else None
            said = rows is not None or bool(getattr(noun, "rows_reason", why))
            if noun.verdict in verdicts:  # type: ignore[attr-defined]
                found += 1
                assert said, f"{kind.__name__} {noun.verdict} does not say how many rows would tell"  # type: ignore[attr-defined]
                if isinstance(rows, int):
                    assert rows > 0
            elif not isinstance(noun, FeatureDrift):  # a column may be told, and its PSI be within chance
                assert not said, f"{kind.__name__} {noun.verdict} is told, and asks for rows"  # type: ignore[attr-defined]
    return found


def columns(random: np.random.Generator, rows: int) -> Window:
    """Columns of every kind, some of them empty, constant, full of identifiers or of another kind than before."""
    made: dict[str, np.ndarray | Categories] = {}
    for place in range(6):
        kind = random.choice(["normal", "nan", "constant", "few", "text", "codes", "id"])
        if kind in {"text", "codes", "id"}:
            levels = {"text": 4, "codes": 150, "id": max(1, rows)}[kind]
            codes = np.arange(rows) if kind == "id" else random.integers(0, levels, rows)
            made[f"c{place}"] = Categories(codes.astype(np.int32), tuple(f"{kind}{one}" for one in range(levels)))
            continue
        values = random.standard_normal(rows) + random.choice([0.0, 0.1, 1.0])
        if kind == "nan":
            values[random.random(rows) < random.choice([0.1, 1.0])] = np.nan
        if kind == "constant":
            values[:] = 3.0
        made[f"c{place}"] = random.integers(0, 3, rows).astype(float) if kind == "few" else values
    return Window(rows, made)


SIZES = (1, 30, 150, 260, 900)


@pytest.mark.parametrize("seed", range(12))
def test_columns_and_data(seed: int) -> None:
    random = np.random.default_rng(seed)
    found = 0
    for _ in range(3):
        before, now = (columns(random, int(random.choice(SIZES))) for _ in range(2))
        baseline = summarise_rows(lambda before=before: [before])
        policy = DriftPolicy(min_samples=int(random.choice([50, 200])), multivariate=True)
        counts = count_pieces([now], baseline, multivariate=True)
        found += asked(compare(baseline, counts, policy, baseline_sha256="", inputs_sha256="", now=NOW))
        known = {} if random.random() < 0.2 else expectations(baseline)
        sizes = {"baseline_rows": before.rows, "baseline_sha256": "", "current_sha256": ""}
        found += asked(examine_file(now, known, QualityPolicy(), now=NOW, **sizes))  # type: ignore[arg-type]
    assert found


@pytest.mark.parametrize("seed", range(12))
def test_performance(seed: int) -> None:
    random = np.random.default_rng(100 + seed)
    found = 0
    for _ in range(6):
        rows, labelled = int(random.choice([40, 300, 2000])), float(random.choice([0.0, 0.2, 1.0]))
        score = random.random(rows)
        truth = random.random(rows) < (score if random.random() < 0.7 else random.random())
        level = {Score.ACCURACY: float(random.choice([0.3, 0.7, 0.75, 0.99])), Score.MAE: 0.1, Score.AUC: 0.83}
        policy = QualityPolicy(levels=level, positive=None if random.random() < 0.8 else "maybe")
        known = random.random(rows) < labelled
        codes = np.where(known, truth.astype(np.int32), -1).astype(np.int32)
        outcomes = Outcomes(ColumnKind.CATEGORICAL)
        words = ("0", "1") if random.random() < 0.8 else ("denied", "approved")
        outcomes.add(Categories(codes, ("0", "1")), Categories((score > 0.5).astype(np.int32), words), score)
        coverage = LabelCoverage(rows=rows, labelled=int(known.sum()), late=0, orphans=0, duplicates=0)
        found += asked(judge_performance(outcomes, coverage, policy))
        reference = int(random.choice([300, 3000]))
        past = random.random(reference) * random.choice([0.6, 1.0])
        called = {"score": past, "called": (past > 0.5).astype(float)}
        right = random.random(reference) < (past if random.random() < 0.7 else np.repeat([0.1, 0.8], reference // 2))
        before = Window(reference, {**called, "truth": right.astype(float)})
        after = Window(rows, {"score": score, "called": (score > 0.5).astype(float)})
        roles = Roles("truth", "called", None if random.random() < 0.3 else "score")
        found += asked(expect_file(before, after, roles, policy))
    assert found


JUDGED = (Metric.DISPARATE_IMPACT, Metric.EQUAL_OPPORTUNITY, Metric.CALIBRATION, Metric.TREATMENT_EQUALITY)


@pytest.mark.parametrize("seed", range(12))
def test_fairness(seed: int) -> None:
    random = np.random.default_rng(200 + seed)
    rules = BiasPolicy(
        prediction="prediction",
        label="label",
        favourable=("1",),
        fairness_metrics=tuple(
            MetricRule(metric=metric, threshold=0.8 if metric is Metric.DISPARATE_IMPACT else 0.1) for metric in JUDGED
        ),
        protected_attributes=(ProtectedAttribute(name="group"), ProtectedAttribute(name="sex", reference_group="m")),
        combinations=(("group", "sex"),),
    )  # fmt: skip
    plan, ledger, found = make_plan(rules), None, 0
    for week, size in enumerate(random.choice([4, 40, 400], 3).tolist()):
        groups, rate = random.choice(["a", "b", "c"], size, p=[0.6, 0.38, 0.02]), random.choice([0.0, 0.02, 0.3, 1.0])
        labels = np.where(random.random(size) < random.choice([0.0, 0.9]), random.integers(0, 2, size), np.nan)
        rows = window(
            group=groups.tolist(),
            sex=random.choice(["m", "f"], size).tolist(),
            prediction=(random.random(size) < rate).astype(float).tolist(),
            label=[None if np.isnan(one) else float(one) for one in labels],
        )
        span = TimeWindow(start=NOW + week * timedelta(days=7), end=NOW + (week + 1) * timedelta(days=7))
        identity = replace(IDENTITY, window=span)
        report: BiasReport = make_report(add_up([tally(rows, plan)], plan), plan, rules, "prediction", identity)
        found += asked(report)
        looked, ledger, _ = look_again(report, span, (ledger, None), version="1", labels=True)
        assert looked.looks is not None
        found += asked(looked)
    assert found
