"""Drift: judges the counts of windows, sets baselines and proposes settings where the captured traffic lies."""

from __future__ import annotations

from pydantic import ValidationError

from syndic.drift.check import check_drift
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.errors import InvalidInputError
from syndic.models import BaselineRequested
from syndic.tasks import onboarding
from syndic.tasks.checks.judging import judge
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message, type_of


def take(body: str, clouds: Clouds) -> None:
    """A message of the drift queue: a window to judge, a baseline to set, or settings to propose."""
    if type_of(body) == "BaselineRequested":
        _set_baseline(read_message(body, BaselineRequested), clouds)
        return
    if type_of(body) == "OnboardingRequested":
        onboarding.take(body, clouds)
        return
    report = judge(body, "drift", check_drift, clouds)
    if report is not None:
        clouds.count("WindowsChecked", check="drift", verdict=report.verdict)


def _set_baseline(request: BaselineRequested, clouds: Clouds) -> None:
    try:
        source = BaselineSource.model_validate(request.source)
    except ValidationError as error:
        raise InvalidInputError(error.errors(include_url=False)[0]["msg"], where="message.detail.source") from error
    set_baseline(
        request.model_id,
        source,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        audit=clouds.audit,
        actor=request.actor,
        now=clouds.now(),
    )
    clouds.count("BaselinesSet")
