"""Azure's errors are translated by their codes, and events go to the queues of their receivers."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)

from syndic.adapters import azure
from syndic.adapters.azure import BlobArchive, BlobCaptures, QueueBus, TableStore
from syndic.adapters.azure.errors import code_of, translate
from syndic.adapters.azure.queues import MESSAGE_LIMIT, QUEUES, queue_for
from syndic.errors import (
    ConflictError,
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


def test_a_function_imports_only_what_it_uses() -> None:
    code = "import sys; from syndic.adapters.azure import QueueBus; print(*sorted(m for m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "syndic.adapters.azure.queues" in loaded
    assert not {"azure.data.tables", "azure.storage.blob", "azure.identity", "boto3", "botocore"} & set(loaded)
    assert set(azure.__all__) == set(azure._PLACES)
    assert all(getattr(azure, name).__name__ == name for name in azure.__all__)
    with pytest.raises(AttributeError):
        _ = azure.Nothing
