"""Every function's rights against its calls: what tasks call over moto, and every verb of the ports they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from cdk.members import template as member_template
from tests.infra.conftest import Assembly
from tests.vendors import recording
from tests.vendors.authorised import FORBIDDEN, MAY, SERVED, Authorised, as_deployed, authorised
from tests.vendors.conftest import EXECUTION_ROLE, KEY
from tests.vendors.iam import ACCOUNT, PEOPLE, REGION, Call, Right, Role, arn, matches, rights
from tests.vendors.ports import HOLDS, PORTS, setup
from tests.vendors.predicting import predict_and_keep
from tests.vendors.recording import (
    ANCHORS,
    ARCHIVE,
    BUS,
    CAPTURES,
    ENTRIES,
    MACHINE,
    PENDING,
    RECEIVED,
    TABLE,
    TREE,
    Recorder,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
LAMBDA_CALLS = ("logs:", "sqs:", "xray:", *STREAM)  # what Lambda itself calls in the role's name
DEPENDS = {"s3:ListBucket": "without it S3 says 403 of an object that is not there, not 404 (GetObject, permissions)"}
AUDIT = {
    "Tree": arn("dynamodb", f"table/{TREE}"), "Entries": arn("dynamodb", f"table/{ENTRIES}"),
    "Pending": arn("dynamodb", f"table/{PENDING}"), "Anchors": f"arn:aws:s3:::{ANCHORS}",
}  # fmt: skip
NAMED = {
    ("StorageCaptures", "AWS::S3::Bucket"): f"arn:aws:s3:::{RECEIVED}",
    ("StorageArchive", "AWS::S3::Bucket"): f"arn:aws:s3:::{ARCHIVE}",
    ("PredictionsQueue", "AWS::SQS::Queue"): arn("sqs", "predictions"),
    ("StorageRecords", "AWS::DynamoDB::GlobalTable"): arn("dynamodb", f"table/{TABLE}"),
    ("Subscribers", "AWS::SNS::Topic"): arn("sns", "subscribers"),
}
CHANGES = {"dynamodb:PutItem", "dynamodb:DeleteItem", "s3:DeleteObject"}
NARROWER = dict.fromkeys(("Counter", "CounterPart", "CounterMerge"), CHANGES)
"""Verbs of a port that a function holds and must not be able to use: it counts, and changes no record."""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "t",
            "AWS_SECRET_ACCESS_KEY": "t",
            "AWS_DEFAULT_REGION": REGION,
        }.items():
            patch.setenv(name, value)
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Syndic")
        patch.setenv("POWERTOOLS_SERVICE_NAME", "test")
        found = recording.record(patch)
        recording.prepare()
        for path in sorted(recording.EVENTS.glob("*/*.json")):
            recording.run(path, found, patch)
            recording.empty()
        setup()
        predict_and_keep(found, patch)
        for name, exercise in PORTS.items():
            with found.of(f"port {name}"):
                exercise()
        yield found


def needed(calls: list[Call]) -> set[Right]:
    return {right for call in calls for right in rights(call)}


ONE_OF_A_KIND = {
    "AWS::Cognito::UserPool": PEOPLE, "AWS::KMS::Key": arn("kms", "key/log"),
    "AWS::Events::EventBus": arn("events", f"event-bus/{BUS}"), "AWS::StepFunctions::StateMachine": MACHINE,
}  # fmt: skip
"""Resources by their type, of which the stack has one."""


def role(assembly: Assembly, concern: str) -> Role:
    template = assembly.read("Syndic.template.json")
    names: dict[str, str] = {}
    for logical, resource in template["Resources"].items():
        audit = [made for part, made in AUDIT.items() if logical.startswith(f"StorageAudit{part}")]
        own = [made for (begins, kind), made in NAMED.items() if begins in logical and resource["Type"] == kind]
        if audit and resource["Type"] in {"AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"}:
            names[logical] = audit[0]
        elif resource["Type"] in ONE_OF_A_KIND:
            names[logical] = ONE_OF_A_KIND[resource["Type"]]
        elif own:
            names[logical] = own[0]
    return Role(template, concern, names=names)


def renamed(right: Right) -> Right:
    """The captures' bucket, which the default pattern must let be read."""
    return Right(right.action, right.resource.replace(f":::{CAPTURES}", f":::sagemaker-{REGION}-{ACCOUNT}"))


