"""SageMaker's model registry: package groups and their versions, read as another registry; approvals written back.

Nothing but descriptions is read: artefacts and metric files are named by their location, never opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from syndic.adapters.aws.errors import BUSY, code_of, translate, translated
from syndic.errors import NotFoundError, UnavailableError
from syndic.models import Cloud
from syndic.registry.models import Artefact, RequestState
from syndic.registry.sync.importer import ForeignVersion, Unsound

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

STATES: Final = {RequestState.APPROVED: "Approved", RequestState.REJECTED: "Rejected"}
"""What SageMaker calls an approval's end; every other state is ``PendingManualApproval``."""

ABSENT: Final = frozenset({"ValidationException", "ResourceNotFound", "ResourceNotFoundException"})
DESCRIPTION: Final = 1024  # characters of an approval description
PROPERTIES: Final = 50  # customer metadata properties of a package
PROPERTY: Final = (128, 256)  # characters of a property's name and value

# Where a package names the files of its evaluation, and what they are called as artefacts.
METRICS: Final = {
    ("ModelQuality", "Statistics"): "evaluation.json",
    ("ModelQuality", "Constraints"): "model_quality_constraints.json",
    ("ModelDataQuality", "Statistics"): "data_quality_statistics.json",
    ("ModelDataQuality", "Constraints"): "data_quality_constraints.json",
    ("Bias", "Report"): "bias_report.json",
    ("Bias", "PreTrainingReport"): "bias_pre_training_report.json",
    ("Bias", "PostTrainingReport"): "bias_post_training_report.json",
    ("Explainability", "Report"): "explainability_report.json",
}


BY_NAME: Final = {"SortBy": "Name", "SortOrder": "Ascending"}


