"""Payloads in blobs of their own are read below the endpoint's captures and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syndic.adapters.memory import MemoryCaptures
from syndic.errors import UnavailableError
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint, RegisteredModel, WindowLength
from syndic.ports import TABLE_LIMIT, ObjectInfo
from syndic.windows import FORMATS, Window, concatenate, read_files, read_window
from syndic.windows.formats.azure_collector import offloaded_payloads
from syndic.windows.parsing.joining import MAX_WAITING
from tests.unit.windows.made import MIXED, START, cells

ACCOUNT = "https://collected.blob.core.windows.net"
ROOT = f"{ACCOUNT}/store/model data/collector"
FILE = f"{ROOT}/credit/blue/model_inputs/2026/03/02/09/i.jsonl"
PAYLOAD = f"{ROOT}/credit/blue/raw/one.json"
DAY = WindowLength.DAY.around(START)
MODEL = RegisteredModel(
    id="credit-1",
    name="credit",
    cloud=Cloud.AZURE,
    endpoint=Endpoint(
        cloud=Cloud.AZURE, scope="s/g/w", name="credit", resource_id="r", status="Succeeded",
        capture=CaptureConfig(enabled=True, format=CaptureFormat.AZURE_COLLECTOR, uri=ROOT),
    ),
    capture_schema=MIXED,
    registered_at=START,
)  # fmt: skip


class Watched(MemoryCaptures):
    """Captures that remember which addresses were read as a whole; names are kept as Blob storage keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        self.asked.append(uri)
        return super().table(uri.replace("%20", " "), limit=limit)


def record(address: Any, record_id: str = "1", **more: Any) -> bytes:
    event = {"id": record_id, "datacontenttype": "application/json", "datainblob": "true", "data": address, **more}
    return json.dumps(event).encode() + b"\n"


def captured(*records: bytes, payload: bytes = b'[{"income":1},{"income":2,"region":"N"}]') -> Watched:
    captures = Watched()
    captures.add(FILE, b"".join(records))
    captures.add(PAYLOAD, payload)
    return captures


def read(captures: MemoryCaptures) -> Window:
    return concatenate(read_window(MODEL, DAY, captures=captures))


@pytest.mark.parametrize("flag", ["true", "True", True])
def test_a_payload_below_the_captures_is_read(flag: Any) -> None:
    window = read(captured(record(PAYLOAD, datainblob=flag), b'{"id":"2","data":[{"income":3}]}\n'))
    assert window.ids == ("1#0", "1#1", "2")
    assert cells(window.column("income")) == [1, 2, 3]
    assert cells(window.column("region")) == [None, "N", None]
    assert window.intake.read == window.intake.used == 2


@pytest.mark.parametrize(
    "address",
    [
        PAYLOAD.replace(" ", "%20"),
        ACCOUNT + PAYLOAD.removeprefix(ACCOUNT).replace(" ", "%20").replace("/", "%2F").replace("%2F", "/", 1),
    ],
)
def test_a_percent_encoded_address_is_the_same_place(address: str) -> None:
    captures = captured(record(address))
    assert read(captures).rows == 2
    assert captures.asked == [PAYLOAD.replace(" ", "%20")]


@pytest.mark.parametrize(
    "address",
    [
        PAYLOAD.replace("collected.", "elsewhere."),
        PAYLOAD.replace("https:", "http:"),
        PAYLOAD.replace("https://", "https://user@"),
        PAYLOAD.replace(".net/", ".net:444/"),
        PAYLOAD.replace(".net/", ".net.evil.example/"),
        PAYLOAD.replace("/store/", "/other/"),
        PAYLOAD.replace("/collector/", "/collector-of-another/"),
        PAYLOAD + "?sig=secret",
        PAYLOAD + "#part",
        f"{ROOT}/../../other/one.json",
        f"{ROOT}/credit/%2e%2e/%2e%2e/%2E%2E/other/one.json",
        f"{ROOT}/credit/..%2F..%2Fother.json",
        f"{ROOT}/credit/..\\..\\other.json",
        f"{ROOT}//one.json",
        f"{ROOT}/",
        ROOT,
        f"{ROOT}/a%00b",
        f"{ROOT}/{'a' * 1100}",
        "https://[broken",
        "//collected.blob.core.windows.net/store/one.json",
        "file:///etc/passwd",
        "",
        None,
        7,
        [PAYLOAD],
    ],
)
def test_an_address_elsewhere_is_rejected_and_never_read(address: Any) -> None:
    captures = captured(record(address), b'{"id":"2","data":[{"income":3}]}\n')
    window = read(captures)
    assert captures.asked == []
    assert window.ids == ("2",)
    assert window.intake.reasons == {"blob": 1}


def test_each_address_is_read_once_however_often_it_is_named() -> None:
    captures = captured(*(record(PAYLOAD, str(number)) for number in range(50)))
    window = read(captures)
    assert len(captures.asked) == 1
    assert (window.rows, window.intake.reasons) == (2, {"duplicate": 49})


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff\xd8\xff", "encoding"),
        (b"[{", "payload"),
        (b"", "payload"),
        (b"[]", "empty"),
        (b'[{"other":1}]', "columns"),
        (b'[{"income":"one"}]', "type"),
        (b"[" * 200_000, "payload"),
    ],
)
def test_a_payload_that_cannot_be_used_is_one_rejected_record(payload: bytes, reason: str) -> None:
    window = read(captured(record(PAYLOAD), b'{"id":"2","data":[{"income":3}]}\n', payload=payload))
    assert (window.ids, window.intake.reasons) == (("2",), {reason: 1})


