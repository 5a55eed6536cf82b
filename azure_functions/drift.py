"""Drift: judges the window that each message names, sets baselines and proposes settings."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from syndic.tasks import drift

blueprint = func.Blueprint()


@blueprint.function_name("drift")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-drift", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the drift queue."""
    drift.take(message.get_body().decode(), wiring.wired())
