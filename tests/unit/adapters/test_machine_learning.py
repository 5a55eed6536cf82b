"""Which place a collector's traffic is read from, and where the token for Azure ML's control plane goes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.transport import HttpTransport

from syndic.adapters.azure.machine_learning import API_VERSION, AzureMachineLearning, RestReader
from syndic.adapters.azure.resource_manager import PUBLIC
from syndic.errors import SourceUnavailableError
from syndic.models import CaptureConfig, Endpoint, EndpointVariant

SCOPE = "1111/risk/credit"
ROOT = "/subscriptions/1111/resourceGroups/risk/providers/Microsoft.MachineLearningServices/workspaces/credit"
OWN = "https://collected.blob.core.windows.net/own"
ON, OFF = {"dataCollectionMode": "Enabled", "samplingRate": 0.25}, {"dataCollectionMode": "Disabled"}

Json = dict[str, Any]


def endpoint(name: str = "loan", **traffic: int) -> Json:
    return {"id": f"{ROOT}/onlineEndpoints/{name}", "name": name, "tags": {},
            "properties": {"provisioningState": "Succeeded", "traffic": traffic}}  # fmt: skip


def deployment(name: str, collections: Json | None = None, **more: Any) -> Json:
    collector = None if collections is None else {"rollingRate": "Hour", "collections": collections}
    return {"name": name, "properties": {"dataCollector": collector, **more}}


# --- the place of captures -------------------------------------------------------------------------------


@dataclass
class Workspace:
    """A `WorkspaceReader` of one endpoint."""

    behind: list[Json]
    traffic: dict[str, int] = field(default_factory=dict)
    data: dict[tuple[str, str], str] = field(default_factory=dict)

    def endpoints(self) -> Iterator[Any]:
        yield endpoint(**self.traffic)

    def deployments(self, endpoint: str) -> Iterator[Any]:
        yield from self.behind

    def datastore(self, name: str) -> Any:
        container = {"workspaceblobstore": "own", "other": "another"}[name]
        return {"properties": {"accountName": "collected", "containerName": container}}

    def data_uri(self, name: str, version: str) -> str:
        return self.data[name, version]


def described(workspace: Workspace) -> Endpoint:
    (found,) = AzureMachineLearning(None, SCOPE, reader=workspace).endpoints()
    return found


def capture(*behind: Json, data: dict[tuple[str, str], str] | None = None, **traffic: int) -> CaptureConfig | None:
    return described(Workspace(list(behind), traffic, data or {})).capture


@pytest.mark.parametrize(
    ("behind", "percent"),
    [
        ((deployment("a", {"model_inputs": OFF, "request": ON}),), 22.5),
        ((deployment("a", {"model_inputs": OFF}), deployment("b", {"model_inputs": ON})), 2.5),
        ((deployment("a"), deployment("b", {"mine": ON, "model_inputs": OFF})), 2.5),
    ],
)
def test_an_endpoint_that_collects_anything_is_not_said_to_collect_nothing(
    behind: tuple[Json, ...], percent: float
) -> None:
    """A quarter of what a deployment gets; what goes to others is no part of it."""
    found = capture(*behind, a=90, b=10)
    assert found is not None
    assert (found.enabled, found.sampling_percent, found.uri) == (True, percent, f"{OWN}/modelDataCollector")


def test_off_is_said_when_every_collection_is_off() -> None:
    found = capture(deployment("a", {"model_inputs": OFF}), deployment("b", {"request": OFF}), a=90, b=10)
    assert found is not None
    assert not found.enabled


def asset(root: str = ROOT) -> Json:
    return {"model_inputs": {**ON, "dataId": f"{root}/data/inputs/versions/2"}}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("azureml://datastores/other/paths/loan/a/model_inputs/", "another"),
        (f"azureml:/{ROOT}/datastores/other/paths/p/q/loan/a/model_inputs", "another/p/q"),
        ("azureml://subscriptions/1111/resourcegroups/RISK/workspaces/credit/datastores/other/paths/p/loan/a/model_inputs",
         "another/p"),
    ],
)  # fmt: skip
def test_an_asset_of_this_workspace_is_followed_however_it_is_spelled(path: str, uri: str) -> None:
    found = capture(deployment("a", asset(ROOT.lower())), data={("inputs", "2"): path})
    assert found is not None
    assert found.uri == f"https://collected.blob.core.windows.net/{uri}"


@pytest.mark.parametrize(
    "path",
    [
        "azureml://subscriptions/1111/resourcegroups/risk/workspaces/other/datastores/other/paths/p/loan/a/model_inputs",
        "azureml://subscriptions/2222/resourcegroups/risk/workspaces/credit/datastores/other/paths/p/loan/a/model_inputs",
        "https://collected.blob.core.windows.net/own/p/loan/a/model_inputs",
        "",
    ],
)
def test_a_datastore_of_the_same_name_in_another_workspace_is_not_ours(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert capture(deployment("a", asset()), data={("inputs", "2"): path}) is None
    assert "no datastore of its workspace" in caplog.text


@pytest.mark.parametrize(
    "root",
    [
        ROOT.replace("credit", "other"),
        f"@evil.example{ROOT}",
        f".evil.example{ROOT}",
        f"https://evil.example{ROOT}",
        f"{ROOT}/data/inputs/versions/1/../../..",
        f"{ROOT}?x=",
    ],
)
def test_an_id_that_is_no_asset_of_this_workspace_is_never_asked_for(root: str) -> None:
    assert capture(deployment("a", asset(root))) is None


def test_a_model_is_named_as_its_registry_names_it() -> None:
    behind = [
        deployment("a", model=f"{ROOT}/models/car-loan/versions/3", instanceType="Standard_DS3_v2"),
        deployment("b", model="azureml://registries/shared/models/car.loan/versions/2024-01"),
        deployment("c", model="something else"),
        deployment("d"),
    ]
    assert described(Workspace(behind, {"a": 90, "b": 10})).variants == (
        EndpointVariant(
            name="a", model_name="car-loan", model_version="3", weight=90.0, instance_type="Standard_DS3_v2"
        ),
        EndpointVariant(name="b", model_name="car.loan", model_version="2024-01", weight=10.0),
        EndpointVariant(name="c", model_name="something else"),
        EndpointVariant(name="d"),
    )


# --- the control plane -----------------------------------------------------------------------------------


class SignedIn:
    """An identity that remembers for whom it was asked a token."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        self.asked += scopes
        return AccessToken("secret", 2**33)


