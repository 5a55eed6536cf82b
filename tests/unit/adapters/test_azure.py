"""What the emulator cannot show: refusals, throttling, addresses of others, messages that are too large."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)
from hypothesis import given
from hypothesis import strategies as st

from syndic.adapters import azure
from syndic.adapters.azure import BlobArchive, BlobCaptures, QueueBus, StorageClients, TableStore
from syndic.adapters.azure.addresses import blob_address, read_address
from syndic.adapters.azure.errors import code_of, translate
from syndic.adapters.azure.queues import MESSAGE_LIMIT, QUEUES, queue_for
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StaleWriteError,
    SyndicError,
    TooLargeError,
    UnavailableError,
)
from syndic.models import (
    BaselineRequested,
    CheckRequested,
    Concern,
    CountRequested,
    Event,
    EvidenceChanged,
    Finding,
    FindingsChanged,
    ModelChecked,
    ModelsDiscovered,
    PartRequested,
    ReportRequested,
    Severity,
    WindowCounted,
    WindowLength,
)
from syndic.ports import Key, ObjectInfo, Record
from syndic.settings import AzureSettings
from syndic.tasks.messages import read_message

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WINDOW = WindowLength.DAY.around(NOW)


class Answer:
    """What came back from the service."""

    def __init__(self, status: int, code: str | None = None, *, body: str = "") -> None:
        self.status_code, self.reason = status, "because"
        self.headers = {"Content-Type": "application/json", **({"x-ms-error-code": code} if code else {})}
        self._body = body

    def text(self) -> str:
        return self._body


def refusal(status: int, code: str | None = None, *, body: str = "") -> HttpResponseError:
    return HttpResponseError(message="because", response=Answer(status, code, body=body))  # type: ignore[arg-type]


class Raising:
    """A client of which every call raises."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.url, self.account_name, self.container_name = "https://a.blob.core.windows.net/c", "a", "c"

    def __getattr__(self, name: str) -> Any:
        def call(*_given: Any, **_named: Any) -> Any:
            raise self._error

        return call


# --- errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal(409, "EntityAlreadyExists"), StaleWriteError),
        (refusal(412, "UpdateConditionNotSatisfied"), StaleWriteError),
        (refusal(412, "ConditionNotMet"), ConflictError),
        (refusal(404, "BlobNotFound"), NotFoundError),
        (refusal(404), NotFoundError),
        (refusal(404, "TableNotFound"), UnavailableError),
        (refusal(404, body='{"odata.error":{"code":"TableNotFound"}}'), UnavailableError),
        (refusal(404, body="no json"), NotFoundError),
        (refusal(404, "QueueNotFound"), UnavailableError),
        (refusal(413), TooLargeError),
        (refusal(413, "RequestBodyTooLarge"), TooLargeError),
        (refusal(403, "AuthorizationPermissionMismatch"), UnavailableError),
        (refusal(503, "ServerBusy"), UnavailableError),
        (refusal(500), UnavailableError),
        (ServiceRequestError("no route"), UnavailableError),
        (ClientAuthenticationError("AADSTS70021: no matching federated identity record found"), UnavailableError),
        (AzureError(""), UnavailableError),
    ],
)
def test_an_error_is_translated_by_its_code_and_says_it(error: AzureError, expected: type[SyndicError]) -> None:
    translation = translate(error, "read x")
    assert type(translation) is expected
    assert str(translation).startswith(f"read x: {code_of(error)}: ")
    assert "\n" not in str(translation)


@pytest.mark.parametrize("error", [ServiceRequestError("no route"), refusal(403, "AuthorizationFailure")])
def test_a_service_that_does_not_answer_or_refuses_is_unavailable_to_every_port(error: Exception) -> None:
    client: Any = Raising(error)
    store = TableStore(client, blobs=client, sleep=lambda _: None)
    archive = BlobArchive(client)
    captures = BlobCaptures(lambda _: type("Service", (), {"get_container_client": lambda *_: client})())  # type: ignore[arg-type,return-value]
    item = ObjectInfo("https://acc.blob.core.windows.net/captured/a", 5, "e", NOW)
    calls = [
        lambda: store.get(Key("p", "s")),
        lambda: store.put(Record(Key("p", "s"), {})),
        lambda: store.delete(Key("p", "s")),
        lambda: store.query("p"),
        lambda: archive.get("a"),
        lambda: archive.put("a", b"", content_type="text/plain"),
        lambda: list(archive.list("a")),
        lambda: archive.link("a"),
        lambda: captures.table(item.uri),
        lambda: list(captures.open(item)),
        lambda: QueueBus(lambda _: client).publish([EvidenceChanged(model_id="m", kinds=())]),
    ]
    for call in calls:
        with pytest.raises(UnavailableError):
            call()


