"""Compliance: looks at a model again when its evidence changed, and at all models once a day."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from azure_functions.logs import tell
from syndic.tasks import compliance

blueprint = func.Blueprint()


@blueprint.function_name("compliance")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-compliance", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the compliance queue."""
    compliance.take(message.get_body().decode(), wiring.wired())


@blueprint.function_name("compliance_daily")
@blueprint.timer_trigger(arg_name="timer", schedule="%SYNDIC_COMPLIANCE_SCHEDULE%", use_monitor=True)
def evaluate_daily(timer: func.TimerRequest) -> None:  # noqa: ARG001
    """Take the daily schedule."""
    tell("compliance evaluated", compliance.evaluate_daily(wiring.wired()).model_dump(mode="json"))
