"""How Azure ML's answers become endpoints, against a control plane that refuses what the real one would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from azure.identity import ManagedIdentityCredential

from demo.azure_ml import ControlPlane, ServedDeployment, ServedEndpoint, Workspace, control_plane
from syndic.adapters.azure import AzureMachineLearning
from syndic.adapters.azure.machine_learning import RestReader
from syndic.errors import InvalidInputError, SourceUnavailableError
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint
from syndic.ports import ModelSource
from tests.contract.workspaces import (
    STORE,
    WORKSPACE,
    SignedIn,
    no_wait_between_tries,
    plane,
    vendors_reader,
    workspace,
)

__all__ = ["no_wait_between_tries", "plane", "workspace"]  # fixtures

ON = {"model_inputs": {"dataCollectionMode": "Enabled", "samplingRate": 0.5}}
ROOT = "https://collected.blob.core.windows.net/azureml-blobstore-1"


def served(name: str, collections: dict[str, Any] | None = ON, **more: Any) -> ServedEndpoint:
    deployment = ServedDeployment(model="car-loan", version="3", collections=collections)
    return ServedEndpoint(name=name, deployments=(deployment,), traffic={"blue": 100}, **more)


# The vendor's client warns of the libraries that it asks for itself.
@pytest.fixture(params=["rest", pytest.param("azure-ai-ml", marks=pytest.mark.filterwarnings("ignore"))])
def source(request: pytest.FixtureRequest, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> ModelSource:
    if request.param == "rest":
        return AzureMachineLearning(ManagedIdentityCredential(client_id="app"), WORKSPACE, address=plane.address)
    return AzureMachineLearning(None, WORKSPACE, reader=vendors_reader(plane, monkeypatch))


def capture(uri: str, **more: Any) -> CaptureConfig:
    said = {"enabled": True, "sampling_percent": 50.0, "inputs": True, "outputs": False, **more}
    return CaptureConfig(format=CaptureFormat.AZURE_COLLECTOR, uri=uri, **said)


def test_endpoints_are_described_in_full_page_by_page(source: ModelSource, workspace: Workspace) -> None:
    workspace.endpoints = [served(f"loan-{number}", tags={"syndic:owner": "o@e.org"}) for number in range(5)]
    listed = list(source.endpoints())
    assert [one.name for one in listed] == [f"loan-{number}" for number in range(5)]
    assert listed[0] == Endpoint(
        cloud=Cloud.AZURE,
        scope=WORKSPACE,
        name="loan-0",
        resource_id=f"{workspace.root}/onlineEndpoints/loan-0",
        status="Succeeded",
        variants=listed[0].variants,
        capture=capture(f"{ROOT}/modelDataCollector"),
        tags={"syndic:owner": "o@e.org"},
        created_at=listed[0].created_at,
    )
    (variant,) = listed[0].variants
    assert (variant.name, variant.model_name, variant.model_version) == ("blue", "car-loan", "3")
    assert (variant.instance_type, variant.weight) == ("Standard_DS3_v2", 100.0)
    told = isinstance(source._reader, RestReader)  # the vendor's client does not hand on the time of creation
    assert (listed[0].created_at is not None) == told


def test_a_collection_with_a_place_of_its_own_is_followed_to_its_account(
    source: ModelSource, workspace: Workspace
) -> None:
    data_id = f"{workspace.root}/data/inputs/versions/2"
    workspace.endpoints = [served("loan", {"model_inputs": {**ON["model_inputs"], "dataId": data_id}})]
    workspace.datastores["other"] = {**STORE, "accountName": "elsewhere", "containerName": "c"}
    workspace.data["inputs/versions/2"] = "azureml://datastores/other/paths/own/place/loan/blue/model_inputs"
    (endpoint,) = source.endpoints()
    assert endpoint.capture == capture("https://elsewhere.blob.core.windows.net/c/own/place")


@pytest.mark.parametrize("folder", ["own/place", "own/place/other/blue/model_inputs"])
def test_a_place_in_another_layout_is_not_read(source: ModelSource, workspace: Workspace, folder: str) -> None:
    data_id = f"azureml:{workspace.root}/data/inputs/versions/2"
    workspace.endpoints = [served("loan", {"model_inputs": {**ON["model_inputs"], "dataId": data_id}})]
    workspace.data["inputs/versions/2"] = f"azureml://datastores/workspaceblobstore/paths/{folder}"
    (endpoint,) = source.endpoints()
    assert endpoint.capture is None


@pytest.mark.parametrize(
    ("asset", "path"),
    [
        (
            "credit",
            "azureml://subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/risk/workspaces/other/datastores/workspaceblobstore/paths",
        ),
        ("other", "azureml://datastores/workspaceblobstore/paths"),
    ],
)
def test_what_lies_in_another_workspace_is_not_taken_for_ours(
    source: ModelSource, workspace: Workspace, asset: str, path: str
) -> None:
    data_id = f"{workspace.root.removesuffix('credit')}{asset}/data/inputs/versions/2"
    workspace.endpoints = [served("loan", {"model_inputs": {**ON["model_inputs"], "dataId": data_id}})]
    workspace.data["inputs/versions/2"] = f"{path}/p/loan/blue/model_inputs"
    (endpoint,) = source.endpoints()
    assert endpoint.capture is None


@pytest.mark.parametrize(
    ("collections", "expected"),
    [
        (None, None),
        ({}, None),
        (
            {"model_inputs": {"dataCollectionMode": "Disabled"}},
            capture("x", enabled=False, sampling_percent=100, inputs=None, outputs=None),
        ),
        (
            {"mine": {"dataCollectionMode": "Enabled", "samplingRate": 1}},
            capture("x", sampling_percent=100, inputs=None, outputs=None),
        ),
        ({**ON, "model_outputs": ON["model_inputs"]}, capture("x", outputs=True)),
        (
            {"response": {"dataCollectionMode": "Enabled"}},
            capture("x", sampling_percent=100, inputs=False, outputs=True),
        ),
        (
            {"model_inputs": {"dataCollectionMode": "Disabled", "samplingRate": 0.5}, "request": ON["model_inputs"]},
            capture("x"),
        ),
    ],
)
def test_a_collector_that_is_off_or_missing_is_said(
    source: ModelSource, workspace: Workspace, collections: dict[str, Any] | None, expected: CaptureConfig | None
) -> None:
    workspace.endpoints = [served("loan", collections)]
    (endpoint,) = source.endpoints()
    where = f"{ROOT}/modelDataCollector"
    assert endpoint.capture == (expected and expected.model_copy(update={"uri": where}))


def test_of_several_deployments_the_busiest_with_a_collector_is_followed(
    source: ModelSource, workspace: Workspace
) -> None:
    none, half = ServedDeployment(name="a"), ServedDeployment(name="b", collections=ON)
    full = ServedDeployment(name="c", collections={"request": {"dataCollectionMode": "Enabled"}})
    traffic = {"a": 80, "b": 15, "c": 5}
    workspace.endpoints = [ServedEndpoint(name="loan", deployments=(full, half, none), traffic=traffic)]
    (endpoint,) = source.endpoints()
    assert [(one.name, one.weight) for one in endpoint.variants] == [("a", 80.0), ("b", 15.0), ("c", 5.0)]
    assert endpoint.capture is not None
    assert endpoint.capture.sampling_percent == 12.5, (
        "15 % of the requests by half and 5 % whole; 80 % go to one without"
    )


def test_data_lake_stores_are_read_as_blobs_and_others_not_at_all(source: ModelSource, workspace: Workspace) -> None:
    workspace.endpoints = [served("loan")]
    lake = {"datastoreType": "AzureDataLakeGen2", "accountName": "lake", "filesystem": "fs"}
    workspace.datastores["workspaceblobstore"] = lake
    (endpoint,) = source.endpoints()
    assert endpoint.capture == capture("https://lake.blob.core.windows.net/fs/modelDataCollector")
    workspace.datastores["workspaceblobstore"] = {
        "datastoreType": "AzureFile",
        "accountName": "a",
        "fileShareName": "f",
    }
    (endpoint,) = source.endpoints()
    assert endpoint.capture is None


@pytest.mark.usefixtures("no_wait_between_tries")
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_workspace_that_cannot_be_read_is_unavailable_with_its_reason(
    source: ModelSource, workspace: Workspace, status: int
) -> None:
    workspace.endpoints, workspace.refuse = [served("loan")], status
    with pytest.raises(SourceUnavailableError, match=f"{WORKSPACE}: list endpoints"):
        list(source.endpoints())


def test_an_endpoint_deleted_while_the_list_is_read_is_left_out(source: ModelSource, workspace: Workspace) -> None:
    workspace.endpoints = [served("a"), served("b")]
    listing = source.endpoints()
    assert next(iter(listing)).name == "a"
    workspace.endpoints = [served("a")]
    assert list(listing) == []


def test_a_datastore_that_was_deleted_hides_no_endpoint(source: ModelSource, workspace: Workspace) -> None:
    workspace.endpoints, workspace.datastores = [served("loan"), served("other", None)], {}
    assert [(one.name, one.capture) for one in source.endpoints()] == [("loan", None), ("other", None)]


def test_a_token_of_nobody_is_refused(plane: ControlPlane, workspace: Workspace) -> None:
    workspace.endpoints = [served("loan")]
    with pytest.raises(SourceUnavailableError, match="401"):
        list(AzureMachineLearning(SignedIn("made-up"), WORKSPACE, address=plane.address).endpoints())


def test_the_token_goes_to_no_other_address(
    plane: ControlPlane, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = AzureMachineLearning(ManagedIdentityCredential(client_id="app"), WORKSPACE, address=plane.address)
    workspace.endpoints = [served(f"loan-{number}") for number in range(3)]
    real = plane.address
    with control_plane([workspace]) as other:
        monkeypatch.setattr(ControlPlane, "address", other.address)
        assert real != other.address
        with pytest.raises(SourceUnavailableError, match="another address"):
            list(source.endpoints())
        assert other.asked == []


@pytest.mark.parametrize("wrong", ["", "a/b", "a/b/c/d", "a//c", "a/../c", "a/b/c?x=1"])
def test_a_workspace_is_named_by_three_parts(wrong: str) -> None:
    with pytest.raises(InvalidInputError, match="ml_workspaces"):
        AzureMachineLearning(SignedIn("made-up"), wrong)
