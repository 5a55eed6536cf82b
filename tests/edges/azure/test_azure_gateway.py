"""Predictions of the Azure function: the same answers, refusals and log as of the one in AWS."""

# ruff: noqa: F811 - fixtures of another module are arguments here
from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import azure.functions as func
import httpx
import pytest
from azure.core.exceptions import ResourceNotFoundError, ServiceRequestError

from azure_functions import wiring as azure_wiring
from azure_functions.wiring import AzureWiring
from functions.api.handler import handler
from syndic.adapters.azure import StorageInferenceLog
from syndic.adapters.azure.queues import MESSAGE_LIMIT
from syndic.errors import InvalidInputError, NotAllowedError, NotFoundError, UnavailableError
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.ports import Answers
from syndic.registry.models import Stage
from syndic.serving.remote import reading_from, shipping_to
from syndic.settings import AzureSettings, read_settings
from tests.edges.azure.azure_settings import app_functions
from tests.edges.azure.test_azure_wired import settings_of
from tests.edges.calling import event_of
from tests.edges.conftest import Context
from tests.edges.gateway.test_gateway import ask, in_stage, keep_all, row, served, trained, world  # noqa: F401
from tests.edges.world import World

CALLABLES = {one.get_function_name(): one.get_user_function() for one in app_functions()}


class Queue:
    """A storage queue that may be down."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.down = False

    def send_message(self, content: str, *, time_to_live: int) -> None:
        if self.down:
            raise ServiceRequestError("no answer")
        assert time_to_live == -1, "the service's own seven days would lose what an outage holds up"
        assert len(content) <= 64 * 1024
        self.sent.append(content)

    def bodies(self) -> list[str]:
        held, self.sent[:] = [base64.b64decode(one).decode() for one in self.sent], []
        return held


class Container:
    """A blob container."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def upload_blob(self, name: str, data: bytes, *, overwrite: bool) -> None:
        assert overwrite
        self.held[name] = data

    def download_blob(self, name: str) -> Any:
        if name not in self.held:
            raise ResourceNotFoundError("gone")
        data = self.held[name]
        return type("Stream", (), {"readall": lambda _self: data})()

    def delete_blob(self, name: str) -> None:
        if name not in self.held:
            raise ResourceNotFoundError("gone")
        del self.held[name]


class Api:
    """The deployed API's own handler, as the app's key reaches it."""

    refused: Exception | None = None

    def get(self, path: str) -> Any:
        return self._said(*ask("GET", path))

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        return self._said(*ask(method, path, json=body))

    def _said(self, status: int, body: Any) -> Any:
        if self.refused is not None:
            raise self.refused
        if status == 404:
            raise NotFoundError(body["detail"])
        assert status < 300, body
        return body


class Azure:
    """The Azure side beside a world of AWS: the same model, asked through the function app."""

    def __init__(self, world: World) -> None:
        self.api, self.queue, self.container = Api(), Queue(), Container()
        self.waiting = StorageInferenceLog(self.queue, self.container)  # type: ignore[arg-type]
        serving = Serving(reading_from(self.api), clock=world.now)
        self.gateway = Gateway(serving, world.backends, self.waiting, world.now, stream="world")
        self.counted: list[tuple[str, float]] = []

    def hand_on(self, model_id: str, records: Sequence[bytes]) -> None:
        shipping_to(self.api)(records)

    def count(self, name: str, value: float = 1, **_: str) -> None:
        self.counted.append((name, value))


@pytest.fixture
def azure(world: World, monkeypatch: pytest.MonkeyPatch) -> Azure:
    found = Azure(world)
    monkeypatch.setattr(azure_wiring, "wired", lambda: found)
    return found


