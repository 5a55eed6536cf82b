"""`EndpointMetrics` on CloudWatch's namespace AWS/SageMaker, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from syndic.adapters.aws.errors import translated
from syndic.errors import UnavailableError
from syndic.models import TimeWindow
from syndic.traffic import LatencyPoint, VariantNumbers

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

_MICROSECONDS: Final = 1000.0  # of ModelLatency, in a millisecond
_QUERIES: Final = {
    "invocations": ("Invocations", "Sum"),
    "errors_5xx": ("Invocation5XXErrors", "Sum"),
    "errors_4xx": ("Invocation4XXErrors", "Sum"),
    "p50": ("ModelLatency", "p50"),
    "p95": ("ModelLatency", "p95"),
}


class CloudWatchEndpointMetrics:
    """Reads what SageMaker measured of a variant.

    SageMaker sends 0 or 1 with each call for both kinds of errors, so where calls were counted and errors were not,
    the number is missing, not zero. CloudWatch keeps minutes for 15 days.

    Args:
        client: A CloudWatch client.
    """

    def __init__(self, client: CloudWatchClient) -> None:
        self._client = client

    def read(self, endpoint: str, variant: str, window: TimeWindow) -> VariantNumbers:
        """The numbers of a variant. Raises `UnavailableError` when CloudWatch has only a part of them ready."""
        found = self._series(endpoint, variant, window)
        calls = found["invocations"]
        moments = sorted(set(found["p50"]) | set(found["p95"]))
        return VariantNumbers(
            invocations=_sum(calls),
            errors_5xx=_sum(found["errors_5xx"]),
            errors_4xx=_sum(found["errors_4xx"]),
            latency=tuple(
                LatencyPoint(at, round(calls.get(at, 0)), _ms(found["p50"].get(at)), _ms(found["p95"].get(at)))
                for at in moments
            ),
        )

    def _series(self, endpoint: str, variant: str, window: TimeWindow) -> dict[str, dict[datetime, float]]:
        dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
        queries: Any = [
            {
                "Id": name,
                "ReturnData": True,
                "MetricStat": {
                    "Metric": {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": dimensions},
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for name, (metric, statistic) in _QUERIES.items()
        ]
        series: dict[str, dict[datetime, float]] = {name: {} for name in _QUERIES}
        with translated(f"read metrics of endpoint {endpoint}, variant {variant}"):
            pages = self._client.get_paginator("get_metric_data").paginate(
                MetricDataQueries=queries, StartTime=window.start, EndTime=window.end, ScanBy="TimestampAscending"
            )
            for page in pages:
                for result in page["MetricDataResults"]:
                    if result.get("StatusCode", "Complete") in {"InternalError", "Forbidden"}:
                        raise UnavailableError(
                            f"read metrics of endpoint {endpoint}, variant {variant}: {result['StatusCode']}"
                        )
                    moments = [moment.astimezone(UTC) for moment in result["Timestamps"]]
                    series[result["Id"]].update(zip(moments, result["Values"], strict=True))
        return series


def _sum(series: dict[datetime, float]) -> int | None:
    return round(sum(series.values())) if series else None


def _ms(value: float | None) -> float | None:
    return None if value is None else value / _MICROSECONDS
