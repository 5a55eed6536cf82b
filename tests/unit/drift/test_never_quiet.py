"""What cannot be read as numbers is never a quiet pass: it is refused, or there is no answer for it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syndic.cli.shell.frame import run

ROWS = 600
Answer = Callable[..., tuple[int, str]]


@pytest.fixture
def answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    """The exit code and the words of a command on two columns of texts, or on two files."""

    def compared(
        before: list[str] | str, after: list[str] | str, *options: str, command: str = "drift", ending: str = "csv"
    ) -> tuple[int, str]:
        paths = []
        for name, given in (("before", before), ("after", after)):
            path = tmp_path / f"{name}.{ending}"
            text = (
                given
                if isinstance(given, str)
                else "".join(f"{line}\n" for line in ("v;g", *map(_row, given, cycle("aab"))))
            )
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        code = run([command, "--baseline", paths[0], "--current", paths[1], *options])
        told = capsys.readouterr()
        return code, told.out + told.err

    return compared


def _row(text: str, group: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}";{group}'


def amounts(seed: int, mean: float = 5_000.0) -> list[float]:
    return np.random.default_rng(seed).normal(mean, 900, ROWS).tolist()


@pytest.mark.parametrize("word", ["-", "n.a.", "k.A.", "—", ".", "(null)", "\\N", "#DIV/0!", "auf Anfrage"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_a_word_for_a_missing_number_is_refused_however_often_it_stands(
    answer: Answer, word: str, share: float
) -> None:
    gaps = np.random.default_rng(7).random(ROWS) < share
    sides = [
        [word if gap else f"{value:.2f}" for value, gap in zip(amounts(seed, mean), gaps, strict=True)]
        for seed, mean in ((1, 5_000), (2, 9_000))
    ]
    for command in ("drift", "quality"):
        code, said = answer(*sides, command=command)
        assert (code, "column 'v'" in said) == (2, True), said


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_word_among_captured_numbers_is_refused(answer: Answer, share: float) -> None:
    gaps = np.random.default_rng(7).random(ROWS) < share

    sides = []
    for seed, mean in ((1, 5_000), (2, 9_000)):
        written = ["n.a." if gap else round(v, 2) for v, gap in zip(amounts(seed, mean), gaps, strict=True)]
        sides.append(captures([{"income": value} for value in written]))
    code, said = answer(*sides, ending="jsonl")
    assert (code, "'income'" in said) == (2, True), said


def captures(inputs: list[dict[str, Any]], outputs: list[Any] | None = None) -> str:
    """Lines of SageMaker's data capture with JSON inside; an output of None is text that is no JSON."""
    lines = []
    for place, row in enumerate(inputs):
        data = {"endpointInput": _side("INPUT", json.dumps(row))}
        if outputs is not None:
            said = outputs[place]
            data["endpointOutput"] = _side("OUTPUT", "{broken" if said is None else json.dumps(said))
        meta = {"eventId": f"e{place}", "inferenceTime": "2024-03-01T10:00:00Z"}
        lines.append(json.dumps({"captureData": data, "eventMetadata": meta, "eventVersion": "0"}))
    return "\n".join(lines)


def _side(mode: str, data: str) -> dict[str, str]:
    return {"observedContentType": "application/json", "mode": mode, "data": data, "encoding": "JSON"}


