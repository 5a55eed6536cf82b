"""The verbs of drift."""

from syndic.drift.baselining import UploadedRows, load_baseline, set_baseline
from syndic.drift.checking import StartedMap, check_drift, check_or_map
from syndic.drift.fanout import FanOut, FanOutRun, take_part
from syndic.drift.large import MapItem, MapPlan, MapResult, MapTask, count_object, finish_window, plan_window
from syndic.drift.policing import get_policy, set_policy
from syndic.drift.reading import (
    feature_trend,
    find_baseline,
    get_baseline,
    get_report,
    history,
    latest_report,
    root_cause,
)

__all__ = [
    "FanOut",
    "FanOutRun",
    "MapItem",
    "MapPlan",
    "MapResult",
    "MapTask",
    "StartedMap",
    "UploadedRows",
    "check_drift",
    "check_or_map",
    "count_object",
    "feature_trend",
    "find_baseline",
    "finish_window",
    "get_baseline",
    "get_policy",
    "get_report",
    "history",
    "latest_report",
    "load_baseline",
    "plan_window",
    "root_cause",
    "set_baseline",
    "set_policy",
    "take_part",
]
