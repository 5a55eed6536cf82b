"""Windows, their pieces, their labels, and how they are read through the port."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from demo.traffic import Call, CollectedLabel, collector_files, label_files, sagemaker_files, sagemaker_line
from syndic.adapters.memory import MemoryCaptures
from syndic.errors import InvalidInputError, UnknownReferenceError
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnRole,
    Endpoint,
    Intake,
    RegisteredModel,
    TimeWindow,
)
from syndic.windows import (
    Categories,
    LabelFile,
    Rejected,
    Seen,
    Window,
    concatenate,
    join_labels,
    label_coverage,
    parse_collector,
    parse_labels,
    parse_sagemaker,
    read_labels,
    read_window,
)
from tests.unit.windows.made import MIXED, NUMBERS, START, blocks, calls, cells, content, numeric, text

LABELLED = CaptureSchema(inputs=MIXED.inputs, outputs=MIXED.outputs, label=text("paid", ColumnRole.LABEL))
DAY = TimeWindow(start=datetime(2026, 3, 2, tzinfo=UTC), end=datetime(2026, 3, 3, tzinfo=UTC))


def model(form: CaptureFormat = CaptureFormat.SAGEMAKER, schema: CaptureSchema | None = LABELLED) -> RegisteredModel:
    endpoint = Endpoint(
        cloud=Cloud.AWS if form is CaptureFormat.SAGEMAKER else Cloud.AZURE,
        scope="1/eu",
        name="credit",
        resource_id="r",
        status="InService",
        capture=CaptureConfig(enabled=True, format=form, uri="s3://b/capture", labels_uri="s3://b/labels"),
    )
    return RegisteredModel(
        id="credit-1",
        name="credit",
        cloud=endpoint.cloud,
        endpoint=endpoint,
        capture_schema=schema,
        registered_at=START,
    )


def traffic(count: int = 300, step: timedelta = timedelta(minutes=7)) -> list[Call]:
    groups = [([(number, "NS"[number % 2], None)], [("yes", number / 7)]) for number in range(count)]
    return [
        Call(START + step * number, call.event_id, call.inputs, call.outputs)
        for number, call in enumerate(calls(groups))
    ]


def small(*values: Any, **more: Any) -> Window:
    numbers = [value for value in values if not isinstance(value, str)]
    if numbers:
        return Window(len(values), {"x": np.array(values, float)}, **more)
    return Window(len(values), {"x": Categories(np.arange(len(values), dtype=np.int32), values)}, **more)


def test_pieces_join_with_one_table_of_levels() -> None:
    joined = concatenate([small("a", "b"), small("c", "a"), small("b")])
    column = joined.categorical("x")
    assert column.values() == ["a", "b", "c", "a", "b"]
    assert column.levels == ("a", "b", "c")
    assert column.codes.dtype == np.int32


def test_missing_codes_stay_missing_when_pieces_join() -> None:
    gap = Window(2, {"x": Categories(np.array([-1, 0], np.int32), ("z",))})
    assert concatenate([small("a"), gap, gap]).categorical("x").values() == ["a", None, "z", None, "z"]


def test_intakes_add_up_and_empty_pieces_only_add_theirs() -> None:
    intake = Intake(objects=1, read=3, used=1, rejected=2, reasons={"json": 2}, rows=1)
    joined = concatenate([Window(0, {}, intake=intake), small(1.0, intake=intake), Window(0, {}, intake=intake)])
    assert joined.intake == intake.plus(intake).plus(intake)
    assert joined.rows == 1
    assert concatenate([]).rows == 0


def test_pieces_of_other_columns_or_kinds_do_not_join() -> None:
    with pytest.raises(InvalidInputError, match="differ in their columns: y"):
        concatenate([small(1.0), Window(1, {"x": np.ones(1), "y": np.ones(1)})])
    with pytest.raises(InvalidInputError, match="'x' is numeric in one piece"):
        concatenate([small(1.0), small("a")])


def test_columns_by_name_kind_and_role() -> None:
    window = concatenate(parse_sagemaker([sagemaker_line(traffic(1)[0]).encode()], MIXED, source="s"))
    assert window.with_role(ColumnRole.FEATURE) == ("income", "region", "age")
    assert window.with_role(ColumnRole.SCORE) == ("score",)
    assert window.kind("region") is ColumnKind.CATEGORICAL
    with pytest.raises(InvalidInputError, match="categorical, a numeric one is needed"):
        window.numeric("region")
    with pytest.raises(InvalidInputError, match="numeric, a categorical one is needed"):
        window.categorical("age")
    with pytest.raises(UnknownReferenceError, match="no column 'height'"):
        window.column("height")


def test_rows_taken_by_mask_and_by_place_are_the_same() -> None:
    data = "\n".join(map(sagemaker_line, traffic(6))).encode()
    window = concatenate(parse_sagemaker([data], MIXED, source="s"))
    mask = np.array([True, False, False, True, False, True])
    assert content(window.take(mask)) == content(window.take(np.flatnonzero(mask)))
    assert cells(window.take(mask).column("income")) == [0, 3, 5]


def test_seen_ids_are_new_once_whatever_the_batches() -> None:
    dice = random.Random(3)  # noqa: S311
    ids = [dice.choice([None, f"id-{dice.randrange(60_000)}"]) for _ in range(150_000)]
    met: set[str] = set()
    expected = []
    for record_id in ids:
        expected.append(record_id is None or record_id not in met)
        met.add(record_id or "")
    seen, found, start = Seen(), [], 0
    while start < len(ids):
        size = dice.choice([1, 10, 1_000, 40_000])
        found += seen.first(ids[start : start + size]).tolist()
        start += size
    assert found == expected


def test_ids_met_one_by_one_take_no_more_memory_than_many_at_once() -> None:
    seen = Seen()
    tracemalloc.start()
    for number in range(20_000):
        seen.first([f"id-{number}"])
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 0.5e6  # 20,000 ids at 8 bytes, and the newest
    assert not seen.first([f"id-{number}" for number in range(20_000)]).any()


def test_memory_does_not_grow_with_the_file() -> None:
    line = (sagemaker_line(calls([([tuple(range(3))], [(0.5,)])])[0]).replace("eventId", "x") + "\n").encode()

    def peak(megabytes: int) -> int:
        whole = line * (1024 * 1024 // len(line))

        def stream() -> Iterator[bytes]:
            for _ in range(megabytes):
                yield whole

        tracemalloc.start()
        rows = sum(piece.rows for piece in parse_sagemaker(stream(), NUMBERS, source="s"))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert rows == megabytes * (len(whole) // len(line))
        return highest

    assert peak(16) < 40e6
    assert peak(80) < 40e6


def captures_of(files: Iterator[tuple[str, bytes]], prefix: str = "s3://b/capture") -> MemoryCaptures:
    captures = MemoryCaptures()
    for name, data in files:
        captures.add(f"{prefix}/{name}", data)
    return captures


def test_a_window_holds_the_files_of_its_hours_only() -> None:
    rows = traffic()
    captures = captures_of(sagemaker_files("credit", rows))
    window = concatenate(read_window(model(), DAY, captures=captures))
    inside = [call for call in rows if DAY.start <= call.at < DAY.end]
    assert window.ids == tuple(call.event_id for call in inside)
    assert window.intake.read == window.intake.used == len(inside) < len(rows)
    assert window.intake.objects == 15


def test_a_record_delivered_twice_counts_once() -> None:
    rows = traffic(20)
    captures = captures_of(sagemaker_files("credit", rows))
    name, data = next(sagemaker_files("credit", rows))
    captures.add(f"s3://b/capture/{name.replace('.jsonl', 'z.jsonl')}", data)
    rejected: list[Rejected] = []
    window = concatenate(read_window(model(), DAY, captures=captures, on_reject=rejected.append))
    assert window.rows == 20
    assert window.intake.reasons == {"duplicate": data.count(b"\n")}
    assert {line.source for line in rejected} == {f"s3://b/capture/{name.replace('.jsonl', 'z.jsonl')}"}


def test_azure_windows_join_inputs_and_outputs_of_all_instances() -> None:
    rows = traffic()
    names = {"input_names": ("income", "region", "age"), "output_names": ("decision", "score")}
    captures = MemoryCaptures()
    for instance, part in (("one", rows[::2]), ("two", rows[1::2])):
        for name, data in collector_files("credit", part, instance=instance, **names):
            captures.add(f"s3://b/capture/{name}", data)
    window = concatenate(read_window(model(CaptureFormat.AZURE_COLLECTOR), DAY, captures=captures))
    inside = [call for call in rows if DAY.start <= call.at < DAY.end]
    assert sorted(
        zip(window.ids, cells(window.column("income")), cells(window.column("score")), strict=True)
    ) == sorted(
        (call.event_id, call.inputs[0][0], call.outputs[0][1])  # type: ignore[index]
        for call in inside
    )
    assert window.intake.read == window.intake.used == 2 * len(inside)


def test_azure_calls_meet_across_the_hour() -> None:
    def event(data: str) -> bytes:
        return b'{"id":"%b","correlationid":"c","data":[%b]}\n' % (str(len(data)).encode(), data.encode())

    captures = MemoryCaptures()
    captures.add("s3://b/capture/credit/d/model_inputs/2026/03/02/09/i.jsonl", event('{"income":1}'))
    captures.add("s3://b/capture/credit/d/model_outputs/2026/03/02/10/i.jsonl", event('{"score":0.5}'))
    window = concatenate(read_window(model(CaptureFormat.AZURE_COLLECTOR), DAY, captures=captures))
    assert (window.ids, cells(window.column("income")), cells(window.column("score"))) == (("c",), [1], [0.5])


def test_calls_without_a_correlationid_meet_by_their_request_id() -> None:
    def event(side: str, data: str) -> bytes:
        return f'{{"id":"{side}","xrequestid":"r","data":[{data}]}}\n'.encode()

    window = concatenate(
        parse_collector(
            [event("in", '{"income":1,"region":"N"}')],
            MIXED,
            source="e/d/model_inputs/2026/03/02/09/i.jsonl",
            outputs=[event("out", '{"decision":"yes","score":0.5}')],
            outputs_source="e/d/model_outputs/2026/03/02/09/i.jsonl",
        )
    )
    assert (window.ids, cells(window.column("income")), cells(window.column("score"))) == (("r",), [1], [0.5])


def test_a_last_line_still_being_written_is_left_for_later() -> None:
    whole = b'{"id":"1","data":[{"income":1}]}\n{"id":"2","data":[{"income":2}]}'
    source = "e/d/model_inputs/2026/03/02/09/i.jsonl"
    assert concatenate(parse_collector([whole], MIXED, source=source)).intake.read == 1
    assert concatenate(parse_collector([whole], MIXED, source=source, growing=False)).intake.read == 2


def test_both_sides_in_one_collection() -> None:
    lines = (
        b'{"id":"1","correlationid":"c","data":[{"income":1,"region":3,"score":0.5},{"score":null,"decision":"no"}]}\n'
    )
    window = concatenate(parse_collector([lines], MIXED, source="e/d/model_inputs_outputs/2026/03/02/09/i.jsonl"))
    assert window.ids == ("c#0", "c#1")
    assert cells(window.column("region")) == ["3", None]
    assert cells(window.column("decision")) == [None, "no"]


def test_payload_logging_is_read_where_it_has_rows() -> None:
    request, response = (
        b'{"id":"%d","correlationid":"c","type":"azureml.inference.%b","data":%b}\n' % (number, kind, data)
        for number, kind, data in (
            (1, b"request", b'{"input_data":{"columns":["age","income"],"data":[[3,4]]}}'),
            (2, b"response", b'[{"decision":"yes","score":1}]'),
        )
    )
    window = concatenate(parse_collector([request + response], MIXED, source="downloaded.jsonl"))
    assert {name: cells(column)[0] for name, column in window.columns.items()} == {
        "income": 4,
        "region": None,
        "age": 3,
        "decision": "yes",
        "score": 1,
    }


def test_many_more_inputs_than_outputs_wait_in_bounded_memory() -> None:
    lines = b"".join(b'{"id":"%d","correlationid":"c%d","data":[{"income":%d}]}\n' % (n, n, n) for n in range(40_000))
    window = concatenate(
        parse_collector(
            blocks(lines, 1_000_000),
            MIXED,
            source="e/d/model_inputs/2026/03/02/09/i.jsonl",
            outputs=[b'{"id":"o","correlationid":"c39999","data":[{"score":1}]}\n'],
            outputs_source="e/d/model_outputs/2026/03/02/09/i.jsonl",
        )
    )
    assert window.rows == 40_000
    assert sorted(cells(window.column("income"))) == list(range(40_000))
    assert window.intake.used == 40_001


def test_a_model_without_capture_or_schema_says_so() -> None:
    with pytest.raises(InvalidInputError, match="no capture schema"):
        next(read_window(model(schema=None), DAY, captures=MemoryCaptures()))
    bare = model().model_copy(update={"endpoint": None})
    with pytest.raises(InvalidInputError, match="model credit-1: the model has no captured traffic"):
        next(read_window(bare, DAY, captures=MemoryCaptures()))


# --- labels ------------------------------------------------------------------------------------------


def test_labels_join_by_id_and_the_last_collected_wins() -> None:
    rows = traffic(10)
    captures = captures_of(sagemaker_files("credit", rows))
    collected = [
        CollectedLabel(DAY.end + timedelta(days=5), rows[0].event_id, "late"),
        CollectedLabel(DAY.start + timedelta(hours=10), rows[0].event_id, "early"),
        CollectedLabel(DAY.start + timedelta(hours=11), rows[1].event_id, 1),
        CollectedLabel(DAY.start + timedelta(hours=11), rows[2].event_id, ""),
        CollectedLabel(DAY.start + timedelta(hours=11), "of nobody", 1),
    ]
    for name, data in label_files(collected):
        captures.add(f"s3://b/labels/{name}", data)
    until = TimeWindow(start=DAY.start, end=DAY.end + timedelta(days=30))
    labels = read_labels(model(), until, captures=captures)
    pieces = list(read_window(model(), DAY, captures=captures))
    joined = concatenate(join_labels(piece, labels) for piece in pieces)
    assert cells(joined.column("paid"))[:4] == ["late", "1", None, None]
    assert joined.with_role(ColumnRole.LABEL) == ("paid",)
    assert joined.intake.labels == 2
    coverage = label_coverage(pieces, labels, window=DAY)
    assert (coverage.rows, coverage.labelled, coverage.late, coverage.orphans, coverage.duplicates) == (10, 2, 1, 1, 1)
    assert coverage.share == 0.2
    assert label_coverage([], labels).share is None


def test_the_callers_own_id_and_rows_of_one_call_are_matched() -> None:
    call = Call(START, "event", [(1, "N", 2), (3, "S", 4)], [("yes", 1), ("no", 0)], inference_id="own")
    window = concatenate(parse_sagemaker([sagemaker_line(call).encode()], LABELLED, source="s"))
    assert window.ids == ("own#0", "own#1")
    record = b'{"groundTruthData":{"data":"a\\nb","encoding":"CSV"},"eventMetadata":{"eventId":"own"}}'
    labels = parse_labels([LabelFile("l", [record])], LABELLED)
    assert cells(join_labels(window, labels).column("paid")) == ["a", "b"]


def test_a_row_id_column_names_the_rows() -> None:
    schema = CaptureSchema(
        inputs=(numeric("id", ColumnRole.ROW_ID), numeric("x")), label=numeric("paid", ColumnRole.LABEL)
    )
    side = b'{"endpointInput":{"data":"17,1\\n18.0,2\\n,3","encoding":"CSV"}}'
    line = b'{"captureData":%b,"eventMetadata":{"eventId":"e"}}' % side
    window = concatenate(parse_sagemaker([line], schema, source="s"))
    assert window.ids == ("17", "18", "e#2")
    assert set(window.columns) == {"x"}
    labels = parse_labels(
        [
            LabelFile(
                "l",
                [b'{"id":17,"paid":1}\n{"specversion":"1.0","data":[{"id":"18","paid":2},{"id":"e#2","paid":null}]}\n'],
            )
        ],
        schema,
    )
    assert cells(join_labels(window, labels).column("paid")) == [1, 2, None]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nonsense", "json"),
        (b"[1]", "envelope"),
        (b"{}", "id"),
        (b'{"eventId":"e"}', "columns"),
        (b'{"groundTruthData":{"data":"1"}}', "id"),
        (b'{"groundTruthData":{"data":"1"},"eventMetadata":{"eventId":""}}', "id"),
        (b'{"groundTruthData":{"data":"1,2"},"eventMetadata":{"eventId":"e"}}', "columns"),
        (b'{"groundTruthData":{"data":""},"eventMetadata":{"eventId":"e"}}', "empty"),
        (b'{"groundTruthData":{"data":"one"},"eventMetadata":{"eventId":"e"}}', "type"),
        (b'{"groundTruthData":{"data":"1","encoding":"XML"},"eventMetadata":{"eventId":"e"}}', "envelope"),
        (b'{"specversion":"1.0","data":"\xe9"}', "encoding"),
    ],
)
def test_a_broken_label_is_counted_and_the_next_is_read(line: bytes, reason: str) -> None:
    schema = CaptureSchema(inputs=(), label=numeric("paid", ColumnRole.LABEL))
    good = b'{"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"g"}}'
    labels = parse_labels([LabelFile("l", [line + b"\n" + good])], schema)
    assert labels.intake.reasons == {reason: 1}
    assert list(labels.values) == ["g"]
