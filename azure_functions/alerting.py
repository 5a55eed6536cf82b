"""Alerting: keeps findings as alerts; its schedule tells receivers while AWS stays away, where that is chosen."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from azure_functions.logs import tell
from syndic.tasks import alerting
from syndic.tasks.watch import queue_watch

blueprint = func.Blueprint()


@blueprint.function_name("alerting")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-alerting", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the alerting queue."""
    alerting.take(message.get_body().decode(), wiring.wired())


@blueprint.function_name("alerting_digest")
@blueprint.timer_trigger(arg_name="timer", schedule="%SYNDIC_ALERTING_SCHEDULE%", use_monitor=True)
def digest(timer: func.TimerRequest) -> None:  # noqa: ARG001
    """Take the schedule of alerting."""
    clouds = wiring.wired()
    queue_watch.count_queues(clouds.queues, clouds)
    tell("digests handled", alerting.digest(clouds, clouds.standby))
