"""What the real table service refuses and the emulator takes: our own code must refuse it, or never send it.

The whole store suite runs on `StrictTables` too; here it is shown that it does refuse.
"""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from azure.core.exceptions import ServiceResponseError
from azure.core.pipeline.transport import RequestsTransport
from azure.data.tables import TableClient
from azure.storage.blob import ContainerClient

from syndic.adapters.azure import QueueBus, StorageClients, TableStore
from syndic.adapters.azure.table_entities import check_entity, size_of
from syndic.errors import StaleWriteError, TooLargeError, UnavailableError
from syndic.models import EvidenceChanged
from syndic.ports import ABSENT, Key, Listing, Record, Write
from tests.contract import clouds
from tests.contract.strict_tables import RefusedError, check_row

pytestmark = pytest.mark.emulator


@pytest.fixture
def here() -> str:
    return f"test.{uuid.uuid4().hex[:12]}"


TOO_MUCH: dict[str, dict[str, Any]] = {
    "over 1 MiB as UTF-16": {f"p{i}": "x" * 31_000 for i in range(17)},
    "over 252 properties": {f"p{i}": "x" for i in range(253)},
    "a string over 64,000 bytes": {"p": "x" * 32_500},
    "binary over 64,000 bytes": {"p": b"x" * 65_000},
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_the_emulator_takes_what_we_and_the_service_refuse(
    plain_azure_table: TableClient, here: str, case: str
) -> None:
    entity = {"PartitionKey": here, "RowKey": "a", **TOO_MUCH[case]}
    plain_azure_table.create_entity(entity)
    with pytest.raises(TooLargeError):
        check_entity(entity)


@pytest.mark.parametrize("case", TOO_MUCH)
def test_the_suite_sees_what_the_service_would_refuse(azure_table: TableClient, here: str, case: str) -> None:
    entity = {"PartitionKey": here, "RowKey": "a", **TOO_MUCH[case]}
    with pytest.raises(RefusedError):
        azure_table.create_entity(entity)
    with pytest.raises(RefusedError):
        azure_table.submit_transaction([("create", {"PartitionKey": here, "RowKey": "b"}), ("create", entity)])


def test_the_suite_sees_batches_and_keys_that_the_service_would_refuse(azure_table: TableClient, here: str) -> None:
    def batch(count: int, size: int) -> list[Any]:
        return [("create", {"PartitionKey": here, "RowKey": f"{i}", "p": b"x" * size}) for i in range(count)]

    for operations in (batch(101, 1), batch(90, 50_000)):
        with pytest.raises(RefusedError):
            azure_table.submit_transaction(operations)
    for bad in ("a/b", "a\\b", "a#b", "a?b", "a\tb", "x" * 513):
        with pytest.raises(RefusedError):
            check_row({"PartitionKey": here, "RowKey": bad})


def test_pages_of_the_suite_are_short_and_the_first_is_empty(azure_table: TableClient, here: str) -> None:
    for i in range(5):
        azure_table.create_entity({"PartitionKey": here, "RowKey": f"{i}"})
    pages = azure_table.query_entities(f"PartitionKey eq '{here}'", results_per_page=4).by_page()
    assert [len(list(page)) for page in pages] == [0, 2, 2, 1]


@pytest.mark.parametrize("size", [1, 4_000, 4_200, 31_000, 62_000, 120_000, 880_000, 905_000, 920_000, 1_400_000])
def test_no_size_of_body_comes_near_a_limit(
    azure_table: TableClient, container: ContainerClient, here: str, size: int
) -> None:
    store = TableStore(azure_table, blobs=container)
    noise = random.Random(size)  # noqa: S311 - only has to be hard to compress
    bodies = [{"quoted": '"\\' * (size // 4)}, {"noise": noise.randbytes(size).hex()}]
    listings = tuple(Listing(f"{here}.{i:03d}.{'l' * 400}", "s" * 500) for i in range(60))
    for i, body in enumerate(bodies):
        record = store.put(Record(Key(here, f"{i}"), body, listings=listings))
        assert store.get(record.key) == record
        row = azure_table.get_entity(here, f"{i}")
        assert size_of(row) < 1024 * 1024
    count = 90 if size < 100_000 else 8
    together = [Write(Record(Key(here, f"t{i:02d}"), bodies[i % 2]), ABSENT) for i in range(count)]
    assert store.put_together(together) == store.query(here, prefix="t", limit=100).records


def test_a_record_with_more_listings_than_fit_is_refused_and_leaves_nothing(
    azure_table: TableClient, container: ContainerClient, here: str
) -> None:
    store = TableStore(azure_table, blobs=container)
    listings = tuple(Listing(f"{here}.l", f"{i:04d}.{'s' * 500}") for i in range(1_000))
    with pytest.raises(TooLargeError):
        store.put(Record(Key(here, "a"), {}, listings=listings))
    assert list(azure_table.query_entities(f"PartitionKey eq '{here}.l'")) == []
    assert store.get(Key(here, "a")) is None


@pytest.mark.parametrize("etag", ["", "another", 'W/"x"\r\nIf-Match: *', "*", 'W/"*"', "W/\"datetime'2026'\"l"])
def test_an_etag_that_the_service_never_gave_writes_nothing(
    azure_table: TableClient, container: ContainerClient, here: str, etag: str
) -> None:
    store = TableStore(azure_table, blobs=container)
    present = store.put(Record(Key(here, "a"), {"v": 1}))
    for call in (
        lambda: store.put(Record(Key(here, "a"), {"v": 2}), expect=etag),
        lambda: store.put_together(
            [Write(Record(Key(here, "a"), {"v": 2}), etag), Write(Record(Key(here, "b"), {}), ABSENT)]
        ),
        lambda: store.delete(Key(here, "a"), expect=etag),
    ):
        with pytest.raises(StaleWriteError):
            call()
    assert store.query(here).records == (present,)


class Losing(RequestsTransport):
    """The service does what it is asked, but its answer to the next writing call is lost."""

    armed = False

    def send(self, request: Any, **options: Any) -> Any:
        answer = super().send(request, **options)
        if self.armed and request.method != "GET":
            self.armed = False
            raise ServiceResponseError("connection reset")
        return answer


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("present", [False, True])
def test_a_write_whose_answer_was_lost_is_reported_as_done_or_as_unknown_but_never_as_refused(
    azurite: clouds.Azurite,
    plain_azure_table: TableClient,
    container: ContainerClient,
    here: str,
    present: bool,
    together: bool,
) -> None:
    transport = Losing()
    table = TableClient.from_connection_string(azurite.connection, plain_azure_table.table_name, transport=transport)
    store = TableStore(table, blobs=container)
    expect = store.put(Record(Key(here, "a"), {"v": 1})).etag if present else ABSENT
    record = Record(Key(here, "a"), {"v": 2})
    transport.armed = True
    try:
        if together:
            written = store.put_together([Write(record, expect), Write(Record(Key(here, "b"), {}), ABSENT)])[0]
        else:
            written = store.put(record, expect=expect)
    except UnavailableError:
        written = None
    found = store.get(Key(here, "a"))
    assert found is not None
    assert found.body == {"v": 2}
    assert not transport.armed
    assert written is None or written == found


def test_a_table_that_is_not_there_is_no_empty_table(azure_clients: StorageClients, container: ContainerClient) -> None:
    store = TableStore(azure_clients.table("nosuchtable"), blobs=container)
    for call in (
        lambda: store.get(Key("p", "s")),
        lambda: store.query("p"),
        lambda: store.put(Record(Key("p", "s"), {}), expect=ABSENT),
        lambda: store.delete(Key("p", "s")),
    ):
        with pytest.raises(UnavailableError, match="TableNotFound"):
            call()


def test_a_message_waits_for_its_receiver_as_long_as_it_takes(azure_clients: StorageClients) -> None:
    queue = azure_clients.queue(f"waits-{uuid.uuid4().hex[:8]}")
    queue.create_queue()
    QueueBus(lambda name: queue).publish([EvidenceChanged(model_id="m", kinds=())])
    (message,) = queue.peek_messages()
    assert message.expires_on is not None
    assert message.expires_on.year == 9999  # how the service writes "never"; without a word it is seven days
