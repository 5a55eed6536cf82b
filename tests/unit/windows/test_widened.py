"""Numbers of 32 bits that a server widened before it wrote them are read as the numbers they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from demo.traffic import sagemaker_line
from syndic.windows import concatenate
from syndic.windows.cells.numbers import as_written
from syndic.windows.formats.sagemaker.records import parse_sagemaker
from tests.unit.windows.made import NUMBERS, calls

DECIMALS = (1, 2, 3, 4)


@pytest.mark.parametrize("decimals", DECIMALS)
@pytest.mark.parametrize("spread", [1e-6, 1.0, 0.37, 2.3])
def test_decimals_survive_32_bits(decimals: int, spread: float) -> None:
    written = np.round(np.random.default_rng(decimals).normal(size=4000), decimals) * spread
    written = np.array([float(f"{one:.6g}") for one in written])
    widened = written.astype(np.float32).astype(np.float64)
    assert (widened != written).any()
    np.testing.assert_array_equal(as_written(widened), written)


def test_any_number_of_32_bits_becomes_its_shortest_decimal() -> None:
    short = np.random.default_rng(1).normal(size=3000).astype(np.float32)
    expected = np.array([float(str(one)) for one in short])
    np.testing.assert_array_equal(as_written(short.astype(np.float64)), expected)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(2).normal(size=500),
        np.random.default_rng(3).integers(-5000, 5000, 500) / 1024,  # full of fractions that 32 bits hold exactly
        np.arange(500.0),
        np.array([np.nan, np.inf, -np.inf, -0.0]),
        np.array([]),
        np.array([0.5, 0.25, 1e300, -1e-300]),
        np.array([0.1, 39.4, 7.3], np.float32).astype(np.float64),  # too few to tell
    ],
)
def test_other_columns_are_as_they_were(values: np.ndarray) -> None:
    np.testing.assert_array_equal(as_written(values), values)


def test_what_is_no_number_stays_what_it_is_beside_widened_ones() -> None:
    known = [39.4, 0.1, np.nan, np.inf, -7.0, 1e-30, *(tenth / 10 for tenth in range(1, 40))]
    values = np.array([*known, 16777217.0], np.float32).astype(np.float64)
    np.testing.assert_array_equal(as_written(values), [*known, 16777216.0])


def test_a_captured_window_holds_what_the_training_data_holds() -> None:
    written = np.round(np.random.default_rng(4).normal(50.0, 9.0, (400, 4)), 1)
    widened = written.astype(np.float32).astype(np.float64).tolist()
    lines = "\n".join(map(sagemaker_line, calls(([tuple(row[:3])], [(row[3],)]) for row in widened)))
    found = concatenate(parse_sagemaker([lines.encode()], NUMBERS, source="s"))
    for place, name in enumerate(("income", "debt", "age", "score")):
        np.testing.assert_array_equal(found.numeric(name), written[:, place])
