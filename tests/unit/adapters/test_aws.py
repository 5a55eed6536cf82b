"""What the emulator cannot show: throttling, lost answers, partial failures, refusals."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from syndic.adapters.aws import DynamoStore, EventBridgeBus, S3Captures, StepFunctionsMap
from syndic.adapters.aws.errors import CODES, translate
from syndic.adapters.aws.messaging.mail import SesMail
from syndic.adapters.blocks import inflate
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotSentError,
    StaleWriteError,
    SyndicError,
    TooLargeError,
    UnavailableError,
)
from syndic.models import CountRequested, EvidenceChanged, WindowLength
from syndic.ports import ABSENT, Key, Listing, Mail, ObjectInfo, Record, Write

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def error(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "because"}, **more}, "Operation")


class Scripted:
    """A client whose calls are kept and answered by a script: results, or errors to raise."""

    def __init__(self, **scripts: list[Any]) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._scripts = scripts

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append((name, arguments))
            answer = self._scripts[name].pop(0)
            if callable(answer):
                answer = answer(arguments)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def named(self, name: str) -> list[dict[str, Any]]:
        return [arguments for called, arguments in self.calls if called == name]


def store(s3: Any = None, **scripts: list[Any]) -> tuple[DynamoStore, Scripted, list[float]]:
    client, waits = Scripted(**scripts), []
    return DynamoStore(client, "t", s3=s3, bucket="b", sleep=waits.append), client, waits


RECORD = Record(Key("p", "s"), {"v": 1})


def test_every_code_in_the_table_becomes_its_error_and_every_other_unavailable() -> None:
    for code, kind in CODES.items():
        assert type(translate(error(code), "x")) is kind
    for code in ("AccessDenied", "InternalError", "ExpiredToken"):
        assert str(translate(error(code), "read x")) == f"read x: {code}: because"
        assert type(translate(error(code), "x")) is UnavailableError
    assert type(translate(EndpointConnectionError(endpoint_url="http://x"), "x")) is UnavailableError


def test_a_write_in_conflict_is_tried_again_after_a_wait() -> None:
    dynamo, client, waits = store(put_item=[error("TransactionConflictException"), error("ThrottlingException"), {}])
    dynamo.put(RECORD, expect=ABSENT)
    assert len(client.calls) == 3
    assert len(waits) == 2
    assert all(0 <= wait <= 1 for wait in waits)


def test_a_table_that_stays_busy_is_unavailable() -> None:
    dynamo, _, _ = store(put_item=[error("ThrottlingException")] * 20)
    with pytest.raises(UnavailableError, match="busy"):
        dynamo.put(RECORD, expect=ABSENT)


def test_a_refused_call_is_unavailable_at_once() -> None:
    dynamo, client, _ = store(put_item=[error("AccessDeniedException")])
    with pytest.raises(UnavailableError, match="AccessDenied"):
        dynamo.put(RECORD, expect=ABSENT)
    assert len(client.calls) == 1


def test_a_write_whose_answer_was_lost_is_known_as_ones_own() -> None:
    def lost(_arguments: dict[str, Any]) -> Exception:
        # botocore repeated the call by itself; the first one had been done.
        item = client.calls[-1][1]["Item"]
        return error("ConditionalCheckFailedException", Item=item)

    dynamo, client, _ = store(put_item=[lost])
    assert dynamo.put(RECORD, expect=ABSENT).etag


def test_another_writers_record_is_stale() -> None:
    dynamo, _, _ = store(put_item=[error("ConditionalCheckFailedException", Item={"etag": {"S": "other"}})])
    with pytest.raises(StaleWriteError):
        dynamo.put(RECORD, expect=ABSENT)


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        (["None", "ConditionalCheckFailed"], StaleWriteError),
        (["TransactionConflict", "ConditionalCheckFailed"], StaleWriteError),
        (["None", "ValidationError"], UnavailableError),
    ],
)
def test_a_cancelled_transaction_is_read_by_its_reasons(codes: list[str], outcome: type[SyndicError]) -> None:
    cancelled = error("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])
    dynamo, _, _ = store(transact_write_items=[cancelled])
    with pytest.raises(outcome):
        dynamo.put(Record(Key("p", "s"), {}, listings=(Listing("l", "1"),)), expect=ABSENT)


def test_a_transaction_in_conflict_is_tried_again_under_a_new_token() -> None:
    conflict = error("TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}])
    dynamo, client, _ = store(transact_write_items=[conflict, {}])
    dynamo.put(Record(Key("p", "s"), {}, listings=(Listing("l", "1"),)), expect=ABSENT)
    tokens = {call["ClientRequestToken"] for call in client.named("transact_write_items")}
    assert len(tokens) == 2


def test_a_plain_conditional_write_needs_no_read() -> None:
    dynamo, client, _ = store(put_item=[{}, {}])
    first = dynamo.put(RECORD, expect=ABSENT)
    dynamo.put(RECORD, expect=first.etag)
    assert [name for name, _ in client.calls] == ["put_item", "put_item"]


@pytest.mark.parametrize(("seldom", "long", "beside"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_large_body_that_is_seldom_read_lies_beside_the_table(seldom: bool, long: bool, beside: bool) -> None:
    noise = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200 if long else 2)]
    s3 = Scripted(put_object=[{}])
    dynamo, client, _ = store(s3, put_item=[{}])
    dynamo.put_together([Write(Record(Key("p", "s"), {"v": noise}), ABSENT, seldom_read=seldom)])
    (written,) = client.named("put_item")
    assert ("moved_to" in written["Item"], "body" in written["Item"]) == (beside, not beside)
    assert len(s3.calls) == beside


def test_unprocessed_keys_are_asked_for_again() -> None:
    def item(name: str) -> dict[str, Any]:
        return {"pk": {"S": "p"}, "sk": {"S": name}, "etag": {"S": "e"}, "body": {"S": "{}"}}

    def listed(name: str) -> dict[str, Any]:
        return {"pk": {"S": "l"}, "sk": {"S": f"{name} h"}, "of": {"L": [{"S": "p"}, {"S": name}]}}

    dynamo, client, waits = store(
        query=[{"Items": [listed("a"), listed("b")]}],
        batch_get_item=[
            {
                "Responses": {"t": [item("a")]},
                "UnprocessedKeys": {"t": {"Keys": [{"pk": {"S": "p"}, "sk": {"S": "b"}}]}},
            },
            {"Responses": {"t": [item("b")]}},
        ],
    )
    assert [record.key.sort for record in dynamo.query("l").records] == ["a", "b"]
    assert len(waits) == 1
    assert all(call["RequestItems"]["t"]["ConsistentRead"] for call in client.named("batch_get_item"))


def test_a_body_that_moved_between_two_reads_is_read_again() -> None:
    def item(name: str) -> dict[str, Any]:
        return {
            "Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "etag": {"S": "eo"}, "moved_to": {"S": name}},
        }

    s3 = Scripted(get_object=[error("NoSuchKey"), {"Body": io.BytesIO(gzip.compress(json.dumps({"v": 2}).encode()))}])
    dynamo, _, _ = store(s3, get_item=[item("old"), item("new")])
    record = dynamo.get(Key("p", "s"))
    assert record is not None
    assert record.body == {"v": 2}
    assert [call["Key"] for call in s3.named("get_object")] == ["old", "new"]


def test_events_that_were_refused_are_sent_again_and_only_those() -> None:
    def answer(*codes: str | None) -> dict[str, Any]:
        entries = [{"ErrorCode": code} if code else {"EventId": "x"} for code in codes]
        return {"FailedEntryCount": sum(code is not None for code in codes), "Entries": entries}

    client = Scripted(put_events=[answer(None, "ThrottlingException", None), answer(None)])
    events = [EvidenceChanged(model_id=f"m{i}", kinds=()) for i in range(3)]
    EventBridgeBus(client, "bus", sleep=lambda _: None).publish(events)
    first, second = client.named("put_events")
    assert len(first["Entries"]) == 3
    assert [json.loads(entry["Detail"])["model_id"] for entry in second["Entries"]] == ["m1"]


def test_events_that_stay_refused_are_unavailable() -> None:
    refused = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
    client = Scripted(put_events=[refused] * 10)
    with pytest.raises(UnavailableError, match="InternalFailure"):
        EventBridgeBus(client, "bus", sleep=lambda _: None).publish([EvidenceChanged(model_id="m", kinds=())])


def test_no_call_to_the_bus_is_over_its_limits() -> None:
    client = Scripted(put_events=[lambda a: {"FailedEntryCount": 0, "Entries": a["Entries"]}] * 100)
    events = [EvidenceChanged(model_id="m", kinds=("x" * 20_000,)) for _ in range(40)]
    EventBridgeBus(client, "bus").publish(events)
    for call in client.named("put_events"):
        assert len(call["Entries"]) <= 10
        assert sum(len(entry["Detail"]) + len(entry["DetailType"]) for entry in call["Entries"]) < 256 * 1024
    assert sum(len(call["Entries"]) for call in client.named("put_events")) == 40


MAIL = Mail(to="a@example.org", subject="s", text="t", html="h", dedupe_id="d")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("ThrottlingException"), NotSentError),
        (error("MessageRejected"), InvalidInputError),
        (EndpointConnectionError(endpoint_url="http://x"), NotSentError),
        (ReadTimeoutError(endpoint_url="http://x"), SyndicError),
    ],
)
def test_a_mail_is_unsent_or_its_fate_is_unknown(answer: Exception, kind: type[SyndicError]) -> None:
    with pytest.raises(SyndicError) as caught:
        SesMail(Scripted(send_email=[answer]), "s@example.org").deliver(MAIL)
    assert type(caught.value) is kind


def test_a_bucket_that_is_not_allowed_is_not_read() -> None:
    captures = S3Captures(Scripted(), buckets=["mine"])
    for uri in ("s3://other/key", "s3://mine.evil/key"):
        with pytest.raises(InvalidInputError, match="capture_buckets"):
            captures.table(uri)
    for uri in ("https://mine/key", "s3:///key", "mine/key", ""):
        with pytest.raises(InvalidInputError):
            captures.table(uri)


def test_a_file_replaced_while_it_is_read_is_a_conflict() -> None:
    captures = S3Captures(Scripted(get_object=[error("PreconditionFailed")]))
    with pytest.raises(ConflictError, match="replaced"):
        list(captures.open(ObjectInfo("s3://b/k", 10, "etag", NOW)))


def test_a_table_over_the_limit_is_not_read() -> None:
    captures = S3Captures(Scripted(get_object=[{"ContentLength": 300 * 1024 * 1024, "Body": None}]))
    with pytest.raises(TooLargeError):
        captures.table("s3://b/k")


def test_a_compression_bomb_is_stopped_in_bounded_blocks() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    seen: list[int] = []
    with pytest.raises(TooLargeError):
        seen.extend(len(block) for block in inflate([bomb], uri="u", limit=20_000_000))
    assert max(seen) <= 8 * 1024 * 1024
    assert sum(seen) <= 20_000_000


REQUEST = CountRequested(model_id="car-loan-123abc", window=WindowLength.DAY.around(NOW), checks=("drift",))
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:Large"


def test_a_map_run_is_started_once_and_found_again() -> None:
    client = Scripted(
        start_execution=[{}, error("ExecutionAlreadyExists"), error("AccessDeniedException")],
        describe_execution=[{"status": "RUNNING"}],
    )
    runner = StepFunctionsMap(client, MACHINE)
    name = runner.start("run-1", REQUEST, ())
    assert runner.start("run-1", REQUEST, ()) == name
    assert client.calls[2] == (
        "describe_execution",
        {"executionArn": f"arn:aws:states:eu-west-1:123456789012:execution:Large:{name}"},
    )
    content = json.loads(client.calls[0][1]["input"])
    assert (content["run"], content["items"], content["attempt"]) == ("run-1", "maps/run-1/items.jsonl", 1)
    assert CountRequested.model_validate(content["request"]) == REQUEST
    with pytest.raises(UnavailableError):
        runner.start("run-2", REQUEST, ())


@pytest.mark.parametrize("ended", ["FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED"])
def test_a_map_run_that_ended_without_counts_is_started_again(ended: str) -> None:
    taken = error("ExecutionAlreadyExists")
    client = Scripted(start_execution=[taken, taken, {}], describe_execution=[{"status": ended}, {"status": ended}])
    assert StepFunctionsMap(client, MACHINE).start("run-1", REQUEST, ()) == "run-1-3"
    tried = [call["name"] for operation, call in client.calls if operation == "start_execution"]
    assert tried == ["run-1", "run-1-2", "run-1-3"]
    content = json.loads(client.calls[-1][1]["input"])
    assert (content["run"], content["attempt"]) == ("run-1", 3), "its plan lies under the run's own name"


def test_a_map_run_that_never_gives_counts_ends_in_one_error() -> None:
    client = Scripted(
        start_execution=[error("ExecutionAlreadyExists")] * 20, describe_execution=[{"status": "FAILED"}] * 20
    )
    with pytest.raises(ConflictError, match="was started 20 times and gave no counts"):
        StepFunctionsMap(client, MACHINE).start("run-1", REQUEST, ())
