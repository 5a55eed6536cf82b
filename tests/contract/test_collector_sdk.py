"""What Azure's own package `azureml-ai-monitoring` logs is what is read, through files as the data collector writes."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from azure.storage.blob import ContainerClient
from azureml.ai.monitoring import Collector
from azureml.ai.monitoring.context import BasicCorrelationContext
from azureml.ai.monitoring.init import teardown

from demo.collected import Deployed, RollingRate
from demo.collector import Sidecar, configuration, sidecar
from syndic.adapters.azure import BlobCaptures, StorageClients
from syndic.adapters.memory import MemoryCaptures
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint, RegisteredModel, TimeWindow, WindowLength
from syndic.ports import CaptureReader
from syndic.windows import Window, concatenate, parse_collector, read_window
from tests.contract import clouds
from tests.unit.windows.made import MIXED, cells

ROOT = "https://collected.blob.core.windows.net/store/modelDataCollector"
CREDIT = Deployed("credit")
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
DAY = WindowLength.DAY.around(NOON)
INPUTS = [
    {"income": 41_000, "region": "North", "age": 33.0},
    {"income": 1 / 3, "region": None, "age": float("nan")},
    {"income": -1.5e12, "region": 'Süd, "2"\n😀', "age": 0.0},
]
OUTPUTS = [
    {"decision": "yes", "score": 0.25},
    {"decision": None, "score": float("nan")},
    {"decision": "no", "score": 1.0},
]

Files = dict[str, bytes]


@dataclass
class Scoring:
    """A deployment's scoring script: it logs with the package, and what it logged is kept to compare with."""

    server: Sidecar
    files: Files = field(default_factory=dict)
    refused: list[Exception] = field(default_factory=list)

    def log(self, collection: str, rows: list[dict[str, Any]], call: str, at: datetime | None = None) -> None:
        context = BasicCorrelationContext(id=call, timestamp=None if at is None else int(at.timestamp()))
        Collector(name=collection, on_error=self.refused.append).collect(pd.DataFrame(rows), context)


Script = Callable[..., Any]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Runs a scoring script beside a sidecar; when the block ends all that it logged is in `files`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    @contextmanager
    def run(*collections: str, deployed: Deployed = CREDIT, **options: Any) -> Iterator[Scoring]:
        (tmp_path / "collector.json").write_text(configuration(*collections))
        monkeypatch.setenv("AZUREML_MDC_CONFIG_PATH", str(tmp_path / "collector.json"))
        files: Files = {}
        with sidecar(deployed, files.__setitem__, **{"root": ROOT, **options}) as server:
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            scoring = Scoring(server, files)
            try:
                yield scoring
            finally:
                teardown(wait_for_flush=True)
        assert not scoring.refused

    return run


def model(root: str = ROOT) -> RegisteredModel:
    endpoint = Endpoint(
        cloud=Cloud.AZURE, scope="s/g/w", name="credit", resource_id="r", status="Succeeded",
        capture=CaptureConfig(enabled=True, format=CaptureFormat.AZURE_COLLECTOR, uri=root),
    )  # fmt: skip
    return RegisteredModel(
        id="credit-1", name="credit", cloud=Cloud.AZURE, endpoint=endpoint, capture_schema=MIXED, registered_at=NOON
    )


def in_memory(files: Files) -> MemoryCaptures:
    captures = MemoryCaptures()
    for name, content in files.items():
        captures.add(f"{ROOT}/{name}", content)
    return captures


def read(captures: CaptureReader, window: TimeWindow = DAY, root: str = ROOT) -> Window:
    return concatenate(read_window(model(root), window, captures=captures))


def rows(window: Window) -> dict[str | None, tuple[Any, ...]]:
    """Rows by id, in the order of the schema's columns."""
    return dict(zip(window.ids, zip(*map(cells, window.columns.values()), strict=True), strict=True))


def logged(*numbers: int) -> list[tuple[Any, ...]]:
    """Rows as they were logged: NaN is missing, and the package keeps ten decimals of a number."""
    table = [{**INPUTS[number], **OUTPUTS[number]} for number in numbers]
    return [tuple(_kept(row[column.name]) for column in MIXED.columns) for row in table]


def _kept(cell: Any) -> Any:
    if isinstance(cell, str) or cell is None:
        return cell
    return None if np.isnan(cell) else round(float(cell), 10)


