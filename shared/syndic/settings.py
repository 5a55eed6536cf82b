"""Every environment variable, in one place. `cdk` and the Azure template write exactly these names.

A field ``table_name`` is read from ``SYNDIC_TABLE_NAME``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syndic.errors import InvalidInputError

PREFIX = "SYNDIC_"


class Settings(BaseModel):
    """Settings of a deployed function. Unset optional settings are None and the feature is off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table_name: str = Field(description="DynamoDB table of records")
    archive_bucket: str = Field(description="S3 bucket of baselines, report files and quarantined lines")
    event_bus: str = Field(description="EventBridge bus name")
    mail_from: str | None = Field(default=None, description="verified SES sender; None: no mail is sent")
    mail_fallback: str | None = Field(default=None, description="address for alerts of models that have no owner")
    dashboard_url: str | None = Field(default=None, description="for links in messages")
    map_state_machine: str | None = Field(default=None, description="ARN of the map for large windows")
    map_threshold_mb: int = Field(default=256, ge=1, description="captured MB above which a window is mapped")
    capture_buckets: str | None = Field(default=None, description="comma-separated allow-list; None: any readable")
    log_level: str = "INFO"


def variable(field: str) -> str:
    """The environment variable of a settings field."""
    if field not in Settings.model_fields:
        raise KeyError(field)
    return PREFIX + field.upper()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises `InvalidInputError` that names the variable."""
    environ = os.environ if environ is None else environ
    values = {name: environ[variable(name)] for name in Settings.model_fields if environ.get(variable(name))}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = variable(str(first["loc"][0]))
        raise InvalidInputError(first["msg"], where=f"environment variable {name}") from error
