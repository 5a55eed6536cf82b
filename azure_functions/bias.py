"""Bias: judges the window that each queued request names."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from syndic.tasks import bias

blueprint = func.Blueprint()


@blueprint.function_name("bias")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-bias", connection="SyndicStorage")
def take(message: func.QueueMessage) -> None:
    """Take one message of the bias queue."""
    bias.take(message.get_body().decode(), wiring.wired())
