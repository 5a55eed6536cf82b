"""Drift: judges the window that each queued request names, and counts the parts of large ones."""

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


@blueprint.function_name("windows")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-windows", connection="SyndicStorage")
def take_part(message: func.QueueMessage) -> None:
    """Take one part of a large window; the last one judges it."""
    drift.take_part(message.get_body().decode(), wiring.wired())