@pytest.mark.parametrize("concern", sorted(HOLDS))
def test_no_call_of_a_task_is_refused(concern: str, recorder: Recorder, assembly: Assembly) -> None:
    own = role(assembly, concern)
    called = {renamed(right) for right in needed(recorder.calls.get(concern, []))}
    assert called or concern == "Merge", f"no case of events/ runs {concern}"
    assert [right for right in sorted(called) if not own.gives(right)] == []


@pytest.mark.parametrize("concern", sorted(HOLDS))
def test_every_verb_of_the_ports_it_holds_is_allowed_and_nothing_else(
    concern: str, recorder: Recorder, assembly: Assembly
) -> None:
    own = role(assembly, concern)
    usable = {renamed(right) for port in HOLDS[concern] for right in needed(recorder.calls[f"port {port}"])}
    usable = {right for right in usable if right.action not in NARROWER.get(concern, set())}
    missing = [right for right in sorted(usable) if not own.gives(right)]
    assert missing == []
    unused = {one for one in own.unused(usable) if not one.startswith(LAMBDA_CALLS) and one not in DEPENDS}
    assert unused == set()


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authorised]:
    with authorised(tmp_path_factory.mktemp("authorised")) as found:
        yield found


@pytest.fixture(scope="module")
def sessions(emulator: Authorised, assembly: Assembly) -> dict[str, dict[str, str]]:
    return {concern: emulator.add(concern, role(assembly, concern)) for concern in HOLDS}


@pytest.mark.emulator
@pytest.mark.parametrize("concern", sorted(HOLDS))
def test_the_emulator_with_authorization_on_denies_what_is_forbidden(
    concern: str, emulator: Authorised, sessions: dict[str, dict[str, str]]
) -> None:
    denied = {name for name, *call in FORBIDDEN if emulator.denies(sessions[concern], Call(*call))}
    assert len(denied) >= 10
    assert {name for name, *_ in FORBIDDEN} - denied == MAY.get(concern, frozenset())


def test_every_function_of_the_deployment_is_looked_at(assembly: Assembly) -> None:
    functions = assembly.of_type("AWS::Lambda::Function")
    concerns = {found[1] for name in functions if (found := re.match(r"Functions(\w+?)Function[0-9A-F]{8}$", name))}
    assert concerns == set(HOLDS)
    others = {name for name in functions if not name.startswith("Functions")}
    assert {name.rstrip("0123456789ABCDEF") for name in others} == {
        "CustomS3AutoDeleteObjectsCustomResourceProviderHandler"
    }


@pytest.mark.emulator
@pytest.mark.parametrize("concern", sorted(HOLDS))
def test_the_emulator_with_authorization_on_lets_every_call_of_the_events_pass(
    concern: str,
    emulator: Authorised,
    sessions: dict[str, dict[str, str]],
    recorder: Recorder,
) -> None:
    by_need = {
        tuple(sorted(map(renamed, rights(call)))): call
        for call in recorder.calls.get(concern, []) if call.service in SERVED
    }  # fmt: skip
    refused = [need for need, call in by_need.items() if emulator.denies(sessions[concern], as_deployed(call))]
    assert refused == []


def test_the_default_reads_sagemakers_own_bucket_and_no_other(assembly: Assembly) -> None:
    for concern in ("Discovery", "Counter", "Drift", "Quality", "Bias"):
        own = role(assembly, concern)
        assert own.gives(Right("s3:GetObject", f"arn:aws:s3:::sagemaker-{REGION}-{ACCOUNT}/a"))
        assert not own.gives(Right("s3:GetObject", "arn:aws:s3:::payroll/a"))


def test_keys_and_roles_that_were_named_may_be_used_and_no_others(optioned: Assembly) -> None:
    drift, rollouts = role(optioned, "Drift"), role(optioned, "Rollouts")
    assert drift.gives(Right("kms:Decrypt", KEY))
    assert not drift.gives(Right("kms:Decrypt", KEY + "x"))
    assert rollouts.gives(Right("iam:PassRole", EXECUTION_ROLE))
    assert not rollouts.gives(Right("iam:PassRole", EXECUTION_ROLE + "x"))
    assert not drift.gives(Right("iam:PassRole", EXECUTION_ROLE))


