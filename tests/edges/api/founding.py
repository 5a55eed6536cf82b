"""Requests as people know them from the descriptions that Syndic was built after, with ids that exist.

Each: method, path, body, query. ``{model}`` is a model that is there, ``{version}`` an id that an answer before gave.
"""

from __future__ import annotations

from typing import Any, Final

Request = tuple[str, str, dict[str, Any] | None, str]

REGISTRATION: Final = {
    "name": "fraud-detection-model",
    "cloud_provider": "aws",
    "endpoint_name": "fraud-detection-endpoint",
    "model_type": "binary_classification",
    "protected_attributes": ["age", "gender", "ethnicity"],
    "drift_threshold": 0.05,
    "bias_threshold": 0.8,
    "compliance_frameworks": ["EU_AI_ACT", "SOC2"],
    "monitoring_schedule": "hourly",
}

READS: Final[tuple[Request, ...]] = (
    ("GET", "/models", None, ""),
    ("GET", "/models/{model}", None, ""),
    ("GET", "/models/{model}/health", None, ""),
    ("GET", "/models/{model}/drift", None, ""),
    ("GET", "/models/{model}/drift/history", None, ""),
    ("GET", "/models/{model}/drift/features", None, ""),
    ("GET", "/models/{model}/bias", None, ""),
    ("GET", "/models/{model}/bias/history", None, ""),
    ("GET", "/models/{model}/bias/intersectional", None, ""),
    ("GET", "/compliance/frameworks", None, ""),
    ("GET", "/compliance/status", None, ""),
    ("GET", "/compliance/reports/{report}", None, ""),
    ("GET", "/compliance/evidence/{report}", None, ""),
    ("GET", "/alerts", None, ""),
    ("GET", "/alerts/{alert}", None, ""),
    ("GET", "/alerts/rules", None, ""),
    ("GET", "/dashboard/stats", None, ""),
    ("GET", "/versions", None, "model_id={model}"),
    ("GET", "/metrics", None, "version_id={version}"),
    ("GET", "/audit-logs", None, ""),
    ("GET", "/reports/{model}/compliance-report", None, ""),
    ("GET", "/models", None, "risk=high"),
)

WRITES: Final[tuple[Request, ...]] = (
    ("PATCH", "/models/{model}", {"description": "Finds fraud"}, ""),
    (
        "POST",
        "/models/{model}/drift/baseline",
        {"window": {"start": "2026-03-03T00:00Z", "end": "2026-03-04T00:00Z"}},
        "",
    ),
    (
        "POST",
        "/models/{model}/bias/thresholds",
        {"thresholds": {"disparate_impact": 0.8, "demographic_parity": 0.1}},
        "",
    ),
    (
        "POST",
        "/compliance/reports",
        {"framework": "EU_AI_ACT", "model_ids": ["{model}"], "start_date": "2024-01-01", "end_date": "2024-12-31"},
        "",
    ),
    ("PATCH", "/alerts/{alert}", None, ""),
    (
        "POST",
        "/alerts/rules",
        {"name": "grave", "title": "grave", "when": 'model.name == "credit"', "severity": "high"},
        "",
    ),
    (
        "PATCH",
        "/models/{model}/compliance-status",
        {"status": "under_review", "reason": "Ready for compliance review"},
        "",
    ),
    ("DELETE", "/models/{model}", None, ""),
)

FROM_A_PIPELINE: Final = (
    (
        "/models/",
        {
            "name": "fraud-detector-v2",
            "owner": "ML Team",
            "risk_level": "high",
            "domain": "finance",
            "intended_purpose": "Detect fraudulent transactions",
        },
    ),
    ("/versions/", {"model_id": "{model}", "version_tag": "v1.0.0", "s3_path": "s3://models/fraud-detector/v1.0.0"}),
    ("/metrics/", {"version_id": "{version}", "metric_name": "accuracy", "value": 0.95}),
)

SDK: Final = """
from ai_governance_sdk import GovernanceClient

client = GovernanceClient(
    base_url="http://localhost:8000",
    api_key="YOUR_API_KEY"
)

models = client.models.list()
model = client.models.get("model-id")
drift_metrics = client.drift.get_metrics("model-id")
bias_metrics = client.bias.get_metrics("model-id")
report = client.compliance.generate_report(
    framework="EU_AI_ACT",
    model_ids=["model-id"],
    format="pdf"
)
"""
