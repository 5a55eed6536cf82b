"""Groups, bands and outcomes from columns."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.bias.counting.grouping import code_groups, code_outcome, encode_texts, side_column
from syndic.bias.policy.model import ProtectedAttribute
from syndic.errors import InvalidInputError
from syndic.windows import Categories
from tests.unit.bias.cases import numbers, texts


def groups_of(column, **settings) -> list[str]:
    codes, levels = code_groups(column, ProtectedAttribute(name="a", **settings))
    return [levels[code] for code in codes.tolist()]


def test_bins_include_their_upper_edge():
    ages = numbers([19, 25, 25.5, 40, 41, None])
    assert groups_of(ages, bins=(25, 40)) == ["<=25", "<=25", ">25-40", ">25-40", ">40", "unknown"]


def test_declared_bands_mean_completed_years_and_the_first_that_fits_wins():
    ages = numbers([17, 18, 25.9, 26, 60, 61, 99, None])
    bands = ("18-25", "26-40", "41-60", "60+")
    assert groups_of(ages, groups=bands) == ["other", "18-25", "18-25", "26-40", "41-60", "60+", "60+", "unknown"]


@pytest.mark.parametrize(
    ("band", "inside"), [("<=25", [24, 25]), ("<25", [24]), (">25", [26]), (">=25", [25, 26]), ("25", [25])]
)
def test_bands_of_every_form(band, inside):
    found = groups_of(numbers([24, 25, 26]), groups=(band,))
    assert [age for age, group in zip([24, 25, 26], found, strict=True) if group == band] == inside


def test_a_group_that_is_no_band_is_an_error_on_a_numeric_column():
    with pytest.raises(InvalidInputError, match="'young' is neither a number nor a band"):
        groups_of(numbers([1]), groups=("young",))


def test_values_outside_the_declared_groups_are_other_and_blank_texts_unknown():
    assert groups_of(texts(["m", "f", "x", " ", None]), groups=("m", "f")) == ["m", "f", "other", "unknown", "unknown"]


def test_a_numeric_column_of_few_values_is_grouped_by_value_and_one_of_many_asks_for_bins():
    assert groups_of(numbers([1, 2, 1.5])) == ["1", "2", "1.5"]
    with pytest.raises(InvalidInputError, match="--bins a=25,40"):
        groups_of(numbers(range(60)))


def test_texts_that_are_numbers_can_be_binned_and_others_cannot():
    assert groups_of(texts(["20", "30", None]), bins=(25,)) == ["<=25", ">25", "unknown"]
    with pytest.raises(InvalidInputError, match="holds the text 'old'"):
        groups_of(texts(["20", "old"]), bins=(25,))


def test_outcomes_match_as_texts_or_as_numbers():
    assert code_outcome(numbers([1, 0, None, 2]), ("1",)).tolist() == [1, 0, 2, 0]
    assert code_outcome(texts(["1.0", "0", "", None]), ("1",)).tolist() == [1, 0, 2, 2]
    assert code_outcome(texts(["good", "bad"]), ("good", "fine")).tolist() == [1, 0]


def test_side_values_join_by_id_and_by_the_record_of_several_rows():
    column = side_column(("a", "b#0", "b#1", None, "c"), {"a": "m", "b": "f"})
    assert isinstance(column, Categories)
    assert column.values() == ["m", "f", "f", None, None]
    ages = side_column(("a", "z"), {"a": 30.0})
    assert isinstance(ages, np.ndarray)
    assert ages[0] == 30
    assert np.isnan(ages[1])


def test_texts_are_encoded_with_few_and_with_many_levels():
    few = encode_texts(np.array(["m", None, "f", "m"], object))
    assert few.values() == ["m", None, "f", "m"]
    many = [str(i % 400) for i in range(1000)]
    assert encode_texts(many).values() == many
