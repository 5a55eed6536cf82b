from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from functions import wiring
from functions.wiring import AwsWiring, clients
from syndic.adapters import aws
from syndic.adapters.channels.email.channel import EmailChannel
from syndic.adapters.partitioned import PartitionedStore
from syndic.audit.appending.inbox import Inbox
from syndic.batch_jobs import JobCaptures
from syndic.errors import InvalidInputError
from syndic.settings import AwsSettings, variable

LEAST = AwsSettings(table_name="records", archive_bucket="archive", event_bus="bus")


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    wiring.wired.cache_clear()
    yield
    wiring.wired.cache_clear()


def test_each_adapter_is_built_once() -> None:
    wired = AwsWiring(LEAST)

    assert isinstance(wired.store, PartitionedStore)
    assert isinstance(wired.archive, aws.S3Archive)
    assert isinstance(wired.captures, JobCaptures)  # around the reader of buckets
    assert isinstance(wired.bus, aws.EventBridgeBus)
    assert isinstance(wired.audit, Inbox)
    assert wired.store is wired.store
    assert wired.archive is wired.archive


def test_what_is_not_configured_is_off() -> None:
    assert AwsWiring(LEAST).notifier is None
    assert AwsWiring(LEAST).maps is None
    more = LEAST.model_copy(
        update={"mail_from": "a@example.org", "map_state_machine": "arn:aws:states:eu-central-1:1:stateMachine:m"}
    )
    assert isinstance(AwsWiring(more).notifier, EmailChannel)
    assert isinstance(AwsWiring(more).maps, aws.StepFunctionsMap)


def test_clients_give_up_before_a_function_does() -> None:
    config = clients.CLIENT
    tries = config.retries["total_max_attempts"]

    assert config.connect_timeout + config.read_timeout < 29  # the API's limit
    assert 1 < tries <= 5


def test_time_is_aware_and_in_utc() -> None:
    assert AwsWiring(LEAST).now().tzinfo is UTC


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[str] = []
    monkeypatch.setattr(wiring, "write_json_logs", levels.append)
    for field in ("table_name", "archive_bucket", "event_bus"):
        monkeypatch.setenv(variable(field), field)

    first = wiring.wired()

    assert wiring.wired() is first
    assert first.settings.table_name == "table_name"
    assert levels == ["INFO"]


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in ("table_name", "archive_bucket", "event_bus"):
        monkeypatch.delenv(variable(field), raising=False)

    with pytest.raises(InvalidInputError, match="SYNDIC_TABLE_NAME"):
        wiring.wired()


def test_links_name_the_region_and_are_signed_for_it() -> None:
    link = AwsWiring(LEAST)._s3.generate_presigned_url("get_object", Params={"Bucket": "archive", "Key": "a.pdf"})

    assert link.startswith("https://archive.s3.eu-central-1.amazonaws.com/a.pdf?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