# --- messages ----------------------------------------------------------------------------------------


class Queues:
    """Queues that keep what they are sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def __call__(self, name: str) -> Any:
        def send(content: str, *, time_to_live: int) -> None:
            self.sent.append((name, content))

        return type("Queue", (), {"send_message": staticmethod(send)})()


def finding(text: str, i: int = 0) -> Finding:
    return Finding(
        id=f"f{i}",
        model_id="m",
        model_name="m",
        owner=None,
        concern=Concern.DRIFT,
        subject="feature",
        severity=Severity.HIGH,
        title="t",
        reason=text,
        remedy="look",
        value=0.1,
        found_at=NOW,
    )


EVENTS: list[tuple[Event, str | None]] = [
    (CountRequested(model_id="m", window=WINDOW, checks=("drift", "bias")), "syndic-counter"),
    (WindowCounted(check="quality", model_id="m", window=WINDOW, counts="c"), "syndic-quality"),
    (CheckRequested(check="drift", model_id="m", window=WINDOW), "syndic-drift"),
    (CheckRequested(check="quality", model_id="m", window=WINDOW), "syndic-quality"),
    (CheckRequested(check="bias", model_id="m", window=WINDOW), "syndic-bias"),
    (BaselineRequested(model_id="m", source={}, actor="a"), "syndic-drift"),
    (PartRequested(run="r", part=1, task={}), "syndic-windows"),
    (EvidenceChanged(model_id="m", kinds=()), "syndic-compliance"),
    (FindingsChanged(findings=(finding("x"),)), "syndic-alerting"),
    (ModelChecked.model_construct(), None),
    (ModelsDiscovered(registered=(), gone=(), unavailable={}), None),
]


@pytest.mark.parametrize(("event", "queue"), EVENTS)
def test_each_event_goes_to_the_queue_of_its_receiver(event: Event, queue: str | None) -> None:
    queues = Queues()
    if queue is not None:
        QueueBus(queues).publish([event])
        ((name, content),) = queues.sent
        assert name == queue
        assert read_message(base64.b64decode(content).decode(), type(event)) == event
    assert queue_for(event) == queue
    assert queue is None or queue in QUEUES


def test_an_event_that_nothing_takes_is_dropped_and_a_report_is_refused_before_anything_is_sent() -> None:
    queues = Queues()
    QueueBus(queues).publish([ModelsDiscovered(registered=(), gone=(), unavailable={})])
    with pytest.raises(ConflictError, match="AWS"):
        QueueBus(queues).publish([EvidenceChanged(model_id="m", kinds=()), ReportRequested(job_id="j")])
    assert queues.sent == []


@pytest.mark.parametrize("size", [10, 20_000, 47_000])
def test_findings_are_cut_into_messages_that_the_service_takes(size: int) -> None:
    queues = Queues()
    QueueBus(queues).publish([FindingsChanged(findings=tuple(finding("é" * (size // 2), i) for i in range(9)))])
    assert all(len(content) <= 64 * 1024 for _, content in queues.sent)
    events = [read_message(base64.b64decode(content).decode(), FindingsChanged) for _, content in queues.sent]
    assert sorted(one.id for event in events for one in event.findings) == [f"f{i}" for i in range(9)]


def test_one_event_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLargeError):
        QueueBus(Queues()).publish([FindingsChanged(findings=(finding("x" * MESSAGE_LIMIT),))])


# --- addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "service", "account"),
    [
        ("https://acc.blob.core.windows.net/con/a/b", "https://acc.blob.core.windows.net", "acc"),
        ("https://ACC.blob.core.windows.net/con/a/b", "https://acc.blob.core.windows.net", "acc"),
        ("https://acc.z12.blob.storage.azure.net/con/a/b", "https://acc.z12.blob.storage.azure.net", "acc"),
        (
            "http://127.0.0.1:10000/devstoreaccount1/con/a/b",
            "http://127.0.0.1:10000/devstoreaccount1",
            "devstoreaccount1",
        ),
    ],
)
def test_an_address_names_account_container_and_blob(uri: str, service: str, account: str) -> None:
    at = read_address(uri)
    assert (at.service, at.account, at.container, at.name) == (service, account, "con", "a/b")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "s3://bucket/key",
        "http://acc.blob.core.windows.net/con/a",  # a token must not travel in the clear
        "https://acc.blob.core.windows.net.evil.org/con/a",
        "https://evil.org/acc.blob.core.windows.net/con/a",
        "https://acc.evil.org/con/a",
        "https://acc.blob.core.windows.net@evil.org/con/a",
        "https://user@acc.blob.core.windows.net/con/a",
        "https://acc.blob.core.windows.net:8443/con/a",
        "https://127.0.0.1:10000/devstoreaccount1/con/a",
        "http://169.254.169.254/metadata/identity",
        "https://acc.blob.core.windows.net/con/a?sig=x",
        "https://acc.blob.core.windows.net/con/a#x",
        "https://acc.blob.core.windows.net",
        "https://acc.blob.core.windows.net/",
        "https://acc.blob.core.windows.net/UPPER/a",
        "https://acc.dfs.core.windows.net/con/a",
        "https://acc.blob.core.windows.net:port/con/a",
        "https://[::1/con/a",
    ],
)
def test_an_address_that_is_not_the_storage_services_gets_no_token(uri: str) -> None:
    with pytest.raises(InvalidInputError):
        read_address(uri)
    with pytest.raises(InvalidInputError):
        BlobCaptures(lambda _: pytest.fail("asked for a client")).table(uri)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_the_address_of_a_blob_gives_its_name_back(name: str) -> None:
    assert read_address(blob_address("https://acc.blob.core.windows.net/con", name)).name == name


# --- clients -----------------------------------------------------------------------------------------


class Credential:
    """An identity that must not be asked."""

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        raise AssertionError


SETTINGS = {"storage_account": "results", "table_name": "t", "archive_container": "archive", "ml_workspaces": "s/g/w"}


def test_in_azure_clients_reach_the_account_over_tls_with_the_identity() -> None:
    clients = StorageClients.of(AzureSettings(**SETTINGS))
    assert clients.table("syndic").url == "https://results.table.core.windows.net"
    assert clients.container("archive").url == "https://results.blob.core.windows.net/archive"
    assert clients.queue("syndic-drift").url == "https://results.queue.core.windows.net/syndic-drift"
    assert clients.queue("syndic-drift") is clients.queue("syndic-drift")
    assert clients.blobs_of("https://ml123.blob.core.windows.net").account_name == "ml123"


def test_a_token_goes_to_no_other_host_and_an_emulators_key_to_no_other_account() -> None:
    clients = StorageClients("results", credential=Credential())  # type: ignore[arg-type]
    for address in ("http://127.0.0.1:10000/devstoreaccount1", "https://evil.org", "http://acc.blob.core.windows.net"):
        with pytest.raises(InvalidInputError):
            clients.blobs_of(address)
    connection = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
        "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
    )
    emulator = StorageClients("devstoreaccount1", connection=connection)
    assert emulator.blobs_of("http://127.0.0.1:10000/devstoreaccount1").account_name == "devstoreaccount1"
    with pytest.raises(UnavailableError):
        emulator.blobs_of("https://acc.blob.core.windows.net")
    with pytest.raises(InvalidInputError):
        StorageClients("results")


def test_a_link_is_signed_by_the_key_that_the_service_lends_for_its_time() -> None:
    asked: list[tuple[datetime, datetime]] = []

    class Container:
        url, account_name, container_name = "https://results.blob.core.windows.net/archive", "results", "archive"

        def get_blob_client(self, name: str) -> Any:
            blob = {"name": name, "size": 1, "etag": '"e"', "last_modified": NOW}
            return type("Blob", (), {"get_blob_properties": lambda _: type("Properties", (), blob)})()

    def lend(begin: datetime, end: datetime) -> dict[str, Any]:
        asked.append((begin, end))
        key = dict.fromkeys(("signed_oid", "signed_tid", "signed_start", "signed_expiry", "signed_service"), "x")
        key |= {"signed_version": "2020-02-10", "value": base64.b64encode(b"key").decode()}
        key |= {"signed_delegated_user_tid": None}
        return {"user_delegation_key": type("Key", (), key)}

    archive = BlobArchive(Container(), signing=lend, now=lambda: NOW)  # type: ignore[arg-type]
    link = urlsplit(archive.link("reports/a b.pdf", seconds=60))
    query = parse_qs(link.query)
    assert link.path == "/archive/reports/a%20b.pdf"
    assert query["sp"] == ["r"]
    assert query["se"] == ["2026-11-21T00:01:00Z"]
    assert query["skoid"] == ["x"]
    assert query["rscd"] == ['attachment; filename="a_b.pdf"']
    assert asked == [(NOW - timedelta(minutes=5), NOW + timedelta(seconds=60))]
    with pytest.raises(ConflictError, match="no key"):
        BlobArchive(Container()).link("a")  # type: ignore[arg-type]


def test_a_function_imports_only_what_it_uses() -> None:
    code = "import sys; from syndic.adapters.azure import QueueBus; print(*sorted(m for m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "syndic.adapters.azure.queues" in loaded
    assert not {"azure.data.tables", "azure.storage.blob", "azure.identity", "boto3", "botocore"} & set(loaded)
    assert set(azure.__all__) == set(azure._PLACES)
    assert all(getattr(azure, name).__name__ == name for name in azure.__all__)
    with pytest.raises(AttributeError):
        _ = azure.Nothing
