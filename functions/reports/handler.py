"""Reports: builds the job that each queued request names."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message, read_message
from functions.metrics import count
from syndic.models import ReportRequested
from syndic.reports.use_cases import build_report


def build(body: str) -> None:
    """Take one request for a report."""
    request, clouds = read_message(body, ReportRequested), wiring.wired()
    job = build_report(request.job_id, store=clouds.store, archive=clouds.archive, audit=clouds.audit, now=clouds.now())
    count("ReportsBuilt", format=job.request.format, state=job.state)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the reports queue."""
    return each_message(event, build)
