"""`ModelSource` on SageMaker: the endpoints of one account and region, of every kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate
from syndic.adapters.aws.sagemaker.transform_jobs import TransformJobs
from syndic.errors import SourceUnavailableError
from syndic.models import BatchJob, CaptureConfig, CaptureFormat, Cloud, Endpoint, EndpointKind, EndpointVariant
from syndic.ports import EndedJob, ListedEndpoint

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

_ABSENT: Final = frozenset({"ValidationException", "ResourceNotFound", "ResourceNotFoundException"})
"""How SageMaker answers a describe of something that is not there (a name that it listed itself is never malformed)."""


class SageMakerSource:
    """Lists endpoints and describes what is behind each.

    Args:
        client: A SageMaker client.
        account: The account's id, for the source's name.
        region: The region's name.
    """

    def __init__(self, client: SageMakerClient, *, account: str, region: str) -> None:
        self._client, self._scope = client, f"{account}/{region}"
        self._jobs = TransformJobs(client, scope=self._scope)

    @property
    def name(self) -> str:
        """Such as ``sagemaker 123456789012/eu-central-1``."""
        return f"sagemaker {self._scope}"

    def listing(self) -> Iterator[ListedEndpoint]:
        """Every endpoint by name, a hundred a call."""
        try:
            pages = self._client.get_paginator("list_endpoints").paginate(
                SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 100}
            )
            for page in pages:
                for summary in page["Endpoints"]:
                    yield ListedEndpoint(summary["EndpointName"], summary["EndpointArn"])
        except (ClientError, BotoCoreError) as error:
            raise SourceUnavailableError(str(translate(error, f"{self.name}: list endpoints"))) from error

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """What is behind every endpoint, or those of some names: four calls each."""
        try:
            for name in [one.name for one in self.listing()] if names is None else names:
                endpoint = self._endpoint(name)
                if endpoint is not None:
                    yield endpoint
        except (ClientError, BotoCoreError) as error:
            raise SourceUnavailableError(str(translate(error, f"{self.name}: describe endpoints"))) from error

    def ended_jobs(self, since: datetime, until: datetime) -> Iterator[EndedJob]:
        """Batch transform jobs that have ended and were last changed between two times."""
        return self._jobs.ended(since, until)

    def jobs(self, names: Collection[str]) -> Iterator[BatchJob]:
        """What some of them did."""
        return self._jobs.described(names)

    def _endpoint(self, name: str) -> Endpoint | None:
        found = self._describe("describe_endpoint", EndpointName=name)
        if found is None:
            return None
        config = self._describe("describe_endpoint_config", EndpointConfigName=found.get("EndpointConfigName")) or {}
        planned = {variant["VariantName"]: variant for variant in config.get("ProductionVariants", [])}
        running: list[Any] = found.get("ProductionVariants") or config.get("ProductionVariants", [])
        kinds: set[EndpointKind] = set()
        variants = [self._variant(variant, planned.get(variant["VariantName"], {}), kinds) for variant in running]
        if config and any("ModelName" not in variant for variant in planned.values()):
            kinds.add("inference_components")
            variants += self._components(name)
        if found.get("AsyncInferenceConfig") or config.get("AsyncInferenceConfig"):
            kinds.add("asynchronous")
        return Endpoint(
            cloud=Cloud.AWS,
            scope=self._scope,
            name=name,
            resource_id=found["EndpointArn"],
            status=found["EndpointStatus"],
            variants=tuple(variants),
            kinds=tuple(sorted(kinds)),
            capture=_capture(found.get("DataCaptureConfig"), config.get("DataCaptureConfig")),
            tags=self._tags(found["EndpointArn"]),
            created_at=found["CreationTime"].astimezone(UTC),
        )

    def _components(self, endpoint: str) -> list[EndpointVariant]:
        """The models of an endpoint whose variants are instances only: its inference components."""
        pages = self._client.get_paginator("list_inference_components").paginate(EndpointNameEquals=endpoint)
        found = [one["InferenceComponentName"] for page in pages for one in page["InferenceComponents"]]
        return [EndpointVariant(name=name, model_name=name) for name in sorted(found)]

    def _variant(self, running: dict[str, Any], planned: dict[str, Any], kinds: set[EndpointKind]) -> EndpointVariant:
        name = planned.get("ModelName")
        model = self._describe("describe_model", ModelName=name) if name else None
        containers = [] if model is None else [model.get("PrimaryContainer") or {}, *(model.get("Containers") or [])]
        if any(one.get("Mode") == "MultiModel" for one in containers):
            kinds.add("multi_model")
        if running.get("CurrentServerlessConfig") or planned.get("ServerlessConfig"):
            kinds.add("serverless")
        packages = [package for one in containers if (package := one.get("ModelPackageName"))]
        images = [image for one in containers if (image := one.get("Image"))]
        version = packages[0].rsplit("/", 1)[-1] if packages else None
        weight = running.get("CurrentWeight", planned.get("InitialVariantWeight"))
        return EndpointVariant(
            name=running["VariantName"],
            model_name=name,
            model_version=version if version is not None and version.isdigit() else None,
            instance_type=planned.get("InstanceType"),
            weight=None if weight is None else float(weight),
            image=images[0] if images else None,
        )

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self._client.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}

    def _describe(self, operation: str, **name: str | None) -> dict[str, Any] | None:
        """The answer to a describe call, or None when the thing is not (any longer) there."""
        if None in name.values():
            return None
        try:
            return dict(getattr(self._client, operation)(**name))
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise


def _capture(running: dict[str, Any] | None, planned: dict[str, Any] | None) -> CaptureConfig | None:
    """Where traffic is captured: as the running endpoint says, and where it is silent, as its configuration says."""
    told, asked = running or {}, planned or {}
    place = told.get("DestinationS3Uri") or asked.get("DestinationS3Uri")
    if not place:
        return None
    enabled = told.get("EnableCapture", asked.get("EnableCapture", False))
    # Only the configuration says which sides are taken.
    modes = {one.get("CaptureMode") for one in asked.get("CaptureOptions", ())}
    return CaptureConfig(
        enabled=bool(enabled) and told.get("CaptureStatus", "Started") == "Started",
        format=CaptureFormat.SAGEMAKER,
        uri=place.rstrip("/"),
        sampling_percent=float(told.get("CurrentSamplingPercentage", asked.get("InitialSamplingPercentage", 100))),
        inputs=bool(modes & {"Input", "InputAndOutput"}) if modes else None,
        outputs=bool(modes & {"Output", "InputAndOutput"}) if modes else None,
    )
