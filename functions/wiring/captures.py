"""Captured traffic: read, received, erased, and by which rules it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from functions import aws_clients
from functions.wiring.clients import CLIENT
from functions.wiring.records import Records
from syndic.adapters.aws import S3CaptureEraser, S3Captures, S3Received, S3StorageInspector, StepFunctionsMap
from syndic.batch_jobs import JobCaptures
from syndic.errors import UnavailableError
from syndic.models import Cloud
from syndic.ports import CaptureEraser, CaptureReader, CaptureWriter, MapRunner, StorageInspector
from syndic.settings import bucket_patterns


class CapturedTraffic(Records):
    """Buckets of captures."""

    @cached_property
    def captures(self) -> CaptureReader:
        """Capture buckets, limited to those allowed; a member's with its role."""
        allowed = self.settings.capture_buckets
        buckets = None if allowed is None else bucket_patterns(allowed)
        own = S3Captures(self._s3, buckets=buckets)
        reader = own if self._members is None else self._members.captures(own, buckets)
        return JobCaptures(reader, self.store)

    @cached_property
    def eraser(self) -> CaptureEraser:
        """Capture buckets and that of traffic sent to the API, where the deployer allowed erasing."""
        allowed = self.settings.capture_buckets
        if not self.settings.erase_captures or allowed is None:
            raise UnavailableError("erasing captured rows is off (SYNDIC_ERASE_CAPTURES)")
        return S3CaptureEraser(self._s3, buckets=bucket_patterns(allowed))

    @cached_property
    def received(self) -> CaptureWriter:
        """The bucket of traffic that is sent to the API."""
        if self.settings.received_captures is None:
            raise UnavailableError("no place is set for traffic that is sent to the API (SYNDIC_RECEIVED_CAPTURES)")
        return S3Received(self._s3, self.settings.received_captures)

    @cached_property
    def storage(self) -> StorageInspector:
        """The rules of Syndic's own buckets, and of those of captures that are allowed."""
        allowed = self.settings.capture_buckets
        own = [uri.removeprefix("s3://") for uri in self.own_stores.values()]
        return S3StorageInspector(self._s3, buckets=None if allowed is None else [*bucket_patterns(allowed), *own])

    @property
    def own_stores(self) -> Mapping[str, str]:
        """The buckets of the archive and of the trail's checkpoints."""
        trail = self.settings.audit_bucket
        return {
            "archive": f"s3://{self.settings.archive_bucket}",
            **({} if trail is None else {"trail": f"s3://{trail}"}),
        }

    @property
    def inspects(self) -> frozenset[Cloud]:
        """Every cloud but Azure, which looks at its own."""
        return frozenset(Cloud) - {Cloud.AZURE}

    @cached_property
    def maps(self) -> MapRunner | None:
        """The state machine of large windows."""
        if self.settings.map_state_machine is None:
            return None
        client = aws_clients.client("stepfunctions", config=CLIENT)
        return StepFunctionsMap(client, self.settings.map_state_machine)
