# Made from ../_async by client/generate.py: change it there.
"""Reports: asked for, waited for, downloaded."""

from __future__ import annotations

import hashlib
import time
from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewReport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.errors import ReportFailedError, UnreadableAnswerError
from syndic_client.schemas import JobState, Report, ReportJob, ReportPreview, Reports


class ReportJobs:
    """Reports for people and auditors."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, order: str | None = None, page_size: int | None = None
    ) -> Pages[Reports, ReportJob]:
        """Reports that were asked for, newest first."""
        return Pages(
            self._api,
            Reports,
            lambda page: page.jobs,
            get("compliance", "reports", state=state, order=order, limit=page_size),
        )

    def request(self, *, idempotency_key: str | None = None, **fields: Unpack[NewReport]) -> ReportJob:
        """Ask for a report. It is made in the background."""
        call = change("POST", "compliance", "reports", body=fields, key=idempotency_key)
        return self._api.ask(ReportJob, call)

    def preview(
        self, *, kind: str | None = None, framework: str | None = None, model: ModelNamed | None = None
    ) -> ReportPreview:
        """What a report would hold if it were made now."""
        about = None if model is None else id_of(model)
        call = get("compliance", "report-preview", kind=kind, framework=framework, model_id=about)
        return self._api.ask(ReportPreview, call)

    def get(self, report: str | ReportJob) -> Report:
        """How far it is; once done, with a link that holds for five minutes."""
        return self._api.ask(Report, get("compliance", "reports", _id(report)))

    def wait(self, report: str | ReportJob, *, timeout: float = 900.0, every: float = 2.0) -> Report:
        """Wait, in seconds, until a report is done. Raises `ReportFailedError`."""
        waited = 0.0
        while True:
            found = self.get(report)
            if found.job.state == JobState.DONE:
                return found
            if found.job.state == JobState.FAILED:
                raise ReportFailedError(f"report {found.job.id}: {found.job.error or 'it could not be made'}")
            if waited >= timeout:
                raise ReportFailedError(f"report {found.job.id} is not done after {timeout:g} s: {found.job.step}")
            time.sleep(every)
            waited += every

    def download(self, report: str | ReportJob) -> bytes:
        """The file of a report that is done, compared with its fingerprint. Raises `ReportFailedError`."""
        found = self.get(report)
        if found.link is None:
            raise ReportFailedError(f"report {found.job.id} has no file yet: {found.job.step}")
        content = self._api.fetch(found.link)
        if found.job.sha256 is not None and hashlib.sha256(content).hexdigest() != found.job.sha256:
            raise UnreadableAnswerError(f"the file of report {found.job.id} is not the one that was made")
        return content

    def evidence(self, report: str | ReportJob) -> Report:
        """An evidence package, as `get`."""
        return self._api.ask(Report, get("compliance", "evidence", _id(report)))


def _id(report: str | ReportJob) -> str:
    return report if isinstance(report, str) else report.id
