"""The emulator with authorization on: every function's role as it is deployed, and clients that act in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.contract.clouds import ROOT, free_port, running
from tests.vendors.iam import ACCOUNT, REGION, Call, Role, arn
from tests.vendors.recording import ANCHORS, ARCHIVE, BUS, CAPTURES, ENTRIES, PENDING, TABLE, TREE

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"})
SERVED = frozenset({
    "dynamodb", "s3", "events", "kms", "stepfunctions", "secretsmanager", "cognito-idp", "sesv2", "sns", "sqs", "sts",
})  # fmt: skip
"""Services whose rights the emulator judges; SageMaker's, which it has not, are judged by `tests.vendors.iam` alone."""

SENDER = "syndic@example.com"
"""Who the deployment under test mails as."""

SEND = BaseClient._make_api_call
"""As it is before tests look at calls, or answer them themselves."""

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
NOTHING = json.dumps({"Version": "2012-10-17", "Statement": []})
QUICK = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
ITEM = {"pk": {"S": "p"}, "sk": {"S": "s"}}
TURN = {"pk": {"S": "pending.sequencer"}, "sk": {"S": "lease"}}


def mail(sender: str) -> dict[str, Any]:
    """A mail to one person."""
    text = {"Data": "x"}
    return {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": ["ada@example.org"]},
        "Content": {"Simple": {"Subject": text, "Body": {"Text": text}}},
    }


# Name, service, operation, parameters: what no function may do, but those that `MAY` names.
FORBIDDEN: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("append to the tree", "dynamodb", "PutItem", {"TableName": TREE, "Item": ITEM}),
    ("change the tree", "dynamodb", "UpdateItem", {"TableName": TREE, "Key": ITEM}),
    ("cut the tree", "dynamodb", "DeleteItem", {"TableName": TREE, "Key": ITEM}),
    ("write the tree in a batch", "dynamodb", "BatchWriteItem",
     {"RequestItems": {TREE: [{"PutRequest": {"Item": ITEM}}]}}),
    ("change the tree by PartiQL", "dynamodb", "ExecuteStatement",
     {"Statement": "UPDATE \"audit-tree\" SET x=1 WHERE pk='p' AND sk='s'"}),
    ("forge contents", "dynamodb", "PutItem", {"TableName": ENTRIES, "Item": ITEM}),
    ("change contents", "dynamodb", "UpdateItem", {"TableName": ENTRIES, "Key": ITEM}),
    ("erase contents", "dynamodb", "DeleteItem", {"TableName": ENTRIES, "Key": ITEM}),
    ("forge contents in a batch", "dynamodb", "BatchWriteItem",
     {"RequestItems": {ENTRIES: [{"PutRequest": {"Item": ITEM}}]}}),
    ("take away what waits in a batch", "dynamodb", "BatchWriteItem",
     {"RequestItems": {PENDING: [{"DeleteRequest": {"Key": ITEM}}]}}),
    ("read what waits", "dynamodb", "Query",
     {"TableName": PENDING, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}),
    ("take the sequencer's turn", "dynamodb", "PutItem", {"TableName": PENDING, "Item": TURN}),
    ("take away what waits", "dynamodb", "DeleteItem", {"TableName": PENDING, "Key": ITEM}),
    ("write a record", "dynamodb", "PutItem", {"TableName": TABLE, "Item": ITEM}),
    ("remove a record", "dynamodb", "DeleteItem", {"TableName": TABLE, "Key": ITEM}),
    ("drop the records", "dynamodb", "DeleteTable", {"TableName": TABLE}),
    ("drop the tree", "dynamodb", "DeleteTable", {"TableName": TREE}),
    ("open the tree to others", "dynamodb", "PutResourcePolicy",
     {"ResourceArn": arn("dynamodb", f"table/{TREE}"), "Policy": NOTHING}),
    ("write a checkpoint", "s3", "PutObject", {"Bucket": ANCHORS, "Key": "checkpoint", "Body": b"x"}),
    ("remove a checkpoint", "s3", "DeleteObject", {"Bucket": ANCHORS, "Key": "checkpoint"}),
    ("remove a baseline", "s3", "DeleteObject", {"Bucket": ARCHIVE, "Key": "baselines/m/1.json"}),
    ("read another bucket", "s3", "GetObject", {"Bucket": "payroll", "Key": "all.csv"}),
    ("change captured traffic", "s3", "PutObject", {"Bucket": CAPTURES, "Key": "day.jsonl", "Body": b"x"}),
    ("sign a checkpoint", "kms", "Sign",
     {"KeyId": arn("kms", "key/log"), "Message": b"x", "SigningAlgorithm": "ED25519_SHA_512", "MessageType": "RAW"}),
    ("delete the key", "kms", "ScheduleKeyDeletion", {"KeyId": arn("kms", "key/log")}),
    ("read another secret", "secretsmanager", "GetSecretValue",
     {"SecretId": arn("secretsmanager", "secret:payroll-AbCdEf")}),
    ("publish to another bus", "events", "PutEvents",
     {"Entries": [{"EventBusName": "other", "Source": "x", "DetailType": "x", "Detail": "{}"}]}),
    ("mail as somebody else", "sesv2", "SendEmail", mail("ceo@example.com")),
    ("mail people", "sesv2", "SendEmail", mail(SENDER)),
    ("tell subscribers", "sns", "Publish", {"TopicArn": arn("sns", "subscribers"), "Message": "x"}),
    ("tell another topic", "sns", "Publish", {"TopicArn": arn("sns", "payroll"), "Message": "x"}),
    ("make a user of the account", "iam", "CreateUser", {"UserName": "mallory"}),
    ("give itself rights", "iam", "PutRolePolicy", {"RoleName": "Audit", "PolicyName": "all", "PolicyDocument": "{}"}),
)  # fmt: skip
_RECORDS = frozenset({"write a record", "remove a record"})
_PEOPLE = frozenset({"mail people", "tell subscribers"})
MAY: Mapping[str, frozenset[str]] = {
    "Audit": frozenset({
        "append to the tree", "forge contents", "erase contents", "read what waits",
        "forge contents in a batch", "take away what waits in a batch", "take the sequencer's turn",
        "write a checkpoint", "sign a checkpoint",
    }),
    "Alerting": _RECORDS | _PEOPLE,
    "Api": _RECORDS | _PEOPLE,
    **dict.fromkeys((
        "Discovery", "Registries", "Drift", "Quality", "Bias", "Compliance", "Reports", "Erasure", "Rollouts",
        "Predictions",
    ), _RECORDS),
}  # fmt: skip


