"""Whatever comes, the answer has a reason, and memory is bounded."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from syndic.drift.baseline.codec import column_bytes, to_bytes
from syndic.drift.baseline.summary import summarise
from syndic.drift.count_window import count_pieces
from syndic.drift.counts.count_rows import count
from syndic.drift.counts.model import Counts
from syndic.drift.models import DriftPolicy, DriftReport, Verdict
from syndic.drift.report.build import compare, evidence_of
from syndic.errors import InvalidInputError
from syndic.models import EvidenceStatus, WindowLength
from syndic.windows import Categories, Window
from syndic.windows.tables.dataframe import categories_of, from_columns, from_frame
from tests.proof import ALL

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RANDOM = np.random.default_rng(12)
USUAL = {
    "number": RANDOM.normal(size=2000),
    "text": np.array([f"v{place % 7}" for place in range(2000)], object),
}


def judge(
    before: dict[str, np.ndarray], after: dict[str, np.ndarray], policy: DriftPolicy | None = None
) -> DriftReport:
    baseline = summarise([from_columns(before)])
    counts = count(from_columns(after), baseline)
    report = compare(baseline, counts, policy or DriftPolicy(), baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)
    json.dumps(report.model_dump(mode="json"), allow_nan=False)
    for feature in report.features.values():
        assert feature.reason
        for name in ("psi", "wasserstein", "jensen_shannon", "l_infinity"):
            assert getattr(feature, name) is not None or name in feature.undefined
    return report


def test_no_rows() -> None:
    empty = {"number": np.zeros(0), "text": np.zeros(0, object)}
    report = judge(USUAL, empty)
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert report.reason == "the window has no rows"
    assert {feature.verdict for feature in report.features.values()} == {Verdict.NOT_ENOUGH_DATA}
    with pytest.raises(InvalidInputError, match="no rows"):
        summarise([from_columns(empty)])
    with pytest.raises(InvalidInputError, match="no rows"):
        summarise([])


def test_no_piece_at_all() -> None:
    baseline = summarise([from_columns(USUAL)])
    report = compare(baseline, Counts(), DriftPolicy(), baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)
    assert report.verdict is Verdict.NOT_ENOUGH_DATA


def test_one_row() -> None:
    report = judge(USUAL, {"number": np.array([9.0]), "text": np.array(["v1"], object)})
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert "1 row, 200 are needed" in report.features["number"].reason
    judge({"number": np.array([9.0])}, {"number": np.array([9.0])}, DriftPolicy(min_samples=1))


def test_all_missing() -> None:
    gone = {"number": np.full(1000, np.nan), "text": np.full(1000, None, object)}
    report = judge(USUAL, gone)
    for name in ("number", "text"):
        assert report.features[name].verdict is Verdict.DRIFT
        assert report.features[name].missing.current == 1.0
        assert "missing values" in report.features[name].reason
    assert report.features["number"].ks.reason == "the window has no present value"
    back = judge(gone, USUAL)
    assert back.features["number"].ks.reason == "the baseline has no present value"
    assert judge(gone, gone).verdict is Verdict.NO_DRIFT


def test_all_equal() -> None:
    same = {"number": np.full(1000, 4.0), "text": np.full(1000, "v1", object)}
    quiet = judge(same, same)
    assert quiet.verdict is Verdict.NO_DRIFT
    assert quiet.features["number"].psi == 0.0
    assert "constant" in quiet.features["number"].undefined["wasserstein"]
    assert "one category" in (quiet.features["text"].chi_square.reason or "")
    assert judge(same, {**same, "number": np.full(1000, 5.0)}).features["number"].verdict is Verdict.DRIFT
    assert judge(USUAL, same).features["number"].verdict is Verdict.DRIFT


def test_infinite_values() -> None:
    wild = np.where(np.arange(2000) % 3 == 0, np.inf, USUAL["number"])
    wild[1] = -np.inf
    report = judge(USUAL, {**USUAL, "number": wild})
    feature = report.features["number"]
    assert feature.verdict is Verdict.DRIFT
    assert "infinite" in feature.undefined["wasserstein"]
    assert feature.current_moments is not None
    assert feature.current_moments.infinite == 668
    judge({"number": wild}, USUAL)
    judge({"number": np.full(500, np.inf)}, {"number": np.full(500, np.inf)})


def test_extreme_numbers() -> None:
    wild = RANDOM.uniform(-1.0, 1.0, 1000) * 1.7e308
    report = judge({"number": wild}, {"number": -wild})
    judge({"number": RANDOM.normal(size=1000) * 1e-310}, {"number": wild})
    judge({"number": RANDOM.normal(size=1000)}, {"number": wild})
    assert report.features["number"].verdict is Verdict.NO_DRIFT


def test_text_where_numbers_are_expected_and_the_other_way_round() -> None:
    swapped = {"number": USUAL["text"], "text": USUAL["number"]}
    report = judge(USUAL, swapped)
    assert report.verdict is Verdict.NOT_COMPARABLE
    assert report.features["number"].reason == "the baseline is numeric, the window came as categorical"
    assert set(report.mistyped_columns) == {"number", "text"}


def test_new_and_lost_columns() -> None:
    report = judge(USUAL, {"number": USUAL["number"], "extra": USUAL["number"]})
    assert (report.new_columns, report.lost_columns) == (("extra",), ("text",))
    assert report.features["text"].verdict is Verdict.NOT_COMPARABLE
    assert report.verdict is Verdict.NO_DRIFT
    assert report.reason.endswith("; lost or of another kind, so not compared: text")
    assert len(report.warnings) == 2


@pytest.mark.parametrize(
    ("current", "status"),
    [
        pytest.param(USUAL, EvidenceStatus.PASSING, id="all columns"),
        pytest.param({"number": USUAL["number"]}, EvidenceStatus.INCONCLUSIVE, id="one is lost"),
        pytest.param({"number": USUAL["number"], "text": USUAL["number"]}, EvidenceStatus.INCONCLUSIVE, id="mistyped"),
    ],
)
def test_a_column_that_was_not_compared_leaves_no_evidence_of_no_drift(
    current: dict[str, np.ndarray], status: EvidenceStatus
) -> None:
    report = judge(USUAL, current)
    assert report.verdict is Verdict.NO_DRIFT
    assert evidence_of(report, "model", WindowLength.DAY.around(NOW)).status is status


def test_identifiers_are_not_compared() -> None:
    keys = np.array([f"customer-{place}" for place in range(2000)], object)
    report = judge({"key": keys, "row": np.arange(2000.0)}, {"key": keys, "row": np.arange(2000.0) + 2000})
    assert {feature.verdict for feature in report.features.values()} == {Verdict.NOT_COMPARABLE}
    assert report.verdict is Verdict.NOT_COMPARABLE


def test_dates_are_not_compared_with_earlier_dates() -> None:
    days = [np.array([f"2026-{month}-{1 + place % 28:02d}" for place in range(2000)], object) for month in (10, 11)]
    report = judge({"day": days[0], **USUAL}, {"day": days[1], **USUAL})
    assert report.features["day"].verdict is Verdict.NOT_COMPARABLE
    assert "dates or times" in report.features["day"].reason
    assert report.verdict is Verdict.NO_DRIFT
    names = np.array(["2026-10-01 plan", "2026-10-02 plan"] * 1000, object)
    assert judge({"name": names}, {"name": names}).features["name"].verdict is Verdict.NO_DRIFT


def keys(total: int, piece: int = 50_000) -> Iterator[Window]:
    """A column in which each row has a value of its own."""
    codes = np.arange(piece, dtype=np.int32)
    for start in range(0, total, piece):
        yield Window(piece, {"id": Categories(codes, tuple(f"{place:08d}" for place in range(start, start + piece)))})


def test_memory_does_not_grow_with_the_number_of_categories() -> None:
    known = summarise(keys(50_000))

    def peak(total: int) -> int:
        tracemalloc.start()
        summarise(keys(total))
        count_pieces(keys(total), known)
        _, found = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found

    few, many = peak(150_000), peak(600_000)
    assert many < 64e6
    assert many < 1.1 * few


@pytest.mark.slow
def test_millions_of_categories_get_an_answer() -> None:
    big = summarise(keys(10_000_000 if ALL else 2_000_000))
    assert column_bytes(big.columns["id"]) < 16 * 1024
    counts = count_pieces(keys(200_000), big)
    report = compare(big, counts, DriftPolicy(), baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)
    assert report.features["id"].verdict is Verdict.NOT_COMPARABLE
    assert "identifier" in report.features["id"].reason


def test_unseen_values_are_a_number_of_their_own() -> None:
    after = USUAL["text"].copy()
    after[:400] = "brand new"
    feature = judge(USUAL, {**USUAL, "text": after}).features["text"]
    assert feature.verdict is Verdict.DRIFT
    assert feature.unseen is not None
    assert feature.unseen.share == pytest.approx(0.2)
    assert feature.unseen.examples == ("brand new",)


def test_hostile_level_texts_are_kept_as_they_are_or_shortened() -> None:
    texts = ["\ud800", "", "x" * 100_000, "NaN", "'; drop table", "\x00"] * 100
    report = judge({"c": np.array(texts, object)}, {"c": np.array(texts, object)})
    assert report.features["c"].psi == 0.0
    assert len(to_bytes(summarise([from_columns({"c": np.array(texts[2:4] * 50, object)})]))) < 2000


def test_missing_spellings_in_objects() -> None:
    column = categories_of(["a", None, float("nan"), np.datetime64("NaT", "ms"), "a", 3, True])
    assert column.values() == ["a", None, None, None, "a", "3", "true"]


def test_a_data_frame_with_every_kind_of_column() -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "i": pd.array([1, 2, None, 4], dtype="Int64"),
            "f": [1.5, None, 2.5, 3.5],
            "b": [True, False, True, True],
            "maybe": pd.array([True, None, False, True], dtype="boolean"),
            "s": ["x", None, "y", "x"],
            "c": pd.Categorical(["u", "v", None, "u"]),
            "t": pd.to_datetime(["2026-01-01"] * 4),
        }
    )
    window = from_frame(frame)
    assert set(window.columns) == {"i", "f", "b", "maybe", "s", "c"}
    assert np.array_equal(window.numeric("i"), [1, 2, np.nan, 4], equal_nan=True)
    assert np.array_equal(window.numeric("f"), [1.5, np.nan, 2.5, 3.5], equal_nan=True)
    assert window.categorical("b").values() == ["true", "false", "true", "true"]
    assert window.categorical("s").values() == ["x", None, "y", "x"]
    assert window.categorical("c").values() == ["u", "v", None, "u"]
    with pytest.raises(InvalidInputError, match="DataFrame"):
        from_frame(object())


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="differ in length"):
        from_columns({"a": np.zeros(3), "b": np.zeros(4)})


def test_a_frame_says_what_it_did_with_each_column() -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "paid": ["1.234,50", "3", None],
            "zip": ["01234", "56789", "00001"],
            "exact": [Decimal("1.5"), None, Decimal(2)],
            "whole": pd.Series([1, None, 3], dtype=object),
            "lasted": pd.to_timedelta([90, None, 5], unit="s"),
            "at": pd.to_datetime(["2026-01-01"] * 3),
            "tags": [["a"], ["b"], []],
        }
    )
    window = from_frame(frame)
    assert {name: column.tolist() for name, column in window.columns.items() if not isinstance(column, Categories)} == {
        "paid": [1234.5, 3, pytest.approx(np.nan, nan_ok=True)],
        "exact": [1.5, pytest.approx(np.nan, nan_ok=True), 2],
        "whole": [1, pytest.approx(np.nan, nan_ok=True), 3],
        "lasted": [90, pytest.approx(np.nan, nan_ok=True), 5],
    }
    assert window.categorical("zip").values() == ["01234", "56789", "00001"]
    assert set(window.set_aside) == {"at", "tags"}
    assert window.notes == ("paid is read as numbers with decimal comma and thousands separated by points",)
    with pytest.raises(InvalidInputError, match=r"column 'paid': a comma before three digits .*, in row 1"):
        from_frame(pd.DataFrame({"paid": ["1,234"]}))
