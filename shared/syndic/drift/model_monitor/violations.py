"""A drift report as ``constraint_violations.json``, for tools built around SageMaker Model Monitor."""

from __future__ import annotations

import json

from syndic.drift.models import DriftReport, Verdict
from syndic.models import ColumnKind


def constraint_violations(report: DriftReport) -> bytes:
    """The violations of a report in Model Monitor's schema, sorted by feature.

    Drift becomes ``baseline_drift_check``, a lost or new column ``missing_column_check`` and ``extra_column_check``, a
    column of another kind ``data_type_check``, unseen categories in a drifting column ``categorical_values_check``.
    """
    violations: list[dict[str, str]] = []

    def add(name: str, check: str, description: str) -> None:
        violations.append({"feature_name": name, "constraint_check_type": check, "description": description})

    for name, feature in report.features.items():
        if feature.verdict is Verdict.DRIFT:
            add(name, "baseline_drift_check", feature.reason)
            share = feature.unseen.share if feature.unseen else None
            if feature.kind is ColumnKind.CATEGORICAL and share:
                add(name, "categorical_values_check", f"{share:.2%} of the values are not in the baseline")
    for name, kind in report.mistyped_columns.items():
        add(name, "data_type_check", f"the baseline is {report.features[name].kind.value}, the data are {kind.value}")
    for name in report.lost_columns:
        add(name, "missing_column_check", "the column of the baseline is not in the data")
    for name in report.new_columns:
        add(name, "extra_column_check", "the column of the data is not in the baseline")
    violations.sort(key=lambda violation: (violation["feature_name"], violation["constraint_check_type"]))
    return json.dumps({"violations": violations}, indent=2).encode()
