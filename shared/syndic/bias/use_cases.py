"""The verbs of fairness."""

from syndic.bias.checking import check_bias
from syndic.bias.exports import audit_tables, suppress
from syndic.bias.policing import get_policy, set_policy, set_thresholds
from syndic.bias.reading import get_report, history, intersectional, latest, latest_reports

__all__ = [
    "audit_tables",
    "check_bias",
    "get_policy",
    "get_report",
    "history",
    "intersectional",
    "latest",
    "latest_reports",
    "set_policy",
    "set_thresholds",
    "suppress",
]
