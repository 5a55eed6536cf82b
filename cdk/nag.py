"""Exceptions to the security rules. Each names the one finding it answers and why it stands."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

PACK = "AwsSolutions"
BASIC = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def acknowledge(construct: IConstruct, **reasons: str) -> None:
    """Acknowledge findings on a construct and what is below it.

    Rule names come as keywords with ``_`` for ``-``: ``AwsSolutions_S1="..."``.
    """
    for rule, reason in reasons.items():
        cdk.Validations.of(construct).acknowledge(
            cdk.Acknowledgment(id=f"{PACK}::{rule.replace('_', '-', 1)}", reason=reason)
        )


def acknowledge_wildcard(construct: IConstruct, resource: str, reason: str) -> None:
    """Acknowledge one wildcard, named exactly, in a policy below a construct."""
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"{PACK}::AwsSolutions-IAM5[{resource}]", reason=reason)
    )


def logical_id(resource: cdk.Resource) -> str:
    """The logical id of a resource's own CloudFormation resource, as findings name it."""
    default = resource.node.default_child
    assert isinstance(default, cdk.CfnElement)  # noqa: S101 - every L2 resource has one
    return str(cdk.Stack.of(resource).resolve(default.logical_id))


def name_in_findings(bucket: s3.IBucket) -> str:
    """A bucket's name as findings have it: a reference, or as it is where the bucket was taken over."""
    return f"<{logical_id(bucket)}>" if isinstance(bucket, s3.Bucket) else bucket.bucket_name


def arn_in_findings(bucket: s3.IBucket) -> str:
    """A bucket's ARN likewise."""
    own = isinstance(bucket, s3.Bucket)
    return f"<{logical_id(bucket)}.Arn>" if own else f"arn:<AWS::Partition>:s3:::{bucket.bucket_name}"


def place_in_findings(construct: IConstruct) -> tuple[str, str]:
    """Region and account as findings name them: as given to the stack, each a placeholder where it was not."""
    stack = cdk.Stack.of(construct)
    region = "<AWS::Region>" if cdk.Token.is_unresolved(stack.region) else stack.region
    account = "<AWS::AccountId>" if cdk.Token.is_unresolved(stack.account) else stack.account
    return region, account


def acknowledge_emptying(stack: cdk.Stack) -> None:
    """Acknowledge the CDK's own function that empties a bucket before it is deleted."""
    emptying = stack.node.find_child("Custom::S3AutoDeleteObjectsCustomResourceProvider")
    acknowledge(emptying, AwsSolutions_L1="it is the CDK's own code; its runtime is chosen by the CDK")
    cdk.Validations.of(emptying).acknowledge(
        cdk.Acknowledgment(
            id=f"{PACK}::AwsSolutions-IAM4[Policy::{BASIC}]",
            reason="the CDK gives its own function the managed policy that only lets it write logs",
        )
    )