def events(files: Files) -> list[dict[str, Any]]:
    return [json.loads(text) for content in files.values() for text in content.splitlines()]


# --- what is logged is read -----------------------------------------------------------------------------


def log_calls(scoring: Scoring) -> None:
    """One call of one row, one of three, one whose two sides were logged on both sides of the hour."""
    late = NOON + timedelta(minutes=59, seconds=59)
    for call, first, last, at, answered in (
        ("one", 0, 1, NOON, NOON),
        ("three", 0, 3, NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)),
        ("split", 2, 3, late, late + timedelta(seconds=1)),
    ):
        scoring.log("model_inputs", INPUTS[first:last], call, at)
        scoring.log("model_outputs", OUTPUTS[first:last], call, answered)


def assert_calls(window: Window) -> None:
    expected = dict(zip(("one", "three#0", "three#1", "three#2", "split"), logged(0, 0, 1, 2, 2), strict=True))
    assert rows(window) == expected
    assert window.intake.read == window.intake.used == 6
    assert window.times is not None
    seconds = (window.times - np.datetime64(NOON.replace(tzinfo=None), "ms")).astype("timedelta64[s]").astype(int)
    times = {"one": 0, "three#0": 1, "three#1": 1, "three#2": 1, "split": 3599}
    assert dict(zip(window.ids, seconds.tolist(), strict=True)) == times


def test_frames_come_back_as_they_were_logged(script: Script) -> None:
    with script("model_inputs", "model_outputs") as scoring:
        log_calls(scoring)
    assert sorted(scoring.files) == [
        "credit/blue/model_inputs/2025/12/31/12/instance-0.jsonl",
        "credit/blue/model_outputs/2025/12/31/12/instance-0.jsonl",
        "credit/blue/model_outputs/2025/12/31/13/instance-0.jsonl",
    ]
    assert_calls(read(in_memory(scoring.files)))


@pytest.mark.emulator
def test_frames_come_back_from_blob_storage(
    script: Script, azure_clients: StorageClients, container: ContainerClient
) -> None:
    root = "sdk/modelDataCollector"
    with script("model_inputs", "model_outputs", root=f"{container.url}/{root}") as scoring:
        log_calls(scoring)
    for name, content in scoring.files.items():
        container.upload_blob(f"{root}/{name}", content)
    captures = BlobCaptures(azure_clients.blobs_of, accounts=[clouds.AZURITE_ACCOUNT])
    assert_calls(read(captures, root=f"{container.url}/{root}"))


def test_one_file_beside_its_partner_is_read_alike(script: Script) -> None:
    with script("model_inputs", "model_outputs") as scoring:
        scoring.log("model_inputs", INPUTS, "a", NOON)
        scoring.log("model_outputs", OUTPUTS, "a", NOON)
    (inputs, given), (outputs, answered) = sorted(scoring.files.items())
    window = concatenate(
        parse_collector([given], MIXED, source=inputs, outputs=[answered], outputs_source=outputs, growing=False)
    )
    assert list(rows(window).values()) == logged(0, 1, 2)


def test_a_collection_of_its_own_holds_both_sides(script: Script) -> None:
    with script("scored") as scoring:
        both = [{**given, **answered} for given, answered in zip(INPUTS, OUTPUTS, strict=True)]
        scoring.log("scored", both, "a", NOON)
    assert list(scoring.files) == ["credit/blue/scored/2025/12/31/12/instance-0.jsonl"]
    assert rows(read(in_memory(scoring.files))) == {
        f"a#{at}": row for at, row in enumerate(logged(0, 1, 2))
    }  # fmt: skip


def test_a_frame_without_rows_is_counted_and_not_a_row(script: Script) -> None:
    with script("model_inputs") as scoring:
        scoring.log("model_inputs", [], "none", NOON)
        scoring.log("model_inputs", INPUTS[:1], "one", NOON)
    window = read(in_memory(scoring.files))
    assert window.ids == ("one",)
    assert window.intake.reasons == {"empty": 1}


def test_infinite_values_are_missing_because_the_package_writes_null(script: Script) -> None:
    with script("model_inputs") as scoring:
        scoring.log("model_inputs", [{"income": float("inf"), "region": "North", "age": 1.0}], "a", NOON)
    assert rows(read(in_memory(scoring.files)))["a"][:3] == (None, "North", 1.0)


