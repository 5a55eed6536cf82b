"""For how long results of checks are kept: an admin's decision for all models."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from functions.api.inputs import Clouds, ExpectVersion, Person, by_whom
from syndic.checks.history.retention import RetentionPolicy, read_retention, set_retention

router = Router()


@router.get("/retention", tags=["checks"])
def read_policy(clouds: Clouds) -> RetentionPolicy:
    """For how many days results of checks are kept, and the summaries of days and months that follow them."""
    return read_retention(clouds.store)


@router.put("/retention", tags=["checks"])
def replace_policy(
    clouds: Clouds,
    person: Person,
    policy: Annotated[RetentionPolicy, Body()],
    expect_version: ExpectVersion = None,
) -> RetentionPolicy:
    """Replace it. Version, time and person are filled in here; the daily work gives what is there its new time."""
    return set_retention(policy, expect_version=expect_version, **by_whom(clouds, person))
