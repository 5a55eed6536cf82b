"""From a workspace to the registry and back, through what is deployed on both sides, on emulators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from azure_functions.wiring import AzureWiring
from demo.azure_ml import ControlPlane, Workspace
from demo.azure_ml_models import ServedModel
from functions.mirror.handler import handler
from functions.wiring import AwsWiring
from syndic.models import Cloud, imported_id
from syndic.records import get_model
from syndic.registry.approvals.requests import decide, request_approval
from syndic.registry.models import Decision, RequestState, Stage, Vote
from syndic.registry.versions.queries import list_versions
from syndic.settings import AzureSettings, read_settings
from syndic.tasks.registries import keep_in_step, relay_registries
from tests.contract import clouds
from tests.contract.mirrored import deployed, name, world
from tests.contract.workspaces import WORKSPACE, plane, workspace
from tests.unit.mirror.two_clouds import TwoClouds

__all__ = ["deployed", "name", "plane", "workspace", "world"]  # fixtures
pytestmark = pytest.mark.emulator
LOAN = imported_id(f"azureml models {WORKSPACE}", "car-loan")


@pytest.fixture
def data_plane(world: TwoClouds, name: str, azurite: clouds.Azurite, plane: ControlPlane) -> AzureWiring:
    """What Azure's functions are given, with the emulator's address and a stand-in for the control plane."""
    values = {
        "SYNDIC_STORAGE_ACCOUNT": clouds.AZURITE_ACCOUNT, "SYNDIC_STORAGE_CONNECTION": azurite.connection,
        "SYNDIC_TABLE_NAME": name, "SYNDIC_ARCHIVE_CONTAINER": name, "SYNDIC_ML_WORKSPACES": WORKSPACE,
        "SYNDIC_RESOURCE_MANAGER": plane.address,
    }  # fmt: skip
    return AzureWiring(read_settings(AzureSettings, values))


def test_a_version_is_imported_approved_by_two_people_and_tagged(
    deployed: AwsWiring, data_plane: AzureWiring, workspace: Workspace
) -> None:
    workspace.models = [ServedModel("car-loan", {"3": {"tags": {"team": "loans"}}, "4": {}})]
    alone = [one.name for one in deployed.registries]

    relay_registries(data_plane)
    handler({"type": "mirror.scheduled"}, None)
    assert [one.name for one in deployed.registries] == [*alone, f"azureml models {WORKSPACE}"]
    keep_in_step(deployed)

    assert get_model(deployed.store, LOAN).cloud is Cloud.AZURE
    assert [one.version for one in list_versions(deployed.store, LOAN)] == ["3", "4"]
    common: dict[str, Any] = {"store": deployed.store, "audit": deployed.audit, "now": deployed.now()}
    request = request_approval(LOAN, "3", Stage.PRODUCTION, actor="ann", **common)
    for actor, role in (("pia", "ml_engineer"), ("bob", "product_owner")):
        at = deployed.now() - timedelta(seconds=1)
        vote = Vote(actor=actor, role=role, decision=Decision.APPROVE, comment="looked at it", at=at)
        request = decide(LOAN, request.id, vote, held_roles=[role], **common)
    assert request.state is RequestState.APPROVED

    keep_in_step(deployed)
    handler({"type": "mirror.scheduled"}, None)
    relay_registries(data_plane)

    tags = workspace.models[0].versions["3"]["tags"]
    assert (tags["team"], tags["syndic.approval"], tags["syndic.model"]) == ("loans", "approved", LOAN)
    assert workspace.models[0].versions["4"] == {}
    relay_registries(data_plane)
    handler({"type": "mirror.scheduled"}, None)
    settled = handler({"type": "mirror.scheduled"}, None)
    assert (settled["pulled"]["written"], settled["pushed"]["written"]) == (0, 0)
