"""The cases of `events/` on AWS adapters over moto, and the calls that each function's handler makes."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from botocore.client import BaseClient
from botocore.config import Config

from functions import wiring
from syndic.adapters.aws import (
    DynamoStore,
    EventBridgeBus,
    KmsKey,
    S3Archive,
    S3Captures,
    S3StorageInspector,
    StepFunctionsMap,
)
from syndic.adapters.aws.messaging.mail import SesMail
from syndic.adapters.aws.sagemaker.packages import SageMakerPackages
from syndic.adapters.channels.email.channel import EmailChannel
from syndic.adapters.partitioned import PartitionedStore
from syndic.audit import keys
from syndic.ports import Record
from tests.edges.conftest import Context
from tests.edges.deploying import DEPLOYMENT_WORLDS
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.world import WORLDS, World
from tests.unit.audit.tampering import Key as LogKey
from tests.vendors.iam import ACCOUNT, REGION, Call, arn

EVENTS = Path(__file__).parents[2] / "events"
TABLE, ARCHIVE, BUS, CAPTURES, RECEIVED = "records", "archive", "bus", "captures", "received"
TREE, ENTRIES, PENDING, ANCHORS = "audit-tree", "audit-entries", "audit-pending", "audit-anchors"
TABLES = (TABLE, TREE, ENTRIES, PENDING)
AT_ONCE = 25
"""Items that one call of BatchWriteItem takes."""
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:large"
CONCERNS = {"part": "CounterPart", "merge": "CounterMerge"}
QUICK = Config(retries={"total_max_attempts": 1})

MADE: dict[str, str] = {}
"""Ids that moto gave to what was made."""

ITEMS: dict[str, list[tuple[str, Any]]] = {}
"""The items of a world's records with their tables, once the store had written them."""


@dataclass
class Recorder:
    """Calls in order, by the concern that was at work."""

    calls: dict[str, list[Call]] = field(default_factory=dict)
    concern: str | None = None

    def saw(self, client: BaseClient, operation: str, parameters: dict[str, Any]) -> None:
        if self.concern is not None:
            call = Call(client.meta.service_model.service_name, operation, parameters)
            self.calls.setdefault(self.concern, []).append(call)

    @contextmanager
    def of(self, concern: str) -> Iterator[None]:
        """Calls made meanwhile are a concern's."""
        self.concern = concern
        try:
            yield
        finally:
            self.concern = None


def record(patch: pytest.MonkeyPatch) -> Recorder:
    """See every call of every client of this process."""
    recorder, send = Recorder(), BaseClient._make_api_call

    def seen(self: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        recorder.saw(self, operation, parameters)
        if self.meta.service_model.service_name == "kms":  # moto makes no Ed25519 keys
            return signed(operation, parameters)
        return send(self, operation, parameters)

    patch.setattr(BaseClient, "_make_api_call", seen)
    return recorder


@cache
def client(service: str) -> Any:
    """A client of moto, one for each service: to make one takes as long as forty calls."""
    made: Any = boto3.client
    return made(service, region_name=REGION, aws_access_key_id="t", aws_secret_access_key="t", config=QUICK)


def prepare() -> None:
    """What a deployment makes."""
    client.cache_clear()  # one that another test made is not the one whose calls are seen
    _make_tables()
    for bucket in (ARCHIVE, CAPTURES, ANCHORS, RECEIVED):
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    client("events").create_event_bus(Name=BUS)
    client("sesv2").create_email_identity(EmailIdentity="syndic@example.org")
    role = client("iam").create_role(RoleName="map", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    start = {"StartAt": "End", "States": {"End": {"Type": "Pass", "End": True}}}
    client("stepfunctions").create_state_machine(name="large", definition=json.dumps(start), roleArn=role)


def _make_tables() -> None:
    for table in TABLES:
        client("dynamodb").create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )


def empty() -> None:
    """Take out what a case left. New tables: to delete item by item takes longer than the case."""
    s3 = client("s3")
    for table in TABLES:
        client("dynamodb").delete_table(TableName=table)
    _make_tables()
    for bucket in (ARCHIVE, CAPTURES, ANCHORS):
        for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])


@cache
def _in_memory(name: str) -> World:
    """Made once: only what was moved is changed by a case, or looked at here."""
    return {**WORLDS, **DEPLOYMENT_WORLDS, **MIRROR_WORLDS}[name]()


