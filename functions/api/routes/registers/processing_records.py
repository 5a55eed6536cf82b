"""The record of processing activities of Art. 30 GDPR: entered, completed, confirmed, exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from functions.api.inputs import Clouds, Limit, Order, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, acting, kept_by, require_opener
from syndic.errors import TooLargeError
from syndic.models import Noun
from syndic.registers.entries import change_entry, get_entry
from syndic.registers.listing import count_entries, entries_page, list_entries, standing
from syndic.registers.models import Counts, Standing
from syndic.registers.processing import register as verbs
from syndic.registers.processing.export import as_csv, as_json, as_markdown
from syndic.registers.processing.models import KnownDetail, Processing, ProcessingRole, ProcessingState, RecordGap
from syndic.registers.processing.register import PROCESSING, NewProcessing, ProcessingChange

router = Router()

MOST_EXPORTED: Final = 2000
Format = Annotated[Literal["markdown", "csv", "json"], Query(description="In which form")]


class ProcessingView(Processing):
    """An entry, where it stands, what is missing of it, and what Syndic knows of its models."""

    standing: Standing
    missing: tuple[RecordGap, ...]
    known: tuple[KnownDetail, ...] = Field(default=(), description="to be taken over by a person, or not")


class ProcessingRecords(Noun):
    """A page of entries: what is due first before, ended ones last."""

    records: tuple[ProcessingView, ...]
    next_token: str | None = None


class KnownDetails(Noun):
    """What Syndic knows of the processing by a model, field by field."""

    known: tuple[KnownDetail, ...]


class ProcessingExport(Noun):
    """The whole record as a file."""

    format: str
    content_type: str
    text: str


@router.get("/processing-records", tags=["registers"])
def list_processing_records(
    clouds: Clouds, *, state: Annotated[ProcessingState | None, Query()] = None,
    role: Annotated[ProcessingRole | None, Query()] = None, owner: Owner = None, model_id: OfModel = None,
    order: Order = None, limit: Limit = 50, token: Token = None,
) -> ProcessingRecords:  # fmt: skip
    """A page of the record of processing activities."""
    filters = {"model": model_id, "state": state, "role": role, "owner": owner}
    found, more = entries_page(
        PROCESSING, clouds.store, filters=filters, latest_first=order == "descending", limit=limit, token=token
    )  # fmt: skip
    return ProcessingRecords(records=tuple(_view(one, clouds) for one in found), next_token=more)


@router.get("/processing-records/counts", tags=["registers"])
def count_processing_records(clouds: Clouds, model_id: OfModel = None) -> Counts:
    """How many entries are in which state."""
    return count_entries(PROCESSING, clouds.store, now=clouds.now(), model_id=model_id)


@router.get("/processing-records/known", tags=["registers"])
def read_known_processing(
    clouds: Clouds, model_id: Annotated[str, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
) -> KnownDetails:
    """What Syndic knows of the processing by a model: to begin an entry with."""
    return KnownDetails(known=verbs.known_in(clouds.store, (model_id,)))


@router.get("/processing-records/export", tags=["registers"])
def export_processing_records(clouds: Clouds, form: Format = "markdown") -> ProcessingExport:
    """The record as an authority asks for it (Art. 30(4)), with what is missing said where it belongs."""
    records = [one for one, _ in zip(list_entries(PROCESSING, clouds.store), range(MOST_EXPORTED + 1), strict=False)]
    if len(records) > MOST_EXPORTED:
        raise TooLargeError(f"there are more than {MOST_EXPORTED} entries: page through them instead")
    now = clouds.now()
    made: dict[str, tuple[str, Callable[[], str]]] = {
        "markdown": ("text/markdown; charset=utf-8", lambda: as_markdown(records, now=now)),
        "csv": ("text/csv; charset=utf-8", lambda: as_csv(records)),
        "json": ("application/json", lambda: as_json(records, now=now)),
    }
    content_type, render = made[form]
    return ProcessingExport(format=form, content_type=content_type, text=render())


@router.post("/processing-records", tags=["registers"], status_code=201)
def enter_processing_record(clouds: Clouds, person: Person, given: Annotated[NewProcessing, Body()]) -> ProcessingView:
    """Enter a processing activity, as far as it is known."""
    require_opener(person, given.model_ids, clouds.store)
    return _whole(verbs.enter_processing(given, **acting(clouds, person)), clouds)


@router.get("/processing-records/<processing_id>", tags=["registers"])
def read_processing_entry(clouds: Clouds, processing_id: EntryId) -> ProcessingView:
    """An entry with what is missing of it, and what Syndic knows."""
    return _whole(get_entry(PROCESSING, clouds.store, processing_id), clouds)


@router.patch("/processing-records/<processing_id>", tags=["registers"])
def change_processing_record(
    clouds: Clouds, person: Person, processing_id: EntryId, change: Annotated[ProcessingChange, Body()]
) -> ProcessingView:
    """Change an entry, or some fields of its contents; what was confirmed has to be confirmed again."""
    return _changed(clouds, person, processing_id, lambda one: verbs.changed(one, change), "changed")


@router.post("/processing-records/<processing_id>/confirm", tags=["registers"])
def confirm_processing_record(clouds: Clouds, person: Person, processing_id: EntryId) -> ProcessingView:
    """Confirm that an entry is complete and right. Refused while something is missing or contradicts."""
    now = clouds.now()
    return _changed(
        clouds, person, processing_id,
        lambda one: verbs.confirm(one, verbs.gaps_in(clouds.store, one), actor=person.name, now=now), "confirmed",
    )  # fmt: skip


@router.post("/processing-records/<processing_id>/retire", tags=["registers"])
def retire_processing_record(clouds: Clouds, person: Person, processing_id: EntryId) -> ProcessingView:
    """Say that the processing has ended."""
    now = clouds.now()
    return _changed(clouds, person, processing_id, lambda one: verbs.retire(one, now=now), "retired")


def _changed(
    clouds: Any, person: Any, identity: str, rule: Callable[[Processing], Processing], action: str
) -> ProcessingView:
    keep = kept_by(person, rule, clouds.store)
    return _whole(change_entry(PROCESSING, identity, keep, action=action, **acting(clouds, person)), clouds)


def _view(one: Processing, clouds: Any) -> ProcessingView:
    missing = verbs.gaps_in(clouds.store, one)
    return ProcessingView(**dict(one), standing=standing(PROCESSING, one, clouds.now()), missing=missing)


def _whole(one: Processing, clouds: Any) -> ProcessingView:
    return _view(one, clouds).model_copy(update={"known": verbs.known_in(clouds.store, one.model_ids)})
