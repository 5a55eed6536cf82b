"""Windows of captured traffic: which records and labels are in them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.traffic import Call, CollectedLabel, collector_files, label_files, sagemaker_files, sagemaker_line
from syndic.adapters.memory import MemoryCaptures
from syndic.errors import InvalidInputError
from syndic.models import (
    CaptureFormat,
    CaptureSchema,
    ColumnRole,
    TimeWindow,
)
from syndic.windows import (
    LabelFile,
    Rejected,
    concatenate,
    join_labels,
    label_coverage,
    parse_collector,
    parse_labels,
    parse_sagemaker,
    read_labels,
    read_window,
)
from tests.unit.windows.made import MIXED, NUMBERS, START, blocks, calls, cells, numeric
from tests.unit.windows.traffic import DAY, LABELLED, captures_of, model, traffic


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
