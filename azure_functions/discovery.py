"""Discovery: brings the registry up to date with the clouds, and asks for the checks that are due."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from azure_functions.logs import tell
from syndic.tasks import discovery
from syndic.tasks.checks import stalled

blueprint = func.Blueprint()


@blueprint.function_name("discovery")
@blueprint.timer_trigger(arg_name="timer", schedule="%SYNDIC_DISCOVERY_SCHEDULE%", use_monitor=True)
def discover(timer: func.TimerRequest) -> None:  # noqa: ARG001
    """Take the schedule's call; a late one is like any other."""
    clouds = wiring.wired()
    tell("discovery finished", discovery.discover(clouds).model_dump(mode="json"))
    stalled.take_back(clouds)


@blueprint.function_name("discovery_page")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-discovery", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the discovery queue."""
    tell("models looked at", discovery.take(message.get_body().decode(), wiring.wired()).model_dump(mode="json"))
