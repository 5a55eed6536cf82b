"""What SageMaker says of an endpoint that changed, in this account or another: it is looked at at once.

EventBridge writes account and region into every event; whoever sends it cannot choose them. What the event says of
the endpoint itself is not believed: it is described anew.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from syndic.errors import InvalidInputError
from syndic.models import LookRequested, Moment

CHANGED: Final = frozenset({"SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change"})
"""Their types, as the vendor names them; `cdk.members` has the same."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,62}$")]


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Endpoint(_Read):
    name: Name = Field(alias="EndpointName")


class _Change(_Read):
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    time: Moment
    detail: _Endpoint


def look_at_changed(body: str) -> LookRequested:
    """The request to look at the endpoint of an event. Raises `InvalidInputError` that names the first wrong field."""
    try:
        change = _Change.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidInputError(first["msg"], where=".".join(["message", *map(str, first["loc"])])) from error
    source = f"sagemaker {change.account}/{change.region}"
    return LookRequested(source=source, asked_at=change.time, endpoints=(change.detail.name,))
