"""Every verb of every AWS adapter, once, over moto: what a function that holds the port may call."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from moto.sagemaker.responses import SageMakerResponse

from syndic.adapters.aws import (
    CloudWatchEndpointMetrics,
    CognitoAccounts,
    CognitoDirectory,
    DynamoStore,
    EventBridgeBus,
    S3Archive,
    S3CaptureEraser,
    S3Captures,
    S3StorageInspector,
    SageMakerSource,
    SageMakerTraffic,
    SecretsManager,
    SnsTopic,
    StepFunctionsMap,
)
from syndic.adapters.aws.messaging.mail import SesMail
from syndic.adapters.aws.sagemaker.packages import SageMakerPackages
from syndic.adapters.channels.means import Means
from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.internet.https import PublicHttps
from syndic.adapters.memory import MemorySecrets
from syndic.audit.appending.inbox import Inbox
from syndic.audit.erasure.erased import ERASED, erased_indices
from syndic.audit.keys import batch_key, entry_key
from syndic.audit.public.showing import newest_checkpoint
from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.errors import NotFoundError, NotSignedInError, UnavailableError
from syndic.models import AuditEntry, CaptureConfig, CaptureFormat, CountRequested, EvidenceChanged, TimeWindow
from syndic.ports import ABSENT, Destination, Key, Listing, Mail, Record, Write
from syndic.registry.models import RequestState
from syndic.tasks.trail import run as run_sequencer
from syndic.traffic import VariantChange
from tests.contract.test_sagemaker_packages import PACKAGE
from tests.contract.test_traffic import CAPTURE, VARIANT, _update_endpoint
from tests.edges.world import ENDPOINT
from tests.unit.channels.telling import notification
from tests.vendors.iam import ACCOUNT, REGION
from tests.vendors.predicting import asks, looks_up, prepare_predictions, queues, reads, received
from tests.vendors.recording import ANCHORS, ARCHIVE, BUS, CAPTURES, MACHINE, MADE, TABLE, client, on_aws, tables

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DAY = TimeWindow(start=NOW - timedelta(days=2), end=NOW - timedelta(days=1))
JOB = {
    "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{CAPTURES}/in/"}}},
    "TransformOutput": {"S3OutputPath": f"s3://{CAPTURES}/out"},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    "DataProcessing": {},
    "Tags": [{"Key": "syndic:owner", "Value": "ana@example.org"}],  # without any, moto's list of them fails
}
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/serve"
CHANGE = VariantChange(
    endpoint="shop", old_configuration="first", old_variant="main", new_variant="2", model_name="shop-2",
    both_configuration="syndic-both", new_configuration="syndic-second",
)  # fmt: skip


def setup() -> None:
    """What the ports find: captured files, an endpoint of a model, a package, a secret. Not what any function calls."""
    people = client("cognito-idp")
    MADE["pool"] = people.create_user_pool(PoolName="people", UsernameAttributes=["email"])["UserPool"]["Id"]
    people.create_group(GroupName="auditor", UserPoolId=MADE["pool"])
    flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    app = people.create_user_pool_client(UserPoolId=MADE["pool"], ClientName="scripts", ExplicitAuthFlows=flows)
    MADE["app"] = app["UserPoolClient"]["ClientId"]
    MADE["staff"] = people.create_user_pool(PoolName="staff")["UserPool"]["Id"]
    people.create_group(GroupName="auditor", UserPoolId=MADE["staff"])
    people.admin_create_user(UserPoolId=MADE["staff"], Username="olga")
    people.admin_add_user_to_group(UserPoolId=MADE["staff"], Username="olga", GroupName="auditor")
    people.set_user_pool_mfa_config(UserPoolId=MADE["staff"], MfaConfiguration="OPTIONAL",
                                    SoftwareTokenMfaConfiguration={"Enabled": True})  # fmt: skip
    MADE["topic"] = client("sns").create_topic(Name="subscribers")["TopicArn"]
    client("secretsmanager").create_secret(Name="syndic/alerting/hook", SecretString="s")
    at, sagemaker = f"{DAY.start:%Y/%m/%d/%H}", client("sagemaker")
    for key in (f"data/credit/AllTraffic/{at}/1.jsonl", f"labels/{at}/1.jsonl", "base.csv"):
        client("s3").put_object(Bucket=CAPTURES, Key=key, Body=b"{}\n")
    for name in ("shop-1", "shop-2"):
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=EXECUTION_ROLE, PrimaryContainer={"Image": "image:1"})
    sagemaker.create_endpoint_config(
        EndpointConfigName="first", ProductionVariants=[{**VARIANT, "ModelName": "shop-1"}], DataCaptureConfig=CAPTURE
    )
    sagemaker.create_endpoint(EndpointName="shop", EndpointConfigName="first")
    sagemaker.create_model_package_group(ModelPackageGroupName="credit", ModelPackageGroupDescription="credit")
    package = sagemaker.create_model_package(ModelPackageGroupName="credit", **PACKAGE)["ModelPackageArn"]
    sagemaker.create_model(
        ModelName="credit-1", ExecutionRoleArn=EXECUTION_ROLE, PrimaryContainer={"ModelPackageName": package}
    )
    sagemaker.create_transform_job(TransformJobName="credit-2026-11", ModelName="credit-1", **JOB)
    prepare_predictions()


def store() -> None:
    kept = DynamoStore(client("dynamodb"), TABLE, s3=client("s3"), bucket=ARCHIVE)
    small, other = Key("exercise", "small"), Key("exercise", "other")
    first = kept.put(Record(small, {"n": 1}, listings=(Listing("all", "1"),)), expect=ABSENT)
    kept.put(Record(small, {"n": 2}, listings=(Listing("all", "2"),)), expect=first.etag)
    noise = random.Random(1).randbytes(500_000).hex()  # noqa: S311 - what no compression makes fit into the table
    kept.put(Record(other, {"noise": noise}))
    assert kept.get(other) is not None
    kept.put(Record(other, {"noise": ""}))  # its moved body goes
    kept.put_together([Write(Record(Key("exercise", name), {"n": 1})) for name in ("a", "b")])
    assert kept.get_many([small, other])
    assert kept.query("exercise").records
    kept.delete(small)
    kept.delete(other)


def archive() -> None:
    kept = S3Archive(client("s3"), ARCHIVE)
    kept.put("exercise/one", b"1", content_type="text/plain")
    kept.put("exercise/locked", b"1", content_type="text/plain", locked=True)
    assert kept.get("exercise/one") == b"1"
    assert list(kept.list("exercise/"))
    assert kept.link("exercise/one")
    with pytest.raises(NotFoundError):
        kept.get("exercise/none")


def inbox() -> None:
    Inbox(tables()).append(AuditEntry(action="a.b", actor="ada", subject="model/m", at=NOW))


def trail() -> None:
    kept, anchors = tables(), S3Archive(client("s3"), ANCHORS)
    verify(kept)
    list_entries(kept)
    erased_indices(kept)
    kept.get_many([entry_key(0), batch_key(0)])
    with pytest.raises(NotFoundError):
        newest_checkpoint(anchors)
    assert list(anchors.list("checkpoints/")) == []


def sequencer() -> None:
    world = on_aws("waiting")
    Inbox(world.store).append(AuditEntry(action="report.built", actor="ada", subject="model/m", at=NOW))
    assert run_sequencer(world)["checkpoint"]
    told = {"details": {"indices": [0]}, "action": ERASED, "actor": "ada", "subject": "audit/contents", "at": NOW}
    Inbox(world.store).append(AuditEntry.model_validate(told))
    run_sequencer(world)
    assert world.store.get(entry_key(0)) is None


def captures() -> None:
    reader = S3Captures(client("s3"), buckets=[CAPTURES])
    capture = CaptureConfig(
        enabled=True, format=CaptureFormat.SAGEMAKER, uri=f"s3://{CAPTURES}/data", labels_uri=f"s3://{CAPTURES}/labels"
    )
    (item,) = reader.objects(ENDPOINT, capture, DAY)
    assert b"".join(reader.open(item)) == b"{}\n"
    assert list(reader.labels(capture, DAY))
    assert reader.part(ENDPOINT, capture, after=None, calls=1).files
    list(reader.recent(ENDPOINT, capture, hour=NOW, variants=["AllTraffic"], span="hour"))
    assert list(reader.below(ENDPOINT, f"s3://{CAPTURES}/base"))
    assert reader.table(f"s3://{CAPTURES}/base.csv")


def erases() -> None:
    client("s3").put_object(Bucket=CAPTURES, Key="data/erased.jsonl", Body=b"{}\n")
    eraser = S3CaptureEraser(client("s3"), buckets=[CAPTURES])
    item = eraser.look_at(f"s3://{CAPTURES}/data/erased.jsonl")
    assert item is not None
    eraser.remove(eraser.rewrite(item, b"{ }\n"))


def bus() -> None:
    EventBridgeBus(client("events"), BUS).publish([EvidenceChanged(model_id="m", kinds=("drift",))])


def maps() -> None:
    runner = StepFunctionsMap(client("stepfunctions"), MACHINE)
    request = CountRequested(model_id="car-loan-123abc", window=DAY, checks=("drift",))
    assert isinstance(runner._is_running(runner.start("run-1", request, ())), bool)  # asked when the name is taken


def notifier() -> None:
    mail = Mail(to="a@example.org", subject="s", text="t", html="h", dedupe_id="d")
    SesMail(client("sesv2"), "syndic@example.org").deliver(mail)


def topic() -> None:
    """Subscribers hear text, subject and attributes; whoever gets few characters, the short text."""
    made = SnsTopic(client("sns"), MADE["topic"])
    channels = TableOfChannels(Means(PublicHttps(), MemorySecrets(), lambda: NOW, topic=made))
    assert channels.send(Destination("sns"), notification())


def secrets() -> None:
    assert SecretsManager(client("secretsmanager")).read("hook") == "s"


def source() -> None:
    made = SageMakerSource(client("sagemaker"), account=ACCOUNT, region=REGION)
    assert list(made.endpoints())
    with pytest.MonkeyPatch.context() as patch:
        answer = '{"InferenceComponents": []}'  # moto has none
        patch.setattr(SageMakerResponse, "list_inference_components", lambda _: answer, raising=False)
        assert made._components("shop") == []
    (ended,) = made.ended_jobs(datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1))
    (job,) = made.jobs([ended.name])
    assert (job.package_group, job.model_version) == ("credit", "1")


def packages() -> None:
    registry = SageMakerPackages(client("sagemaker"), account=ACCOUNT, region=REGION)
    (version,) = registry.versions()
    assert registry.tell_approval(version.foreign_id, RequestState.APPROVED, reason="voted", tags={})


def directory() -> None:
    people = CognitoDirectory(client("cognito-idp"), MADE["pool"])
    name = people.invite("nina@example.org").name
    people.set_roles(name, {"auditor"})
    people.set_roles(name, set())
    people.set_enabled(name, enabled=False)
    people.set_enabled(name, enabled=True)
    assert [one.name for one in people.page().users] == [name]
    people.delete(name)
    _sign_in()


def _sign_in() -> None:
    """A password that is wrong, and a code that is, after a challenge that moto does not make."""
    api = client("cognito-idp")
    people = CognitoDirectory(api, MADE["pool"], app=MADE["app"])
    with pytest.raises(NotSignedInError):
        people.sign_in("nobody@example.org", "wrong")
    with pytest.MonkeyPatch.context() as patch:
        challenge = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s" * 20}
        patch.setattr(api, "admin_initiate_auth", lambda **_: challenge)
        with pytest.raises((NotSignedInError, UnavailableError)):
            people.sign_in("nobody@example.org", "wrong", code="123456")


def accounts() -> None:
    found = CognitoAccounts(client("cognito-idp"), MADE["staff"]).accounts()
    assert [(one.roles, one.second_factor) for one in found] == [({"auditor"}, False)]


def storage() -> None:
    rules = S3StorageInspector(client("s3"), buckets=[CAPTURES, ARCHIVE, ANCHORS])
    for bucket in (CAPTURES, ARCHIVE, ANCHORS):
        assert rules.rules(f"s3://{bucket}/data").deleted_after_days is None


def traffic() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SageMakerResponse, "update_endpoint", _update_endpoint, raising=False)  # moto has none
        shifter = SageMakerTraffic(client("sagemaker"))
        shifter.describe("shop")
        shifter.begin(CHANGE)
        shifter.weigh(CHANGE, percent=50)
        shifter.finish(CHANGE)
        shifter.restore(CHANGE)


def metrics() -> None:
    CloudWatchEndpointMetrics(client("cloudwatch")).read("shop", "main", DAY)


PORTS: dict[str, Callable[[], None]] = {
    verb.__name__: verb
    for verb in (
        inbox,
        trail,
        sequencer,
        store,
        archive,
        captures,
        bus,
        maps,
        notifier,
        topic,
        secrets,
        source,
        packages,
        directory,
        accounts,
        storage,
        traffic,
        metrics,
        asks,
        queues,
        reads,
        looks_up,
        received,
        erases,
    )
}
HOLDS = {
    "Discovery": {"store", "archive", "captures", "bus", "inbox", "source"},
    "Registries": {"store", "archive", "bus", "inbox", "packages"},
    "Counter": {"store", "archive", "captures", "bus", "maps"},
    "Drift": {"store", "archive", "captures", "bus", "inbox"},
    "Quality": {"store", "archive", "captures", "bus", "inbox"},
    "Bias": {"store", "archive", "captures", "bus", "inbox"},
    "Compliance": {"store", "archive", "bus", "inbox", "trail", "accounts", "storage"},
    "Alerting": {"store", "bus", "inbox", "notifier", "topic", "secrets"},
    "Reports": {"store", "archive", "bus", "inbox", "trail"},
    "Api": {"store", "archive", "captures", "bus", "inbox", "trail", "directory", "notifier", "topic", "secrets"},
    "Erasure": {"store", "archive", "captures", "bus", "inbox"},
    "Rollouts": {"store", "bus", "inbox", "traffic", "metrics"},
    "Audit": {"sequencer"},
    "CounterPart": {"store", "archive", "captures"},
    "CounterMerge": {"store", "archive", "captures", "bus"},
    "Gateway": {"asks", "queues", "reads", "looks_up"},
    "Predictions": {"store", "archive", "inbox", "received", "asks"},
}
"""Which ports the tasks of a function hold. Each function's right to call is the right to call every verb of these."""
