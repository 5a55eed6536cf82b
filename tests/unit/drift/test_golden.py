"""The car-loan stream against numbers made with scipy and pandas: see tests/golden/drift/README.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndic.drift.report.queries import get_report
from tests.unit.drift.case import MONTHS, Case, car_loan

GOLDEN = json.loads((Path(__file__).resolve().parents[2] / "golden" / "drift" / "car_loan.json").read_text())["months"]


@pytest.fixture(scope="module")
def checked() -> Case:
    case = car_loan()
    for month in MONTHS:
        case.check(month)
    return case


@pytest.mark.parametrize("month", MONTHS, ids=[f"{month.start:%Y-%m}" for month in MONTHS])
def test_a_month_of_the_stream_has_the_numbers_of_scipy(checked: Case, month) -> None:  # type: ignore[no-untyped-def]
    report = get_report(checked.model.id, month, store=checked.store)
    wanted = GOLDEN[f"{month.start:%Y-%m}"]
    assert wanted.keys() == report.features.keys()
    for name, numbers in wanted.items():
        feature = report.features[name]
        assert feature.psi == pytest.approx(numbers["psi"], abs=1e-9), name
        assert feature.jensen_shannon == pytest.approx(numbers["jensen_shannon"], abs=1e-9), name
        if "ks" in numbers:
            assert numbers["ks"] - 1e-3 <= (feature.ks.statistic or 0.0) <= numbers["ks"] + 1e-12, name
            assert feature.wasserstein == pytest.approx(numbers["wasserstein"], abs=2e-3), name
        else:
            assert feature.chi_square.statistic == pytest.approx(numbers["chi_square"], rel=1e-9), name
            assert feature.chi_square.p_value == pytest.approx(numbers["p_value"], abs=1e-9), name
