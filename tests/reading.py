"""The checks on a window that nobody counted: it is read when they ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syndic.batch_jobs import judged_model
from syndic.bias import check as bias
from syndic.checks.counting.window_counts import Reading
from syndic.drift import check as drift
from syndic.models import CheckRequested
from syndic.quality import check as quality


def _on_read_window(verb: Callable[..., Any]) -> Callable[..., Any]:
    def check(request: CheckRequested, **ports: Any) -> Any:
        model = judged_model(ports["store"], request.model_id, request.window)
        return verb(request, counts=Reading(model, request.window, ports["captures"], ports["now"]), **ports)

    return check


check_drift, check_quality, check_bias = (
    _on_read_window(one) for one in (drift.check_drift, quality.check_quality, bias.check_bias)
)
