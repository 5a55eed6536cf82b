"""Logs as JSON lines: the event as the message, its values as fields."""

from __future__ import annotations

import logging

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter


def write_json_logs(level: str) -> None:
    """Give the root logger one JSON line per record. Lambda has put its own handler there before; it is kept."""
    root = logging.getLogger()
    root.setLevel(level)
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(LambdaPowertoolsFormatter(use_rfc3339=True, utc=True))
    for chatty in ("botocore", "azure"):  # the latter writes several lines for each request
        logging.getLogger(chatty).setLevel(logging.WARNING)