def test_captured_rows_are_erased_by_one_function_where_that_was_allowed(
    recorder: Recorder, assembly: Assembly, optioned: Assembly
) -> None:
    wanted = {renamed(right) for right in needed(recorder.calls["port erases"])}
    writes = {right for right in wanted if right.action in {"s3:PutObject", "s3:DeleteObject"}}
    assert len(writes) == 2
    own = role(optioned, "Erasure")
    assert [right for right in sorted(wanted) if not own.gives(right)] == []
    assert own.gives(Right("kms:GenerateDataKey", KEY))
    assert not any(role(assembly, "Erasure").gives(right) for right in writes)
    assert not any(
        role(optioned, concern).gives(right) for right in writes for concern in HOLDS if concern != "Erasure"
    )


def test_traffic_is_shifted_and_approvals_are_written_where_that_was_named_and_nowhere_else(
    assembly: Assembly, optioned: Assembly
) -> None:
    rollouts, registries = role(optioned, "Rollouts"), role(optioned, "Registries")

    def may(own: Role, action: str, place: str) -> bool:
        return own.gives(Right(f"sagemaker:{action}", arn("sagemaker", place)))

    for endpoint in ("shop", "credit-eu"):
        assert may(rollouts, "UpdateEndpoint", f"endpoint/{endpoint}")
    for action in ("UpdateEndpoint", "UpdateEndpointWeightsAndCapacities"):
        assert not may(rollouts, action, "endpoint/payments")
        assert may(role(assembly, "Rollouts"), action, "endpoint/payments")
    assert may(rollouts, "CreateEndpointConfig", "endpoint-config/syndic-1-new")
    assert not may(rollouts, "CreateEndpointConfig", "endpoint-config/shop")
    for action in ("DeleteEndpoint", "DeleteEndpointConfig", "CreateEndpoint", "CreateModel", "AddTags"):
        assert not any(
            may(rollouts, action, place) for place in ("endpoint/shop", "endpoint-config/syndic-1", "model/m")
        )
    assert may(registries, "UpdateModelPackage", "model-package/credit-eu/1")
    assert not may(registries, "UpdateModelPackage", "model-package/payments/1")
    assert not may(registries, "DeleteModelPackage", "model-package/credit-eu/1")


def test_the_role_of_a_member_may_be_assumed_by_what_reads_and_no_other_of_it(optioned: Assembly) -> None:
    reader = "arn:aws:iam::111122223333:role/SyndicReader"
    for concern in ("Discovery", "Drift", "Quality", "Bias"):
        assert role(optioned, concern).gives(Right("sts:AssumeRole", reader))
        assert not role(optioned, concern).gives(Right("sts:AssumeRole", reader + "Admin"))
    assert not role(optioned, "Rollouts").gives(Right("sts:AssumeRole", reader))
    assert not role(optioned, "Discovery").gives(Right("organizations:ListAccounts", "*"))


def test_a_members_role_reads_what_discovery_and_the_checks_read_and_changes_nothing(recorder: Recorder) -> None:
    (policy,) = member_template()["Resources"]["Reader"]["Properties"]["Policies"]
    allowed = {one for statement in policy["PolicyDocument"]["Statement"] for one in statement["Action"]}
    called = {right.action for port in ("source", "captures") for right in needed(recorder.calls[f"port {port}"])}
    assert called == allowed


def test_a_role_is_passed_to_sagemaker_only(optioned: Assembly) -> None:
    found: list[Any] = [
        statement
        for policy in optioned.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "iam:PassRole"
    ]
    (only,) = found
    assert only["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_wildcards_mean_what_they_mean_to_iam() -> None:
    assert matches("arn:aws:s3:::a-*", "arn:aws:s3:::a-b/c")
    assert not matches("arn:aws:s3:::a-?", "arn:aws:s3:::a-bc")
    assert not matches("s3:Get*", "s3:PutObject")
