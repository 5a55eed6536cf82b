"""Batch transform jobs of one account and region of SageMaker, as they ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate
from syndic.errors import SourceUnavailableError
from syndic.models import BatchJob, JobStatus
from syndic.ports import EndedJob

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

ENDED: Final[dict[str, JobStatus]] = {"Completed": "completed", "Failed": "failed", "Stopped": "stopped"}

_ABSENT: Final = frozenset({"ValidationException", "ResourceNotFound", "ResourceNotFoundException"})
_WHOLE: Final = frozenset({None, "", "$"})


class _Served(NamedTuple):
    """What is behind the name of a model."""

    group: str | None = None
    version: str | None = None
    image: str | None = None
    tags: dict[str, str] = {}  # noqa: RUF012 - never changed


class TransformJobs:
    """Lists jobs and describes them: two calls each, and three more for each model."""

    def __init__(self, client: SageMakerClient, *, scope: str) -> None:
        self._client, self._scope = client, scope
        self._models: dict[str, _Served] = {}

    def ended(self, since: datetime, until: datetime) -> Iterator[EndedJob]:
        """Jobs that were last changed between two times and have ended."""
        try:
            pages = self._client.get_paginator("list_transform_jobs").paginate(
                LastModifiedTimeAfter=since,
                LastModifiedTimeBefore=until,
                SortBy="CreationTime",
                SortOrder="Ascending",
                PaginationConfig={"PageSize": 100},
            )
            for page in pages:
                for one in page["TransformJobSummaries"]:
                    modified = one.get("LastModifiedTime") or one.get("TransformEndTime") or one["CreationTime"]
                    if one["TransformJobStatus"] in ENDED:
                        yield EndedJob(one["TransformJobName"], modified.astimezone(UTC))
        except (ClientError, BotoCoreError) as error:
            raise SourceUnavailableError(str(translate(error, f"{self._scope}: list transform jobs"))) from error

    def described(self, names: Collection[str]) -> Iterator[BatchJob]:
        """What some ended jobs did."""
        try:
            for name in names:
                job = self._described(name)
                if job is not None:
                    yield job
        except (ClientError, BotoCoreError) as error:
            raise SourceUnavailableError(str(translate(error, f"{self._scope}: describe transform jobs"))) from error

    def _described(self, name: str) -> BatchJob | None:
        found = self._found("describe_transform_job", TransformJobName=name)
        if found is None or found["TransformJobStatus"] not in ENDED:
            return None
        source = found["TransformInput"]["DataSource"]["S3DataSource"]
        served = self._served(found["ModelName"])
        processing = found.get("DataProcessing") or {}
        ended = found.get("TransformEndTime") or found["CreationTime"]
        return BatchJob(
            name=name,
            resource_id=found["TransformJobArn"],
            scope=self._scope,
            status=ENDED[found["TransformJobStatus"]],
            reason=found.get("FailureReason") or None,
            model_name=found["ModelName"],
            package_group=served.group,
            model_version=served.version,
            image=served.image,
            created_at=found["CreationTime"].astimezone(UTC),
            ended_at=max(ended, found["CreationTime"]).astimezone(UTC),
            input_uri=source["S3Uri"],
            input_manifest=source["S3DataType"] == "ManifestFile",
            output_uri=found["TransformOutput"]["S3OutputPath"],
            joined=processing.get("JoinSource") == "Input" and processing.get("OutputFilter") in _WHOLE,
            captured_uri=(found.get("DataCaptureConfig") or {}).get("DestinationS3Uri"),
            obstacle=_obstacle(found),
            tags={**served.tags, **self._tags(found["TransformJobArn"])},
        )

    def _served(self, name: str) -> _Served:
        if name not in self._models:
            self._models[name] = self._looked_up(name)
        return self._models[name]

    def _looked_up(self, name: str) -> _Served:
        model = self._found("describe_model", ModelName=name)
        if model is None:  # deleted since the job ran, as pipelines do
            return _Served()
        containers: list[Any] = [model.get("PrimaryContainer") or {}, *(model.get("Containers") or [])]
        images = [image for one in containers if (image := one.get("Image"))]
        packages = [package for one in containers if (package := one.get("ModelPackageName"))]
        package = self._found("describe_model_package", ModelPackageName=packages[0]) if packages else None
        version = None if package is None else package.get("ModelPackageVersion")
        return _Served(
            None if package is None else package.get("ModelPackageGroupName"),
            None if version is None else str(version),
            images[0] if images else None,
            self._tags(model["ModelArn"]),
        )

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self._client.get_paginator("list_tags").paginate(ResourceArn=arn)
        found: list[Any] = [tag for page in pages for tag in page["Tags"]]
        return {tag["Key"]: tag["Value"] for tag in found if tag["Key"].startswith("syndic:")}

    def _found(self, operation: str, **name: str) -> dict[str, Any] | None:
        try:
            return dict(getattr(self._client, operation)(**name))
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise


def _obstacle(found: dict[str, Any]) -> str | None:
    """Why a job's rows cannot be read, and what to set; None: nothing of its description speaks against it."""
    given, taken = found["TransformInput"], found["TransformInput"]["DataSource"]["S3DataSource"]
    if taken["S3DataType"] not in {"S3Prefix", "ManifestFile"}:
        return f"its input is {taken['S3DataType']}: give it as S3Prefix or ManifestFile"
    if given.get("SplitType") in {"RecordIO", "TFRecord"}:
        return f"its input is split as {given['SplitType']}, whose records are not read: give CSV or JSON Lines"
    for place in (taken["S3Uri"], found["TransformOutput"]["S3OutputPath"]):
        if not place.startswith("s3://"):
            return f"{place[:200]!r} is no address such as s3://bucket/prefix"
    return None