UNREADABLE: dict[str, Callable[[float], str]] = {
    "old currency": lambda v: f"DM {v:,.2f}".translate(str.maketrans(",.", ".,")),
    "currency word": lambda v: f"{v:,.2f} \u0440\u0443\u0431.".replace(".", ",", 1).replace(",", " ", 1),
    "yen sign": lambda v: f"{v * 10:,.0f}円",
    "weight": lambda v: f"{v:.1f} kg",
    "per area": lambda v: f"{v * 10:.0f} EUR/m²",
    "about": lambda v: f"~{v * 10:.0f}",
    "times": lambda v: f"{v / 1000:.3f}x",
    "Arabic": lambda v: f"{v:.2f}".translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩\u066b")),
    "formula": lambda v: f'="{v:.2f}"',
    "coordinates": lambda v: f"{v / 100:.4f};{v / 300:.4f}",
    "basis points": lambda v: f"{v * 10:.0f} bps",
    "pair with a comma": lambda v: f"{v / 100:.4f},{v / 300:.4f}",
    "pair with a comma and a space": lambda v: f"{v / 100:.4f}, {v / 300:.4f}",
    "point on a map": lambda v: f"POINT ({v / 100:.4f} {v / 300:.4f})",
    "vector": lambda v: f"[{v:.2f}, {v / 2:.2f}, {-v:.2f}]",
    "interval": lambda v: f"[{v:.1f}, {v + 5:.1f})",
    "with its error": lambda v: f"{v:.1f}±{v / 10:.1f}",
    "complex number": lambda v: f"({v:.2f}+0j)",
    "power of ten": lambda v: f"{v / 1000:.4f}\u00d710^3",
    "raised point": lambda v: f"{v:.2f}".replace(".", "·"),
    "feet and inches": lambda v: f"{int(v) // 12}'{int(v) % 12}\"",
    "degrees, minutes, seconds": lambda v: f"{int(v) // 200}°{int(v) % 60}'{int(7 * v) % 60}\"N",
    "pounds and ounces": lambda v: f"{int(v) // 16} lb {int(v) % 16} oz",
    "minutes and seconds": lambda v: f"{int(v) // 60}m{int(v) % 60}s",
    "width by height": lambda v: f"{int(v * 10)}x{int(v * 5)}",
    "thousands of a programmer": lambda v: f"{int(v * 1000):_}",
}


@pytest.mark.parametrize("style", UNREADABLE)
@pytest.mark.parametrize("seed", [3, 11])
def test_amounts_in_any_writing_are_read_or_have_no_answer(answer: Answer, style: str, seed: int) -> None:
    sides = [[UNREADABLE[style](value) for value in amounts(seed + k, mean)] for k, mean in ((0, 5e3), (1, 9e3))]
    for command in ("drift", "quality"):
        code, said = answer(*sides, command=command)
        assert code in {1, 2, 3}, said
        assert "v" in said.splitlines()[0]


UNITS: dict[str, Callable[[float], str]] = {
    "weight": lambda v: f"{v / 100:.1f} kg",
    "joined": lambda v: f"{v / 100:.1f}kg",
    "decimal comma": lambda v: f"{v / 100:.1f} km/h".replace(".", ","),
    "degrees": lambda v: f"{v / 200:.1f}\u00b0C",
    "thousands": lambda v: f"{v / 1_000:.1f}k",
    "clock": lambda v: f"{int(v) // 600:02d}:{int(v) % 60:02d}",
    "ISO 8601": lambda v: f"PT{int(v) // 3_600}H{int(v) // 60 % 60}M{int(v) % 60}S",
    "duration": lambda v: f"{int(v) // 3_600}:{int(v) // 60 % 60:02d}:{int(v) % 60:02d}",
}


