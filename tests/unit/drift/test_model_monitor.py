"""Baselines of SageMaker Model Monitor come in, violations go out."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from syndic.drift.baseline.codec import column_bytes, from_bytes, to_bytes
from syndic.drift.baseline.model import CategoricalBaseline, NumericBaseline
from syndic.drift.baseline.summary import summarise_numbers
from syndic.drift.counts.count_rows import count, count_numbers
from syndic.drift.measures.distances import gaps, ks_statistic, numeric_bins
from syndic.drift.model_monitor.baselines import comparison_threshold, import_baseline
from syndic.drift.model_monitor.violations import constraint_violations
from syndic.drift.models import BaselineSource, DriftPolicy
from syndic.drift.report.build import compare
from syndic.errors import InvalidInputError
from syndic.statistics.two_sample import psi
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.case import MONTHS, NOW, Case, car_loan_hours
from tests.unit.drift.shapes import sample


def kll(values: NDArray[np.float64], k: int, random: np.random.Generator) -> list[list[float]]:
    """Compactor levels: a full level is sorted and every second item, from a random start, goes one level up."""
    levels: list[list[float]] = [[]]
    for value in values.tolist():
        levels[0].append(value)
        level = 0
        while len(levels[level]) >= k:
            if level + 1 == len(levels):
                levels.append([])
            items = sorted(levels[level])
            keep = [items.pop()] if len(items) % 2 else []
            levels[level + 1].extend(items[int(random.integers(0, 2)) :: 2])
            levels[level] = keep
            level += 1
    return levels


def numeric_feature(name: str, values: NDArray[np.float64], random: np.random.Generator) -> dict[str, Any]:
    present = values[~np.isnan(values)]
    counts, edges = np.histogram(present, 10)
    return {
        "name": name,
        "inferred_type": "Fractional",
        "numerical_statistics": {
            "common": {"num_present": len(present), "num_missing": len(values) - len(present)},
            "mean": present.mean(),
            "sum": present.sum(),
            "std_dev": present.std(),
            "min": present.min(),
            "max": present.max(),
            "distribution": {
                "kll": {
                    "buckets": [
                        {"lower_bound": low, "upper_bound": high, "count": int(size)}
                        for low, high, size in zip(edges, edges[1:], counts, strict=False)
                    ],
                    "sketch": {"parameters": {"c": 0.64, "k": 2048.0}, "data": kll(present, 2048, random)},
                }
            },
        },
    }


def text_feature(name: str, values: list[str], missing: int = 0) -> dict[str, Any]:
    counts = Counter(values)
    return {
        "name": name,
        "inferred_type": "String",
        "string_statistics": {
            "common": {"num_present": len(values), "num_missing": missing},
            "distinct_count": float(len(counts)),
            "distribution": {"categorical": {"buckets": [{"value": v, "count": n} for v, n in counts.items()]}},
        },
    }


def statistics(features: list[dict[str, Any]], rows: int = 0, version: object = 0.0) -> bytes:
    return json.dumps({"version": version, "dataset": {"item_count": rows}, "features": features}).encode()


@pytest.mark.parametrize("shape", ["normal", "heavy", "integers", "zeros", "bimodal", "prices"])
@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_an_imported_sketch_gives_psi_and_ks_close_to_those_of_the_rows(shape: str, shift: float) -> None:
    random = np.random.default_rng(21)
    before = sample(shape, 40_000, 0.0, random)
    before[random.random(40_000) < 0.04] = np.nan
    after = sample(shape, 5_000, shift, random)
    imported = import_baseline(statistics([numeric_feature("x", before, random)], 40_000))
    rebuilt = imported.columns["x"]
    built = summarise_numbers(before)
    assert isinstance(rebuilt, NumericBaseline)
    assert (rebuilt.present, rebuilt.missing, rebuilt.exact) == (built.present, built.missing, False)
    one, other = count_numbers(after, rebuilt), count_numbers(after, built)
    assert abs(psi(*numeric_bins(rebuilt, one, 10).sides) - psi(*numeric_bins(built, other, 10).sides)) <= 0.02
    assert abs(ks_statistic(gaps(rebuilt, one)) - ks_statistic(gaps(built, other))) <= 0.02
    assert column_bytes(rebuilt) <= 16 * 1024
    assert to_bytes(from_bytes(to_bytes(imported))) == to_bytes(imported)


def test_without_a_sketch_the_buckets_are_used_and_said_to_be_coarse() -> None:
    random = np.random.default_rng(3)
    values = random.normal(size=10_000)
    feature = numeric_feature("x", values, random)
    del feature["numerical_statistics"]["distribution"]["kll"]["sketch"]
    imported = import_baseline(statistics([feature], 10_000))
    rebuilt = imported.columns["x"]
    assert isinstance(rebuilt, NumericBaseline)
    assert rebuilt.present == 10_000
    assert any("coarse" in note for note in imported.notes)
    same = count_numbers(random.normal(size=5_000), rebuilt)
    assert ks_statistic(gaps(rebuilt, same)) < 0.06


def test_text_columns_keep_their_counts_and_what_is_not_listed_is_one_pool() -> None:
    feature = text_feature("c", ["a"] * 60 + ["b"] * 40, missing=5)
    feature["string_statistics"]["common"]["num_present"] = 130
    imported = import_baseline(statistics([feature], 135))
    column = imported.columns["c"]
    assert isinstance(column, CategoricalBaseline)
    assert (column.levels, column.counts.tolist(), column.other, column.missing) == (("a", "b"), [60, 40], 30, 5)
    assert not column.complete


def test_deviating_files_are_read() -> None:
    random = np.random.default_rng(3)
    numeric = numeric_feature("x", random.normal(size=500), random)
    numeric["numerical_statistics"]["std_dev"] = "NaN"
    numeric["numerical_statistics"]["unknown_key"] = {"kept": True}
    unknown = {"name": "u", "inferred_type": "Unknown"}
    constraints = {
        "version": 0.0,
        "features": [
            {"name": "x", "inferred_type": "Fractional", "completeness": 1.0},
            {
                "name": "c",
                "string_constraints": {
                    "domains": ["a"],
                    "monitoring_config_overrides": {"evaluate_constraints": "Enabled"},
                },
            },
            {"name": "gone", "monitoringConfigOverrides": {}},
        ],
        "monitoring_config": {
            "distribution_constraints": {
                "enable_comparisons": True,
                "min_domain_mass": 1.0,
                "comparison_threshold": 0.1,
            }
        },
    }
    given = json.dumps(constraints).encode()
    imported = import_baseline(statistics([numeric, text_feature("c", ["a"]), unknown], 500, version="1.0"), given)
    assert set(imported.columns) == {"x", "c"}
    rebuilt = imported.columns["x"]
    assert isinstance(rebuilt, NumericBaseline)
    assert rebuilt.std == pytest.approx(1.0, abs=0.1)
    assert any("gone" in note for note in imported.notes)
    assert any("overrides for: c, gone" in note for note in imported.notes)
    assert comparison_threshold(given) == 0.1
    assert comparison_threshold(b'{"monitoring_config": null}') is None


GOOD = statistics([numeric_feature("x", np.random.default_rng(1).normal(size=300), np.random.default_rng(1))], 300)


def spoiled(**changes: Any) -> bytes:
    document = json.loads(GOOD)
    document["features"][0]["numerical_statistics"] |= changes
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GOOD[:-40], "cut short"),
        (GOOD[: len(GOOD) // 2], "cut short"),
        (b"", "cut short"),
        (b"[]", "JSON object"),
        (GOOD.replace(b'"version": 0.0', b'"version": 7.0'), "version '7.0' is not known"),
        (GOOD.replace(b'"version": 0.0', b'"version": {"a": 1}'), "not known"),
        (GOOD.replace(b'"version"', b'"vers"'), "version is missing"),
        (statistics([]), "missing or empty"),
        (statistics([{"inferred_type": "String"}]), "no name"),
        (statistics([{"name": "u", "inferred_type": "Unknown"}]), "no feature has statistics"),
        (statistics([{"name": "u", "inferred_type": "Integral"}]), "neither numerical nor string"),
        (spoiled(common={}), "num_present is missing"),
        (spoiled(distribution={}), "neither a sketch nor buckets"),
        (spoiled(distribution={"kll": {"sketch": {"data": [["x"]]}}}), "level 0"),
        (spoiled(distribution={"kll": {"sketch": {"data": "x"}}}), "list of levels"),
        (spoiled(distribution={"kll": {"buckets": [{"count": 3}]}}), "bucket lacks"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        import_baseline(data)


def test_an_imported_baseline_judges_the_captured_stream() -> None:
    case = Case()
    for day, data in car_loan_hours().items():
        case.add(day, data)
    random = np.random.default_rng(4)
    import csv
    import gzip
    import io

    from tests.unit.drift.case import DATA

    text = gzip.decompress((DATA / "car_loan_reference_1k_per_month.csv.gz").read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    numeric = ("car_value", "debt_to_income_ratio", "loan_length", "driver_tenure", "y_pred_proba")
    features = [numeric_feature(name, np.array([float(row[name]) for row in rows]), random) for name in numeric]
    features += [
        text_feature(name, [row[name] for row in rows]) for name in ("salary_range", "y_pred", "size_of_downpayment")
    ]
    case.captures.add("s3://monitor/statistics.json", statistics(features, len(rows)))
    info = case.baseline(BaselineSource(statistics_uri="s3://monitor/statistics.json"))
    assert (info.origin, info.rows) == ("model_monitor", 10_000)
    assert case.check(MONTHS[4]).verdict == "no_drift"
    april = case.check(MONTHS[5])
    assert april.drifted[0] == "car_value"
    assert 1.4 < (april.features["car_value"].psi or 0.0) < 2.0


def test_a_report_is_written_as_violations() -> None:
    random = np.random.default_rng(2)
    texts = np.array([f"v{place % 5}" for place in range(1000)], object)
    before = {"moved": random.normal(size=1000), "gone": random.normal(size=1000), "kind": texts, "text": texts}
    changed = texts.copy()
    changed[:300] = "new"
    after = {"moved": random.normal(3, 1, 1000), "kind": random.normal(size=1000), "text": changed, "extra": texts}
    from syndic.drift.baseline.summary import summarise

    baseline = summarise([from_columns(before)])
    counts = count(from_columns(after), baseline)
    report = compare(baseline, counts, DriftPolicy(), baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)
    document = json.loads(constraint_violations(report))
    found = {(item["feature_name"], item["constraint_check_type"]) for item in document["violations"]}
    assert found == {
        ("moved", "baseline_drift_check"),
        ("gone", "missing_column_check"),
        ("kind", "data_type_check"),
        ("text", "baseline_drift_check"),
        ("text", "categorical_values_check"),
        ("extra", "extra_column_check"),
    }
    assert all(item["description"] for item in document["violations"])
