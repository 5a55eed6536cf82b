"""Ten thousand broken lines among good ones: nothing stops, nothing is lost, every line is accounted for."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from demo.traffic import sagemaker_line
from syndic.windows import Reason, Rejected, Window, concatenate, parse_collector, parse_sagemaker
from syndic.windows.parsing.lines import MAX_LINE
from tests.unit.windows.made import MIXED, blocks, calls, content

GOOD_INPUT = "1,x,3\n"
GOOD_OUTPUT = "yes,0.5\n"


def record(
    given: object = GOOD_INPUT, answered: object = GOOD_OUTPUT, encoding: object = "CSV", **metadata: object
) -> bytes:
    sides = {
        "endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": given, "encoding": encoding},
        "endpointOutput": {"data": answered, "encoding": "CSV"},
    }
    return json.dumps({"captureData": sides, "eventMetadata": metadata, "eventVersion": "0"}).encode()


KINDS: dict[str, tuple[Reason, Callable[[random.Random], bytes]]] = {
    "garbage": (Reason.JSON, lambda r: b"!" + bytes(r.choices(b"abcdefgh {}[]:,", k=r.randrange(60)))),
    "cut short": (Reason.JSON, lambda r: record()[: r.randrange(1, len(record()))]),
    "two records": (Reason.JSON, lambda _: record() + record()),
    "NaN token": (Reason.JSON, lambda _: record().replace(b'"0"', b"NaN")),
    "Infinity token": (Reason.JSON, lambda _: record().replace(b'"0"', b"-Infinity")),
    "single quotes": (Reason.JSON, lambda _: record().replace(b'"', b"'")),
    "zero bytes": (Reason.JSON, lambda r: b"\0" * r.randrange(1, 40)),
    "zero byte inside": (Reason.JSON, lambda _: record().replace(b"mode", b"mo\0de")),
    "deep lists": (Reason.ENVELOPE, lambda r: b"[" * r.randrange(1_500, 50_000)),
    "deep in a record": (Reason.JSON, lambda _: b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "lone surrogate": (Reason.JSON, lambda _: record().replace(b"1,x", b"1,\\ud800")),
    "latin-1": (Reason.ENCODING, lambda _: record().replace(b"1,x", b"1,\xe9")),
    "utf-16": (Reason.ENCODING, lambda _: record().decode().encode("utf-16-le").replace(b"\n\0", b"")[:-1] + b"\xff"),
    "a number": (Reason.ENVELOPE, lambda r: str(r.randrange(100)).encode()),
    "null": (Reason.ENVELOPE, lambda _: b"null"),
    "a list": (Reason.ENVELOPE, lambda _: b"[" + record() + b"]"),
    "other record": (Reason.ENVELOPE, lambda _: b'{"level":"info","message":"started"}'),
    "capture data is text": (Reason.ENVELOPE, lambda _: b'{"captureData":"x"}'),
    "payload is a number": (Reason.ENVELOPE, lambda _: record(given=7)),
    "payload is an object": (Reason.ENVELOPE, lambda _: record(given={"income": 1})),
    "unknown encoding": (Reason.ENVELOPE, lambda _: record(encoding="XML")),
    "id is a number": (Reason.ENVELOPE, lambda _: record(eventId=5)),
    "no side": (Reason.ENVELOPE, lambda _: b'{"captureData":{},"eventMetadata":{"eventId":"n"}}'),
    "bad base64": (Reason.PAYLOAD, lambda _: record(given="@@@", encoding="BASE64")),
    "base64 of bytes": (
        Reason.ENCODING,
        lambda _: record(given=base64.b64encode(b"\xff\xfe").decode(), encoding="BASE64"),
    ),
    "image": (
        Reason.CONTENT_TYPE,
        lambda _: record(given="QUJD", encoding="BASE64").replace(b"text/csv", b"image/png"),
    ),
    "bad JSON payload": (Reason.PAYLOAD, lambda _: record(given='{"income": ', encoding="JSON")),
    "deep JSON payload": (Reason.PAYLOAD, lambda _: record(given="[" * 100_000, encoding="JSON")),
    "huge integer payload": (Reason.PAYLOAD, lambda _: record(given='{"income":' + "9" * 5_000 + "}", encoding="JSON")),
    "JSON of other names": (Reason.COLUMNS, lambda _: record(given='{"instances":[{"z":1}]}', encoding="JSON")),
    "list in a cell": (Reason.TYPE, lambda _: record(given='[{"income":[1]}]', encoding="JSON")),
    "object in a category": (Reason.TYPE, lambda _: record(given='[{"region":{}}]', encoding="JSON")),
    "empty payload": (Reason.EMPTY, lambda _: record(given=" \n")),
    "field too few": (Reason.COLUMNS, lambda _: record(given="1,x\n")),
    "field too many": (Reason.COLUMNS, lambda _: record(given="1,x,3,4\n")),
    "open quote": (Reason.PAYLOAD, lambda _: record(given='1,"x,3\n')),
    "text for a number": (Reason.TYPE, lambda _: record(given="one,x,3\n")),
    "rows disagree": (Reason.ROWS, lambda _: record(given=GOOD_INPUT * 2)),
    "bad time": (Reason.TIME, lambda r: record(inferenceTime=r.choice(["yesterday", "2026-13-01T00:00:00Z", "now"]))),
    "repeated id": (Reason.DUPLICATE, lambda _: record(eventId="again")),
}


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 15


def test_ten_thousand_broken_lines_leave_the_good_ones_unchanged() -> None:
    dice = random.Random(20261121)  # noqa: S311
    traffic = calls(
        [([(dice.random(), dice.choice("NSEW"), index)], [("yes", dice.random())]) for index in range(3_000)]
    )
    good = [sagemaker_line(call).encode() for call in traffic]
    first = record(eventId="again")
    lines = [(None, line) for line in [first, *good]]
    names = list(KINDS)
    broken = [(name := names[number % len(names)], KINDS[name][1](dice)) for number in range(10_000)]
    mixed: list[tuple[str | None, bytes]] = list(lines)
    for item in broken:
        mixed.insert(dice.randrange(1, len(mixed) + 1), item)
    rejected: list[Rejected] = []
    found = concatenate(
        parse_sagemaker(
            blocks(b"\n".join(line for _, line in mixed), 1_000_000), MIXED, source="s", on_reject=rejected.append
        )
    )
    clean = concatenate(parse_sagemaker([b"\n".join([first, *good])], MIXED, source="s"))

    assert _rows(found) == _rows(clean)
    assert found.intake.used == len(lines)
    assert found.intake.rejected == len(rejected) == len(broken)
    assert found.intake.read == found.intake.used + found.intake.rejected == len(mixed)
    assert found.intake.reasons == dict(sorted(Counter(KINDS[name][0].value for name, _ in broken).items()))
    by_line = {line.line: line for line in rejected}
    for number, (name, _) in enumerate(mixed, 1):
        assert (name is None) == (number not in by_line), name
        if name is not None:
            assert by_line[number].reason is KINDS[name][0], name


def _rows(window: Window) -> dict[str, object]:
    return {name: values for name, values in content(window).items() if name != "intake"}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_alone_is_one_rejected_record(name: str) -> None:
    reason, make = KINDS[name]
    lines = [record(eventId="again"), make(random.Random(7)), record(eventId="last")]  # noqa: S311
    rejected: list[Rejected] = []
    found = concatenate(parse_sagemaker([b"\n".join(lines)], MIXED, source="s", on_reject=rejected.append))
    assert found.ids == ("again", "last")
    assert [(line.reason, line.line, line.offset) for line in rejected] == [(reason, 2, len(lines[0]) + 1)]


@pytest.mark.parametrize("name", KINDS)
def test_details_never_repeat_captured_text(name: str) -> None:
    secret = "Jane-Doe-4711"
    line = KINDS[name][1](random.Random(1)).replace(b"x", secret.encode()).replace(b"one", secret.encode())  # noqa: S311
    rejected: list[Rejected] = []
    list(parse_sagemaker([line], MIXED, source="s", on_reject=rejected.append))
    assert all(secret not in found.detail for found in rejected)
    assert all("`" not in found.detail for found in rejected), "the words are ours, not a parser's"


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("size", [100_000, 8 * 1024 * 1024, 64 * 1024 * 1024])
def test_a_line_over_the_limit_is_skipped_without_its_neighbours(size: int, end: bytes) -> None:
    long = b'{"captureData":"' + b"x" * MAX_LINE + b'"}'
    data = b"\n".join([record(eventId="a"), long, record(eventId="b"), long]) + end
    rejected: list[Rejected] = []
    found = concatenate(parse_sagemaker(blocks(data, size), MIXED, source="s", on_reject=rejected.append))
    assert found.ids == ("a", "b")
    assert [(line.reason, line.line) for line in rejected] == [(Reason.TOO_LONG, 2), (Reason.TOO_LONG, 4)]
    assert data[rejected[1].offset :].startswith(b'{"captureData":"xxx')


def test_a_line_of_one_megabyte_is_read() -> None:
    row = "1," + "x" * 1_000_000 + ",3"
    found = concatenate(parse_sagemaker([record(given=row)], MIXED, source="s"))
    assert found.rows == 1


@pytest.mark.parametrize("cut", [20, 200, -8, -1])
def test_a_cut_gzip_gives_what_was_whole_and_one_rejection(cut: int) -> None:
    good = [sagemaker_line(call).encode() for call in calls([([(1, "x", 3)], [("yes", 1)])] * 500)]
    packed = gzip.compress(b"\n".join(good) + b"\n")
    found = concatenate(parse_sagemaker([packed[:cut]], MIXED, source="s"))
    assert found.intake.reasons == {"truncated": 1}
    assert found.rows == found.intake.used <= 500
    assert found.rows == 500 or cut != -8


@pytest.mark.parametrize("blank", [b"\n", b" ", b"\0"])
def test_a_small_object_that_inflates_to_gigabytes_is_given_up_in_time(blank: bytes) -> None:
    good = [sagemaker_line(call).encode() for call in calls([([(1, "x", 3)], [("yes", 1)])] * 5)]
    head = gzip.compress(b"\n".join(good) + b"\n")
    packed = head + gzip.compress(blank * 100_000_000)
    assert len(packed) < 200_000
    found = concatenate(parse_sagemaker([packed], MIXED, source="s"))
    assert found.rows == 5
    assert found.intake.reasons["truncated"] == 1


def test_captures_that_shrink_well_are_read_whole() -> None:
    line = sagemaker_line(calls([([(1, "x", 3)], [("yes", 1)])])[0])  # every call alike but for its id
    lines = (line.replace('"eventId":"', f'"eventId":"{number:x}') for number in range(200_000))
    packed = gzip.compress("\n".join(lines).encode() + b"\n")
    found = concatenate(parse_sagemaker([packed], MIXED, source="s"))
    assert (found.rows, found.intake.reasons) == (200_000, {})


def test_duplicate_keys_the_last_one_counts() -> None:
    line = record(eventId="a").replace(b'"eventVersion"', b'"eventMetadata":{"eventId":"b"},"eventVersion"')
    assert concatenate(parse_sagemaker([line], MIXED, source="s")).ids == ("b",)


def test_an_id_used_after_a_damaged_copy_is_not_a_duplicate() -> None:
    damaged = record(given="one,x,3", eventId="a")
    found = concatenate(parse_sagemaker([damaged + b"\n" + record(eventId="a")], MIXED, source="s"))
    assert found.ids == ("a",)
    assert found.intake.reasons == {"type": 1}


COLLECTED: dict[str, tuple[Reason, bytes]] = {
    "garbage": (Reason.JSON, b"garbage"),
    "cut short": (Reason.JSON, b'{"specversion":"1.0","data":[{"inco'),
    "latin-1": (Reason.ENCODING, b'{"id":"\xe9"}'),
    "deep": (Reason.ENVELOPE, b"[" * 50_000),
    "deep data": (Reason.JSON, b'{"data":' + b"[" * 50_000),
    "a list": (Reason.ENVELOPE, b"[1]"),
    "id is a number": (Reason.ENVELOPE, b'{"id":1,"data":[]}'),
    "latin-1 in data": (Reason.ENCODING, b'{"id":"n0","data":[{"z":"\xe9"}]}'),
    "latin-1 in text data": (Reason.ENCODING, b'{"id":"n0","data":"\xe9"}'),
    "data is null": (Reason.EMPTY, b'{"id":"n0","data":null}'),
    "no data": (Reason.EMPTY, b'{"id":"n1"}'),
    "empty data": (Reason.EMPTY, b'{"id":"n2","data":[]}'),
    "other names": (Reason.COLUMNS, b'{"id":"n3","data":[{"z":1}]}'),
    "text for a number": (Reason.TYPE, b'{"id":"n4","data":[{"income":"one"}]}'),
    "list in a cell": (Reason.TYPE, b'{"id":"n5","data":[{"income":[1]}]}'),
    "in a blob": (Reason.BLOB, b'{"id":"n6","datainblob":"true","data":"https://account/blob"}'),
    "bad time": (Reason.TIME, b'{"id":"n7","time":"noon","data":[{"income":1}]}'),
    "NaN token": (Reason.JSON, b'{"id":"n8","data":[{"income":NaN}]}'),
    "repeated id": (Reason.DUPLICATE, b'{"id":"again","correlationid":"c","data":[{"income":1}]}'),
}


@pytest.mark.parametrize("name", COLLECTED)
def test_each_kind_of_broken_event_is_one_rejected_record(name: str) -> None:
    reason, broken = COLLECTED[name]
    good = [b'{"id":"again","correlationid":"c","data":[{"income":1}]}', b'{"id":"b","data":[{"income":2}]}']
    rejected: list[Rejected] = []
    found = concatenate(
        parse_collector(
            [b"\n".join([good[0], broken, good[1], b'{"id":"half'])],
            MIXED,
            source="e/d/model_inputs/2026/03/02/09/i.jsonl",
            on_reject=rejected.append,
        )
    )
    assert found.ids == ("c", "b")
    assert [(line.reason, line.line) for line in rejected] == [(reason, 2)]
    assert found.intake.read == found.intake.used + found.intake.rejected == 3
