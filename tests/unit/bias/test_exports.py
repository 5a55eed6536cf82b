"""Disclosure control: small counts are suppressed, and cannot be recomputed from what is published."""

from __future__ import annotations

from syndic.bias.report.disclosure import audit_tables, suppress
from tests.unit.bias.cases import counted_rows, policy, report, window


def test_a_small_group_is_hidden_together_with_one_that_would_reveal_it():
    found = report(
        counted_rows({"a": (50, 100), "b": (40, 90), "tiny": (1, 3), "c": (10, 40)}), policy("group", label=None)
    )
    shown = suppress(found).attributes["group"].groups
    assert {name for name, group in shown.items() if group.suppressed} == {"tiny", "c"}
    assert shown["tiny"].n is None
    assert shown["tiny"].selection_rate.value is None
    assert "suppressed" in shown["tiny"].selection_rate.reason
    assert shown["a"].n == 100


def test_hidden_cells_of_a_combination_cannot_be_found_from_the_totals():
    sex = ["m"] * 100 + ["f"] * 100
    race = ["x"] * 97 + ["y"] * 3 + ["x"] * 50 + ["y"] * 50
    found = report(window(sex=sex, race=race, prediction=[1.0, 0.0] * 100), policy("sex", "race", label=None))
    hidden = {name for name, group in suppress(found).intersections["sex & race"].groups.items() if group.suppressed}
    assert hidden == {"m & y", "m & x", "f & y", "f & x"}


def test_nothing_is_hidden_when_nothing_is_small_or_the_policy_says_so():
    rows = counted_rows({"a": (50, 100), "b": (1, 2)})
    assert suppress(report(rows, policy("group", label=None, suppress_below=0))).attributes["group"].groups["b"].n == 2
    large = report(counted_rows({"a": (50, 100), "b": (40, 90)}), policy("group", label=None))
    assert suppress(large) == large


def test_the_two_percent_category_keeps_its_count_and_rate_in_the_published_table():
    found = report(counted_rows({"a": (500, 1000), "b": (5, 15)}), policy("group", label=None, minimum_share=0.02))
    rows = {row.category: row for row in audit_tables(found)[0].rows}
    assert rows["b"].impact_ratio is None
    assert rows["b"].rate is not None
    assert "left out of the ratios" in rows["b"].note
    assert rows["a"].impact_ratio == 1.0


def test_a_table_without_selections_has_no_ratios():
    found = report(counted_rows({"a": (0, 50), "b": (0, 50), "c": (1, 1)}), policy("group", label=None))
    rows = {row.category: row for row in audit_tables(found)[0].rows}
    assert rows["a"].impact_ratio == 0.0
    assert rows["c"].impact_ratio == 1.0