def test_payloads_of_http_calls_are_read_where_they_have_rows(script: Script) -> None:
    with script(clock=lambda: NOON) as scoring:
        names = [column.name for column in MIXED.inputs]
        data = [[one[name] for name in names] for one in (INPUTS[0], INPUTS[2])]
        request = json.dumps({"input_data": {"columns": names, "index": [0, 1], "data": data}}, indent=1).encode()
        scoring.server.exchange("a", request=request, response=json.dumps([OUTPUTS[0], OUTPUTS[2]]).encode())
        scoring.server.exchange("b", request=b"\xff\xd8".hex().encode(), response=b"a cat", content_type="text/html")
    assert [name.split("/")[2] for name in sorted(scoring.files)] == ["request", "response"]
    window = read(in_memory(scoring.files))
    assert rows(window) == dict(zip(("a#0", "a#1"), logged(0, 2), strict=True))
    assert window.intake.reasons == {"columns": 2}  # words, and no rows of the schema
    first = next(event for event in events(scoring.files) if event["type"] == "azureml.inference.request")
    assert (first["path"], first["method"]) == ("/score", "POST")


# --- what is written ------------------------------------------------------------------------------------


def test_the_envelope_is_the_documented_one(script: Script) -> None:
    with script("model_inputs") as scoring:
        scoring.log("model_inputs", [{"a": 1, "b": "é"}], "test", NOON)
    (event,) = events(scoring.files)
    assert len(event.pop("id")) == 36
    assert event == {
        "specversion": "1.0",
        "source": "/workspaces/demo/onlineEndpoints/credit/deployments/blue",
        "type": "azureml.inference.model_inputs",
        "datacontenttype": "application/json",
        "time": "2025-12-31T12:00:00Z",
        "data": [{"a": 1, "b": "é"}],
        "contentrange": "bytes 0-21/22",  # the package writes é as an escape of six bytes
        "correlationid": "test",
        "xrequestid": "test",
        "modelversion": "default",
        "collectdatatype": "pandas.DataFrame",
        "agent": "azureml-ai-monitoring/1.0.0",
    }


@pytest.mark.parametrize(
    ("rate", "folder", "length"),
    [
        (RollingRate.MINUTE, "2025/12/31/12/00", WindowLength.HOUR),
        (RollingRate.HOUR, "2025/12/31/12", WindowLength.HOUR),
        (RollingRate.DAY, "2025/12/31", WindowLength.DAY),
        (RollingRate.MONTH, "2025/12", WindowLength.MONTH),
    ],
)
def test_files_roll_at_the_collectors_rate_and_are_read_at_any(
    script: Script, rate: RollingRate, folder: str, length: WindowLength
) -> None:
    with script("model_inputs", "model_outputs", deployed=Deployed("credit", "green", "i-1", rate=rate)) as scoring:
        scoring.log("model_inputs", INPUTS[:1], "a", NOON)
        scoring.log("model_outputs", OUTPUTS[:1], "a", NOON)
    assert sorted(scoring.files) == [
        f"credit/green/{collection}/{folder}/i-1.jsonl" for collection in ("model_inputs", "model_outputs")
    ]
    assert rows(read(in_memory(scoring.files), length.around(NOON))) == {"a": logged(0)[0]}


def test_files_of_a_year_belong_to_the_window_in_which_it_begins(script: Script) -> None:
    with script("model_inputs", deployed=Deployed("credit", rate=RollingRate.YEAR)) as scoring:
        scoring.log("model_inputs", INPUTS[:1], "a", NOON)
    assert list(scoring.files) == ["credit/blue/model_inputs/2025/instance-0.jsonl"]
    assert read(in_memory(scoring.files)).rows == 0
    assert read(in_memory(scoring.files), WindowLength.MONTH.around(datetime(2025, 1, 15, tzinfo=UTC))).rows == 1


def test_a_replay_writes_past_months_by_its_clock(script: Script) -> None:
    with script("model_inputs", clock=lambda: datetime(2024, 2, 29, 23, tzinfo=UTC)) as scoring:
        scoring.log("model_inputs", INPUTS[:1], "a")  # the package stamps it with the time of this machine
    (event,) = events(scoring.files)
    assert event["time"] == "2024-02-29T23:00:00Z"
    assert list(scoring.files) == ["credit/blue/model_inputs/2024/02/29/23/instance-0.jsonl"]


