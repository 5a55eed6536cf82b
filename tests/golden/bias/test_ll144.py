"""The tables of New York's rule, reproduced from rows to the digits that it prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from syndic.bias.policy.file import preset_policy
from syndic.bias.report.disclosure import AuditTable, audit_tables
from syndic.windows import Window, concatenate
from tests.unit.bias.cases import report, window

EXAMPLE = json.loads((Path(__file__).parent / "ll144_example.json").read_text(encoding="utf-8"))


def rows_of(table: str) -> Window:
    """The example's individuals, and those of unknown category."""
    sexes, races, chosen = [], [], []
    for category, (applicants, selected, _, _) in EXAMPLE[table].items():
        sex, _, race = category.partition(" & ") if table == "sex & race" else (category, "", category)
        sexes += [sex] * applicants
        races += [race] * applicants
        chosen += ["selected"] * selected + ["rejected"] * (applicants - selected)
    known = window(sex=sexes, race=races, decision=chosen)
    # One text makes the columns categorical; its row is not taken.
    nobody: list[str | None] = [None] * EXAMPLE["unknown"]
    decided = ["selected"] * (len(nobody) + 1)
    unknown = window(sex=[*nobody, "x"], race=[*nobody, "x"], decision=decided).take(np.arange(len(nobody)))
    return concatenate([known, unknown])


def table_of(title: str) -> AuditTable:
    protected = ["sex", "race"] if title == "sex & race" else [title]
    policy = preset_policy("nyc_ll144", prediction="decision", favourable=["selected"], protected_attributes=protected)
    return next(table for table in audit_tables(report(rows_of(title), policy)) if table.title == title)


@pytest.mark.parametrize("title", ["sex", "race", "sex & race"])
def test_the_published_example_is_reproduced(title):
    table = table_of(title)
    assert {row.category for row in table.rows} == set(EXAMPLE[title])
    for row in table.rows:
        applicants, selected, rate, ratio = EXAMPLE[title][row.category]
        assert (row.applicants, row.selected) == (applicants, selected)
        digits = len(rate.strip("%").partition(".")[2])
        assert f"{100 * row.rate:.{digits}f}%" == rate, row
        assert f"{row.impact_ratio:.{len(ratio.partition('.')[2])}f}" == ratio, row
    assert table.unknown == EXAMPLE["unknown"]
