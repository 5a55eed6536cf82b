"""What every `ModelSource` promises, and how SageMaker's answers are read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from syndic.adapters.aws import SageMakerSource
from syndic.adapters.aws.sagemaker.endpoints import _capture
from syndic.adapters.memory import MemorySource
from syndic.errors import SourceUnavailableError
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint, EndpointVariant
from syndic.ports import ModelSource
from tests.contract import clouds

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROLE = "arn:aws:iam::123456789012:role/r"
PACKAGE = "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit/7"


@dataclass
class SourceSubject:
    """A source and a way to run endpoints in the cloud behind it."""

    source: ModelSource
    client: Any = None
    made: list[Endpoint] = field(default_factory=list)

    def run(self, name: str, *, capture: bool = True) -> None:
        if self.client is None:
            self.made.append(expected(name, capture=capture))
            self.source.listed[:] = self.made
            return
        self.client.create_model(
            ModelName=f"{name}-model", PrimaryContainer={"Image": "image:1"}, ExecutionRoleArn=ROLE
        )
        captured = {
            "EnableCapture": True,
            "InitialSamplingPercentage": 50,
            "DestinationS3Uri": "s3://captured/in/",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        }
        self.client.create_endpoint_config(
            EndpointConfigName=f"{name}-config",
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": f"{name}-model",
                    "InitialInstanceCount": 1,
                    "InstanceType": "ml.t2.medium",
                    "InitialVariantWeight": 1.0,
                }
            ],
            **({"DataCaptureConfig": captured} if capture else {}),
        )
        self.client.create_endpoint(
            EndpointName=name, EndpointConfigName=f"{name}-config", Tags=[{"Key": "syndic:owner", "Value": "o@e.org"}]
        )

    def clear(self) -> None:
        for name in [one["EndpointName"] for one in self.client.list_endpoints(MaxResults=100)["Endpoints"]]:
            self.client.delete_endpoint(EndpointName=name)


def expected(name: str, *, capture: bool = True) -> Endpoint:
    return Endpoint(
        cloud=Cloud.AWS,
        scope="123456789012/eu-central-1",
        name=name,
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        status="InService",
        variants=(
            EndpointVariant(
                name="AllTraffic",
                model_name=f"{name}-model",
                instance_type="ml.t2.medium",
                weight=1.0,
                image="image:1",
            ),
        ),
        capture=CaptureConfig(
            enabled=True,
            format=CaptureFormat.SAGEMAKER,
            uri="s3://captured/in",
            sampling_percent=50.0,
            inputs=True,
            outputs=True,
        )
        if capture
        else None,
        tags={"syndic:owner": "o@e.org"},
    )


@pytest.fixture(params=["memory", pytest.param("sagemaker", marks=pytest.mark.emulator)])
def subject(request: pytest.FixtureRequest) -> Iterator[SourceSubject]:
    if request.param == "memory":
        yield SourceSubject(MemorySource("memory"))
        return
    client = clouds.client("sagemaker", request.getfixturevalue("sagemaker"))
    made = SourceSubject(SageMakerSource(client, account="123456789012", region=clouds.REGION), client)
    yield made
    made.clear()


def listed(subject: SourceSubject) -> dict[str, Endpoint]:
    return {one.name: one for one in subject.source.endpoints()}


def test_nothing_runs(subject: SourceSubject) -> None:
    assert listed(subject) == {}


def test_an_endpoint_is_described_in_full(subject: SourceSubject) -> None:
    name = f"e-{uuid.uuid4().hex[:8]}"
    subject.run(name)
    assert listed(subject)[name].model_copy(update={"created_at": None}) == expected(name)


def test_an_endpoint_without_capture_says_so(subject: SourceSubject) -> None:
    name = f"e-{uuid.uuid4().hex[:8]}"
    subject.run(name, capture=False)
    assert listed(subject)[name].capture is None


def test_every_page_is_read(subject: SourceSubject) -> None:
    names = {f"e-{i:02d}-{uuid.uuid4().hex[:6]}" for i in range(23)}
    for name in names:
        subject.run(name, capture=False)
    assert set(listed(subject)) == names


def test_a_listing_names_the_models_and_some_of_them_are_described(subject: SourceSubject) -> None:
    names = sorted(f"e-{i}-{uuid.uuid4().hex[:6]}" for i in range(3))
    for name in names:
        subject.run(name, capture=False)
    everything = listed(subject)
    assert {one.name: one.model_id for one in subject.source.listing()} == {
        name: everything[name].model_id for name in names
    }
    assert [one.name for one in subject.source.endpoints([names[1], "never"])] == [names[1]]


# --- SageMaker's own answers -------------------------------------------------------------------------


def stubbed() -> tuple[SageMakerSource, Stubber]:
    client = clouds.client("sagemaker", "http://127.0.0.1:9")
    return SageMakerSource(client, account="1", region="r"), Stubber(client)


SUMMARY = {
    "EndpointName": "a",
    "EndpointArn": "arn:aws:sagemaker:r:1:endpoint/a",
    "CreationTime": NOW,
    "LastModifiedTime": NOW,
    "EndpointStatus": "InService",
}
LISTING = {"Endpoints": [SUMMARY]}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "InternalFailure"])
def test_a_refused_listing_names_the_code_and_the_reason(code: str) -> None:
    source, stub = stubbed()
    stub.add_client_error("list_endpoints", code, "because")
    with stub, pytest.raises(SourceUnavailableError, match=f"sagemaker 1/r: list endpoints: {code}: because"):
        list(source.endpoints())


def test_no_answer_at_all_is_unavailable() -> None:
    source, _ = stubbed()
    with pytest.raises(SourceUnavailableError, match="EndpointConnectionError"):
        list(source.endpoints())


def test_an_endpoint_deleted_while_the_list_is_read_is_left_out() -> None:
    source, stub = stubbed()
    stub.add_response("list_endpoints", LISTING)
    stub.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")
    with stub:
        assert list(source.endpoints()) == []


def test_a_describe_that_is_refused_makes_the_source_unavailable() -> None:
    source, stub = stubbed()
    stub.add_response("list_endpoints", LISTING)
    stub.add_client_error("describe_endpoint", "AccessDeniedException", "no")
    with stub, pytest.raises(SourceUnavailableError, match="AccessDenied"):
        list(source.endpoints())


def test_a_running_endpoint_whose_configuration_was_deleted_is_still_described() -> None:
    source, stub = stubbed()
    stub.add_response("list_endpoints", LISTING)
    stub.add_response(
        "describe_endpoint",
        {
            **SUMMARY,
            "EndpointConfigName": "c",
            "ProductionVariants": [{"VariantName": "v", "CurrentWeight": 0.5}],
            "DataCaptureConfig": {
                "EnableCapture": True,
                "CaptureStatus": "Stopped",
                "CurrentSamplingPercentage": 20,
                "DestinationS3Uri": "s3://b/p/",
                "KmsKeyId": "",
            },
        },
    )
    stub.add_client_error("describe_endpoint_config", "ValidationException", "Could not find")
    stub.add_response("list_tags", {"Tags": []})
    with stub:
        (endpoint,) = source.endpoints()
    assert endpoint.variants == (EndpointVariant(name="v", weight=0.5),)
    assert endpoint.capture == CaptureConfig(
        enabled=False, format=CaptureFormat.SAGEMAKER, uri="s3://b/p", sampling_percent=20.0
    )


@pytest.mark.parametrize(
    ("modes", "sides"),
    [
        (("Input",), (True, False)),
        (("Output",), (False, True)),
        (("InputAndOutput",), (True, True)),
        ((), (None, None)),
    ],
)
def test_which_sides_of_the_traffic_are_captured_is_read(modes: tuple[str, ...], sides: tuple[bool, bool]) -> None:
    config = {
        "EnableCapture": True,
        "DestinationS3Uri": "s3://b/p",
        "CaptureOptions": [{"CaptureMode": m} for m in modes],
    }
    found = _capture({"EnableCapture": True, "CaptureStatus": "Started"}, config)
    assert found is not None
    assert (found.inputs, found.outputs) == sides


def test_the_version_of_a_model_package_is_read() -> None:
    source, stub = stubbed()
    stub.add_response("list_endpoints", LISTING)
    variant = {"VariantName": "v", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    stub.add_response("describe_endpoint", {**SUMMARY, "EndpointConfigName": "c"})
    stub.add_response(
        "describe_endpoint_config",
        {
            "EndpointConfigName": "c",
            "EndpointConfigArn": "arn:" + "x" * 20,
            "ProductionVariants": [variant],
            "CreationTime": NOW,
        },
    )
    stub.add_response(
        "describe_model",
        {
            "ModelName": "m",
            "ModelArn": "arn:" + "x" * 20,
            "CreationTime": NOW,
            "Containers": [{"ModelPackageName": PACKAGE}, {"Image": "i"}],
        },
    )
    stub.add_response("list_tags", {"Tags": [{"Key": "k", "Value": "v"}]})
    with stub:
        (endpoint,) = source.endpoints()
    assert endpoint.variants == (
        EndpointVariant(name="v", model_name="m", model_version="7", instance_type="ml.m5.large", image="i"),
    )
    assert endpoint.tags == {"k": "v"}


CREATED = {"CreationTime": NOW, "LastModifiedTime": NOW}
ARN = "arn:aws:sagemaker:r:1:endpoint/a"


def test_asynchronous_serverless_and_multi_model_endpoints_say_so() -> None:
    source, stub = stubbed()
    described = {"EndpointName": "a", "EndpointArn": ARN, "EndpointConfigName": "c", "EndpointStatus": "InService"}
    variant = {"VariantName": "v", "ModelName": "m", "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}
    config = {
        "EndpointConfigName": "c", "EndpointConfigArn": "arn:aws:sagemaker:r:1:endpoint-config/c",
        "CreationTime": NOW, "ProductionVariants": [variant],
        "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://out/x"}},
    }  # fmt: skip
    model = {
        "ModelName": "m", "ModelArn": "arn:aws:sagemaker:r:1:model/m", "CreationTime": NOW,
        "PrimaryContainer": {"Image": "i", "Mode": "MultiModel"},
    }  # fmt: skip
    stub.add_response("describe_endpoint", described | CREATED)
    stub.add_response("describe_endpoint_config", config)
    stub.add_response("describe_model", model)
    stub.add_response("list_tags", {"Tags": []})
    with stub:
        (found,) = source.endpoints(["a"])
    assert found.kinds == ("asynchronous", "multi_model", "serverless")


def test_inference_components_are_the_models_of_their_endpoint() -> None:
    source, stub = stubbed()
    described = {"EndpointName": "a", "EndpointArn": ARN, "EndpointConfigName": "c", "EndpointStatus": "InService"}
    config = {
        "EndpointConfigName": "c", "EndpointConfigArn": "arn:aws:sagemaker:r:1:endpoint-config/c",
        "CreationTime": NOW, "ProductionVariants": [{"VariantName": "v", "InstanceType": "ml.g5.xlarge"}],
    }  # fmt: skip
    component = {
        **CREATED, "InferenceComponentArn": "arn:aws:sagemaker:r:1:inference-component/llama",
        "InferenceComponentName": "llama", "EndpointArn": ARN, "EndpointName": "a", "VariantName": "v",
    }  # fmt: skip
    stub.add_response("describe_endpoint", described | CREATED | {"ProductionVariants": [{"VariantName": "v"}]})
    stub.add_response("describe_endpoint_config", config)
    stub.add_response("list_inference_components", {"InferenceComponents": [component]}, {"EndpointNameEquals": "a"})
    stub.add_response("list_tags", {"Tags": []})
    with stub:
        (found,) = source.endpoints(["a"])
    assert found.kinds == ("inference_components",)
    assert [one.model_name for one in found.variants] == [None, "llama"]
