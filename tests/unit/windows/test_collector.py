"""The Azure collector's ways of writing the same calls give the same rows."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from demo.traffic import Call, collector_files
from syndic.models import CaptureSchema, ColumnRole
from syndic.windows import Reason, Rejected, Window, concatenate, parse_collector, parse_sagemaker
from tests.unit.windows.made import NUMBERS, calls, content, numeric, text

INPUTS = "credit/blue/model_inputs/2026/03/02/09/i.jsonl"
OUTPUTS = "credit/blue/model_outputs/2026/03/02/09/i.jsonl"


def traffic(count: int = 400) -> list[Call]:
    """Calls of one to three rows, some with missing values."""
    dice = random.Random(5)  # noqa: S311
    groups = []
    for _ in range(count):
        rows = dice.choice([1, 1, 1, 2, 3])
        given = [[dice.choice([None, 1, 2.5, -3e7]), dice.random(), dice.randrange(90)] for _ in range(rows)]
        groups.append((given, [[dice.choice([None, dice.random()])] for _ in range(rows)]))
    return calls(groups)


def lines(some: list[Call]) -> tuple[list[bytes], list[bytes]]:
    files = dict(collector_files("credit", some, input_names=("income", "debt", "age"), output_names=("score",)))
    inputs, outputs = (next(files[name] for name in files if side in name) for side in ("inputs", "outputs"))
    return inputs.splitlines(), outputs.splitlines()


def joined(inputs: list[bytes], outputs: list[bytes]) -> Window:
    pieces = parse_collector(
        [b"\n".join(inputs)],
        NUMBERS,
        source=INPUTS,
        outputs=[b"\n".join(outputs)],
        outputs_source=OUTPUTS,
        growing=False,
    )
    return concatenate(pieces)


def rows(window: Window) -> list[str]:
    """Rows without their order, each as text, so that those with missing values compare too."""
    columns = [window.column(name).tolist() for name in ("income", "debt", "age", "score")]  # type: ignore[union-attr]
    assert window.times is not None
    return sorted(map(repr, zip(window.ids, window.times.tolist(), *columns, strict=True)))


def test_numbers_missing_values_and_several_rows_a_call_come_back() -> None:
    some = traffic()
    found = joined(*lines(some))
    given = [row for call in some for row in call.inputs or ()]
    answered = [row for call in some for row in call.outputs or ()]
    for place, name in enumerate(("income", "debt", "age")):
        assert [None if value != value else value for value in found.numeric(name).tolist()] == [  # noqa: PLR0124 (NaN)
            row[place] for row in given
        ]
    assert [None if value != value else value for value in found.numeric("score").tolist()] == [  # noqa: PLR0124 (NaN)
        row[0] for row in answered
    ]
    assert found.intake.used == found.intake.read == 2 * len(some)


def test_both_sides_in_one_file_are_told_apart_by_the_type_of_each_event() -> None:
    inputs, outputs = lines(traffic())
    mixed = inputs + outputs + inputs[:40]
    random.Random(6).shuffle(mixed)  # noqa: S311
    found = concatenate(parse_collector([b"\n".join(mixed)], NUMBERS, source="merged.jsonl", growing=False))
    assert rows(found) == rows(joined(inputs, outputs))
    assert found.intake.reasons == {"duplicate": 40}


@pytest.mark.parametrize("column", ["income", "debt", "score"])
def test_an_unusual_row_among_usual_ones_changes_no_other(column: str) -> None:
    inputs, outputs = lines(traffic(100))
    expected = joined(inputs[:60] + inputs[61:], outputs[:60] + outputs[61:])
    side = outputs if column == "score" else inputs
    event = json.loads(side[60])
    event["data"][0][column] = ["not a number"]
    side[60] = json.dumps(event).encode()
    other = inputs if column == "score" else outputs
    del other[60]
    found = joined(inputs, outputs)
    assert rows(found) == rows(expected)
    assert found.intake.reasons == {"type": 1}


WITH_ID = CaptureSchema(
    inputs=(text("case", ColumnRole.ROW_ID), numeric("income")), outputs=(numeric("score", ColumnRole.SCORE),)
)


def azure(case: Any) -> bytes:
    return json.dumps({"id": str(case), "correlationid": str(case), "data": [{"case": case, "income": 1}]}).encode()


def sagemaker(case: Any) -> bytes:
    side = {
        "data": json.dumps({"case": case, "income": 1}),
        "encoding": "JSON",
        "observedContentType": "application/json",
    }
    return json.dumps({"captureData": {"endpointInput": side}, "eventMetadata": {"eventId": str(case)}}).encode()


@pytest.mark.parametrize("cloud", ["azure", "sagemaker"])
def test_a_row_id_that_is_no_value_is_one_rejected_record(cloud: str) -> None:
    line = azure if cloud == "azure" else sagemaker
    data = b"".join(line(case) + b"\n" for case in ("a", ["b"], 7.0, {"c": 1}, None))
    rejected: list[Rejected] = []
    pieces = (
        parse_collector([data], WITH_ID, source=INPUTS, on_reject=rejected.append)
        if cloud == "azure"
        else parse_sagemaker([data], WITH_ID, source="s", on_reject=rejected.append)
    )
    found = content(concatenate(pieces))
    assert found["ids"] == ("a", "7", "None")
    assert [(line.reason, line.line) for line in rejected] == [(Reason.TYPE, 2), (Reason.TYPE, 4)]
