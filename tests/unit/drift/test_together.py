"""The columns together: a finding where the policy asks for it, and its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from syndic.drift.models import BaselineSource, DriftPolicy, Verdict
from syndic.drift.report.findings import TOGETHER
from syndic.drift.report.queries import history
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, TimeWindow, WindowLength
from tests.unit.drift.case import Case, capture_line

SCHEMA = CaptureSchema(
    inputs=tuple(ColumnSpec(name=f"x{place}", kind=ColumnKind.NUMERIC) for place in range(4)),
    outputs=(ColumnSpec(name="y", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),),
)
START = datetime(2026, 3, 2, tzinfo=UTC)


def fill(case: Case, hour: int, seed: int, *, apart: bool) -> TimeWindow:
    """300 rows of an hour, whose four columns hang together, or have the same values each by itself."""
    random = np.random.default_rng(seed)
    common = random.standard_normal((300, 1))
    values = 0.9 * common + 0.3 * random.standard_normal((300, 4))
    if apart:
        values = np.column_stack([random.permutation(column) for column in values.T])
    when = START + timedelta(hours=hour)
    lines = [
        capture_line(f"{hour}-{place}", when, [f"{value:.4f}" for value in row], [f"{random.random():.4f}"])
        for place, row in enumerate(values)
    ]
    case.add(when, b"".join(lines))
    return WindowLength.HOUR.around(when)


@pytest.mark.parametrize("asked", [True, False])
def test_columns_that_no_longer_hang_together_are_a_finding_where_the_policy_asks(asked: bool) -> None:
    case = Case(schema=SCHEMA, length=WindowLength.HOUR)
    for hour in range(24):
        fill(case, hour, hour, apart=False)
    case.baseline(BaselineSource(window=TimeWindow(start=START, end=START + timedelta(hours=24))))
    case.policy(
        DriftPolicy(multivariate=asked, severity_levels={"low": 0.2, "medium": 0.3, "high": 0.4, "critical": 0.5})
    )
    reports = [case.check(fill(case, 24 + hour, 100 + hour, apart=hour < 2)) for hour in range(4)]
    assert all(report.drifted == () for report in reports)
    told = [finding for finding in case.findings.values() if finding[0] == TOGETHER]
    if not asked:
        assert told == []
        return
    assert [report.verdict for report in reports] == [Verdict.DRIFT, Verdict.DRIFT, Verdict.NO_DRIFT, Verdict.NO_DRIFT]
    assert [report.confirmed for report in reports] == [(), (TOGETHER,), (), ()]
    assert [severity for _, severity in told] == ["medium", "none", "none"]
    first = history(case.model.id, store=case.store).episodes[0]
    assert (first.feature, first.windows, first.ongoing) == (TOGETHER, 2, False)
