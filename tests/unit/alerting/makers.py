"""Findings for the tests of alerting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syndic.models import Concern, Finding, Severity, TimeWindow, WindowLength

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
APRIL = datetime(2019, 4, 1, tzinfo=UTC)


def month(number: int) -> TimeWindow:
    """The month so many months after April 2019."""
    window = WindowLength.MONTH.around(APRIL)
    for _ in range(number):
        window = WindowLength.MONTH.around(window.end)
    return window


def finding(
    number: int = 0,
    severity: Severity = Severity.CRITICAL,
    *,
    model: str = "car-loan",
    subject: str = "car_value",
    owner: str | None = "owner@example.org",
    revision: int = 0,
    **changes: object,
) -> Finding:
    values = {
        "id": f"drift.{model}.{subject}.{number}.{revision}",
        "model_id": f"{model}-123abc",
        "model_name": model,
        "owner": owner,
        "concern": Concern.DRIFT,
        "subject": subject,
        "severity": severity,
        "title": f"{subject} has drifted",
        "reason": "PSI 1.7 is over the threshold 0.25; 1,000 rows.",
        "remedy": "Compare the feature's source with the baseline.",
        "measure": "psi",
        "value": 1.7 + number / 100,
        "threshold": 0.25,
        "window": month(number),
        "found_at": NOW + timedelta(minutes=revision),
        **changes,
    }
    return Finding.model_validate(values)
