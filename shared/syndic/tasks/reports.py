"""Reports: builds the job that each queued request names."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.models import ReportRequested
from syndic.ports import Store
from syndic.reports.jobs import build_report
from syndic.reports.models import ReportContent
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message
from syndic.tasks.owed_file import owed_files
from syndic.tasks.register_files import held_entries, register_files


def take(body: str, clouds: Clouds) -> None:
    """A message of the reports queue."""
    request = read_message(body, ReportRequested)
    job = build_report(
        request.job_id, store=clouds.store, archive=clouds.archive, audit=clouds.audit, now=clouds.now(),
        attach=lambda content: _files(content, clouds.store),
    )  # fmt: skip
    clouds.count("ReportsBuilt", format=job.request.format, state=job.state)


def _files(content: ReportContent, store: Store) -> Mapping[str, bytes]:
    held = held_entries(content, store)
    return {**register_files(content, held), **owed_files(content, held, store)}
