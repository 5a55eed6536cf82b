"""The mirror between DynamoDB and Table Storage, as emulators have them, with the real checks on the Azure side."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta
from importlib import resources

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueServiceClient

from functions import wiring
from functions.mirror.handler import handler
from functions.wiring import AwsWiring
from syndic.alerting.alerts import list_alerts
from syndic.audit.keys import ANCHORED
from syndic.audit.tree.batches import read_tree
from syndic.bias.report.queries import latest_reports
from syndic.compliance.catalogue import activate_framework, active_frameworks, list_frameworks, upload_framework
from syndic.compliance.evaluation.queries import statuses_of
from syndic.drift.report.queries import get_baseline, history, latest_report
from syndic.mirror.exchange import mirror_state
from syndic.models import CheckRequested, Presence, TimeWindow
from syndic.records import get_model
from syndic.registry.versions.catalogue import list_page
from syndic.tasks.messages import read_request
from tests.contract import clouds
from tests.contract.mirrored import deployed, name, world
from tests.unit.mirror.two_clouds import DAY, MODEL, NOW, QUIET, TwoClouds

__all__ = ["deployed", "name", "world"]  # fixtures

FRAMEWORK = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
pytestmark = pytest.mark.emulator


def test_what_azure_finds_is_known_in_aws_and_what_aws_decides_governs_azure(world: TwoClouds) -> None:
    world.settle()
    world.govern()
    world.settle()
    world.azure.discover()
    world.settle()

    here, there = world.aws.store, world.azure.store
    report = latest_report(MODEL, store=here)
    assert report is not None
    assert report == latest_report(MODEL, store=there)
    assert report.drifted == ("amount",)
    assert len(history(MODEL, store=here).points) == 2
    assert latest_reports(MODEL, store=here) == latest_reports(MODEL, store=there) != ()
    assert get_baseline(MODEL, store=here) == get_baseline(MODEL, store=there)
    assert list_alerts(here, now=NOW, model_id=MODEL).alerts
    assert {one.framework_id for one in statuses_of(here, MODEL)} >= {"eu_ai_act", "nyc_ll144"}
    assert [model.id for model in list_page(here, filters={"cloud": "azure"}).models] == [MODEL]

    world.azure.source.listed.clear()
    world.azure.discover()
    world.later(timedelta(minutes=5))
    report = world.meet()

    assert report.pulled.left_out == report.pushed.left_out == ()
    assert get_model(here, MODEL).presence is Presence.GONE
    assert [model.id for model in list_page(here, filters={"presence": "gone"}).models] == [MODEL]
    state = mirror_state(here)
    assert state is not None
    assert state.mirrored_at is not None
    assert state.mirrored_at > NOW + timedelta(minutes=5)


def test_a_framework_that_is_activated_in_aws_is_in_force_in_azure(world: TwoClouds) -> None:
    draft = upload_framework(FRAMEWORK, actor="ada", **world.aws.common)
    world.meet()
    activate_framework(draft.framework_id, draft.version, bus=world.aws.telling, actor="ada", **world.aws.common)
    world.later(timedelta(minutes=5))
    world.meet()

    assert active_frameworks(world.azure.store) == active_frameworks(world.aws.store)
    assert list_frameworks(world.azure.store) == list_frameworks(world.aws.store)


def test_the_deployed_function_pulls_pushes_and_asks(
    world: TwoClouds, deployed: AwsWiring, azurite: clouds.Azurite
) -> None:
    queue = QueueServiceClient.from_connection_string(azurite.connection).get_queue_client("syndic-drift")
    with suppress(ResourceExistsError):
        queue.create_queue()
    queue.clear_messages()

    first = handler({"type": "mirror.scheduled"}, None)
    request = CheckRequested(check="drift", model_id=MODEL, window=TimeWindow(start=QUIET, end=QUIET + DAY))
    deployed.bus.publish([request])
    second = handler({"type": "mirror.scheduled"}, None)

    assert first["exchanged"]
    assert get_model(deployed.store, MODEL) == get_model(world.azure.store, MODEL)
    assert second["pushed"]["events"] == 1
    [message] = queue.receive_messages()
    assert read_request(base64.b64decode(message.content).decode(), "drift") == request
    third = handler({"type": "mirror.scheduled"}, None)
    assert (third["pulled"]["written"], third["pushed"]["written"], third["pushed"]["events"]) == (0, 0, 0)
    anchored, there = deployed.store.get(ANCHORED), read_tree(world.azure.store)
    assert anchored is not None
    assert (anchored.body["size"], anchored.body["root"]) == (there.head.size, there.frontier.root.hex())
    assert there.head.size > 0, "Azure's functions append to a trail of their own"


def test_an_azure_that_does_not_answer_is_said_and_what_is_known_stays(
    world: TwoClouds, deployed: AwsWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler({"type": "mirror.scheduled"}, None)
    heard = mirror_state(deployed.store)
    closed = f"http://127.0.0.1:{clouds.free_port()}/{clouds.AZURITE_ACCOUNT}"
    ends = ";".join(f"{kind}Endpoint={closed}" for kind in ("Table", "Blob", "Queue"))
    account = f"AccountName={clouds.AZURITE_ACCOUNT};AccountKey={clouds.AZURITE_KEY}"
    away = {"azure_storage_connection": f"DefaultEndpointsProtocol=http;{account};{ends};"}
    monkeypatch.setattr(wiring, "wired", lambda: AwsWiring(deployed.settings.model_copy(update=away)))

    answer = handler({"type": "mirror.scheduled"}, None)

    state = mirror_state(deployed.store)
    assert not answer["exchanged"]
    assert state is not None
    assert heard is not None
    assert state.mirrored_at == heard.mirrored_at
    assert state.unavailable == answer["unavailable"]
    assert get_model(deployed.store, MODEL) == get_model(world.azure.store, MODEL)