def as_deployed(call: Call) -> Call:
    """A recorded call with the bucket of captures and the sender that the deployment names."""
    given = dict(call.parameters)
    if given.get("Bucket") == CAPTURES:
        given["Bucket"] = f"sagemaker-{REGION}-{ACCOUNT}"
    if "FromEmailAddress" in given:
        given["FromEmailAddress"] = SENDER
    return Call(call.service, call.operation, given)


@dataclass(frozen=True)
class Authorised:
    """The running emulator and who acts in it."""

    url: str

    def owner(self, service: str) -> Any:
        """A client of the account's owner."""
        return self._client(service, aws_access_key_id=ACCOUNT, aws_secret_access_key="x")

    def add(self, concern: str, role: Role) -> dict[str, str]:
        """Make a function's role; returns the credentials of a session in it."""
        iam = self.owner("iam")
        made = iam.create_role(RoleName=concern, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        document = {"Version": "2012-10-17", "Statement": role.statements}
        iam.put_role_policy(RoleName=concern, PolicyName="deployed", PolicyDocument=json.dumps(document))
        given = self.owner("sts").assume_role(RoleArn=made, RoleSessionName=concern)["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def denies(self, credentials: Mapping[str, str], call: Call) -> bool:
        """Whether a call is refused for want of rights. What else becomes of it does not matter."""
        client = self._client(call.service, **credentials)
        try:
            SEND(client, call.operation, dict(call.parameters))
        except ClientError as error:
            return error.response["Error"]["Code"] in DENIED
        return False

    def _client(self, service: str, **credentials: str) -> Any:
        made: Any = boto3.client
        return made(service, endpoint_url=self.url, region_name=REGION, config=QUICK, **credentials)


@contextmanager
def authorised(folder: Path) -> Iterator[Authorised]:
    """An emulator that judges every call by the caller's policies, with the stores of a deployment in it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": str(folder), "AUTH": "true"}
    command, settings["PYTHONPATH"] = [sys.executable, "-m", "tests.vendors.emulator"], str(ROOT)
    with running(command, f"{url}/_ministack/health", folder / "authorised.log", **settings):
        found = Authorised(url)
        tables, s3 = found.owner("dynamodb"), found.owner("s3")
        for table in (TABLE, TREE, ENTRIES, PENDING):
            tables.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            )
        for bucket in (ARCHIVE, CAPTURES, ANCHORS, "payroll"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        found.owner("events").create_event_bus(Name=BUS)
        yield found
