"""Says by its exit code whether the stack was created before: ``python -m cdk.exists [NAME]``."""

from __future__ import annotations

import sys

import boto3
from botocore.exceptions import ClientError

STACK = "Syndic"
NOT_YET = frozenset({"REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_COMPLETE"})
"""States of a stack that was never there whole."""


def exists(stack: str = STACK) -> bool:
    """Whether a stack is there in the region that is configured."""
    try:
        (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # what CloudFormation calls a stack that is not there
            return False
        raise
    return found["StackStatus"] not in NOT_YET


if __name__ == "__main__":
    sys.exit(not exists(*sys.argv[1:2]))
