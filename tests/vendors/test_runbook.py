"""Every AWS command of the documents: known to the service, and taken by services that enforce their own rules."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import boto3
import moto
import pytest
from botocore import xform_name

from tests.infra.conftest import ROOT, Assembly
from tests.vendors import strict
from tests.vendors.commands import Command, documented, expand, read
from tests.vendors.rules import RefusedError
from tests.vendors.strict import StrictPool, StrictQueues

DOCUMENTS = sorted(path for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"] if list(documented(path)))
DEPLOY = ROOT / "docs" / "deploy.md"
VALUES = {
    "AlarmTopic": "arn:aws:sns:eu-central-1:123456789012:alarms", "UserPoolId": "eu-central-1_pool",
    "POOL": "eu-central-1_pool", "QUEUE": "https://sqs.eu-central-1.amazonaws.com/123456789012/q",
    "DEAD": "arn:aws:sqs:eu-central-1:123456789012:Syndic-q", "FUNCTION": "Syndic-Discovery",
    "BODY": '{"type": "discovery.scheduled"}', "DiscoveryFunction": "Syndic-Discovery", "ACCOUNT": "123456789012",
    "TABLE": "Syndic-Records-1", "PENDING": "Syndic-AuditPending-1",
}  # fmt: skip


def commands(path: Path, **values: str) -> list[Command]:
    return [read(expand(line, {**VALUES, **values})) for line in documented(path)]


@pytest.fixture
def template(assembly: Assembly) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(assembly.read("Syndic.template.json"))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_one_that_the_service_knows(path: Path) -> None:
    assert commands(path)


def test_the_runbook_names_each_step() -> None:
    steps = {command.operation for command in commands(DEPLOY)}
    assert steps >= {
        "AdminCreateUser",
        "AdminAddUserToGroup",
        "Subscribe",
        "StartMessageMoveTask",
        "Invoke",
        "PurgeQueue",
        "RestoreTableToPointInTime",
        "UpdateContinuousBackups",
        "UpdateTimeToLive",
        "UpdateTable",
    }


def test_the_commands_of_the_restore_bring_records_back_into_a_table_like_the_first() -> None:
    with moto.mock_aws():
        client = boto3.client("dynamodb", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
        keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
        for name in (VALUES["TABLE"], VALUES["PENDING"]):
            client.create_table(
                TableName=name, KeySchema=keys, AttributeDefinitions=attributes, BillingMode="PAY_PER_REQUEST"
            )
            client.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
            client.put_item(TableName=name, Item={"pk": {"S": "model"}, "sk": {"S": name}})
        for table in (VALUES["TABLE"], VALUES["PENDING"]):
            for command in commands(DEPLOY, TABLE=table):
                if command.service == "dynamodb":
                    own = command.parameters.get("TableName", "").startswith(VALUES["PENDING"])
                    if command.operation != "UpdateTable" or (own and table == VALUES["PENDING"]):
                        getattr(client, xform_name(command.operation))(**command.parameters)
            restored = f"{table}-restored"
            described = client.describe_table(TableName=restored)["Table"]
            assert described["KeySchema"] == keys
            assert client.scan(TableName=restored)["Items"] == [{"pk": {"S": "model"}, "sk": {"S": table}}]
            assert client.describe_time_to_live(TableName=restored)["TimeToLiveDescription"]["AttributeName"] == "ttl"
            backups = client.describe_continuous_backups(TableName=restored)["ContinuousBackupsDescription"]
            assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
            assert bool(described.get("LatestStreamArn")) is (table == VALUES["PENDING"])


@pytest.mark.parametrize(
    "line",
    [
        "aws sqs start-message-move --source-arn x",
        "aws sqs start-message-move-task --source x",
        "aws cognito-idp admin-create-user --username a@example.com",
        "aws nothing at-all",
        "aws sqs list-queues extra",
    ],
)
def test_a_command_that_is_not_right_is_refused(line: str) -> None:
    with pytest.raises(RefusedError):
        read(line)


def first_user(template: dict[str, Any]) -> StrictPool:
    pool = StrictPool(template)
    for command in commands(DEPLOY):
        if command.operation == "AdminCreateUser":
            pool.admin_create_user(command.parameters)
        elif command.operation == "AdminAddUserToGroup":
            pool.admin_add_user_to_group(command.parameters)
    return pool


def test_the_first_user_is_made_invited_confirmed_and_an_admin(template: dict[str, Any]) -> None:
    pool = first_user(template)
    assert pool.invited == ["ada@example.com"]
    assert pool.people["ada@example.com"]["email_verified"] == "true"
    assert pool.members == {"admin": {"ada@example.com"}}


def test_the_pool_of_before_refuses_this_user(template: dict[str, Any]) -> None:
    for item in template["Resources"].values():
        if item["Type"] == "AWS::Cognito::UserPool":
            item["Properties"]["AliasAttributes"] = item["Properties"].pop("UsernameAttributes")
    with pytest.raises(RefusedError) as caught:
        first_user(template)
    assert caught.value.rule is strict.EMAIL_NAME


def test_the_command_of_before_invites_nobody(template: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as caught:
        StrictPool(template).admin_create_user({"Username": "ada@example.com"})
    assert caught.value.rule is strict.INVITED


def test_each_dead_letter_queue_has_a_command_that_works(template: dict[str, Any]) -> None:
    queues = StrictQueues(template)
    assert len(queues.of_queues) == 10
    assert len(queues.of_functions) == 17
    text = DEPLOY.read_text("utf-8")
    assert re.search(r"`Syndic-Messaging\.\.\.Dead\.\.\.`", text)
    assert re.search(r"`Syndic-Predictions\.\.\.Dead\.\.\.`", text)
    assert re.search(r"`Syndic-Functions\.\.\.Dead\.\.\.`", text)
    for name in queues.of_queues:
        assert name.startswith(("Messaging", "Predictions")), "the document tells them by this"
        arn = f"arn:aws:sqs:eu-central-1:123456789012:Syndic-{name}"
        for command in commands(DEPLOY, DEAD=arn):
            if command.operation == "StartMessageMoveTask":
                queues.start_message_move_task(command.parameters)
    assert sorted(queues.moved) == sorted(queues.of_queues)
    for name in queues.of_functions:
        assert name.startswith("Functions"), "the document tells them by this"
        with pytest.raises(RefusedError):
            queues.start_message_move_task({"SourceArn": f"arn:aws:sqs:eu-central-1:123456789012:Syndic-{name}"})
