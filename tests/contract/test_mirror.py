"""The mirror between DynamoDB and Table Storage, as emulators have them, with the real checks on the Azure side."""

from __future__ import annotations

import uuid
from datetime import timedelta
from importlib import resources

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient

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
from syndic.models import Presence
from syndic.records import get_model
from syndic.registry.catalogue import list_page
from tests.contract import clouds
from tests.unit.mirroring.two_clouds import MODEL, NOW, Aws, TwoClouds, found

FRAMEWORK = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
pytestmark = pytest.mark.emulator


@pytest.fixture
def world(aws: str, bucket: str, azurite: clouds.Azurite) -> TwoClouds:
    name = f"mirror{uuid.uuid4().hex[:12]}"
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
