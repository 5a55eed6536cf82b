"""What servers really send: wrappers, content types and encodings, with a schema and without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.cli.shell.frame import run
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnRole
from syndic.windows import Table, Window, concatenate, parse_sagemaker, read_table, read_tables_alike
from tests.unit.windows.captured import CSV, JSON, collector, sagemaker, side
from tests.unit.windows.made import cells, numeric, text

Rows = list[list[float]]
NAMES = ("amount", "age", "gap")
SCHEMA = CaptureSchema(inputs=tuple(map(numeric, NAMES)), outputs=(numeric("score", ColumnRole.SCORE),))
HTML = "text/html; charset=utf-8"


def named(rows: Rows) -> list[dict[str, float]]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def long_form(row: list[float]) -> dict[str, Any]:
    return {"data": {"features": {"values": row}}}


def lines(values: list[Any]) -> str:
    return "\n".join(json.dumps(value) for value in values)


GIVEN: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "CSV": lambda rows: side("\n".join(",".join(map(str, row)) for row in rows), CSV),
    "CSV in base64": lambda rows: side("\n".join(",".join(map(str, row)) for row in rows), CSV, packed=True),
    "JSON told to be CSV": lambda rows: {**side({"instances": rows}), "encoding": "CSV"},
    "instances": lambda rows: side({"instances": rows}),
    "instances by name": lambda rows: side({"instances": named(rows)}),
    "instances with features": lambda rows: side({"instances": [{"features": row} for row in rows]}),
    "long form": lambda rows: side({"instances": [long_form(row) for row in rows]}),
    "long form as lines": lambda rows: side(lines([long_form(row) for row in rows]), "application/jsonlines"),
    "long form of all rows": lambda rows: side(long_form(rows)),  # type: ignore[arg-type]
    "features as lines": lambda rows: side(lines([{"features": row} for row in rows]), "application/jsonlines"),
    "rows by name as lines": lambda rows: side(lines(named(rows)), "application/jsonlines", packed=True),
    "columns": lambda rows: side(dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True))),
    "split": lambda rows: side({"dataframe_split": {"columns": list(NAMES), "data": rows}}),
    "records": lambda rows: side({"dataframe_records": named(rows)}),
    "input_data": lambda rows: side({"input_data": {"columns": list(NAMES), "data": rows}}),
}
ANSWERED: dict[str, Callable[[list[float]], dict[str, Any]]] = {
    "CSV": lambda scores: side("\n".join(map(str, scores)), CSV),
    "predictions by name": lambda scores: side({"predictions": [{"score": s, "predicted_label": 1} for s in scores]}),
    "predictions": lambda scores: side({"predictions": scores}),
    "forest": lambda scores: side({"scores": [{"score": s} for s in scores]}),
    "lines": lambda scores: side(lines([{"score": s} for s in scores]), "application/jsonlines"),
    "Flask": lambda scores: side({"score": scores}, HTML, packed=True),
    "Flask's text": lambda scores: side("\n".join(map(str, scores)), HTML, packed=True),
    "Flask's list": lambda scores: side(json.dumps(scores), "text/html", packed=True),
    "plain text": lambda scores: side(json.dumps({"score": scores}), "text/plain", packed=True),
    "unnamed stream": lambda scores: side({"score": scores}, "application/octet-stream", packed=True),
}
UNREADABLE: dict[str, dict[str, Any]] = {
    "a page": side("<!doctype html><title>500</title>", HTML, packed=True),
    "an image": {"observedContentType": "image/png", "mode": "OUTPUT", "data": "iVBORw0KGgo=", "encoding": "BASE64"},
    "cut JSON": side('{"score": [0.1', JSON),
    "other names": side({"error": "busy"}),
    "words": side("busy", CSV),
    "nothing": side("", CSV),
    "no base64": {"observedContentType": CSV, "mode": "OUTPUT", "data": "@@", "encoding": "BASE64"},
    "an unknown encoding": {"observedContentType": CSV, "mode": "OUTPUT", "data": "0.5", "encoding": "XML"},
    "no text": {"observedContentType": CSV, "mode": "OUTPUT", "data": {"score": 1}, "encoding": "JSON"},
    "no data": {"observedContentType": CSV, "mode": "OUTPUT"},
}


def made(seed: int, calls: int, size: int) -> list[tuple[Rows, list[float]]]:
    dice = np.random.default_rng(seed)
    return [
        (
            [[round(float(dice.normal(50, 9)), 2), int(dice.integers(18, 81)), round(float(dice.random()), 3)]
             for _ in range(size)],
            [round(float(dice.random()), 3) for _ in range(size)],
        )
        for _ in range(calls)
    ]  # fmt: skip


def content(window: Window) -> dict[str, list[Any]]:
    return {name: cells(column) for name, column in window.columns.items()}


def expected(calls: list[tuple[Rows, list[float]]]) -> dict[str, list[Any]]:
    rows = [row for given_rows, _ in calls for row in given_rows]
    columns = dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True))
    return {**columns, "score": [score for _, scores in calls for score in scores]}


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("answered", ANSWERED)
@pytest.mark.parametrize("asked", GIVEN)
def test_every_question_with_every_answer_gives_the_same_rows(asked: str, answered: str, size: int) -> None:
    calls = made(size, 12, size)
    data = sagemaker((GIVEN[asked](rows), ANSWERED[answered](scores)) for rows, scores in calls)
    window = concatenate(parse_sagemaker([data], SCHEMA, source="s"))
    assert content(window) == expected(calls)
    assert window.intake.used == window.intake.read == 12
    baseline = ",".join((*NAMES, "score")) + "\n" + "\n".join("50,20,0.5,0.5" for _ in range(9))
    _, found = read_tables_alike(Table(baseline.encode(), "t.csv"), Table(data, "c.jsonl"))
    if size == 1 and asked == "columns":
        return  # one row of lists of one value: names and values are right with a schema
    shown = content(found)
    values = list(expected(calls).values())
    assert [shown[name] for name in list(shown)[:3]] == values[:3]
    assert values[3] in shown.values()


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_answer_that_cannot_be_read_leaves_its_question(name: str) -> None:
    calls = made(5, 20, 2)
    sides = [
        (GIVEN["instances by name"](rows), UNREADABLE[name] if place % 4 == 1 else ANSWERED["CSV"](scores))
        for place, (rows, scores) in enumerate(calls)
    ]
    window = concatenate(parse_sagemaker([sagemaker(sides)], SCHEMA, source="s"))
    intake = window.intake
    assert (intake.read, intake.used, intake.rejected, intake.partial, intake.rows) == (20, 20, 0, 5, 40)
    assert sum(intake.partial_reasons.values()) == 5
    assert intake.unread == {"score": 10}
    assert intake.examples.keys() == intake.partial_reasons.keys()
    wanted = expected(calls)
    wanted["score"] = [None if (place // 2) % 4 == 1 else score for place, score in enumerate(wanted["score"])]
    assert content(window) == wanted


@pytest.mark.parametrize("name", UNREADABLE)
def test_without_a_schema_too_the_questions_are_read(name: str) -> None:
    calls = made(6, 10, 1)
    window = read_table(sagemaker((GIVEN["instances by name"](r), UNREADABLE[name]) for r, _ in calls), name="c.jsonl")
    assert {key: content(window)[key] for key in NAMES} == {key: expected(calls)[key] for key in NAMES}
    if not {"score", "output_0", "error"} & window.columns.keys():
        assert window.intake.partial == 10


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_question_that_cannot_be_read_is_no_row(name: str) -> None:
    data = sagemaker([(UNREADABLE[name], ANSWERED["CSV"]([0.5])), (GIVEN["CSV"]([[1.0, 2, 3.0]]), side("0.5", CSV))])
    window = concatenate(parse_sagemaker([data], SCHEMA, source="s"))
    assert (window.rows, window.intake.rejected, window.intake.partial) == (1, 1, 0)


def test_sparse_vectors_are_refused_and_not_taken_for_rows() -> None:
    sparse = {"instances": [{"data": {"features": {"keys": [0, 9, 4], "shape": [12], "values": [1.0, 2.0, 3.0]}}}]}
    window = concatenate(parse_sagemaker([sagemaker([(side(sparse), side("0.5", CSV))])], SCHEMA, source="s"))
    assert window.intake.reasons == {"columns": 1}
    assert "sparse" in window.intake.examples["columns"]
    with pytest.raises(InvalidInputError, match="sparse"):
        read_table(sagemaker([(side(sparse), None)]), name="c.jsonl")


@pytest.mark.parametrize("answers_first", [False, True])
def test_the_collector_keeps_the_questions_whose_answers_cannot_be_read_in_any_order(*, answers_first: bool) -> None:
    schema = CaptureSchema(inputs=(numeric("x"), text("c")), outputs=(numeric("y", ColumnRole.SCORE),))
    calls = [([{"x": n, "c": "a"}], [{"y": "words" if n % 5 == 0 else n}]) for n in range(20)]
    data = collector(calls).splitlines(keepends=True)
    if answers_first:
        data.reverse()
    path = "c.jsonl"
    window = read_table(b"".join(data), name=path, schema=schema)
    assert sorted(content(window)["x"]) == list(range(20))
    assert sorted(y for y in content(window)["y"] if y is not None) == [n for n in range(20) if n % 5]
    assert (window.intake.rejected, window.intake.unread) == (4, {"y": 4})


def test_the_command_reads_flasks_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, now = made(1, 400, 1), made(2, 200, 2)
    (tmp_path / "a.jsonl").write_bytes(sagemaker((GIVEN["columns"](r), ANSWERED["Flask"](s)) for r, s in before))
    (tmp_path / "b.jsonl").write_bytes(sagemaker((GIVEN["columns"](r), ANSWERED["Flask"](s)) for r, s in now))
    code = run(["drift", "--baseline", str(tmp_path / "a.jsonl"), "--current", str(tmp_path / "b.jsonl"), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["rows"]) == (0, {"baseline": 400, "current": 400})
    assert {name: feature["verdict"] for name, feature in report["features"].items()} == dict.fromkeys(
        ("age", "amount", "gap", "score"), "no_drift"
    )


WORDS = st.text('{}[]":,abc019.<> \n', max_size=30)
KEYS = ["instances", "predictions", "data", "features", "values", "amount", "score"]
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TREES, TREES, st.sampled_from([JSON, CSV, HTML, "", "image/png"])), min_size=1, max_size=6))
def test_whatever_is_sent_every_record_is_accounted_for(calls: list[tuple[Any, Any, str]]) -> None:
    data = sagemaker((side(one, media), side(other, media, packed=True)) for one, other, media in calls)
    window = concatenate(parse_sagemaker([data], SCHEMA, source="s"))
    intake = window.intake
    assert intake.read == len(calls) == intake.used + intake.rejected
    assert intake.partial == sum(intake.partial_reasons.values()) <= intake.used
    assert intake.rows == window.rows
    try:
        read_table(data, name="c.jsonl")
    except InvalidInputError as error:
        assert "can be used" in str(error)  # noqa: PT017
