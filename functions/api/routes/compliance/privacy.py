"""Privacy: what the platform keeps of persons, and a copy for the person who asks."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field, StringConstraints

from functions.api.inputs import Clouds, Person
from syndic.compliance.personal_data import RECORD_OF_PROCESSING, PersonalData, Place, personal_data_of
from syndic.models import Noun

router = Router()


class ProcessingRecord(Noun):
    """The record of the platform's own processing (GDPR Art. 30)."""

    places: tuple[Place, ...]


class PersonNames(Noun):
    """The names under which a person is known here."""

    names: tuple[Annotated[str, StringConstraints(min_length=3, max_length=254)], ...] = Field(
        min_length=1, max_length=10, description="user name, address"
    )


@router.get("/compliance/processing-record", tags=["compliance"])
def read_processing_record(clouds: Clouds) -> ProcessingRecord:  # noqa: ARG001
    """What the platform keeps of persons, where, why and for how long."""
    return ProcessingRecord(places=RECORD_OF_PROCESSING)


@router.post("/compliance/personal-data", tags=["compliance"])
def export_personal_data(clouds: Clouds, person: Person, wanted: Annotated[PersonNames, Body()]) -> PersonalData:
    """Every record that names a person: the copy of Art. 15 and 20. That it was made is in the audit trail."""
    return personal_data_of(wanted.names, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())
