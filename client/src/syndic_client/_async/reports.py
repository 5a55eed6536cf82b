"""Reports: asked for, waited for, downloaded."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewReport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.errors import ReportFailedError, UnreadableAnswerError
from syndic_client.schemas import JobState, Report, ReportJob, ReportPreview, Reports


class AsyncReportJobs:
    """Reports for people and auditors."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, order: str | None = None, page_size: int | None = None
    ) -> AsyncPages[Reports, ReportJob]:
        """Reports that were asked for, newest first."""
        return AsyncPages(
            self._api,
            Reports,
            lambda page: page.jobs,
            get("compliance", "reports", state=state, order=order, limit=page_size),
        )

    async def request(self, *, idempotency_key: str | None = None, **fields: Unpack[NewReport]) -> ReportJob:
        """Ask for a report. It is made in the background."""
        call = change("POST", "compliance", "reports", body=fields, key=idempotency_key)
        return await self._api.ask(ReportJob, call)

    async def preview(
        self, *, kind: str | None = None, framework: str | None = None, model: ModelNamed | None = None
    ) -> ReportPreview:
        """What a report would hold if it were made now."""
        about = None if model is None else id_of(model)
        call = get("compliance", "report-preview", kind=kind, framework=framework, model_id=about)
        return await self._api.ask(ReportPreview, call)

    async def get(self, report: str | ReportJob) -> Report:
        """How far it is; once done, with a link that holds for five minutes."""
        return await self._api.ask(Report, get("compliance", "reports", _id(report)))

    async def wait(self, report: str | ReportJob, *, timeout: float = 900.0, every: float = 2.0) -> Report:
        """Wait, in seconds, until a report is done. Raises `ReportFailedError`."""
        waited = 0.0
        while True:
            found = await self.get(report)
            if found.job.state == JobState.DONE:
                return found
            if found.job.state == JobState.FAILED:
                raise ReportFailedError(f"report {found.job.id}: {found.job.error or 'it could not be made'}")
            if waited >= timeout:
                raise ReportFailedError(f"report {found.job.id} is not done after {timeout:g} s: {found.job.step}")
            await asyncio.sleep(every)
            waited += every

    async def download(self, report: str | ReportJob) -> bytes:
        """The file of a report that is done, compared with its fingerprint. Raises `ReportFailedError`."""
        found = await self.get(report)
        if found.link is None:
            raise ReportFailedError(f"report {found.job.id} has no file yet: {found.job.step}")
        content = await self._api.fetch(found.link)
        if found.job.sha256 is not None and hashlib.sha256(content).hexdigest() != found.job.sha256:
            raise UnreadableAnswerError(f"the file of report {found.job.id} is not the one that was made")
        return content

    async def evidence(self, report: str | ReportJob) -> Report:
        """An evidence package, as `get`."""
        return await self._api.ask(Report, get("compliance", "evidence", _id(report)))


def _id(report: str | ReportJob) -> str:
    return report if isinstance(report, str) else report.id
