"""The mirror between DynamoDB and Table Storage, as emulators have them, with the real checks on the Azure side."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from importlib import resources

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from functions import wiring
from functions.mirror.handler import handler
from functions.wiring import AwsWiring
from syndic.adapters.aws import DynamoStore
from syndic.adapters.azure import TableStore
from syndic.alerting.use_cases import list_alerts
from syndic.bias.use_cases import latest_reports
from syndic.compliance.use_cases import (
    activate_framework,
    active_frameworks,
    list_frameworks,
    statuses_of,
    upload_framework,
)
from syndic.drift.use_cases import get_baseline, history, latest_report
from syndic.mirroring.use_cases import mirror_state
from syndic.models import CheckRequested, Presence, TimeWindow
from syndic.records import get_model
from syndic.registry.catalogue import list_page
from syndic.tasks.messages import read_request
from tests.contract import clouds
from tests.unit.mirroring.two_clouds import DAY, MODEL, NOW, QUIET, Aws, TwoClouds, found

FRAMEWORK = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
pytestmark = pytest.mark.emulator


@pytest.fixture
def name() -> str:
    return f"mirror{uuid.uuid4().hex[:12]}"


@pytest.fixture
def world(name: str, aws: str, bucket: str, azurite: clouds.Azurite) -> TwoClouds:
    client = clouds.client("dynamodb", aws)
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    here = DynamoStore(client, name, s3=clouds.client("s3", aws), bucket=bucket)
    table = TableServiceClient.from_connection_string(azurite.connection).create_table(name)
    blobs = BlobServiceClient.from_connection_string(azurite.connection).create_container(name)
    world = found(store=TableStore(table, blobs=blobs))
    return TwoClouds(aws=Aws(raw=here), azure=world.azure)


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
    assert list_alerts(here, model_id=MODEL).alerts
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


@pytest.fixture
def deployed(
    name: str, aws: str, bucket: str, azurite: clouds.Azurite, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwsWiring]:
    """What a Lambda function is given, with the emulators' addresses."""
    clouds.client("events", aws).create_event_bus(Name=name)
    environment = {
        "AWS_ENDPOINT_URL": aws, "AWS_DEFAULT_REGION": clouds.REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "SYNDIC_TABLE_NAME": name, "SYNDIC_ARCHIVE_BUCKET": bucket,
        "SYNDIC_EVENT_BUS": name, "SYNDIC_AZURE_STORAGE_ACCOUNT": clouds.AZURITE_ACCOUNT,
        "SYNDIC_AZURE_STORAGE_CONNECTION": azurite.connection, "SYNDIC_AZURE_TABLE_NAME": name,
        "SYNDIC_AZURE_ARCHIVE_CONTAINER": name,
    }  # fmt: skip
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    wired = wiring.wired
    wired.cache_clear()
    yield wired()
    wired.cache_clear()


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
