"""Pages of models on DynamoDB: queries and batch reads, a fixed number of them, and never a scan."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.aws import DynamoStore
from syndic.models import Cloud, ComplianceStatus, RegisteredModel
from syndic.records import model_record
from syndic.registry.overview import keep_overview, read_overview
from syndic.registry.versions.catalogue import list_page
from tests.contract import clouds

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MODELS = 240

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def counted(aws, bucket) -> tuple[DynamoStore, Counter[str]]:
    client, operations = clouds.client("dynamodb", aws), Counter()
    client.create_table(
        TableName="model-pages",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    store = DynamoStore(client, "model-pages", s3=clouds.client("s3", aws), bucket=bucket)
    for n in range(MODELS):
        model = RegisteredModel(
            id=f"model-{n:03}-abcdef", name=f"Model {n:03}", cloud=Cloud.AWS, registered_at=NOW - timedelta(minutes=n),
            compliance_status=ComplianceStatus.APPROVED if n % 2 else ComplianceStatus.DRAFT, stages=("production",),
        )  # fmt: skip
        store.put(model_record(model))
    client.meta.events.register("before-call.dynamodb.*", lambda model, **_: operations.update([model.name]))
    return store, operations


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        ({}, 1),
        ({"sort": "newest"}, 1),
        ({"descending": True}, 1),
        ({"filters": {"status": "draft"}}, 1),
        ({"filters": {"stage": "production"}, "sort": "newest"}, 1),
        ({"begins": "model 1"}, 1),
        ({"filters": {"status": "draft", "stage": "production"}}, 2),
        ({"text": "39"}, 3),
    ],
)
def test_a_page_is_a_query_and_a_batch_read_each_time(counted, arguments, most):
    store, operations = counted
    operations.clear()
    page = list_page(store, limit=50, **arguments)
    assert page.models
    assert set(operations) == {"Query", "BatchGetItem"}
    assert max(operations.values()) <= most


def test_counting_all_models_scans_nothing_either(counted):
    store, operations = counted
    operations.clear()
    kept = keep_overview(store, now=NOW, daily=True)
    assert (kept.models, kept.by_status) == (MODELS, {"draft": 120, "approved": 120})
    assert "Scan" not in operations
    operations.clear()
    assert read_overview(store, now=NOW) == kept
    assert operations == {"Query": 1, "GetItem": 1}