def test_a_payload_that_is_gone_or_too_long_is_a_rejected_record(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(captured(record(f"{ROOT}/gone.json"))).intake.reasons == {"blob": 1}
    monkeypatch.setattr(offloaded_payloads, "LIMIT", 39)
    assert read(captured(record(PAYLOAD))).intake.reasons == {"blob": 1}
    monkeypatch.setattr(offloaded_payloads, "LIMIT", 40)
    assert read(captured(record(PAYLOAD))).rows == 2


def test_a_payload_of_a_kind_without_rows_is_not_fetched() -> None:
    captures = captured(record(PAYLOAD, datacontenttype="image/jpeg"))
    assert read(captures).intake.reasons == {"blob": 1}
    assert captures.asked == []


def test_csv_kept_apart_is_read_by_its_content_type() -> None:
    window = read(captured(record(PAYLOAD, datacontenttype="text/csv"), payload=b"\xef\xbb\xbf1,N,3\n,,\n"))
    assert cells(window.column("income")) == [1, None]


def test_a_service_that_does_not_answer_stops_the_reading() -> None:
    class Refusing(MemoryCaptures):
        def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
            raise UnavailableError("busy")

    captures = Refusing()
    captures.add(FILE, record(PAYLOAD))
    with pytest.raises(UnavailableError, match="busy"):
        read(captures)


def test_rows_leave_before_the_next_payload_is_read() -> None:
    lines = [record(f"{ROOT}/{number}.json", str(number)) for number in range(6)]
    lines.insert(3, b'{"id":"between","data":[{"income":7}]}\n')
    lines.append(b'{"id":"last","data":"broken"}\n')
    captures = Watched()
    captures.add(FILE.replace("model_inputs", "scored"), b"".join(lines))  # both sides: nothing waits for another
    for number in range(6):
        captures.add(f"{ROOT}/{number}.json", json.dumps([{"income": number}] * 80_000).encode())
    asked, rejected = [], []
    pieces = []
    for piece in read_window(MODEL, DAY, captures=captures, on_reject=rejected.append):
        asked.append(len(captures.asked))
        pieces.append(piece)
    assert asked == [1, 2, 3, 4, 5, 6, 6]
    window = concatenate(pieces)
    assert sorted(set(cells(window.column("income")))) == [0, 1, 2, 3, 4, 5, 7]
    assert (window.rows, window.intake.used, window.intake.rejected) == (480_001, 7, 1)
    assert [(one.line, one.offset) for one in rejected] == [(8, sum(map(len, lines[:7])))]


@pytest.mark.parametrize("kept_apart", [True, False])
def test_the_sides_of_calls_with_very_many_rows_are_joined(kept_apart: bool) -> None:
    """More rows than may wait for their other side; answers of two calls that overlap come in the other order."""
    rows, captures = MAX_WAITING + 1, Watched()
    sides: dict[str, list[bytes]] = {"model_inputs": [], "model_outputs": []}
    for collection, cell, order in (("model_inputs", "income", "ab"), ("model_outputs", "score", "ba")):
        for call in order:
            data, place = [{cell: ord(call) + 0.5}] * rows, f"{ROOT}/{collection}-{call}.json"
            captures.add(place, json.dumps(data).encode())
            more = {} if kept_apart else {"datainblob": None, "data": data}
            sides[collection].append(record(place, call, correlationid=call, **more))
    for collection, lines in sides.items():
        captures.add(FILE.replace("model_inputs", collection), b"".join(lines))
    window = read(captures)
    assert (window.rows, window.intake.used) == (2 * rows, 4)
    assert cells(window.column("income")) == cells(window.column("score"))


def test_parts_add_up_to_the_window_with_payloads_kept_apart() -> None:
    captures = captured(record(PAYLOAD, correlationid="c"))
    later = FILE.replace("/09/", "/10/").replace("model_inputs", "model_outputs")
    answers = b'[{"decision":"yes"},{"decision":"no"}]'
    captures.add(PAYLOAD.replace("one", "two"), answers)
    captures.add(later, record(PAYLOAD.replace("one", "two"), "3", correlationid="c"))
    endpoint, capture = MODEL.endpoint, MODEL.endpoint.capture if MODEL.endpoint else None
    assert endpoint is not None
    assert capture is not None
    objects: list[ObjectInfo] = list(captures.objects(endpoint, capture, DAY))
    schema = MODEL.capture_schema
    assert schema is not None
    parts = [
        concatenate(read_files(part, schema, capture, captures=captures))
        for part in FORMATS[capture.format].parts(objects)
    ]
    whole = read(captures)
    assert cells(whole.column("decision")) == ["yes", "no"]
    assert sum(part.rows for part in parts) == whole.rows == 2
    assert sum(part.intake.used for part in parts) == whole.intake.used == 2