def call(name: str, model: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
    method = "POST" if name == "gateway_predict" else "GET"
    request = func.HttpRequest(
        method=method, url=f"https://app.example.org/api/v1/gateway/{model}", headers=headers,
        route_params={"model": model}, body=body,
    )  # fmt: skip
    answer = CALLABLES[name](request)
    assert answer.mimetype in {"application/json", "application/problem+json"}
    return answer.status_code, json.loads(answer.get_body())


def take(body: str) -> None:
    CALLABLES["gateway_records"](func.QueueMessage(body=body))


def without(number: int, *names: str, **extra: float) -> bytes:
    return json.dumps({name: value for name, value in row(number).items() if name not in names} | extra).encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "plain": (without(0), "application/json"),
    "split": (json.dumps({"dataframe_split": {
        "columns": list(row(0)), "data": [list(row(0).values()), list(row(1).values())],
    }}).encode(), "application/json"),
    "csv": (",".join(map(str, row(2).values())).encode(), "text/csv"),
    "tensors": (json.dumps({"inputs": [
        {"name": name, "shape": [1], "datatype": "FP64", "data": [value]} for name, value in row(3).items()
    ]}).encode(), "application/json"),
    "missing": (without(0, "mean area"), "application/json"),
    "extra": (without(0, nonsense=1.0), "application/json"),
    "wrong": (json.dumps(row(0) | {"mean area": "large"}).encode(), "application/json"),
    "not JSON": (b"{", "application/json"),
    "other media": (b"{}", "application/xml"),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_both_clouds_answer_and_log_the_same(world: World, azure: Azure, name: str) -> None:
    model, (body, media) = served(world), BODIES[name]
    headers = {"content-type": media, "x-request-id": "r-1"}
    status, on_aws = ask("POST", f"/gateway/{model}/predict", headers=headers, content=body)
    logged = [json.loads(one) for one in world.predictions.waiting]

    answered, on_azure = call("gateway_predict", model, body, **headers)

    assert answered == status
    if status == 200:
        assert on_azure == on_aws
    else:
        same = ("status", "detail", "missing", "extra", "errors")
        assert {key: on_azure.get(key) for key in same if key in on_azure} == {
            key: on_aws[key] for key in same if key in on_azure
        }
    sent = [json.loads(line) for body in azure.queue.bodies() for line in body.splitlines()]
    for one in (*logged, *sent):
        one.pop("milliseconds", None)
    assert sent == logged


def test_where_passthrough_is_asked_the_backends_bytes_are_answered_in_both_clouds(world: World, azure: Azure) -> None:
    model, bytes_ = served(
        world, answer="passthrough", backends={"*": {"kind": "mlflow", "address": "https://models.example.org"}}
    ), '{ "predictions" :[0.5e0],\r\n"note": "\u00e4\\u00e4"}\n'.encode()  # fmt: skip
    media = "application/json; charset=utf-8"
    world.backends.answer = lambda _asked, _rows: Answers.read_from([0.5], bytes_, media)
    request = event_of(httpx.Request(
        "POST", f"https://s.example.org/api/v1/gateway/{model}/predict", json=row(0),
        headers={"authorization": "Bearer auditor", "x-request-id": "r-1"},
    ))  # fmt: skip

    on_aws = handler(request, Context())
    on_azure = CALLABLES["gateway_predict"](
        func.HttpRequest(
            method="POST", url="https://app.example.org", headers={"X-Request-Id": "r-1"},
            route_params={"model": model}, body=without(0),
        )
    )  # fmt: skip

    assert (on_aws["statusCode"], on_azure.status_code) == (200, 200)
    assert not on_aws["isBase64Encoded"]
    assert on_aws["body"].encode() == on_azure.get_body() == bytes_
    told = {name: values[0] for name, values in on_aws["multiValueHeaders"].items()}
    for name, value in {
        "Content-Type": media, "X-Request-Id": "r-1", "X-Model-Version": "1", "X-Logged": "queued",
        "X-Flagged-Rows": "0",
    }.items():  # fmt: skip
        assert (told[name], on_azure.headers[name]) == (value, value)
    (line,) = json.loads(world.predictions.waiting[0])["lines"]
    assert "benign" in line, "what was decided is logged all the same"

    world.backends.answer = lambda _asked, _rows: Answers.read_from([0.5], b'{"x": "\xff"}', media)
    assert handler(request, Context())["statusCode"] == 503
    status, told = ask("PUT", f"/models/{model}/gateway", json={"answer": "passthrough", "backends": {
        "*": {"kind": "linear", "address": "s3://models/breast-cancer.skops"},
    }})  # fmt: skip
    assert (status, "no bytes of its own" in json.dumps(told)) == (422, True)


def test_records_are_handed_on_to_the_api_and_kept_once(world: World, azure: Azure) -> None:
    model = served(world)
    assert call("gateway_predict", model, without(0), **{"x-request-id": "r-1"})[0] == 200
    (message,) = azure.queue.bodies()
    assert world.predictions.waiting == []

    take(message)
    take(message)

    lines = [data for uri, (data, _) in world.captures._objects.items() if f"/traffic/{model}/" in uri]
    assert [json.loads(data)["syndic"]["request_id"] for data in lines] == ["r-1"]
    assert azure.counted == [("PredictionsHandedOn", 1)] * 2


def test_a_record_that_no_message_takes_waits_in_a_blob_and_is_removed_once_kept(world: World, azure: Azure) -> None:
    model = served(world)
    body = json.dumps([row(number) for number in range(60)]).encode()
    assert call("gateway_predict", model, body, **{"x-request-id": "many"})[0] == 200
    (message,) = azure.queue.bodies()
    assert len(message) < MESSAGE_LIMIT < len(next(iter(azure.container.held.values())))

    azure.api.refused = UnavailableError("the API is away")
    with pytest.raises(UnavailableError):
        take(message)
    azure.api.refused = None
    assert azure.container.held
    take(message)
    take(message)  # it may come again

    assert azure.container.held == {}
    lines = [data for uri, (data, _) in world.captures._objects.items() if f"/traffic/{model}/" in uri]
    assert sum(len(data.splitlines()) for data in lines) == 60


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "no JSON",
        '{"held_at": 1}',
        '{"held_at": "../secrets"}',
        '{"held_at": "predictions/../x"}',
    ],
)
def test_hostile_messages_fail_and_leave_nothing(azure: Azure, body: str) -> None:
    with pytest.raises(InvalidInputError, match="message"):
        take(body)
    assert azure.counted == []