class SageMakerPackages:
    """The model registry of one account and region."""

    def __init__(self, client: SageMakerClient, *, account: str, region: str) -> None:
        self._client = client
        self.name = f"sagemaker packages {account}/{region}"

    def versions(self, *, after: str | None = None) -> Iterator[ForeignVersion | Unsound]:
        """Every version of every group, then packages without a group; these have the one version ``1``.

        Those up to `after` are neither described nor, where they are in other groups, listed.
        """
        group_of = _group_in(after)
        groups = self._listed("list_model_package_groups", "ModelPackageGroupSummaryList", **BY_NAME)
        if group_of is not None:  # names in ARNs are in small letters
            groups = dropwhile(lambda group: str(group["ModelPackageGroupName"]).lower() != group_of, groups)
        for group in groups if after is None or group_of is not None else ():
            name = str(group["ModelPackageGroupName"])
            packages = self._listed(
                "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=name, SortOrder="Ascending"
            )
            for package in _past(packages, after if name.lower() == group_of else None):
                yield from self._version(package, name, group.get("ModelPackageGroupDescription"))
        alone = self._listed(
            "list_model_packages", "ModelPackageSummaryList", ModelPackageType="Unversioned", **BY_NAME
        )
        for package in _past(alone, after if group_of is None else None):
            yield from self._version(package, str(package["ModelPackageName"]), None)

    def tell_approval(self, foreign_id: str, state: RequestState, *, reason: str, tags: Mapping[str, str]) -> bool:
        """Set a package's approval status and properties; returns whether anything had to be written.

        Raises:
            NotFoundError: There is no such package any more.
        """
        what = f"{self.name}: tell {foreign_id.rpartition('model-package/')[2]}"
        try:
            present = self._client.describe_model_package(ModelPackageName=foreign_id)
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise NotFoundError(f"{what}: the package is not there") from error
            raise translate(error, what) from error
        except BotoCoreError as error:
            raise translate(error, what) from error
        held = dict(present.get("CustomerMetadataProperties") or {})
        status = STATES.get(state, "PendingManualApproval")
        wanted = {key[: PROPERTY[0]]: value[: PROPERTY[1]] for key, value in tags.items()}
        if len(held | wanted) > PROPERTIES:  # the package's own properties come first
            wanted = {}
        said = reason if len(reason) <= DESCRIPTION else reason[: DESCRIPTION - 1] + "…"
        if (present.get("ModelApprovalStatus"), present.get("ApprovalDescription")) == (status, said) and all(
            held.get(key) == value for key, value in wanted.items()
        ):
            return False
        changes: dict[str, Any] = {"ModelApprovalStatus": status, "ApprovalDescription": said}
        if wanted:
            changes["CustomerMetadataProperties"] = held | wanted
        with translated(what):
            self._client.update_model_package(ModelPackageArn=foreign_id, **changes)
        return True

    def _listed(self, operation: str, field: str, **arguments: str) -> Iterator[dict[str, Any]]:
        # Asked page by page with the token: the model has no paginator for one of the two.
        token: dict[str, str] = {}
        while True:
            try:
                answer = getattr(self._client, operation)(**arguments, **token, MaxResults=100)
            except (ClientError, BotoCoreError) as error:
                raise UnavailableError(str(translate(error, f"{self.name}: {operation}"))) from error
            yield from answer.get(field, [])
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def _version(self, summary: Mapping[str, Any], model: str, about: str | None) -> Iterator[ForeignVersion | Unsound]:
        version = str(summary.get("ModelPackageVersion", 1))
        where = f"{model} version {version}"
        try:
            answer = self._client.describe_model_package(ModelPackageName=summary["ModelPackageArn"])
        except ClientError as error:
            if code_of(error) in BUSY:
                raise translate(error, f"{self.name}: describe {where}") from error
            yield Unsound(where=where, reason=str(translate(error, "describe")))
            return
        except BotoCoreError as error:
            raise translate(error, f"{self.name}: describe {where}") from error
        package: dict[str, Any] = dict(answer)
        status = package.get("ModelPackageStatus")
        if status != "Completed":
            yield Unsound(where=where, reason=f"the package is {status}{_failures(package)}")
            return
        card, broken = _card(package)
        if broken:
            yield Unsound(where=f"{where}, model card", reason=broken)
        try:
            yield _described(package, model, version, about, card)
        except ValidationError as error:
            first = error.errors()[0]
            yield Unsound(where=where, reason=f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _group_in(arn: str | None) -> str | None:
    """The group of a package by its ARN; None: it is in none."""
    parts = (arn or "").partition("model-package/")[2].split("/")
    return parts[0].lower() if len(parts) == 2 else None


def _past(packages: Iterator[dict[str, Any]], arn: str | None) -> Iterator[dict[str, Any]]:
    """The packages after one; all, where there is none to be after."""
    if arn is None:
        return packages
    return islice(dropwhile(lambda package: package["ModelPackageArn"] != arn, packages), 1, None)


def _described(
    package: Mapping[str, Any], model: str, version: str, about: str | None, card: Mapping[str, Any]
) -> ForeignVersion:
    made = package.get("MetadataProperties") or {}
    containers = (package.get("InferenceSpecification") or {}).get("Containers") or [{}]
    training = _part(card, "training_details", "training_job_details")
    sources = _list(training.get("training_datasets"))
    held = {str(key): str(value) for key, value in (package.get("CustomerMetadataProperties") or {}).items()}
    return ForeignVersion(
        cloud=Cloud.AWS,
        model=model,
        version=version,
        foreign_id=package["ModelPackageArn"],
        created_at=package["CreationTime"].astimezone(UTC),
        description=package.get("ModelPackageDescription") or None,
        model_description=about or None,
        author=_author(package.get("CreatedBy") or {}),
        stage=(package.get("ModelLifeCycle") or {}).get("Stage"),
        status=package.get("ModelApprovalStatus"),
        tags=held,
        run_id=made.get("GeneratedBy"),
        commit=made.get("CommitId"),
        run_tags=held,
        params=_parameters(training),
        metrics=_metrics(card),
        artefacts=tuple(_artefacts(package.get("ModelMetrics") or {})),
        location=_location(containers[0]),
        datasets=tuple({"name": str(name)} for name in sources),
        signature=_signature(package.get("InferenceSpecification") or {}, containers[0]),
        flavour=_framework(containers[0]),
        algorithm=_part(card, "model_overview").get("algorithm_type") or _algorithm(package),
        requirements=tuple(_image(one) for one in containers if one.get("Image")),
    )


def _failures(package: Mapping[str, Any]) -> str:
    details = package.get("ModelPackageStatusDetails") or {}
    said = [
        item["FailureReason"]
        for kind in ("ValidationStatuses", "ImageScanStatuses")
        for item in details.get(kind) or []
        if item.get("FailureReason")
    ]
    return f": {'; '.join(said)}" if said else ""


def _card(package: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The package's own model card and, when it cannot be read, why."""
    content = (package.get("ModelCard") or {}).get("ModelCardContent")
    if not content:
        return {}, None
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        return {}, f"not JSON: {error}"
    return (value, None) if isinstance(value, dict) else ({}, "not a JSON object")


def _part(card: Mapping[str, Any], *names: str) -> dict[str, Any]:
    value: Any = card
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _parameters(training: Mapping[str, Any]) -> dict[str, str]:
    named = [*_list(training.get("hyper_parameters")), *_list(training.get("user_provided_hyper_parameters"))]
    return {str(one["name"]): str(one.get("value")) for one in named if isinstance(one, dict) and one.get("name")}


def _metrics(card: Mapping[str, Any]) -> dict[str, float]:
    """Numbers of the card's evaluations; a name that two evaluations use carries the evaluation's name."""
    found: dict[str, float] = {}
    for evaluation in _list(card.get("evaluation_details")):
        for group in _list(_part({"it": evaluation}, "it").get("metric_groups")):
            for metric in _list(_part({"it": group}, "it").get("metric_data")):
                named, value = _part({"it": metric}, "it").get("name"), _part({"it": metric}, "it").get("value")
                if named and isinstance(value, int | float) and not isinstance(value, bool):
                    name = f"{evaluation.get('name')}/{named}" if named in found else str(named)
                    found[name] = float(value)
    return found


def _artefacts(metrics: Mapping[str, Any]) -> Iterator[Artefact]:
    for (kind, part), name in METRICS.items():
        source = (metrics.get(kind) or {}).get(part) or {}
        if source.get("S3Uri"):
            digest = str(source.get("ContentDigest") or "").lower().removeprefix("sha256:")
            yield Artefact(name=name, location=source["S3Uri"], sha256=digest or None)


def _location(container: Mapping[str, Any]) -> str | None:
    source = (container.get("ModelDataSource") or {}).get("S3DataSource") or {}
    return container.get("ModelDataUrl") or source.get("S3Uri")


def _signature(specification: Mapping[str, Any], container: Mapping[str, Any]) -> dict[str, Any] | None:
    told = {
        "content_types": specification.get("SupportedContentTypes"),
        "response_types": specification.get("SupportedResponseMIMETypes"),
        "data_input": (container.get("ModelInput") or {}).get("DataInputConfig"),
    }
    return {name: value for name, value in told.items() if value} or None


def _framework(container: Mapping[str, Any]) -> str | None:
    words = (container.get("Framework"), container.get("FrameworkVersion"))
    return " ".join(word for word in words if word) or None


def _algorithm(package: Mapping[str, Any]) -> str | None:
    found = (package.get("SourceAlgorithmSpecification") or {}).get("SourceAlgorithms") or [{}]
    name = found[0].get("AlgorithmName")
    return None if name is None else str(name)


def _image(container: Mapping[str, Any]) -> str:
    image, digest = str(container["Image"]), container.get("ImageDigest")
    return f"{image}@{digest.lower()}" if digest and "@" not in image else image


def _author(by: Mapping[str, Any]) -> str | None:
    return by.get("UserProfileName") or (by.get("IamIdentity") or {}).get("Arn")
