"""Captures: traffic, labels and files of models that no cloud watches."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from functions.api.access.callers import Caller, require_change
from functions.api.inputs import Clouds, ModelId, Person, Received, by_whom
from syndic.captures.models import CapturesKept, LabelsKept, NewCaptures, NewLabels, NewUpload, Upload
from syndic.captures.receive import prepare_upload, receive_captures, receive_labels
from syndic.records import get_model
from syndic.tasks import clouds as tasks

router = Router()


@router.post("/models/<model_id>/captures", tags=["captures"], status_code=202)
def send_captures(
    clouds: Clouds, received: Received, person: Person, model_id: ModelId, captures: Annotated[NewCaptures, Body()]
) -> CapturesKept:
    """Send rows of a model that runs where no cloud captures them. They are checked by schedule like captured ones."""
    return receive_captures(model_id, captures, writer=received, **_by(person, model_id, clouds))


@router.post("/models/<model_id>/captures/uploads", tags=["captures"], status_code=201)
def ask_for_upload(
    clouds: Clouds, received: Received, person: Person, model_id: ModelId, upload: Annotated[NewUpload, Body()]
) -> Upload:
    """Ask for an address to which a file is sent that is too large for a request: captures of an hour, a baseline."""
    return prepare_upload(model_id, upload, writer=received, **_by(person, model_id, clouds))


@router.post("/models/<model_id>/labels", tags=["captures"], status_code=202)
def send_labels(
    clouds: Clouds, received: Received, person: Person, model_id: ModelId, labels: Annotated[NewLabels, Body()]
) -> LabelsKept:
    """Send outcomes of rows that were sent before. Of several for one row the one sent last counts."""
    return receive_labels(model_id, labels, writer=received, **_by(person, model_id, clouds))


def _by(person: Caller, model_id: str, clouds: tasks.Clouds) -> dict[str, Any]:
    """By whom and where it is done. Raises `NotFoundError`, `NotAllowedError`."""
    require_change(person, get_model(clouds.store, model_id))
    return by_whom(clouds, person)