def on_aws(name: str) -> World:
    """A world of `tests/edges` with its records, objects and captured files moved to AWS."""
    memory = _in_memory(name)
    store = _with_records(name, memory)
    archive = S3Archive(client("s3"), ARCHIVE)
    for title, (data, _) in memory.archive._objects.items():
        archive.put(title, data, content_type="application/octet-stream")
    for uri, (data, _) in memory.captures._objects.items():
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if bucket == CAPTURES:
            client("s3").put_object(Bucket=bucket, Key=key, Body=data)
    kept_as_they_are = {one.name: getattr(memory, one.name) for one in fields(memory)}
    world: Any = type(memory)(**kept_as_they_are)
    world.store, world.archive = store, archive
    world.settings = memory.settings.model_copy(update={"audit_mail": None})  # without it nothing is mailed, or may be
    world.waits = True  # for the sequencer: no other function has the right to append
    world.log_archive = S3Archive(client("s3"), ANCHORS)
    for title, (data, _) in (memory.log_archive._objects if memory.log_archive else {}).items():
        world.log_archive.put(title, data, content_type="application/octet-stream")
    world.signing_key = KmsKey(client("kms"), arn("kms", "key/log"), name="log.example.org/syndic")
    world.captures = S3Captures(client("s3"), buckets=[CAPTURES])
    world.storage = S3StorageInspector(client("s3"), buckets=[CAPTURES, ARCHIVE, ANCHORS])
    world.bus = EventBridgeBus(client("events"), BUS)
    world.registries = (SageMakerPackages(client("sagemaker"), account=ACCOUNT, region=REGION),)
    world.maps = StepFunctionsMap(client("stepfunctions"), MACHINE)
    if memory.notifier is not None:
        world.notifier = EmailChannel(SesMail(client("sesv2"), "syndic@example.org"))
    done: World = world
    return done


def _with_records(name: str, memory: World) -> PartitionedStore:
    """The tables, empty before, with a world's records: written by the store once, and by its items from then on."""
    store, table = tables(), client("dynamodb")
    if name not in ITEMS:
        for key, kept in memory.store._kept.items():
            store.put(Record(key, json.loads(kept.body), listings=kept.listings))
        ITEMS[name] = [
            (one, item)
            for one in TABLES
            for page in table.get_paginator("scan").paginate(TableName=one)
            for item in page["Items"]
        ]
        assert not any("moved_to" in item for _, item in ITEMS[name]), "an object belongs to a record: move it too"
        return store
    for begin in range(0, len(ITEMS[name]), AT_ONCE):
        wanted: dict[str, list[Any]] = {}
        for one, item in ITEMS[name][begin : begin + AT_ONCE]:
            wanted.setdefault(one, []).append({"PutRequest": {"Item": item}})
        assert table.batch_write_item(RequestItems=wanted)["UnprocessedItems"] == {}
    return store


def tables() -> PartitionedStore:
    """Records and the trail's own tables, as wiring puts them together."""

    def table(name: str) -> DynamoStore:
        return DynamoStore(client("dynamodb"), name, s3=client("s3"), bucket=ARCHIVE)

    own = {keys.TREE: table(TREE), keys.PARTITION: table(ENTRIES), keys.PENDING: table(PENDING)}
    return PartitionedStore(table(TABLE), own)


def signed(operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """What KMS answers of the log's key: DER of the public half (RFC 8410), or a signature."""
    key = LogKey()
    if operation == "GetPublicKey":
        return {"PublicKey": bytes.fromhex("302a300506032b6570032100") + key.public_key}
    return {"Signature": {"Sign": key.sign}[operation](given["Message"])}


def run(path: Path, recorder: Recorder, patch: pytest.MonkeyPatch) -> None:
    """One case through its handler. What it answers is tested elsewhere; here it is what it calls."""
    case = json.loads(path.read_text("utf-8"))
    module = case.get("handler", "handler")
    handler = importlib.import_module(f"functions.{path.parent.name}.{module}").handler
    world = on_aws(case["world"])
    patch.setattr(wiring, "wired", lambda: world)
    with recorder.of(CONCERNS.get(module, path.parent.name.capitalize())):
        for event in events_of(case):
            try:
                handler(event, Context())
            except BatchProcessingError:
                continue


def events_of(case: dict[str, Any]) -> Sequence[Any]:
    """The events of a case, as AWS would send them."""
    if "request" in case:
        request = dict(case["request"])
        person, hexadecimal = request.pop("as"), request.pop("body_hex", None)
        body = bytes.fromhex(hexadecimal) if hexadecimal else request.pop("body", None)
        return [api_request(**request, person=person, body=body)]
    if "messages" in case:
        return [queue_batch(case["messages"])]
    return [case.get("schedule", case.get("call"))]
