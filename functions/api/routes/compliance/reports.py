"""Reports: asked for here, built by a worker, fetched by a link that soon ends."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from functions.api.access.callers import Caller
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from syndic.compliance.catalogue import active_frameworks
from syndic.errors import InvalidInputError, NotFoundError, UnknownReferenceError
from syndic.models import Noun
from syndic.records import get_model
from syndic.reports.jobs import get_job, list_jobs, request_report
from syndic.reports.models import MAX_MODELS, JobState, ReportFormat, ReportJob, ReportKind, ReportRequest
from syndic.reports.preview import ReportPreview, preview_report
from syndic.tasks.registration import framework_id

router = Router()

LINK_SECONDS: Final = 300
FRAMEWORK: Final = r"^[A-Za-z][A-Za-z0-9_-]{1,39}$"
FrameworkId = Annotated[str, StringConstraints(pattern=FRAMEWORK), AfterValidator(framework_id)]
Subject = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
ReportId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of a report job")]


class NewReport(Noun):
    """What a report is to cover."""

    kind: ReportKind = ReportKind.COMPLIANCE
    framework: FrameworkId | None = Field(default=None, description="left out: every framework")
    model_ids: tuple[Subject, ...] = Field(
        default=(), max_length=MAX_MODELS, description="left out: the whole portfolio; a draft is about one model"
    )
    start_date: date | None = None
    end_date: date | None = None
    format: ReportFormat = ReportFormat.PDF


class Report(Noun):
    """A report job as it stands. When it is done, `link` gives the file for five minutes."""

    job: ReportJob
    link: str | None = Field(default=None, description="compare what it gives with `job.sha256`")


class Reports(Noun):
    """A page of report jobs, newest first."""

    jobs: tuple[ReportJob, ...]
    next_token: str | None = None


@router.post("/compliance/reports", tags=["reports"], status_code=202)
def ask_for_report(clouds: Clouds, person: Person, wanted: Annotated[NewReport, Body()]) -> ReportJob:
    """Ask for a report. The job is built within a minute or two; read it until it is done."""
    return _asked(wanted, clouds=clouds, person=person)


@router.get("/compliance/reports", tags=["reports"])
def list_reports(
    clouds: Clouds, *, state: Annotated[JobState | None, Query()] = None, order: Order = None, limit: Limit = 50,
    token: Token = None,
) -> Reports:  # fmt: skip
    """A page of report jobs, newest first."""
    oldest = order == "ascending"
    jobs, next_token = list_jobs(clouds.store, state=state, oldest_first=oldest, limit=limit, token=token)
    return Reports(jobs=jobs, next_token=next_token)


@router.get("/compliance/report-preview", tags=["reports"])
def preview_of_report(
    clouds: Clouds, *, kind: Annotated[ReportKind, Query()] = ReportKind.COMPLIANCE,
    framework: Annotated[str | None, Query(pattern=FRAMEWORK, description="left out: every framework")] = None,
    model_id: Annotated[Subject | None, Query(description="left out: the whole portfolio")] = None,
) -> ReportPreview:  # fmt: skip
    """What a report would hold if it were made now: states by model and framework, or what of a draft is still open."""
    wanted = NewReport(kind=kind, framework=framework, model_ids=() if model_id is None else (model_id,))
    return preview_report(_request_of(wanted, clouds), store=clouds.store)


@router.get("/compliance/reports/<report_id>", tags=["reports"])
def read_report(clouds: Clouds, report_id: ReportId) -> Report:
    """A report job: its state, its progress, and the link when it is done."""
    return shown(get_job(clouds.store, report_id), clouds)


@router.get("/compliance/evidence/<report_id>", tags=["reports"])
def read_evidence_package(clouds: Clouds, report_id: ReportId) -> Report:
    """An evidence package: a report job of the format `evidence`, with the link when it is done."""
    job = get_job(clouds.store, report_id)
    if job.request.format is not ReportFormat.EVIDENCE:
        raise NotFoundError(f"report {report_id} is {job.request.format.value}, not an evidence package")
    return shown(job, clouds)


@router.get("/reports/<model_id>/compliance-report", tags=["reports"])
def ask_for_compliance_report(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    *,
    framework: Annotated[str | None, Query(pattern=FRAMEWORK, description="left out: all")] = None,
    format: Annotated[ReportFormat, Query()] = ReportFormat.PDF,  # noqa: A002
) -> Report:
    """The compliance report of a model. It is asked for; asking again in the same minute shows how far it is."""
    get_model(clouds.store, model_id)
    wanted = NewReport(framework=framework, model_ids=(model_id,), format=format)
    return shown(_asked(wanted, clouds=clouds, person=person), clouds)


def _asked(wanted: NewReport, *, clouds: Clouds, person: Caller) -> ReportJob:
    return request_report(
        _request_of(wanted, clouds), store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


def _request_of(wanted: NewReport, clouds: Clouds) -> ReportRequest:
    if wanted.framework is not None and wanted.framework not in active_frameworks(clouds.store):
        raise UnknownReferenceError(f"no framework {wanted.framework!r} is active", where="framework")
    frameworks = () if wanted.framework is None else (wanted.framework,)
    try:
        return ReportRequest.model_validate({**wanted.model_dump(exclude={"framework"}), "frameworks": frameworks})
    except ValidationError as error:
        raise InvalidInputError(error.errors()[0]["msg"].removeprefix("Value error, "), where="body") from error


def shown(job: ReportJob, clouds: Clouds) -> Report:
    """A job, with the link to its file when it is done."""
    ready = job.state is JobState.DONE and job.file is not None
    return Report(job=job, link=clouds.archive.link(job.file, seconds=LINK_SECONDS) if ready and job.file else None)
