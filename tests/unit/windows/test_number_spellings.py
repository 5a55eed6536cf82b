"""Numbers written for people are read when a column tells how, and refused with their place when it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.traffic import sagemaker_line
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind
from syndic.windows import Table, read_table, read_tables_alike
from syndic.windows.cells.cell import number
from syndic.windows.rejected import UnusableError
from tests.unit.windows.made import calls, cells, numeric
from tests.unit.windows.test_tables import parquet

NO_BREAK, NARROW, RIGHT_QUOTE, MINUS = "\u00a0", "\u202f", "\u2019", "\u2212"


def grouped(value: float, group: str, decimal: str, decimals: int = 2) -> str:
    text = f"{abs(value):,.{decimals}f}".replace(".", "\0").replace(",", group).replace("\0", decimal)
    return f"-{text}" if value < 0 else text


def indian(value: float) -> str:
    whole, _, fraction = f"{abs(value):.2f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = re.sub(r"(?<=\d)(?=(?:\d\d)+$)", ",", head)
    return f"{'-' if value < 0 else ''}{pairs + ',' if pairs else ''}{tail}.{fraction}"


def bracketed(value: float) -> str:
    text = grouped(abs(value), ",", ".")
    return f"({text})" if value < 0 else text


def trailing(value: float) -> str:
    text = grouped(abs(value), ".", ",")
    return f"{text}-" if value < 0 else text


STYLES: dict[str, Callable[[float], str]] = {
    "decimal comma": lambda value: f"{value:.2f}".replace(".", ","),
    "commas and point": lambda value: grouped(value, ",", "."),
    "points and comma": lambda value: grouped(value, ".", ","),
    "no-break space": lambda value: grouped(value, NO_BREAK, ","),
    "narrow no-break space": lambda value: grouped(value, NARROW, ","),
    "space and point": lambda value: grouped(value, " ", "."),
    "apostrophe": lambda value: grouped(value, "'", "."),
    "Swiss quote": lambda value: grouped(value, RIGHT_QUOTE, "."),
    "dollars": lambda value: ("-" if value < 0 else "") + "$" + grouped(abs(value), ",", "."),
    "euros after": lambda value: f"{grouped(value, '.', ',')}{NO_BREAK}€",
    "code before": lambda value: f"CHF {grouped(value, RIGHT_QUOTE, '.')}",
    "code after": lambda value: f"{grouped(value, ' ', ',')} PLN",
    "reais": lambda value: "R$ " + grouped(value, ".", ","),
    "per cent": lambda value: f"{value:.2f}%",
    "per cent, comma": lambda value: f"{value:.2f}{NARROW}%".replace(".", ","),
    "brackets": bracketed,
    "trailing minus": trailing,
    "Unicode minus": lambda value: grouped(value, " ", ",").replace("-", MINUS),
    "India": indian,
    "lakhs of rupees": lambda value: "₹" + indian(value).replace("-", "-"),
    "full width": lambda value: f"{value:.2f}".translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}),
}


def csv_of(texts: list[str]) -> bytes:
    return ("\n".join(["n", *(f'"{text}"' for text in texts)]) + "\n").encode()


amounts = st.lists(
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100), min_size=3, max_size=60, unique=True
).filter(lambda values: any(value % 1 for value in values))


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=25, deadline=None)
@given(values=amounts)
def test_each_style_is_read_back(style: str, values: list[float]) -> None:
    found = read_table(csv_of([STYLES[style](value) for value in values]), name="d.csv")
    np.testing.assert_allclose(found.numeric("n"), values, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(values=amounts, others=amounts, styles=st.tuples(*[st.sampled_from(sorted(STYLES))] * 2))
def test_two_styles_are_compared_right_or_refused(
    values: list[float], others: list[float], styles: tuple[str, str]
) -> None:
    tables = [
        Table(csv_of([STYLES[style](value) for value in side]), f"{place}.csv")
        for place, (style, side) in enumerate(zip(styles, (values, others), strict=True))
    ]
    try:
        both = read_tables_alike(*tables)
    except InvalidInputError as error:
        assert "no common scale" in str(error)  # noqa: PT017
        return
    for window, side in zip(both, (values, others), strict=True):
        np.testing.assert_allclose(window.numeric("n"), side, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(values=amounts, at=st.integers(0, 59), pair=st.sampled_from([(",", "."), (".", ",")]))
def test_both_decimal_marks_in_one_column_are_refused(values: list[float], at: int, pair: tuple[str, str]) -> None:
    texts = [grouped(value + 0.25, "", pair[0]) for value in values]
    place = 1 + at % (len(texts) - 1)
    texts[place] = grouped(7.25, "", pair[1])
    with pytest.raises(
        InvalidInputError, match=rf"^d\.csv, line {place + 2}, column 'n': numbers with a decimal comma and numbers"
    ):
        read_table(csv_of(texts), name="d.csv")


@pytest.mark.parametrize("mark", [",", "."])
def test_a_mark_that_may_mean_both_is_refused_with_its_place(mark: str) -> None:
    data = csv_of(["5-", f"1{mark}234", f"12{mark}345"])
    with pytest.raises(InvalidInputError, match=r"^d\.csv, line 3, column 'n': a (comma|point) before three digits"):
        read_table(data, name="d.csv")
    read = {decimal: read_table(data, name="d.csv", decimal=decimal).numeric("n").tolist() for decimal in ".,"}
    assert read[mark] == [-5, 1.234, 12.345]
    assert read["," if mark == "." else "."] == [-5, 1234, 12345]


def alike(first: list[str], second: list[str], **more: Any) -> list[list[Any]]:
    tables = Table(csv_of(first), "a.csv", **more), Table(csv_of(second), "b.csv", **more)
    return [cells(window.column("n")) for window in read_tables_alike(*tables)]


def test_the_other_side_settles_what_a_mark_means() -> None:
    doubtful = ["1,234", "2,500"]
    assert alike(doubtful, ["12,5", "0,7"]) == [[1.234, 2.5], [12.5, 0.7]]
    assert alike(["1,234.5", "7.25"], doubtful) == [[1234.5, 7.25], [1234, 2500]]
    assert alike(doubtful, ["1326", "2404"]) == [[1234, 2500], [1326, 2404]]
    assert alike(["1326.5", "7.25"], doubtful) == [[1326.5, 7.25], [1234, 2500]]
    # A machine's points are looked at again beside numbers written for people.
    assert alike(["1.234.567", "2.500,5"], ["1.234", "2.500"]) == [[1234567, 2500.5], [1234, 2500]]
    assert alike(["12,5", "0,7"], ["1.25", "0.5"]) == [[12.5, 0.7], [1.25, 0.5]]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (["1,234"], ["2,345"], "a.csv, line 2, column 'n': a comma before three digits"),
        (["12,5", "0,7"], ["1.234", "2.345"], "b.csv, line 2, column 'n': a point before three digits"),
        (["1,234"], ["1.5"], "a.csv, line 2, column 'n': a comma before three digits"),
        (["25.3%"], ["0.253"], "b.csv, column 'n': the values are without a unit, those of a.csv are in per cent"),
        (["$5.50"], ["€5.50"], "b.csv, column 'n': the values are in EUR, those of a.csv are in $"),
        (["5,5"], ["many"], "b.csv, line 2, column 'n': text where a number is expected"),
    ],
)
def test_what_neither_side_tells_is_refused(first: list[str], second: list[str], said: str) -> None:
    with pytest.raises(InvalidInputError, match="^" + re.escape(said)):
        alike(first, second)


def test_money_has_no_three_decimals_but_in_some_currencies() -> None:
    assert cells(read_table(csv_of(["$1,326", "$10,828"])).column("n")) == [1326, 10828]
    assert cells(read_table(csv_of(["1.326 €", "10.828 €"])).column("n")) == [1326, 10828]
    with pytest.raises(InvalidInputError, match="a point before three digits"):
        read_table(csv_of(["KWD 1.326", "KWD 10.828"]))


def test_many_numbers_in_threes_beside_small_whole_ones_are_thousands() -> None:
    dice = np.random.default_rng(4)
    values = [int(dice.integers(90_000)) for _ in range(400)]
    assert cells(read_table(csv_of([f"{value:,}" for value in values])).column("n")) == values


@pytest.mark.parametrize("seed", range(4))
def test_whole_numbers_with_points_are_not_read_as_fractions(seed: int) -> None:
    values = np.random.default_rng(seed).integers(1, 60_000, 300).tolist()
    window = read_table(csv_of([grouped(value, ".", ",", 0) for value in values]), name="d.csv")
    assert window.numeric("n").tolist() == values
    assert window.notes == ("d.csv: n is read as numbers with thousands separated by points",)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("decimals", [1, 2, 3, 4])
def test_fractions_of_a_machine_stay_fractions(seed: int, decimals: int) -> None:
    dice = np.random.default_rng(seed)
    values = np.where(dice.random(300) < 0.3, dice.integers(0, 9, 300), np.round(dice.uniform(0, 90, 300), decimals))
    window = read_table(csv_of([f"{value:.10g}" for value in values.tolist()]), name="d.csv")
    assert window.numeric("n").tolist() == values.tolist()
    assert window.notes == ()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["25%", "0.3"], "line 3, column 'n': this number has no unit, and others of the column are in per cent"),
        (["$5.50", "€6.50"], "line 3, column 'n': this number is in EUR, and others of the column are in $"),
        (
            [*(f"{place},5" for place in range(99)), "n.a."],
            "line 101, column 'n': text in a column whose other values are numbers",
        ),
        (
            [*(f"{place}.5" for place in range(99)), "abc"],
            "line 101, column 'n': text in a column whose other values are numbers",
        ),
    ],
)
def test_columns_that_are_not_consistent_are_refused(texts: list[str], said: str) -> None:
    with pytest.raises(InvalidInputError, match="^" + re.escape(f"d.csv, {said}")):
        read_table(csv_of(texts), name="d.csv")
    whatever = read_table(csv_of(texts), name="d.csv", kinds={"n": ColumnKind.CATEGORICAL})
    assert cells(whatever.column("n"))[-1] == texts[-1]
    left_out = read_table(csv_of(texts), name="d.csv", only=())
    assert left_out.columns == {}
    assert left_out.notes == (f"left out: {left_out.refused['n']}",)
    with pytest.raises(InvalidInputError, match=re.escape(said)):
        left_out.column("n")


@pytest.mark.parametrize(
    "texts",
    [
        ["18_25", "26_40"],
        ["18-25", "26-40"],
        ["60+", "<60"],
        ["A-", "B-"],
        ["0123 456", "0456 789"],
        ["1.2.3", "1.2.4"],
        ["10.0.0.1", "10.0.0.2"],
        ["12:30", "13:30"],
        ["1,2,3", "4,5,6"],
        ["5 kg", "6 kg"],
        ["KLM 123", "KLM 456"],
        ["5²", "6²"],
        ["1e", "2e"],
        ["--5", "-(5)"],
        ["1 23", "4 56"],
        ["$ 5 €", "$ 6 €"],
    ],
)
def test_other_texts_stay_categories(texts: list[str]) -> None:
    assert cells(read_table(csv_of(texts)).column("n")) == texts


def test_words_that_are_numbers_to_a_machine() -> None:
    assert cells(read_table(csv_of(["inf", "-Infinity", "1e5", "nan", "\uff15", " 7 "])).column("n")) == [
        np.inf,
        -np.inf,
        1e5,
        None,
        5,
        7,
    ]
    for text in ("18_25", "1_000", "1__0", "_1", "0x1F", "1e5_0"):
        with pytest.raises(UnusableError):
            number(text)


def test_notes_say_how_numbers_were_read() -> None:
    window = read_table(b"a;b;c\n1.234,5;$5;3%\n2,5;$6;4%\n", name="d.csv")
    assert window.notes == (
        "d.csv: a is read as numbers with decimal comma and thousands separated by points",
        "d.csv: b is read as numbers with currency ($)",
        "d.csv: c is read as numbers in per cent",
    )
    assert read_table(b"a;b\n1.5;2\n").notes == ()


def test_a_declared_or_schema_number_is_read_alike() -> None:
    data = csv_of(["1.234,50", "3"])
    assert cells(read_table(data, kinds={"n": ColumnKind.NUMERIC}).column("n")) == [1234.5, 3]
    assert cells(read_table(data, schema=CaptureSchema(inputs=(numeric("n"),))).column("n")) == [1234.5, 3]


def test_other_forms_follow_the_same_rule() -> None:
    texts = ["1.234,50", "3", None]
    lines = "\n".join(json.dumps({"n": text}) for text in texts).encode()
    for data, name in ((lines, "d.jsonl"), (parquet({"n": texts}), "d.parquet")):
        assert cells(read_table(data, name=name).column("n")) == [1234.5, 3, None]
    # A Parquet file that calls machine-written numbers text keeps them.
    assert cells(read_table(parquet({"n": ["1", "2"]}), name="d.parquet").column("n")) == ["1", "2"]


def test_captured_traffic_is_never_quiet_about_them() -> None:
    traffic = calls([([(f"{place},5", 2)], None) for place in range(1, 9)])
    lines = "\n".join(sagemaker_line(call, encoding="JSON", input_names=("paid", "age")) for call in traffic).encode()
    with pytest.raises(InvalidInputError, match=r"^d\.jsonl, column 'paid': the values are numbers written for people"):
        read_table(lines, name="d.jsonl")
    texts = read_table(lines, name="d.jsonl", kinds={"paid": ColumnKind.CATEGORICAL})
    assert cells(texts.column("paid"))[:2] == ["1,5", "2,5"]


def test_large_files_turn_late() -> None:
    plain, late = [str(place) for place in range(9_000)], ["1 234,5", "7"]
    found = read_table(csv_of([*plain, *late])).numeric("n")
    assert found[-2:].tolist() == [1234.5, 7]
    assert len(found) == 9_002
