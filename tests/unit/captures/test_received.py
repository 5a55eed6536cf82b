"""What is sent of a model's traffic is kept where readers find it, or refused with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from syndic.adapters.aws.s3.received import S3Received
from syndic.audit.search import list_entries
from syndic.captures.endpoint import ToldModels
from syndic.captures.models import NewCaptures, NewLabels, NewUpload
from syndic.captures.receive import prepare_upload, receive_captures, receive_labels
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import ColumnKind, ColumnRole, ColumnSpec, ComplianceStatus, TimeWindow, to_json
from syndic.records import get_model, list_models
from syndic.registry.versions.versions import change_status, register_model
from syndic.tasks.discovery import discover
from syndic.windows import read_labels, read_window
from tests.edges.world import MODEL, NOW, SCHEMA, World, governed

LABEL = ColumnSpec(name="repaid", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL)
COLUMNS = SCHEMA.model_copy(update={"label": LABEL})
ROW = {"inputs": {"amount": 9, "sex": "male"}, "outputs": {"granted": True}}
HOUR = timedelta(hours=1)


def common(world: World) -> dict[str, Any]:
    return {"store": world.store, "audit": world.audit, "actor": "olga", "now": world.now()}


@pytest.fixture
def world() -> World:
    made = World()
    register_model(name="Scoring", owner="olga@example.org", capture_schema=to_json(COLUMNS), **common(made))
    return made


@pytest.fixture
def model_id(world: World) -> str:
    return next(list_models(world.store)).id


def send(world: World, model_id: str, *rows: dict[str, Any], **said: Any) -> Any:
    sent = NewCaptures.model_validate({"rows": rows, **said})
    return receive_captures(model_id, sent, writer=world.captures, **common(world))


def test_rows_are_read_back_once_however_often_they_are_sent(world: World, model_id: str) -> None:
    rows = [{**ROW, "id": f"r{number}", "at": (NOW - number * HOUR).isoformat()} for number in range(3)]
    for _ in range(3):
        kept = send(world, model_id, *rows, version="7")
    send(world, model_id, ROW, ROW)
    window = TimeWindow(start=NOW - timedelta(days=2), end=NOW + timedelta(days=1))
    pieces = list(read_window(get_model(world.store, model_id), window, captures=world.captures))
    intake = pieces[0].intake
    for piece in pieces[1:]:
        intake = intake.plus(piece.intake)

    assert kept.hours == (NOW - 2 * HOUR, NOW - HOUR, NOW)
    assert (kept.rows, kept.version, intake.used, intake.rejected) == (3, "7", 5, 0)
    assert {"r0", "r1", "r2"} < {row for piece in pieces for row in piece.ids}
    actions = [logged.entry.action for logged in list_entries(world.store, subject=f"model/{model_id}").entries]
    assert actions.count("captures.told") == 1


def test_labels_belong_to_the_rows_that_were_sent(world: World, model_id: str) -> None:
    send(world, model_id, {**ROW, "id": "r0"})
    sent = NewLabels.model_validate({"labels": [{"id": "r0", "label": "yes"}], "label_delay_days": 30})
    kept = receive_labels(model_id, sent, writer=world.captures, **common(world))
    again = receive_labels(
        model_id, NewLabels.model_validate({"labels": [{"id": "r1", "label": None}]}),
        writer=world.captures, **common(world),
    )  # fmt: skip
    labels = read_labels(
        get_model(world.store, model_id), TimeWindow(start=NOW - HOUR, end=NOW + HOUR), captures=world.captures
    )

    assert (kept.label_delay_days, again.label_delay_days) == (30, 30)
    assert {row: label for row, (label, _) in labels.values.items()} == {"r0": "yes", "r1": None}


def test_another_version_is_told_and_discovery_does_not_take_it_back(world: World, model_id: str) -> None:
    send(world, model_id, ROW, version="7", sampling_percent=10)
    listed = list(ToldModels(world.store).endpoints())
    send(world, model_id, ROW, version="8")
    world.source.listed += listed  # what discovery had listed before the second request came
    discover(world)
    model = get_model(world.store, model_id)

    assert [one.model_id for one in listed] == [model_id]
    assert model.served_version == "8"
    assert model.endpoint is not None
    assert model.endpoint.capture is not None
    assert model.endpoint.capture.sampling_percent == 10


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"inputs": {"amuont": 9}}, r"rows.1.inputs: there is no column 'amuont'; did you mean 'amount'"),
        ({"outputs": {"amount": 9}}, r"rows.1.outputs: there is no column 'amount'"),
        ({**ROW, "at": (NOW + HOUR).isoformat()}, r"rows.1.at: is in the future"),
    ],
)
def test_a_row_that_nobody_would_read_is_refused(world: World, model_id: str, row: Any, where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        send(world, model_id, ROW, row)
    assert get_model(world.store, model_id).endpoint is None, "nothing was kept of it"


@pytest.mark.parametrize(
    "row",
    [{}, {"inputs": {}}, {"inputs": {"amount": float("nan")}}, {"inputs": {"amount": [1]}}, {**ROW, "id": "a\nb"}],
)
def test_what_is_no_row_is_refused(row: Any) -> None:
    with pytest.raises(ValidationError):
        NewCaptures.model_validate({"rows": [row]})
    with pytest.raises(ValidationError, match="row 1 has the id"):
        NewCaptures.model_validate({"rows": [{**ROW, "id": "a"}, {**ROW, "id": "a"}]})


def test_models_whose_traffic_is_not_sent_are_refused(world: World, model_id: str) -> None:
    bare = register_model(name="Bare", owner="olga@example.org", **common(world))
    with pytest.raises(ConflictError, match="describe the columns first"):
        send(world, bare.id, ROW)
    watched = governed()
    with pytest.raises(ConflictError, match="aws captures the traffic of this model at credit"):
        send(watched, MODEL, ROW)
    change_status(model_id, ComplianceStatus.RETIRED, reason="replaced by another", **common(world))
    with pytest.raises(ConflictError, match="retired"):
        send(world, model_id, ROW)


def test_a_file_is_taken_for_what_it_is(world: World, model_id: str) -> None:
    upload = {"bytes": 9, "sha256": "9" * 64}
    table = NewUpload.model_validate({**upload, "kind": "baseline", "suffix": "parquet"})
    lines = NewUpload.model_validate({**upload, "kind": "captures", "hour": NOW + timedelta(minutes=4), "version": "7"})
    found = [prepare_upload(model_id, one, writer=world.captures, **common(world)).uri for one in (table, lines)]

    assert found == [
        f"s3://received/captures/baselines/{model_id}/{'9' * 32}.parquet",
        f"s3://received/captures/traffic/{model_id}/7/2026/03/04/06/{'9' * 32}.jsonl",
    ]
    for wrong in (
        {"kind": "captures"},
        {"kind": "baseline", "hour": NOW},
        {"kind": "captures", "hour": NOW, "suffix": "csv"},
    ):
        with pytest.raises(ValidationError):
            NewUpload.model_validate({**upload, **wrong})


def test_nothing_is_written_outside_the_place() -> None:
    writer = S3Received(None, "s3://received/captures")  # type: ignore[arg-type]
    for uri in (
        "s3://received/other/a",
        "s3://received/captures/../a",
        "s3://received/captures",
        "s3://other/captures/a",
    ):
        with pytest.raises(InvalidInputError, match="does not lie below"):
            writer.put(uri, b"")