def test_a_file_grows_and_only_files_that_did_are_written_again(script: Script) -> None:
    with script("model_inputs") as scoring:
        post(scoring.server)
        scoring.server.flush()
        (once,) = scoring.files.values()
        scoring.files.clear()
        scoring.server.flush()
        assert scoring.files == {}
        post(scoring.server)
    (twice,) = scoring.files.values()
    assert (once.count(b"\n"), twice.count(b"\n")) == (1, 2)
    assert twice.startswith(once)


def log_long(scoring: Scoring) -> None:
    scoring.log("model_inputs", INPUTS, "long", NOON)
    scoring.log("model_inputs", INPUTS[:1], "short", NOON)


def assert_long(window: Window) -> None:
    assert [row[:3] for row in rows(window).values()] == [row[:3] for row in logged(0, 1, 2, 0)]
    assert window.ids == ("long#0", "long#1", "long#2", "short")
    assert window.intake.read == window.intake.used == 2


def test_a_payload_over_the_limit_lies_in_a_file_of_its_own_and_is_read(script: Script) -> None:
    with script("model_inputs", inline_limit=100) as scoring:
        log_long(scoring)
    (raw,) = (name for name in scoring.files if name.endswith(".json"))
    long, short = (json.loads(text) for text in scoring.files[_only(scoring.files)].splitlines())
    assert (long["datainblob"], long["data"]) == ("true", f"{ROOT}/{raw}")
    assert "datainblob" not in short
    assert_long(read(in_memory(scoring.files)))


@pytest.mark.emulator
def test_a_payload_in_a_blob_of_its_own_is_read_from_blob_storage(
    script: Script, azure_clients: StorageClients, container: ContainerClient
) -> None:
    root = f"{container.url}/long payloads/collector"
    with script("model_inputs", inline_limit=100, root=root) as scoring:
        log_long(scoring)
    for name, content in scoring.files.items():
        container.upload_blob(f"long payloads/collector/{name}", content)
    assert_long(read(BlobCaptures(azure_clients.blobs_of, accounts=[clouds.AZURITE_ACCOUNT]), root=root))


def _only(files: Files) -> str:
    (name,) = (name for name in files if name.endswith(".jsonl"))
    return name


# --- what is refused ------------------------------------------------------------------------------------

GOOD = {
    "Content-Type": "application/json",
    "trace-id": "t",
    "ce-time": "1767182400",
    "ce-type": "azureml.inference.model_inputs",
    "ce-collect-data-type": "pandas.DataFrame",
    "ce-agent": "azureml-ai-monitoring/1.0.0",
}


def post(
    server: Sidecar, path: str = "/modeldata/log", body: bytes = b'[{"a":1}]', method: str = "POST", **headers: Any
) -> tuple[int, str]:
    """Post as the package does, but for given headers (``_`` is ``-``); None leaves one out."""
    sent = {**GOOD, **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, body, {name: value for name, value in sent.items() if value is not None})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"path": "/modeldata"}, 404, "/modeldata/log"),
        ({"method": "PUT"}, 501, "PUT"),
        ({"Content_Type": "application/octet-stream"}, 415, "application/json"),
        ({"Content_Length": "many"}, 411, "Content-Length"),
        ({"Content_Length": str(10**9)}, 413, "at most"),
        *(({name.replace("-", "_"): None}, 400, name) for name in GOOD if name != "Content-Type"),
        ({"ce_time": "2026-01-01T00:00:00Z"}, 400, "ce-time"),
        ({"ce_time": "9" * 30}, 400, "ce-time"),
        ({"ce_type": "model_inputs"}, 400, "ce-type"),
        ({"ce_type": "azureml.inference.../../other"}, 400, "ce-type"),
        ({"body": b"[{"}, 400, "JSON"),
        ({"body": b'[{"a":NaN}]'}, 400, "JSON"),
        ({"body": b"\xff"}, 400, "UTF-8"),
        ({"body": b"[" * 100_000}, 400, "JSON"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_the_package_would_not_post_is_refused(
    script: Script, wrong: dict[str, Any], status: int, said: str
) -> None:
    with script() as scoring:
        answered, message = post(scoring.server, **wrong)
        assert (answered, said in message) == (status, True), message
        assert post(scoring.server)[0] == 200
    assert len(events(scoring.files)) == 1
