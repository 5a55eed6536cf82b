"""Many tables at once give what each gives alone, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.statistics import many_tables, two_sample


@pytest.mark.parametrize("bins", [2, 3, 7, 8, 9, 10, 11, 20, 50, 130])
def test_each_table_has_the_numbers_it_has_alone(bins: int) -> None:
    random = np.random.default_rng(bins)
    tables = random.integers(1, random.choice([3, 100, 10**7], (2, 60, 1)), (2, 60, bins))
    pairs = list(zip(*tables, strict=True))
    assert many_tables.psi_of_each(*tables) == [two_sample.psi(*pair) for pair in pairs]
    assert many_tables.jensen_shannon_of_each(*tables) == [two_sample.jensen_shannon(*pair) for pair in pairs]
    assert many_tables.chi_square_of_each(*tables) == [two_sample.chi_square(*pair) for pair in pairs]
