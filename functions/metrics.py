"""One metric line per thing done, in CloudWatch's embedded metric format."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "Syndic"


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Count something done. Dimensions are words of closed lists, never ids: each combination is a paid metric."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as metric:
        for dimension, word in dimensions.items():
            metric.add_dimension(dimension, word)