def test_without_the_queue_nothing_required_is_answered_and_fast_is(world: World, azure: Azure) -> None:
    model = served(world)
    azure.queue.down = True
    status, told = call("gateway_predict", model, without(0))
    assert (status, "could not be logged" in told["detail"]) == (503, True)

    assert ask("PUT", f"/models/{model}/gateway", json={
        "backends": {"*": {"kind": "linear", "address": "s3://models/breast-cancer.skops"}},
        "log": {"guarantee": "fast"},
    })[0] == 200  # fmt: skip
    world.moment += Serving.GRACE
    assert call("gateway_predict", model, without(0))[0] == 200


def test_promotion_switches_what_answers_and_a_key_that_expired_stops_nothing_for_a_while(
    world: World,
    azure: Azure,
) -> None:
    model = served(world)
    assert call("gateway_model_info", model)[1]["model_version"] == "1"
    azure.api.refused = NotAllowedError("the key has expired")
    world.moment += Serving.GRACE / 2
    assert call("gateway_health", model)[1]["model_version"] == "1"
    world.moment += Serving.GRACE
    assert call("gateway_health", model)[0] == 503
    azure.api.refused = None
    in_stage(world, model, v2=Stage.PRODUCTION)
    assert call("gateway_model_info", model)[1]["model_version"] == "2"
    assert call("gateway_health", "nobody-000000")[0] == 404


def test_where_no_gateway_was_chosen_the_app_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AA==;"
        "BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a;"
    )
    plain = AzureWiring(read_settings(AzureSettings, settings_of(connection)))
    monkeypatch.setattr(azure_wiring, "wired", lambda: plain)

    for name in ("gateway_health", "gateway_model_info", "gateway_predict"):
        status, told = call(name, "m", b"{}")
        assert (status, "choose `gateway`" in told["detail"]) == (503, True)
