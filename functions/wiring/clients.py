"""Clients of AWS, how long they wait, and what every other part of the wiring needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from functions.members import MemberAccounts
from functions.metrics import count
from syndic.settings import AwsSettings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


# Shorter than any function's time limit, so that a silent service becomes an error that is retried, not a timeout.
CLIENT = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4})

# For what somebody waits for and can do without.
QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 1})

# Links name the bucket's own region: S3 redirects others while a bucket is new, which the signature does not survive.
LINKS = Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})


@dataclass(frozen=True)
class Clients:
    """The settings of a deployed function, and clients that several adapters share."""

    settings: AwsSettings

    @cached_property
    def _account(self) -> str:
        return boto3.client("sts", config=CLIENT).get_caller_identity()["Account"]

    @cached_property
    def _s3(self) -> S3Client:
        return boto3.client("s3", config=CLIENT.merge(LINKS))

    @cached_property
    def _dynamo(self) -> DynamoDBClient:
        return boto3.client("dynamodb", config=CLIENT)

    @cached_property
    def _members(self) -> MemberAccounts | None:
        if self.settings.member_accounts is None:
            return None
        return MemberAccounts(self.settings, own=lambda: self._account, config=CLIENT)

    def now(self) -> datetime:
        """The time of this call."""
        return datetime.now(UTC)

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Count something done, in CloudWatch."""
        count(name, value, **dimensions)
