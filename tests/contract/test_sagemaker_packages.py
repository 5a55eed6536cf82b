"""SageMaker's model registry as another registry: imported once, kept in step, approvals told to it."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from syndic.adapters.aws.sagemaker.packages import SageMakerPackages
from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.errors import UnavailableError
from syndic.models import Cloud
from syndic.records import get_model
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.models import Decision, RequestState, Stage, Vote
from syndic.registry.sync.importer import ForeignVersion, ImportReport, import_models
from syndic.registry.sync.step import Step
from syndic.registry.sync.writeback import Told, tell_approvals
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import add_version
from tests.contract import clouds

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MADE = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
SHA = "a" * 64
CARD = {
    "model_overview": {"algorithm_type": "gradient boosting"},
    "training_details": {
        "training_job_details": {
            "training_datasets": ["s3://data/loans.parquet"],
            "hyper_parameters": [{"name": "depth", "value": "3"}],
            "user_provided_hyper_parameters": [{"name": "eta", "value": "0.1"}],
        }
    },
    "evaluation_details": [
        {"name": "test", "metric_groups": [{"name": "g", "metric_data": [
            {"name": "auc", "type": "number", "value": 0.91},
            {"name": "curve", "type": "linear_graph", "value": [[0, 1]]}]}]},
        {"name": "drifted", "metric_groups": [{"name": "g", "metric_data": [
            {"name": "auc", "type": "number", "value": 0.84}]}]},
    ],
}  # fmt: skip
PACKAGE: dict[str, Any] = {
    "ModelPackageDescription": "ranks loans",
    "InferenceSpecification": {
        "Containers": [{
            "Image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/xgb:1", "ImageDigest": "sha256:" + "b" * 64,
            "ModelDataUrl": "s3://models/credit/7/model.tar.gz", "Framework": "XGBOOST", "FrameworkVersion": "1.7",
        }],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["application/json"],
    },
    "ModelMetrics": {
        "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://models/credit/7/q.json",
                                        "ContentDigest": "sha256:" + "c" * 64}},
        "Bias": {"Report": {"ContentType": "application/json", "S3Uri": "s3://models/credit/7/bias.json"}},
    },
    "MetadataProperties": {"CommitId": "deadbeef", "GeneratedBy": "arn:aws:sagemaker:eu-central-1:1:training-job/t"},
    "CustomerMetadataProperties": {"data_sha256": SHA, "data_rows": "1000", "data_features": "7", "team": "loans"},
}  # fmt: skip


class Here:
    """Our registry beside a SageMaker one."""

    def __init__(self, client: Any) -> None:
        self.store, self.audit, self.client = MemoryStore(), MemoryAudit(), client
        self.source = SageMakerPackages(client, account="123456789012", region=clouds.REGION)

    def take(self) -> ImportReport:
        return import_models(self.source, store=self.store, audit=self.audit, actor="discovery", now=NOW)

    def tell(self, model_id: str, *, now: datetime = NOW) -> Told:
        return tell_approvals(self.source, [model_id], store=self.store, now=now)


@pytest.fixture
def client(sagemaker):
    clear = urllib.request.Request(f"{sagemaker}/moto-api/reset", method="POST")  # noqa: S310 - always http://127.0.0.1
    with urllib.request.urlopen(clear, timeout=10):  # noqa: S310
        return clouds.client("sagemaker", sagemaker)


@pytest.mark.emulator
def test_packages_are_imported_once_and_kept_in_step(client):
    client.create_model_package_group(ModelPackageGroupName="credit", ModelPackageGroupDescription="credit models")
    client.create_model_package(ModelPackageGroupName="credit", **PACKAGE)
    client.create_model_package(ModelPackageGroupName="credit", ModelPackageDescription="second")
    client.create_model_package(ModelPackageName="alone", ModelPackageDescription="without a group")
    here = Here(client)
    report = here.take()
    assert (sorted(report.added), report.unsound) == (
        ["alone version 1", "credit version 1", "credit version 2"], (),
    )  # fmt: skip
    credit = next(name for name in report.models if name.startswith("credit-"))
    model, version = get_model(here.store, credit), get_version(here.store, credit, "1")
    assert (model.cloud, model.description, model.stages) == (Cloud.AWS, "credit models", ("development",))
    assert (version.training.dataset_sha256, version.training.rows, version.training.features) == (SHA, 1000, 7)
    assert (version.framework, version.artefact_location) == ("XGBOOST 1.7", "s3://models/credit/7/model.tar.gz")
    assert (version.commit, version.run_id) == ("deadbeef", "arn:aws:sagemaker:eu-central-1:1:training-job/t")
    assert [(item.name, item.location, item.sha256) for item in version.artefacts] == [
        ("bias_report.json", "s3://models/credit/7/bias.json", None),
        ("evaluation.json", "s3://models/credit/7/q.json", "c" * 64),
    ]
    entries = len(here.audit.entries)
    again = here.take()
    assert (again.added, again.changed, again.unchanged, len(here.audit.entries)) == ((), (), 3, entries)


@pytest.mark.emulator
def test_the_approval_decided_here_is_told_once_and_follows_what_happens_to_it(client):
    client.create_model_package_group(ModelPackageGroupName="credit", ModelPackageGroupDescription="credit models")
    arn = client.create_model_package(
        ModelPackageGroupName="credit", ModelApprovalStatus="PendingManualApproval", **PACKAGE
    )["ModelPackageArn"]
    here = Here(client)
    credit = here.take().models[0]
    common: dict[str, Any] = {"store": here.store, "audit": here.audit, "now": NOW}
    choose_policy(credit, "basic", actor="ada", **common)
    assert here.tell(credit).told == ()
    assert "syndic.approval" not in properties(client, arn)

    request = request_approval(credit, "1", Stage.PRODUCTION, actor="ann", **common)
    role = next(iter(request.policy.roles), "data_scientist")
    vote = Vote(actor="pia", role=role, decision=Decision.APPROVE, comment="looked at the bias report", at=NOW)
    assert decide(credit, request.id, vote, held_roles=[role], **common).state is RequestState.APPROVED
    assert here.tell(credit).told == ("credit version 1",)
    package = client.describe_model_package(ModelPackageName=arn)
    assert package["ModelApprovalStatus"] == "Approved"
    assert "pia" in package["ApprovalDescription"]
    assert "looked at the bias report" in package["ApprovalDescription"]
    assert properties(client, arn) == PACKAGE["CustomerMetadataProperties"] | {
        "syndic.model": credit, "syndic.approval": "approved", "syndic.request": request.id,
        "syndic.stage": "development", "syndic.status": "draft",
    }  # fmt: skip
    assert here.tell(credit).told == ()

    assert here.take().changed == ("credit version 1",)  # its foreign status; what approvers saw is the same
    assert here.take().unchanged == 1
    assert here.tell(credit).told == ()
    changed = get_version(here.store, credit, "1").model_copy(update={"metrics": {"auc": 0.2}})
    add_version(changed, actor="ann", **common)
    assert here.tell(credit).told == ("credit version 1",)
    package = client.describe_model_package(ModelPackageName=arn)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert properties(client, arn)["syndic.approval"] == "withdrawn"


@pytest.mark.emulator
def test_a_package_that_is_gone_is_listed_and_the_rest_is_told(client):
    client.create_model_package_group(ModelPackageGroupName="credit", ModelPackageGroupDescription="credit models")
    client.create_model_package(ModelPackageGroupName="credit", **PACKAGE)
    here = Here(client)
    credit = here.take().models[0]
    common: dict[str, Any] = {"store": here.store, "audit": here.audit, "now": NOW}
    version = get_version(here.store, credit, "1")
    gone = str(version.metadata["foreign_id"]) + "9"
    add_version(
        version.model_copy(update={"version": "9", "metadata": {**version.metadata, "foreign_id": gone}}),
        actor="ann", **common,
    )  # fmt: skip
    for name in ("1", "9"):
        request_approval(credit, name, Stage.PRODUCTION, actor="ann", **common)
    told = here.tell(credit, now=NOW + timedelta(days=60))  # both expired
    assert told.told == ("credit version 1",)
    assert [item.where for item in told.unsound] == ["credit version 9"]
    assert "not there" in told.unsound[0].reason


def properties(client: Any, arn: str) -> dict[str, str]:
    return dict(client.describe_model_package(ModelPackageName=arn).get("CustomerMetadataProperties") or {})


# --- what the emulator does not know: model cards, failed packages, pages, refusals --------------------


def arn_of(version: int) -> str:
    return f"arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit/{version}"


def summary(version: int) -> dict[str, Any]:
    return {"ModelPackageGroupName": "credit", "ModelPackageVersion": version, "ModelPackageArn": arn_of(version),
            "CreationTime": MADE, "ModelPackageStatus": "Completed"}  # fmt: skip


def described(version: int, **changes: Any) -> dict[str, Any]:
    return {"ModelPackageName": "credit", "ModelPackageGroupName": "credit", "ModelPackageVersion": version,
            "ModelPackageArn": arn_of(version), "CreationTime": MADE, "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []}, **changes}  # fmt: skip


@pytest.fixture
def stubbed():
    client = clouds.client("sagemaker", "http://127.0.0.1:9")
    with Stubber(client) as stubber:
        yield Here(client), stubber
        stubber.assert_no_pending_responses()


def expect_group(stubber: Stubber) -> None:
    arn = "arn:aws:sagemaker:eu-central-1:123456789012:model-package-group/credit"
    group = {"ModelPackageGroupName": "credit", "ModelPackageGroupArn": arn, "CreationTime": MADE}
    found = [{**group, "ModelPackageGroupStatus": "Completed"}]
    stubber.add_response("list_model_package_groups", {"ModelPackageGroupSummaryList": found})


def expect_page(stubber: Stubber, *versions: int, token: str | None = None, more: str | None = None) -> None:
    answer: dict[str, Any] = {"ModelPackageSummaryList": [summary(version) for version in versions]}
    asked = {
        "ModelPackageGroupName": "credit",
        "MaxResults": 100,
        "SortOrder": "Ascending",
        **({"NextToken": token} if token else {}),
    }
    stubber.add_response("list_model_packages", answer | ({"NextToken": more} if more else {}), asked)


def expect_describe(stubber: Stubber, version: int, **changes: Any) -> None:
    stubber.add_response("describe_model_package", described(version, **changes), {"ModelPackageName": arn_of(version)})


def expect_alone(stubber: Stubber) -> None:
    stubber.add_response("list_model_packages", {"ModelPackageSummaryList": []})


def test_the_packages_own_card_gives_metrics_parameters_and_data(stubbed):
    here, stubber = stubbed
    expect_group(stubber)
    expect_page(stubber, 7)
    expect_describe(
        stubber, 7, ModelCard={"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "Draft"},
        ModelLifeCycle={"Stage": "Staging", "StageStatus": "Done"}, ModelApprovalStatus="Approved",
        CreatedBy={"UserProfileName": "ann"},
    )  # fmt: skip
    expect_alone(stubber)
    (found,) = here.source.versions()
    assert isinstance(found, ForeignVersion)
    assert found.metrics == {"auc": 0.91, "drifted/auc": 0.84}
    assert found.params == {"depth": "3", "eta": "0.1"}
    assert (found.algorithm, found.author, found.stage, found.status) == (
        "gradient boosting", "ann", "Staging", "Approved",
    )  # fmt: skip
    assert found.datasets == ({"name": "s3://data/loans.parquet"},)


def test_what_is_broken_is_listed_and_the_rest_is_imported_page_by_page(stubbed):
    here, stubber = stubbed
    expect_group(stubber)
    expect_page(stubber, 1, 2, more="further")
    failed = {"ValidationStatuses": [{"Name": "v", "Status": "Failed", "FailureReason": "no such image"}]}
    expect_describe(stubber, 1, ModelPackageStatus="Failed", ModelPackageStatusDetails=failed)
    stubber.add_client_error("describe_model_package", "AccessDeniedException", "not yours", 403)
    expect_page(stubber, 3, 4, 5, token="further")
    expect_describe(stubber, 3, ModelCard={"ModelCardContent": "{not json", "ModelCardStatus": "Draft"})
    digest = {"ModelQuality": {"Statistics": {"ContentType": "j", "S3Uri": "s3://a/b", "ContentDigest": "sha256:12"}}}
    expect_describe(stubber, 4, ModelMetrics=digest)
    expect_describe(stubber, 5, ModelPackageStatus="InProgress")
    expect_alone(stubber)
    report = here.take()
    assert report.added == ("credit version 3",)
    assert {item.where: item.reason for item in report.unsound} == {
        "credit version 1": "the package is Failed: no such image",
        "credit version 2": "describe: AccessDeniedException: not yours",
        "credit version 3, model card": "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 "
        "(char 1)",
        "credit version 4": "sha256: String should match pattern '^[0-9a-f]{64}$'",
        "credit version 5": "the package is InProgress",
    }


def test_a_refused_listing_is_no_half_import(stubbed):
    here, stubber = stubbed
    stubber.add_client_error("list_model_package_groups", "AccessDeniedException", "not yours", 403)
    with pytest.raises(UnavailableError, match="list_model_package_groups: AccessDeniedException: not yours"):
        here.take()


def test_a_registry_that_takes_long_is_gone_on_with_after_the_last_version(stubbed):
    here, stubber = stubbed
    expect_group(stubber)
    expect_page(stubber, 7, 8, 9)
    expect_describe(stubber, 7)
    expect_describe(stubber, 8)
    over = iter([False, True])
    step = Step(here.source, here.store, over=lambda: next(over))
    first = import_models(step, store=here.store, audit=here.audit, actor="discovery", now=NOW)
    assert (len(first.added), step.keep()) == (2, False)
    expect_group(stubber)
    expect_page(stubber, 7, 8, 9)
    expect_describe(stubber, 9)
    stubber.add_response("list_model_packages", {"ModelPackageSummaryList": []})
    step = Step(here.source, here.store, over=lambda: False)
    second = import_models(step, store=here.store, audit=here.audit, actor="discovery", now=NOW)
    assert (second.added, step.keep()) == (("credit version 9",), True)
    assert Step(here.source, here.store, over=lambda: False)._began is None


def test_own_properties_come_first_where_there_is_room_for_fifty(stubbed):
    here, stubber = stubbed
    own = {f"p{n}": "v" for n in range(48)}
    expect_describe(stubber, 1, CustomerMetadataProperties=own, ModelApprovalStatus="Approved")
    stubber.add_response(
        "update_model_package", {"ModelPackageArn": arn_of(1)},
        {"ModelPackageArn": arn_of(1), "ModelApprovalStatus": "Rejected", "ApprovalDescription": "x" * 1023 + "…"},
    )  # fmt: skip
    tags = {f"syndic.{n}": "v" for n in range(5)}
    assert here.source.tell_approval(arn_of(1), RequestState.REJECTED, reason="x" * 2000, tags=tags)