class Answer:
    """What azure-core reads of an answer."""

    def __init__(self, request: Any, status: int, content: bytes) -> None:
        self.request, self.status_code, self.content = request, status, content
        self.reason, self.headers, self.content_type = "", {"Content-Type": "application/json"}, "application/json"

    def json(self) -> Any:
        return json.loads(self.content)

    def text(self, encoding: str | None = None) -> str:
        return self.content.decode()

    def body(self) -> bytes:
        return self.content

    def read(self) -> bytes:
        return self.content

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise HttpResponseError(response=self)


class Wire(HttpTransport[Any, Any]):
    """Answers by path and query; an error is raised. Remembers where tokens were sent."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers, self.sent = answers, []
        self.given: list[dict[str, Any]] = []

    def send(self, request: Any, **options: Any) -> Answer:
        assert request.headers["Authorization"] == "Bearer secret"
        self.sent.append(request.url)
        self.given.append(options)
        path = request.url.partition("//")[2].partition("/")[2].replace(f"?api-version={API_VERSION}", "")
        answer = self.answers.get(f"/{path}".removeprefix(ROOT), 404)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return Answer(request, answer, b'{"error":{"code":"Refused","message":"because"}}')
        return Answer(request, 200, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def sleep(self, duration: float) -> None:
        """Take no time: retries are counted, not waited for."""

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """Nothing to close."""


def listed(wire: Wire, *, address: str = PUBLIC, identity: SignedIn | None = None) -> list[str]:
    reader = RestReader(identity or SignedIn(), SCOPE, address=address, transport=wire)
    return [one.name for one in AzureMachineLearning(None, SCOPE, reader=reader).endpoints()]


def page(name: str, following: str | None = None) -> Json:
    return {"value": [endpoint(name)], "nextLink": following}


EMPTY: Json = {f"/onlineEndpoints/{name}/deployments": {"value": []} for name in ("a", "b")}
SECOND = f"{ROOT}/onlineEndpoints?api-version={API_VERSION}&$skip=abc"


@pytest.mark.parametrize("server", [PUBLIC, f"{PUBLIC}:443", PUBLIC.upper().replace("HTTPS", "https")])
def test_the_next_page_is_read_however_the_control_plane_names_itself(server: str) -> None:
    wire = Wire(EMPTY | {"/onlineEndpoints": page("a", f"{server}{SECOND}"), "/onlineEndpoints&$skip=abc": page("b")})
    assert listed(wire) == ["a", "b"]


@pytest.mark.parametrize(
    "server",
    ["https://evil.example", f"{PUBLIC}.evil.example", f"{PUBLIC}@evil.example", f"{PUBLIC}:444", f"{PUBLIC}:x",
     "http://management.azure.com", "//evil.example", ""],
)  # fmt: skip
def test_the_token_follows_no_link_to_another_server(server: str) -> None:
    wire = Wire(EMPTY | {"/onlineEndpoints": page("a", f"{server}{SECOND}")})
    with pytest.raises(SourceUnavailableError):
        listed(wire)
    assert all(url.startswith(f"{PUBLIC}/") for url in wire.sent)


def test_a_sovereign_cloud_gets_a_token_of_its_own() -> None:
    identity = SignedIn()
    listed(
        Wire({"/onlineEndpoints": {"value": []}}), address="https://management.usgovcloudapi.net/", identity=identity
    )
    assert identity.asked == ["https://management.usgovcloudapi.net/.default"]


@pytest.mark.parametrize(
    ("failure", "reason", "tries"),
    [
        (401, "401", 1),
        (403, "403", 1),
        (404, "404", 1),
        (503, "503", 4),
        (429, "429", 4),
        (ServiceRequestError("no route"), "no route", 4),
        (ServiceResponseError("timed out"), "timed out", 4),
        (b"<html>", "", 1),
        ({"value": None}, "it has another shape than expected", 1),
        ({"value": [{"name": "b"}]}, "", 1),
    ],
)
def test_a_second_page_that_fails_makes_the_whole_workspace_unavailable(failure: Any, reason: str, tries: int) -> None:
    wire = Wire(EMPTY | {"/onlineEndpoints": page("a", f"{PUBLIC}{SECOND}"), "/onlineEndpoints&$skip=abc": failure})
    with pytest.raises(SourceUnavailableError, match=f"azureml {SCOPE}: .*{reason}"):
        listed(wire)
    assert sum("skip" in url for url in wire.sent) == tries


def test_pages_that_never_end_are_given_up() -> None:
    wire = Wire(EMPTY | {"/onlineEndpoints": page("a", f"{PUBLIC}{ROOT}/onlineEndpoints?api-version={API_VERSION}")})
    with pytest.raises(SourceUnavailableError, match="pages"):
        listed(wire)


def test_a_silent_control_plane_is_not_waited_for_longer_than_a_function_may_run() -> None:
    reader = RestReader(SignedIn(), SCOPE, address=PUBLIC)
    times = reader._plane._client._pipeline._transport.connection_config
    assert 4 * max(times.timeout, times.read_timeout) < 300
