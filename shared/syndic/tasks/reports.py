"""Reports: builds the job that each queued request names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import Presence, ReportRequested
from syndic.ports import Store
from syndic.records import find_model
from syndic.reports.jobs import build_report, get_job
from syndic.reports.models import JobState, ReportContent, ReportJob
from syndic.tasks.clouds import Clouds
from syndic.tasks.duties.owed_file import owed_files
from syndic.tasks.duties.register_files import held_entries, register_files
from syndic.tasks.messages import read_message


def take(body: str, clouds: Clouds) -> None:
    """A message of the reports queue."""
    request = read_message(body, ReportRequested)
    queued = get_job(clouds.store, request.job_id)
    _renew(queued, clouds)
    job = build_report(
        request.job_id, store=clouds.store, archive=clouds.archive, audit=clouds.audit, now=clouds.now(), read=queued,
        attach=lambda content: _files(content, clouds.store),
    )  # fmt: skip
    clouds.count("ReportsBuilt", format=job.request.format, state=job.state)


def _renew(job: ReportJob, clouds: Clouds) -> None:
    """Have the statuses rest on the evidence of now: a report that names its models shows both side by side."""
    if job.state in {JobState.DONE, JobState.FAILED} or job.document is not None:
        return
    for model_id in job.request.model_ids:
        model = find_model(clouds.store, model_id)
        if model is None or model.presence is Presence.GONE:  # what was said of it last stands
            continue
        evaluate_model(
            model_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now(), numbers_of=timedelta(0)
        )


def _files(content: ReportContent, store: Store) -> Mapping[str, bytes]:
    held = held_entries(content, store)
    return {**register_files(content, held), **owed_files(content, held, store)}