@pytest.mark.parametrize("style", UNITS)
def test_numbers_in_one_unit_are_compared_as_numbers_and_it_is_said(answer: Answer, style: str) -> None:
    before, same, moved = ([UNITS[style](v) for v in amounts(s, mean)] for s, mean in ((1, 5e3), (2, 5e3), (3, 5.7e3)))
    code, said = answer(before, same)
    assert (code, "v is read as numbers in" in said) == (0, True), said
    assert answer(before, moved)[0] == 1
    few = [UNITS[style](value) for value in (4_000.0, 5_000.0, 6_000.0)] * (ROWS // 3)
    assert answer(before, few)[0] == 1
    assert answer(before, [text.replace("kg", "lb") for text in same])[0] == (2 if "kg" in before[0] else 0)


def test_few_texts_in_a_unit_are_the_categories_they_look_like(answer: Answer) -> None:
    sides = [[f"{n} stars" for n in np.random.default_rng(seed).integers(1, 6, ROWS)] for seed in (1, 2)]
    code, said = answer(*sides)
    assert (code, "is read as" in said) == (0, False)


def _identifiers(seed: int) -> dict[str, list[str]]:
    chosen = np.random.default_rng(seed).permutation(90_000)[:ROWS].tolist()
    first = seed * 1_000
    return {
        "joined": [f"id-{n}" for n in chosen],
        "letter": [f"A{n:05}" for n in chosen],
        "uuid": [str(uuid.UUID(int=n * 2**90 + n)) for n in chosen],
        "mail": [f"{n}@example.org" for n in chosen],
        "sequence": [f"user {first + n}" for n in range(ROWS)],
        "address": [f"10.0.{n % 256}.{n // 256}" for n in chosen],
        "file": [f"{n}.jpg" for n in chosen],
        "postal address": [f"{n % 300} {_word(n)} Road, {_word(n // 7)}" for n in chosen],
        "title": [f"{_word(n)} {_word(3 * n)} {n % 90} inch {n % 9}K" for n in chosen],
        "prose": [f"{_word(n)} called about order {n}, wants {_word(n // 3)}" for n in chosen],
        "born": [f"{_word(n)} {_word(n // 11)} (b. {1930 + n % 75})" for n in chosen],
        "telephone": [f"({n % 700 + 200}) {n // 700 + 200}-{n * 7919 % 10_000:04}" for n in chosen],
        "masked card": [f"**** **** **** {n * 7 % 10_000:04}" for n in chosen],
        "number plate": [f"B-{_word(n)[:2].upper()} {n % 9_000 + 1}" for n in chosen],
        "object": [f'{{"n": {n}, "name": "{_word(n)}"}}' for n in chosen],
    }


def _word(number: int) -> str:
    """Some thousand words of six letters."""
    mixed = number * 2_654_435_761 % 2**32
    return "".join("bdfgklmnprstvwzh"[mixed >> 4 * k & 15] + "aeiou"[k] for k in (0, 1, 2))


@pytest.mark.parametrize("kind", _identifiers(1))
def test_true_identifiers_stay_set_aside(answer: Answer, kind: str) -> None:
    code, said = answer(_identifiers(1)[kind], _identifiers(2)[kind])
    assert (code, "an identifier" in said) == (0, True), said


def test_a_declared_kind_forces_the_comparison(answer: Answer) -> None:
    moments = [
        np.random.default_rng(seed).normal(mean, 2e7, ROWS).astype(int) for seed, mean in ((1, 1.2e9), (2, 1.25e9))
    ]
    sides = [[str(value) for value in values.tolist()] for values in moments]
    assert answer(*sides)[0] == 0
    assert answer(*sides, "--numeric", "v")[0] == 1
    sizes = [[f"{n:02}-10-{n:02}" for n in rng.integers(1, 12, ROWS)] for rng in map(np.random.default_rng, (1, 2))]
    assert answer(sizes[0], ["01-10-01"] * ROWS, "--categorical", "v")[0] == 1


def test_a_kind_declared_for_a_column_that_is_not_there_is_an_error(answer: Answer) -> None:
    for option in ("--numeric", "--categorical"):
        code, said = answer([f"{v:.2f}" for v in amounts(1)], [f"{v:.2f}" for v in amounts(2)], option, "vv")
        assert (code, "a column 'vv'" in said) == (2, True), said


def test_dates_that_become_something_else_are_no_quiet_column(answer: Answer) -> None:
    rng = np.random.default_rng(5)
    days = [f"2024-{1 + n % 3:02}-{1 + n % 28:02}" for n in rng.integers(0, 84, ROWS).tolist()]
    later = [text.replace("2024-0", "2025-0") for text in days]
    words = [f"text{n}" for n in rng.integers(1, 6, ROWS).tolist()]
    assert answer(days, later)[0] == 0
    assert answer(days, [text if place % 50 else "soon" for place, text in enumerate(later)])[0] == 0
    for odd in (words, [text if place % 5 else "2025-02-01" for place, text in enumerate(words)]):
        code, said = answer(days, odd)
        assert (code, "are none" in said) == (3, True), said
    seconds = [str(n) for n in rng.integers(1_700_000_000, 1_710_000_000, ROWS).tolist()]
    assert answer(seconds, [str(int(text) + 10**7) for text in seconds])[0] == 0
    for odd in (
        rng.integers(2 * 10**8, 9 * 10**8, ROWS),
        rng.normal(50, 9, ROWS),
        rng.integers(3 * 10**9, 10**10, ROWS),
    ):
        code, said = answer(seconds, [str(n) for n in odd.tolist()])
        assert (code, "are none" in said) == (3, True), said


def test_what_is_set_aside_is_said_first(answer: Answer) -> None:
    code, said = answer(_identifiers(1)["joined"], _identifiers(2)["joined"])
    assert code == 0
    assert "Set aside: v" in "".join(said.splitlines()[:3])


def pointed(values: np.ndarray) -> list[str]:
    return [f"{value:,}".replace(",", ".") for value in values.tolist()]


@pytest.mark.parametrize("seed", [1, 8])
@pytest.mark.parametrize("turned", [False, True])
def test_points_between_thousands_are_told_by_the_other_sides_plain_numbers(
    answer: Answer, seed: int, turned: bool
) -> None:
    rng = np.random.default_rng(seed)
    many = [rng.integers(1_000, 9_000, ROWS) for _ in range(2)]
    few = [rng.choice([900, 950, 1_100, 1_200, 1_500], ROWS) for _ in range(2)]
    for one, other in (many, few):
        sides = [pointed(one), [str(value) for value in other.tolist()]]
        code, said = answer(*(sides[::-1] if turned else sides))
        assert (code, "thousands separated by points" in said) == (0, True), said
        moved = [pointed(one), [str(value) for value in (2 * other).tolist()]]
        assert answer(*(moved[::-1] if turned else moved))[0] == 1


def test_few_values_with_points_between_thousands_are_refused_where_nothing_tells(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(3)
    incomes = pointed(rng.choice([500, 700, 1_200, 1_500, 2_500, 3_000], ROWS))
    path = tmp_path / "decisions.csv"
    path.write_text("income;ok\n" + "".join(f"{text};{place % 2}\n" for place, text in enumerate(incomes)))
    options = ["bias", "--data", str(path), "--prediction", "ok", "--protected", "income", "--bins", "income=600"]
    assert run([*options, "--favourable", "1"]) == 2
    assert "'income'" in capsys.readouterr().err
    assert run([*options, "--favourable", "1", "--decimal-mark", "comma"]) in {0, 1}
    assert "600" in capsys.readouterr().out


@pytest.mark.parametrize("texts", [["1.125", "2", "3.375"], ["1.500", "2.000", "500.000"], ["1.5", "2", "30"]])
def test_points_that_a_machine_may_have_written_are_decimal_points(answer: Answer, texts: list[str]) -> None:
    sides = [np.random.default_rng(seed).choice(texts, ROWS).tolist() for seed in (1, 2)]
    code, said = answer(*sides)
    assert (code, "thousands" in said) == (0, False), said


@pytest.mark.parametrize("command", ["drift", "quality"])
def test_lost_records_of_the_baseline_are_said_and_over_the_tolerance_there_is_no_answer(
    answer: Answer, command: str
) -> None:
    rows = [[{"income": round(value, 2)} for value in amounts(seed)] for seed in (1, 2)]
    good = [captures(side) for side in rows]
    for every, want in ((4, 3), (50, 0)):
        lines = ["{bad" if place % every == 1 else line for place, line in enumerate(good[0].split("\n"))]
        code, said = answer("\n".join(lines), good[1], command=command, ending="jsonl")
        assert (code, "json" in said, "the baseline" in said) == (want, True, True), said
    outputs = [[{"p": 0.5 if place % 2 else None} for place in range(ROWS)] for _ in range(2)]
    half = captures(rows[0], [said if place % 2 else None for place, said in enumerate(outputs[0])])
    code, said = answer(half, captures(rows[1], [{"p": 0.5}] * ROWS), command=command, ending="jsonl")
    assert (code, "of the baseline" in said) == (3, True), said


def test_dates_in_an_unknown_spelling_have_no_answer_unless_they_come_again(answer: Answer) -> None:
    months = ["pirmas", "antras", "trecias", "ketvirtas"]
    rng = np.random.default_rng(4)
    sides = [
        [f"{months[m + n % 2]} {1 + n % 28}, anno 2024" for n in rng.integers(0, 56, ROWS).tolist()] for m in (0, 2)
    ]
    assert answer(*sides)[0] == 3
    assert answer(*sides, "--categorical", "v")[0] == 1
    assert answer(sides[0], [*sides[0][:50], *sides[1][50:]])[0] == 1


def test_answers_that_failed_do_not_take_their_questions_with_them(answer: Answer) -> None:
    scores = np.random.default_rng(9).random(ROWS).round(4).tolist()
    rows = [
        [{"income": round(value, 2)} for value in amounts(seed, mean)] for seed, mean in ((1, 5e3), (2, 9e3), (3, 5e3))
    ]
    good = [{"p": score} for score in scores]
    failed = [{"p": "error"} if place % 5 == 0 else said for place, said in enumerate(good)]
    before = captures(rows[0], good)
    code, said = answer(before, captures(rows[1], failed), ending="jsonl")
    assert (code, "income" in said.splitlines()[0]) == (1, True), said
    code, said = answer(before, captures(rows[2], failed), ending="jsonl")
    assert (code, "one side only" in said) == (3, True), said


@pytest.mark.parametrize(("mean", "want"), [(5e3, 3), (9e3, 1)])
def test_answers_that_all_became_words_are_of_another_kind(answer: Answer, mean: float, want: int) -> None:
    scores = np.random.default_rng(9).random(ROWS).round(4).tolist()
    rows = [[{"income": round(value, 2)} for value in amounts(seed, m)] for seed, m in ((1, 5e3), (2, mean))]
    for before, after in (
        ([{"p": s} for s in scores], [{"p": "boom"}] * ROWS),
        ([[s] for s in scores], ["boom"] * ROWS),
    ):
        code, said = answer(captures(rows[0], before), captures(rows[1], after), ending="jsonl")
        assert (code, "came as categorical" in said) == (want, True), said


def test_misspelt_options_of_bias_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    path = tmp_path / "d.csv"
    rows = zip(rng.integers(20, 60, ROWS), rng.choice(["f", "m"], ROWS), rng.integers(0, 2, ROWS), strict=True)
    path.write_text("age,sex,ok\n" + "".join(f"{age},{sex},{ok}\n" for age, sex, ok in rows))
    asked = ["bias", "--data", str(path), "--prediction", "ok", "--favourable", "1", "--protected", "sex"]
    assert run(asked) in {0, 3}
    for wrong, said in (
        (["--numeric", "agee"], "no column 'agee'"),
        (["--protected", "sex=m"], "named twice"),
        (["--protected", "age", "--bins", "age=1_000"], "expected COLUMN=25,40"),
    ):
        capsys.readouterr()
        assert run([*asked, *wrong]) == 2
        assert said in capsys.readouterr().err
    run([*asked, "--favourable", "yess"])
    assert "'yess' does not occur" in capsys.readouterr().out


@pytest.mark.parametrize("fractions", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_serial_days_of_a_spreadsheet_beside_dates_are_named_and_not_quiet(
    answer: Answer, swapped: bool, fractions: bool
) -> None:
    dice = np.random.default_rng(9)
    dates = [f"2026-{dice.integers(1, 13):02d}-{dice.integers(1, 29):02d}" for _ in range(ROWS)]
    days = [f"{45_292 + dice.integers(400) + fractions * dice.random():.6g}" for _ in range(ROWS)]
    sides = (days, dates) if swapped else (dates, days)
    code, words = answer(*sides)
    assert code == 3
    assert "v holds numbers that may be Excel's serial days" in words
    assert answer(*sides, "--ignore", "v")[0] == 0
    assert answer(*sides, command="quality")[0] == 1
    assert answer(dates, [str(value) for value in amounts(3)])[0] == 2  # numbers of another size are no days
