"""Counter: reads the window that each queued request names once, and counts the parts of large ones."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from syndic.tasks import counter

blueprint = func.Blueprint()


@blueprint.function_name("counter")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-counter", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the counter's queue."""
    counter.take(message.get_body().decode(), wiring.wired())


@blueprint.function_name("windows")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-windows", connection="SyndicStorage")
def take_part(message: func.QueueMessage) -> None:
    """Take one part of a large window; the last one merges and hands on."""
    counter.take_part(message.get_body().decode(), wiring.wired())
