"""Who may hand over to the audit trail, read it, and append to it; and what wakes the sequencer."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.constructs.function import Function
from cdk.constructs.storage import READ_RECORDS, Storage
from cdk.nag import acknowledge_wildcard, arn_in_findings
from cdk.options import Options
from syndic.settings import variable


def allow_handing_over(function: Function, storage: Storage) -> None:
    """Put audit entries where they wait for the sequencer; not read, change or remove what waits there."""
    function.role.add_to_policy(
        iam.PolicyStatement(
            actions=["dynamodb:PutItem"],
            resources=[storage.pending.table_arn],
            conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["pending.?"]}},
        )
    )


def allow_reading(function: Function, storage: Storage) -> None:
    """Read the trail, and what is published of it."""
    function.allow(READ_RECORDS, [storage.entries.table_arn, storage.tree.table_arn])
    function.allow(("s3:GetObject",), [storage.anchors.arn_for_objects("*")])
    function.allow(("s3:ListBucket",), [storage.anchors.bucket_arn])
    acknowledge_wildcard(
        function,
        f"Resource::{arn_in_findings(storage.anchors)}/*",
        "checkpoints and tiles have no names before they are written; the bucket holds nothing else",
    )


def allow_sequencing(function: Function, storage: Storage, options: Options) -> None:
    """Append to the trail, and publish what it adds up to. No other function may, and none may change it."""
    allow_reading(function, storage)
    function.allow(("dynamodb:PutItem",), [storage.entries.table_arn, storage.tree.table_arn])
    function.allow(("dynamodb:DeleteItem",), [storage.entries.table_arn])  # contents, when an entry says so
    function.allow((*READ_RECORDS, "dynamodb:PutItem"), [storage.pending.table_arn])
    # Listings of contents, and what has waited: by the batch it is half the price of a transaction.
    function.allow(("dynamodb:BatchWriteItem",), [storage.entries.table_arn, storage.pending.table_arn])
    function.allow(("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"), [storage.table.table_arn])
    function.allow(("s3:PutObject",), [storage.anchors.arn_for_objects("*")])
    function.allow(("kms:Sign", "kms:GetPublicKey"), [storage.key_arn])
    stack = cdk.Stack.of(function)
    told = {
        "audit_key": storage.key_arn,
        "audit_log_name": f"syndic/{stack.account}/{stack.region}/audit",
        "audit_mail": options.audit_mail,
        "audit_witnesses": options.audit_witnesses,
    }
    for field, value in told.items():
        if value:
            function.function.add_environment(variable(field), value)


def wake(scope: Construct, function: Function, storage: Storage) -> None:
    """Call the sequencer when something waits."""
    stream = storage.pending.table_stream_arn
    assert stream is not None  # noqa: S101 - the table is made with one
    function.allow(("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"), [stream])
    function.allow(("dynamodb:ListStreams",), ["*"])
    acknowledge_wildcard(function, "Resource::*", "Lambda lists the account's streams to find the table's; read only")
    # What wakes it, not what it reads: it takes what waits in the table, so a lost record is no lost entry.
    lambda_.EventSourceMapping(
        scope,
        "AuditWaiting",
        target=function.function,
        event_source_arn=stream,
        starting_position=lambda_.StartingPosition.LATEST,
        batch_size=1000,
        parallelization_factor=1,
        retry_attempts=2,
        max_record_age=cdk.Duration.minutes(5),
        # What waits is new there. It writes in that table itself whose turn it is, and would wake itself for ever.
        filters=[lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})],
    ).node.add_dependency(function.role)
