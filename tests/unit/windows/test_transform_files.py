"""Files of batch transform jobs: which go together, and which line answers which."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from syndic.adapters.memory import MemoryCaptures
from syndic.models import CaptureFormat, CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.ports import ObjectInfo
from syndic.windows import FORMATS, Window, concatenate, in_batches, read_objects
from syndic.windows.formats.sagemaker.paired_files import paired

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FORM = CaptureFormat.SAGEMAKER_BATCH
AMOUNT = ColumnSpec(name="amount", kind=ColumnKind.NUMERIC)
REGION = ColumnSpec(name="region", kind=ColumnKind.CATEGORICAL)
SCORE = ColumnSpec(name="score", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE)
SCHEMA = CaptureSchema(inputs=(AMOUNT, REGION), outputs=(SCORE,))
STAMPED = (
    '{"SageMakerInput":[2,"s,e"],"SageMakerOutput":{"score":0.2},"SageMakerInferenceId":"i",'
    '"SageMakerInferenceTime":"2022-08-30T00:49:15Z"}'
)
STAMP = "1f1d57b1-2e6f-488c-8c30-db4e6d757861,2022-08-30T00:49:15Z"


def item(uri: str) -> ObjectInfo:
    return ObjectInfo(uri, 1, "e", NOW)


def read(files: dict[str, str], schema: CaptureSchema = SCHEMA) -> Window:
    captures = MemoryCaptures(lambda: NOW)
    objects = [captures.add(f"s3://b/{name}", text.encode()) for name, text in files.items()]
    return concatenate(read_objects(objects, schema, FORM, captures=captures))


@pytest.mark.parametrize(
    ("files", "pairs"),
    [
        (["in/a.csv", "out/a.csv.out"], {"in/a.csv": "out/a.csv.out"}),
        (["in/x/a.csv", "in/y/a.csv", "out/y/a.csv.out", "out/x/a.csv.out"],
         {"in/x/a.csv": "out/x/a.csv.out", "in/y/a.csv": "out/y/a.csv.out"}),
        (["data/in/x/a.csv", "out/in/a.csv.out"], {"data/in/x/a.csv": "out/in/a.csv.out"}),
        (["one/a.csv.out", "two/a.csv.out.out"], {"one/a.csv.out": "two/a.csv.out.out"}),
        (["in/x/a.csv", "in/y/a.csv", "out/a.csv.out"], {}),  # of which of the two nobody knows
        (["in/a.csv", "in/b.csv", "out/b.csv.out"], {"in/b.csv": "out/b.csv.out"}),
    ],
)  # fmt: skip
def test_files_go_together_whose_paths_end_alike_and_once(files: list[str], pairs: dict[str, str]) -> None:
    shuffled = random.Random(7).sample(files, len(files))  # noqa: S311
    found = paired(item(f"s3://b/{name}") for name in shuffled)
    both = {
        pair.asked.uri.removeprefix("s3://b/"): pair.answered.uri.removeprefix("s3://b/")
        for pair in found
        if pair.asked is not None and pair.answered is not None
    }
    assert both == pairs
    assert sorted(one.uri for pair in found for one in pair.files) == sorted(f"s3://b/{name}" for name in files)


def test_each_line_has_its_own_answer_and_id() -> None:
    window = read({"in/a.csv": '1,n\n2,"s,e"\n3,\n', "out/a.csv.out": f"0.1,{STAMP}\n0.2\n0.3\n"})
    assert window.numeric("amount").tolist() == [1, 2, 3]
    assert window.numeric("score").tolist() == [0.1, 0.2, 0.3]
    assert window.categorical("region").values() == ["n", "s,e", None]
    assert window.ids == ("1f1d57b1-2e6f-488c-8c30-db4e6d757861", "out/a.csv#1", "out/a.csv#2")
    assert (window.intake.objects, window.intake.read, window.intake.rejected) == (2, 3, 0)


def test_one_answer_too_few_gives_no_row_another_ones_answer() -> None:
    window = read(
        {"in/a.csv": "1,n\n2,n\n3,n\n", "out/a.csv.out": "0.1\n0.2\n", "in/b.csv": "9,s\n", "out/b.csv.out": "0.9\n"}
    )
    assert window.numeric("amount").tolist() == [9]
    assert window.intake.reasons == {"rows": 3}
    assert "3 lines were asked and 2 answered" in window.intake.examples["rows"]


@pytest.mark.parametrize(
    ("files", "reasons"),
    [
        ({"in/a.csv": "1,n\n2,n\n"}, {"rows": 2}),
        ({"in/a.csv": "1,n\n", "in/b.csv": "1,n\n", "out/b.csv.out": "0.5\n"}, {"rows": 1}),
        ({"in/a.csv": "1,n\n\n3,n\n", "out/a.csv.out": "0.1\n0.2\n0.3\n"}, {"empty": 1}),
        ({"in/a.csv": "1,n\n2,n\n", "out/a.csv.out": "\n\n"}, {"rows": 2}),
        ({"in/a.csv": "", "out/a.csv.out": ""}, {}),
    ],
)
def test_what_has_no_other_side_is_counted_and_not_used(files: dict[str, str], reasons: dict[str, int]) -> None:
    window = read(files)
    assert window.intake.reasons == reasons
    assert all(value == value for value in window.numeric("score")) if window.rows else True  # noqa: PLR0124


def test_a_header_in_one_of_the_files_moves_no_line() -> None:
    window = read({"in/a.csv": "amount,region\n1,n\n2,s\n", "out/a.csv.out": "0.1\n0.2\n"})
    assert (window.numeric("amount").tolist(), window.numeric("score").tolist()) == ([1, 2], [0.1, 0.2])


@pytest.mark.parametrize(
    "lines",
    [
        ["1,n,0.1", '2,"s,e",0.2'],
        [f"1,n,0.1,{STAMP}", f'2,"s,e",0.2,{STAMP}'],
        ['{"amount":1,"region":"n","SageMakerOutput":0.1}', '{"amount":2,"region":"s,e","SageMakerOutput":[0.2]}'],
        ['{"SageMakerInput":[1,"n"],"SageMakerOutput":[0.1]}', STAMPED],
    ],
)  # fmt: skip
def test_answers_that_hold_their_input_are_read_alone(lines: Sequence[str]) -> None:
    window = read({"out/a.csv.out": "".join(f"{line}\n" for line in lines)})
    assert window.intake.reasons == {}
    assert window.numeric("amount").tolist() == [1, 2]
    assert window.categorical("region").values() == ["n", "s,e"]
    assert window.numeric("score").tolist() == [0.1, 0.2]


def test_rows_are_the_same_however_the_files_are_split() -> None:
    rows = random.Random(11)  # noqa: S311
    captures = MemoryCaptures(lambda: NOW)
    objects, count = [], 5_000
    for name in ("a", "b", "c"):
        lines = [f"{rows.gauss(0, 1):.6f},{rows.choice('ns')}" for _ in range(count)]
        objects.append(captures.add(f"s3://b/in/{name}.csv", "\n".join(lines).encode()))
        objects.append(captures.add(f"s3://b/out/{name}.csv.out", b"".join(b"0.5\n" for _ in lines)))
    whole = concatenate(read_objects(objects, SCHEMA, FORM, captures=captures))
    parts = FORMATS[FORM].parts(objects)
    assert [len(part.own) for part in parts] == [2, 2, 2]
    apart = concatenate(piece for part in parts for piece in read_objects(part.own, SCHEMA, FORM, captures=captures))
    assert len(list(in_batches(parts))) == 1
    assert whole.rows == apart.rows == 3 * count
    assert sorted(whole.numeric("amount")) == sorted(apart.numeric("amount"))
    assert set(whole.ids) == set(apart.ids)
    assert len(set(whole.ids)) == whole.rows
