"""Configuration files of drift, fairness, compliance and governance, applied in one request."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field, StringConstraints

from functions.api.access.callers import require_change
from functions.api.access.roles import ADMIN
from functions.api.inputs import Clouds, Person
from syndic.errors import NotAllowedError
from syndic.models import Noun
from syndic.records import get_model
from syndic.tasks.configuration.models import ConfigurationFile, ConfigurationReport

router = Router()

ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]


class Configuration(Noun):
    """Files, and the models for which their drift and fairness policies are meant."""

    files: tuple[ConfigurationFile, ...] = Field(min_length=1, max_length=50)
    models: tuple[ModelName, ...] = Field(
        default=(), max_length=100, description="where a file names none under `models`"
    )


@router.put("/config", tags=["configuration"])
def apply_config(
    clouds: Clouds,
    person: Person,
    configuration: Annotated[Configuration, Body()],
    *,
    dry_run: Annotated[bool, Query(description="say what would change, and change nothing")] = False,
) -> ConfigurationReport:
    """Apply configuration files. What in them has another meaning here, or none, is named in the answer."""
    # As for a baseline: no other request waits for the readers of files.
    from syndic.tasks.configuration.apply import apply_configuration  # noqa: PLC0415

    def require(model_id: str | None) -> None:
        if model_id is not None:
            require_change(person, get_model(clouds.store, model_id))
        elif ADMIN not in person.roles:
            raise NotAllowedError("only an admin changes approval policies and frameworks")

    return apply_configuration(
        configuration.files, models=configuration.models, dry_run=dry_run, require=require, store=clouds.store,
        audit=clouds.audit, actor=person.name, now=clouds.now(),
    )  # fmt: skip
