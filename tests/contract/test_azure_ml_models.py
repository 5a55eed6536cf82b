"""The models of an Azure ML workspace, read and tagged both ways against a control plane that refuses what is wrong."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.identity import ManagedIdentityCredential

from demo.azure_ml import ControlPlane, Workspace
from demo.azure_ml_models import WRITABLE, ServedModel
from syndic.adapters.azure import AzureModels
from syndic.adapters.azure.machine_learning import API_VERSION
from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.errors import NotFoundError, UnavailableError
from syndic.models import Cloud
from syndic.registry.keys import version_key
from syndic.registry.sync.export import relay
from syndic.registry.sync.foreign import RelayedRegistry
from syndic.registry.sync.importer import ForeignVersion, Unsound, import_models
from tests.contract.workspaces import WORKSPACE, SignedIn, no_wait_between_tries, plane, vendors_reader, workspace

__all__ = ["no_wait_between_tries", "plane", "workspace"]  # fixtures

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SHA = "a" * 64
FULL: dict[str, Any] = {
    "description": "third try",
    "tags": {"data_sha256": SHA.upper(), "data_rows": "1000", "data_features": "7", "team": "loans"},
    "properties": {"azureml.git.commit": "deadbeef"},
    "flavors": {
        "python_function": {"data": {"loader_module": "mlflow.sklearn"}},
        "sklearn": {"data": {"sklearn_version": "1.5.2", "pickled_model": "model.pkl"}},
    },
    "jobName": "calm_heart_1",
    "modelType": "mlflow_model",
    "modelUri": "azureml://jobs/calm_heart_1/outputs/artifacts/paths/model/",
    "stage": "Staging",
}
HOSTILE = ["über ☃", "a b&$skip=9?x#", "<script>alert(1)</script>", "a" * 250, "..b", "%2e%2e"]


# The vendor's client warns of the libraries that it asks for itself.
@pytest.fixture(params=["rest", pytest.param("azure-ai-ml", marks=pytest.mark.filterwarnings("ignore"))])
def registry(request: pytest.FixtureRequest, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> AzureModels:
    if request.param == "rest":
        return AzureModels(ManagedIdentityCredential(client_id="app"), WORKSPACE, address=plane.address)
    return AzureModels(None, WORKSPACE, reader=vendors_reader(plane, monkeypatch))


def listed(registry: AzureModels) -> list[ForeignVersion | Unsound]:
    return [one for model, about in registry.models().items() for one in registry.versions_of(model, about)]


def test_a_version_is_described_in_full(registry: AzureModels, workspace: Workspace) -> None:
    workspace.models = [ServedModel("car-loan", {"3": FULL}, description="who repays")]
    assert listed(registry) == [
        ForeignVersion(
            cloud=Cloud.AZURE,
            model="car-loan",
            version="3",
            foreign_id=f"{workspace.root}/models/car-loan/versions/3",
            created_at=datetime(2018, 10, 31, 8, tzinfo=UTC),
            description="third try",
            model_description="who repays",
            author="ann",
            stage="Staging",
            tags=FULL["tags"],
            run_id="calm_heart_1",
            run_tags=FULL["properties"] | FULL["tags"],
            location=FULL["modelUri"],
            flavour="sklearn 1.5.2",
            commit="deadbeef",
        )
    ]


def test_every_page_of_models_and_versions_is_read_archived_ones_too(
    registry: AzureModels, workspace: Workspace
) -> None:
    versions: dict[str, dict[str, Any]] = {str(number): {} for number in range(1, 6)}
    workspace.models = [ServedModel(f"m{number}", copy.deepcopy(versions)) for number in range(5)]
    workspace.models[0].versions["2"] = {"isArchived": True}
    workspace.models[4].versions = {"1": {"isArchived": True}}
    found = [one for one in listed(registry) if isinstance(one, ForeignVersion)]
    assert len(found) == 21
    assert [(one.model, one.version) for one in found if one.status == "archived"] == [("m0", "2"), ("m4", "1")]
    assert {one.flavour for one in found} == {"custom_model"}


def test_anonymous_versions_are_left_out(registry: AzureModels, workspace: Workspace) -> None:
    workspace.models = [ServedModel("m", {"1": {"isAnonymous": True}, "2": {}})]
    assert [one.version for one in listed(registry) if isinstance(one, ForeignVersion)] == ["2"]


def test_one_broken_version_hides_no_other(registry: AzureModels, workspace: Workspace) -> None:
    workspace.models = [ServedModel("m", {"1": {"provisioningState": "Failed"}, "2": {"modelUri": None}, "3": {}})]
    found = listed(registry)
    assert found[0] == Unsound(where="m version 1", reason="it is Failed")
    assert [one.version for one in found[1:] if isinstance(one, ForeignVersion)] == ["2", "3"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_asked_for_and_tagged_as_they_are(
    registry: AzureModels, workspace: Workspace, name: str
) -> None:
    workspace.models = [ServedModel(name, {"1": {}}), ServedModel("other", {"1": {}})]
    found = [one for one in listed(registry) if isinstance(one, ForeignVersion)]
    assert [one.model for one in found] == [name, "other"]
    assert registry.tag(name, "1", {"syndic.model": "x"})
    assert workspace.models[0].versions["1"]["tags"] == {"syndic.model": "x"}
    assert workspace.models[1].versions["1"] == {}


def test_tags_are_set_once_and_nothing_else_changes(
    registry: AzureModels, workspace: Workspace, plane: ControlPlane
) -> None:
    workspace.models = [ServedModel("car-loan", {"3": {**FULL, "isArchived": True}})]
    (before,) = listed(registry)
    assert isinstance(before, ForeignVersion)
    tags = {"syndic.approval": "approved", "syndic.request": "000001"}
    assert registry.tag("car-loan", "3", tags)
    assert not registry.tag("car-loan", "3", tags)
    assert sum(one.startswith("PUT") for one in plane.asked) == 1
    (after,) = listed(registry)
    assert after == before.model_copy(
        update={"tags": before.tags | tags, "run_tags": before.run_tags | tags, "status": "archived"}
    )
    held = workspace.models[0].versions["3"]
    assert {key: held[key] for key in FULL} == {**FULL, "tags": FULL["tags"] | tags}
    assert (held["isArchived"], held["isAnonymous"]) == (True, False)


def test_a_version_or_model_that_is_gone_is_told_from_a_refusal(registry: AzureModels, workspace: Workspace) -> None:
    workspace.models = [ServedModel("m", {"1": {}})]
    with pytest.raises(NotFoundError, match="tag m version 2"):
        registry.tag("m", "2", {"syndic.model": "x"})
    assert list(registry.versions_of("gone", None)) == []
    workspace.refuse_writes = 403
    with pytest.raises(UnavailableError, match=r"tag m version 1: .*AuthorizationFailed"):
        registry.tag("m", "1", {"syndic.model": "x"})
    assert workspace.models[0].versions["1"] == {}


@pytest.mark.usefixtures("no_wait_between_tries")
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_workspace_that_cannot_be_read_is_unavailable_with_its_reason(
    registry: AzureModels, workspace: Workspace, status: int
) -> None:
    workspace.models, workspace.refuse = [ServedModel("m", {"1": {}})], status
    with pytest.raises(UnavailableError, match=f"{WORKSPACE}: list models"):
        registry.models()
    with pytest.raises(NotFoundError if status == 404 else UnavailableError, match=f"{WORKSPACE}: tag m version 1"):
        registry.tag("m", "1", {})


def test_relayed_and_imported_twice_is_imported_once(registry: AzureModels, workspace: Workspace) -> None:
    workspace.models = [ServedModel("car-loan", {"3": FULL, "4": {}}, description="who repays")]
    store, audit = MemoryStore(), MemoryAudit()
    here: dict[str, Any] = {"store": store, "audit": audit, "actor": "discovery", "now": NOW}
    reports = []
    for _ in range(2):
        relay(registry, store=store)
        reports.append(import_models(RelayedRegistry(registry.name, store), **here))
    assert reports[0].added == ("car-loan version 3", "car-loan version 4")
    assert (reports[1].added, reports[1].changed, reports[1].unchanged) == ((), (), 2)
    body = store.get(version_key(reports[0].models[0], "3")).body  # type: ignore[union-attr]
    assert [body["training"][name] for name in ("dataset_sha256", "rows", "features")] == [SHA, 1000, 7]
    assert body["metadata"]["foreign_id"] == f"{workspace.root}/models/car-loan/versions/3"
    assert (body["framework"], body["run_id"], body["commit"]) == ("sklearn 1.5.2", "calm_heart_1", "deadbeef")


@pytest.mark.parametrize(
    "served", [None, [], "x", {"createdAt": 3}], ids=["none", "list", "text", "no known properties"]
)
def test_a_version_that_is_not_as_described_is_listed_with_the_reason(
    plane: ControlPlane, workspace: Workspace, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = AzureModels(ManagedIdentityCredential(client_id="app"), WORKSPACE, address=plane.address)
    workspace.models = [ServedModel("m", {"1": {"isAnonymous": False}, "2": {}})]
    real = registry._reader.model_versions

    def misshapen(model: str) -> Any:
        first, *others = real(model)
        yield {**first, "systemData": None} if isinstance(served, dict) else {**first, "properties": served}
        yield from others

    monkeypatch.setattr(registry._reader, "model_versions", misshapen)
    first, second = listed(registry)
    assert isinstance(first, Unsound)
    assert first.where == "m version 1"
    assert API_VERSION in first.reason or "created_at" in first.reason
    assert isinstance(second, ForeignVersion)


def test_a_token_of_nobody_is_refused(plane: ControlPlane, workspace: Workspace) -> None:
    workspace.models = [ServedModel("m", {"1": {}})]
    registry = AzureModels(SignedIn("made-up"), WORKSPACE, address=plane.address)
    with pytest.raises(UnavailableError, match="401"):
        registry.models()
    with pytest.raises(UnavailableError, match="401"):
        registry.tag("m", "1", {"syndic.model": "x"})


@pytest.mark.filterwarnings("ignore")
def test_the_stand_in_takes_what_the_vendors_description_says_can_be_written() -> None:
    from azure.ai.ml._restclient.arm_ml_service.models import ModelVersionProperties

    fields = ModelVersionProperties({})._attr_to_rest_field.values()
    assert {
        field._rest_name for field in fields if not field._visibility or {"create", "update"} & {*field._visibility}
    } == WRITABLE | {"datasets"}  # of a later api-version than ours
