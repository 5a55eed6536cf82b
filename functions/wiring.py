"""The only place that builds AWS adapters. Each is built when first asked for and kept while the process lives.

A handler asks `wired()` for what its use case needs, so a function only opens the clients it uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from functions.logs import write_json_logs
from functions.metrics import count
from syndic.adapters.aws import (
    CloudWatchEndpointMetrics,
    DynamoStore,
    EventBridgeBus,
    S3Archive,
    S3Captures,
    SageMakerPackages,
    SageMakerSource,
    SageMakerTraffic,
    SesNotifier,
    StepFunctionsMap,
)
from syndic.audit.log import AuditLog
from syndic.ports import (
    Archive,
    AuditTrail,
    CaptureReader,
    EndpointMetrics,
    EventBus,
    MapRunner,
    ModelSource,
    Notifier,
    Store,
    TrafficShifter,
)
from syndic.registry.writing_back import ApprovingRegistry
from syndic.settings import AwsSettings, read_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Shorter than any function's time limit, so that a silent service becomes an error that is retried, not a timeout.
CLIENT = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4})

# Links name the bucket's own region: S3 redirects others while a bucket is new, which the signature does not survive.
LINKS = Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})


@dataclass(frozen=True)
class AwsWiring:
    """The adapters of a deployed function."""

    settings: AwsSettings

    @cached_property
    def store(self) -> Store:
        """The table; large bodies go to the archive bucket."""
        client = boto3.client("dynamodb", config=CLIENT)
        return DynamoStore(client, self.settings.table_name, s3=self._s3, bucket=self.settings.archive_bucket)

    @cached_property
    def archive(self) -> Archive:
        """The archive bucket."""
        return S3Archive(self._s3, self.settings.archive_bucket)

    @cached_property
    def captures(self) -> CaptureReader:
        """Capture buckets, limited to those allowed."""
        allowed = self.settings.capture_buckets
        return S3Captures(self._s3, buckets=None if allowed is None else allowed.split(","))

    @cached_property
    def bus(self) -> EventBus:
        """The event bus."""
        return EventBridgeBus(boto3.client("events", config=CLIENT), self.settings.event_bus)

    @cached_property
    def audit(self) -> AuditTrail:
        """The audit trail, kept in the store."""
        return AuditLog(self.store)

    @cached_property
    def sources(self) -> Sequence[ModelSource]:
        """SageMaker of the function's own account and region."""
        client = boto3.client("sagemaker", config=CLIENT)
        return (SageMakerSource(client, account=self._account, region=client.meta.region_name),)

    @cached_property
    def registries(self) -> Sequence[ApprovingRegistry]:
        """SageMaker's model registry of the function's own account and region."""
        client = boto3.client("sagemaker", config=CLIENT)
        return (SageMakerPackages(client, account=self._account, region=client.meta.region_name),)

    @cached_property
    def notifier(self) -> Notifier | None:
        """SES, which has no idempotency key: its client must not try again by itself."""
        if self.settings.mail_from is None:
            return None
        once = CLIENT.merge(Config(retries={"total_max_attempts": 1}))
        return SesNotifier(boto3.client("sesv2", config=once), self.settings.mail_from)

    @cached_property
    def maps(self) -> MapRunner | None:
        """The state machine of large windows."""
        if self.settings.map_state_machine is None:
            return None
        client = boto3.client("stepfunctions", config=CLIENT)
        return StepFunctionsMap(client, self.settings.map_state_machine, archive=self.archive)

    @cached_property
    def traffic(self) -> TrafficShifter:
        """SageMaker's endpoints of the function's own account and region."""
        return SageMakerTraffic(boto3.client("sagemaker", config=CLIENT))

    @cached_property
    def endpoint_metrics(self) -> EndpointMetrics:
        """CloudWatch."""
        return CloudWatchEndpointMetrics(boto3.client("cloudwatch", config=CLIENT))

    @cached_property
    def _account(self) -> str:
        return boto3.client("sts", config=CLIENT).get_caller_identity()["Account"]

    @cached_property
    def _s3(self) -> S3Client:
        return boto3.client("s3", config=CLIENT.merge(LINKS))

    def now(self) -> datetime:
        """The time of this call."""
        return datetime.now(UTC)

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Count something done, in CloudWatch."""
        count(name, value, **dimensions)


@cache
def wired() -> AwsWiring:
    """The adapters of this process. Settings are read, and logging is set up, on the first call."""
    settings = read_settings(AwsSettings)
    write_json_logs(settings.log_level)
    return AwsWiring(settings)
