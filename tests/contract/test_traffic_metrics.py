"""What CloudWatch counts of a variant, for its window alone; what was not measured is not zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from syndic.adapters.aws import CloudWatchEndpointMetrics
from syndic.errors import UnavailableError
from syndic.models import TimeWindow
from syndic.traffic import LatencyPoint, VariantNumbers
from tests.contract import clouds

# --- metrics -------------------------------------------------------------------------------------------

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WINDOW = TimeWindow(start=START, end=START + timedelta(minutes=3))


def series(name: str, values: list[float], *, status: str = "Complete") -> dict[str, Any]:
    times = [START + timedelta(minutes=at) for at in range(len(values))]
    return {"Id": name, "Label": name, "Timestamps": times, "Values": values, "StatusCode": status}


def metrics(*results: dict[str, Any]) -> tuple[CloudWatchEndpointMetrics, Stubber]:
    client = clouds.client("cloudwatch", "http://127.0.0.1:9")
    stub = Stubber(client)
    names = {"EndpointName": "car-loan", "VariantName": "main"}
    dimensions = [{"Name": name, "Value": value} for name, value in names.items()]
    queries = [
        {
            "Id": name,
            "ReturnData": True,
            "MetricStat": {
                "Metric": {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": statistic,
            },
        }
        for name, metric, statistic in (
            ("invocations", "Invocations", "Sum"),
            ("errors_5xx", "Invocation5XXErrors", "Sum"),
            ("errors_4xx", "Invocation4XXErrors", "Sum"),
            ("p50", "ModelLatency", "p50"),
            ("p95", "ModelLatency", "p95"),
        )
    ]
    expected = {"MetricDataQueries": queries, "StartTime": START, "EndTime": WINDOW.end, "ScanBy": "TimestampAscending"}
    stub.add_response("get_metric_data", {"MetricDataResults": list(results)}, expected)
    return CloudWatchEndpointMetrics(client), stub


def test_counts_are_summed_and_latency_is_in_milliseconds() -> None:
    reader, stub = metrics(
        series("invocations", [10.0, 20.0]), series("errors_5xx", [0.0, 3.0]), series("errors_4xx", [1.0, 0.0]),
        series("p50", [50_000.0, 60_000.0]), series("p95", [90_000.0]),
    )  # fmt: skip
    with stub:
        found = reader.read("car-loan", "main", WINDOW)
    assert found == VariantNumbers(
        30, 3, 1,
        (LatencyPoint(START, 10, 50.0, 90.0), LatencyPoint(START + timedelta(minutes=1), 20, 60.0, None)),
    )  # fmt: skip


def test_what_was_not_measured_is_none_and_not_zero() -> None:
    reader, stub = metrics(*(series(name, []) for name in ("invocations", "errors_5xx", "errors_4xx", "p50", "p95")))
    with stub:
        assert reader.read("car-loan", "main", WINDOW) == VariantNumbers(None, None, None, ())


@pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
def test_an_answer_that_is_not_one_is_unavailable(status: str) -> None:
    reader, stub = metrics(series("invocations", [10.0]), series("errors_5xx", [], status=status))
    with stub, pytest.raises(UnavailableError, match=status):
        reader.read("car-loan", "main", WINDOW)


def test_counts_come_from_the_variant_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """On moto's CloudWatch, which knows sums but no percentiles: those are held by the tests above."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("cloudwatch", region_name=clouds.REGION, aws_access_key_id="t", aws_secret_access_key="t")
        for variant, calls in (("main", 40), ("new", 7)):
            dimensions = [{"Name": "EndpointName", "Value": "car-loan"}, {"Name": "VariantName", "Value": variant}]
            data = [
                {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": START, "Unit": "None"}
                for name, value in (("Invocations", calls), ("Invocation5XXErrors", calls - 5))
            ]
            client.put_metric_data(Namespace="AWS/SageMaker", MetricData=data)
        found = CloudWatchEndpointMetrics(client).read("car-loan", "new", WINDOW)
        early = replace_window(WINDOW, timedelta(hours=-1))
        before = CloudWatchEndpointMetrics(client).read("car-loan", "new", early)
    assert (found.invocations, found.errors_5xx, found.errors_4xx) == (7, 2, None)
    assert before.invocations is None


def replace_window(window: TimeWindow, by: timedelta) -> TimeWindow:
    return TimeWindow(start=window.start + by, end=window.end + by)
