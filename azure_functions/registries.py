"""Registries: relays the model registries of the workspaces to AWS, and tells them what was decided there."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from syndic.tasks import registries

blueprint = func.Blueprint()


@blueprint.function_name("registries")
@blueprint.timer_trigger(arg_name="timer", schedule="%SYNDIC_REGISTRIES_SCHEDULE%", use_monitor=True)
def relay(timer: func.TimerRequest) -> None:  # noqa: ARG001
    """Take the schedule's call."""
    registries.relay_registries(wiring.wired())
