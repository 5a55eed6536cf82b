"""`TrafficShifter` and `EndpointMetrics`: what every implementation promises, and the exact calls that SageMaker gets.

moto has no UpdateEndpoint. `_update_endpoint` below stands in for it, so that the shared promises run on moto's
endpoints and configurations; the parameters of the real call are held by botocore's own model through a `Stubber`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from moto.core.responses import ActionResult
from moto.sagemaker.responses import SageMakerResponse

from syndic.adapters.aws import SageMakerTraffic
from syndic.adapters.memory import MemoryTraffic
from syndic.errors import ConflictError, NotFoundError, UnavailableError
from syndic.traffic import ServedVariant, TrafficShifter, VariantChange
from tests.contract import clouds

CHANGE = VariantChange(
    endpoint="car-loan", old_configuration="first", old_variant="main", new_variant="2-abcdef0123-000001",
    model_name="car-loan-2", both_configuration="syndic-abcdef0123-000001-both",
    new_configuration="syndic-abcdef0123-000001-new",
)  # fmt: skip
ARN = "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/car-loan"
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://captures/car-loan",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
}
VARIANT = {
    "VariantName": "main", "ModelName": "car-loan-1", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large",
    "InitialVariantWeight": 1.0,
}  # fmt: skip


@dataclass
class Subject:
    shifter: TrafficShifter
    look: Callable[[], Any]


def _update_endpoint(self: SageMakerResponse) -> ActionResult:
    backend, name = self.sagemaker_backend, self._get_param("EndpointName")
    held, wanted = backend.endpoints[name], self._get_param("EndpointConfigName")
    config = backend.describe_endpoint_config(wanted)
    held.endpoint_config_name = wanted
    held.production_variants = [
        {
            "VariantName": one["VariantName"],
            "CurrentWeight": one["InitialVariantWeight"],
            "DesiredWeight": one["InitialVariantWeight"],
            "CurrentInstanceCount": one["InitialInstanceCount"],
        }
        for one in config["ProductionVariants"]
    ]
    return ActionResult({"EndpointArn": held.arn})


@pytest.fixture(params=["memory", "sagemaker"])
def subject(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subject]:
    if request.param == "memory":
        memory = MemoryTraffic()
        memory.serve("car-loan", resource_id=ARN)
        yield Subject(memory, lambda: None)
        return
    monkeypatch.setattr(SageMakerResponse, "update_endpoint", _update_endpoint, raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("sagemaker", region_name=clouds.REGION, aws_access_key_id="t", aws_secret_access_key="t")
        for name in ("car-loan-1", "car-loan-2"):
            client.create_model(ModelName=name, ExecutionRoleArn="arn:aws:iam::123456789012:role/serve")
        client.create_endpoint_config(
            EndpointConfigName="first", ProductionVariants=[VARIANT], DataCaptureConfig=CAPTURE
        )
        client.create_endpoint(EndpointName="car-loan", EndpointConfigName="first")
        yield Subject(SageMakerTraffic(client), lambda: client)


def shares(shifter: TrafficShifter) -> dict[str, float]:
    seen = shifter.describe("car-loan")
    return {one.name: round(seen.share(one.name), 6) for one in seen.variants}


def test_an_endpoint_is_described_as_it_serves(subject: Subject) -> None:
    seen = subject.shifter.describe("car-loan")
    assert (seen.endpoint, seen.configuration, seen.ready, seen.failure) == ("car-loan", "first", True, None)
    assert seen.resource_id == ARN
    assert seen.variants == (ServedVariant("main", 1.0),)
    with pytest.raises(NotFoundError, match="nowhere"):
        subject.shifter.describe("nowhere")


def test_a_new_version_starts_without_traffic_gets_its_share_and_serves_alone(subject: Subject) -> None:
    shifter = subject.shifter
    shifter.begin(CHANGE)
    assert shares(shifter) == {"main": 1.0, CHANGE.new_variant: 0.0}
    shifter.weigh(CHANGE, percent=5)
    assert shares(shifter) == {"main": 0.95, CHANGE.new_variant: 0.05}
    shifter.weigh(CHANGE, percent=100)
    assert shares(shifter) == {"main": 0.0, CHANGE.new_variant: 1.0}
    shifter.finish(CHANGE)
    assert shares(shifter) == {CHANGE.new_variant: 1.0}
    assert shifter.describe("car-loan").configuration == CHANGE.new_configuration


@pytest.mark.parametrize("steps", [(), ("begin",), ("begin", "weigh"), ("finish",), ("begin", "weigh", "finish")])
def test_the_old_configuration_serves_again_from_anywhere(subject: Subject, steps: tuple[str, ...]) -> None:
    shifter = subject.shifter
    for step in steps:
        _take(shifter, step)
    shifter.restore(CHANGE)
    seen = shifter.describe("car-loan")
    assert (seen.configuration, seen.variants) == ("first", (ServedVariant("main", 1.0),))


def test_every_change_asked_for_twice_is_made_once(subject: Subject) -> None:
    shifter = subject.shifter
    for step in ("begin", "weigh", "finish", "restore"):
        _take(shifter, step)
        once = shifter.describe("car-loan")
        _take(shifter, step)
        assert shifter.describe("car-loan") == once
    if isinstance(shifter, MemoryTraffic):
        assert shifter.calls == ["configure both", "weigh 5", "configure new", "configure first"]


def _take(shifter: TrafficShifter, step: str) -> None:
    if step == "weigh":
        shifter.weigh(CHANGE, percent=5)
    else:
        getattr(shifter, step)(CHANGE)


def test_a_new_configuration_keeps_the_capture_and_the_instances(subject: Subject) -> None:
    client = subject.look()
    if client is None:
        return  # memory has neither
    for step, name in (("begin", CHANGE.both_configuration), ("finish", CHANGE.new_configuration)):
        _take(subject.shifter, step)
        made = client.describe_endpoint_config(EndpointConfigName=name)
        assert made["DataCaptureConfig"] == CAPTURE
        new = next(one for one in made["ProductionVariants"] if one["VariantName"] == CHANGE.new_variant)
        assert (new["ModelName"], new["InitialInstanceCount"], new["InstanceType"]) == ("car-loan-2", 2, "ml.m5.large")


# --- SageMaker's own calls and answers -----------------------------------------------------------------

DESCRIBED = {
    "EndpointName": "car-loan", "EndpointArn": ARN, "EndpointConfigName": "first", "EndpointStatus": "InService",
    "ProductionVariants": [{"VariantName": "main", "CurrentWeight": 1.0, "CurrentInstanceCount": 5}],
    "CreationTime": datetime(2026, 11, 1, tzinfo=UTC), "LastModifiedTime": datetime(2026, 11, 1, tzinfo=UTC),
}  # fmt: skip
CONFIG = {
    "EndpointConfigName": "first", "EndpointConfigArn": ARN.replace("endpoint/", "endpoint-config/"),
    "ProductionVariants": [VARIANT], "DataCaptureConfig": CAPTURE, "CreationTime": datetime(2026, 11, 1, tzinfo=UTC),
    "KmsKeyId": "key",
}  # fmt: skip
UPDATE = {
    "EndpointName": "car-loan",
    "RetainAllVariantProperties": True,
    "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
}
GUARDED = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0},
        "TerminationWaitInSeconds": 300,
        "MaximumExecutionTimeoutInSeconds": 7200,
    }
}


def stubbed() -> tuple[SageMakerTraffic, Stubber]:
    client = clouds.client("sagemaker", "http://127.0.0.1:9")
    return SageMakerTraffic(client), Stubber(client)


def test_serving_both_creates_the_configuration_then_updates_the_endpoint() -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", DESCRIBED, {"EndpointName": "car-loan"})
    stub.add_response("describe_endpoint_config", CONFIG, {"EndpointConfigName": "first"})
    stub.add_response("describe_endpoint", DESCRIBED, {"EndpointName": "car-loan"})
    stub.add_client_error("describe_endpoint_config", "ValidationException", "Could not find endpoint configuration")
    new = {**VARIANT, "VariantName": CHANGE.new_variant, "ModelName": "car-loan-2", "InitialInstanceCount": 5}
    stub.add_response(
        "create_endpoint_config",
        {"EndpointConfigArn": CONFIG["EndpointConfigArn"]},
        {
            "EndpointConfigName": CHANGE.both_configuration,
            "ProductionVariants": [
                {**VARIANT, "InitialVariantWeight": 100.0},
                {**new, "InitialVariantWeight": 0.0},
            ],
            "DataCaptureConfig": CAPTURE,
            "KmsKeyId": "key",
        },
    )
    wanted = {**UPDATE, "EndpointConfigName": CHANGE.both_configuration}
    stub.add_response("update_endpoint", {"EndpointArn": ARN}, wanted)
    with stub:
        shifter.begin(CHANGE)
        stub.assert_no_pending_responses()


def test_an_update_that_keeps_the_variant_s_name_is_guarded() -> None:
    shifter, stub = stubbed()
    change = replace(CHANGE, new_variant="main")
    left = {**VARIANT, "ModelName": "car-loan-2"}
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", CONFIG)
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", {**CONFIG, "ProductionVariants": [left]})
    wanted = {**UPDATE, "EndpointConfigName": CHANGE.new_configuration, "DeploymentConfig": GUARDED}
    stub.add_response("update_endpoint", {"EndpointArn": ARN}, wanted)
    with stub:
        shifter.finish(change)
        stub.assert_no_pending_responses()


def test_a_configuration_left_by_a_run_that_died_is_used() -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", CONFIG)
    stub.add_response("describe_endpoint", DESCRIBED)
    left = {**VARIANT, "VariantName": CHANGE.new_variant, "ModelName": "car-loan-2"}
    stub.add_response("describe_endpoint_config", {**CONFIG, "ProductionVariants": [left]})
    wanted = {**UPDATE, "EndpointConfigName": CHANGE.new_configuration}
    stub.add_response("update_endpoint", {"EndpointArn": ARN}, wanted)
    with stub:
        shifter.finish(CHANGE)
        stub.assert_no_pending_responses()


def test_a_foreign_configuration_of_the_same_name_is_refused() -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", CONFIG)
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", CONFIG)
    with stub, pytest.raises(ConflictError, match="another endpoint configuration called syndic-abcdef0123-000001-new"):
        shifter.finish(CHANGE)


def test_weights_are_set_in_one_call() -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response(
        "update_endpoint_weights_and_capacities",
        {"EndpointArn": ARN},
        {
            "EndpointName": "car-loan",
            "DesiredWeightsAndCapacities": [
                {"VariantName": "main", "DesiredWeight": 75.0},
                {"VariantName": CHANGE.new_variant, "DesiredWeight": 25.0},
            ],
        },
    )
    with stub:
        shifter.weigh(CHANGE, percent=25)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("status", ["Updating", "SystemUpdating", "RollingBack", "Creating"])
def test_an_endpoint_that_is_being_changed_is_not_ready(status: str) -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", {**DESCRIBED, "EndpointStatus": status})
    with stub:
        assert not shifter.describe("car-loan").ready


@pytest.mark.parametrize("status", ["Failed", "UpdateRollbackFailed", "OutOfService", "Deleting"])
def test_a_broken_endpoint_is_said_to_be_broken(status: str) -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", {**DESCRIBED, "EndpointStatus": status, "FailureReason": "out of memory"})
    with stub, pytest.raises(ConflictError, match=f"car-loan is {status}: out of memory"):
        shifter.describe("car-loan")


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({**CONFIG, "ShadowProductionVariants": [VARIANT]}, "shadow variant"),
        ({**CONFIG, "ProductionVariants": [{**VARIANT, "VariantName": "other"}]}, "has no variant main"),
        ({**CONFIG, "ProductionVariants": [{"VariantName": "main"}]}, "inference components"),
    ],
)
def test_endpoints_that_cannot_be_moved_this_way_are_refused_in_words(config: dict[str, Any], reason: str) -> None:
    shifter, stub = stubbed()
    stub.add_response("describe_endpoint", DESCRIBED)
    stub.add_response("describe_endpoint_config", config)
    with stub, pytest.raises(ConflictError, match=reason):
        shifter.begin(CHANGE)


def test_a_refused_call_names_the_service_s_reason() -> None:
    shifter, stub = stubbed()
    stub.add_client_error("describe_endpoint", "AccessDeniedException", "not authorized")
    with stub, pytest.raises(UnavailableError, match="AccessDeniedException: not authorized"):
        shifter.describe("car-loan")
