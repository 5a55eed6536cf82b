"""Parameters and collaborators that routes share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from aws_lambda_powertools.event_handler import Request
from aws_lambda_powertools.event_handler.depends import Depends
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from functions.api.access.callers import Caller, caller_of
from functions.api.request_scope import RequestScope
from syndic import ports
from syndic.errors import InvalidInputError
from syndic.models import TimeWindow
from syndic.tasks import clouds as tasks

ModelId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$", description="Id of a registered model")]
Limit = Annotated[int, Query(ge=1, le=100, description="Most items in one page")]
Token = Annotated[
    str | None,
    Query(min_length=1, max_length=2048, pattern=r"^[!-~]+$", description="`next_token` of the page before"),
]
Order = Annotated[
    Literal["ascending", "descending"] | None,
    Query(description="Left out: as is said above. Filtered pages may be short although more follow"),
]
ExpectVersion = Annotated[
    int | None, Query(ge=0, description="Refuse when another version is in force; 0: the default one, that nobody set")
]


Subject = Annotated[str | None, Query(pattern=r"^[a-z_]+/[A-Za-z0-9._-]{1,200}$", description="Such as model/<id>")]


def get_clouds(request: Request) -> tasks.Clouds:
    """The adapters, as this request has them."""
    scope: RequestScope = request.context["scope"]
    return scope.clouds()


def get_directory(request: Request) -> ports.Directory:
    """The people who may sign in. Raises `UnavailableError` where no user pool is configured."""
    return cast("tasks.PeopleClouds", get_clouds(request)).directory


def get_issuer_keys(request: Request) -> ports.IssuerKeys:
    """The keys of issuers."""
    return cast("tasks.PeopleClouds", get_clouds(request)).issuer_keys


def get_received(request: Request) -> ports.CaptureWriter:
    """Where traffic that is sent is kept. Raises `UnavailableError` where no place is configured."""
    return cast("tasks.PeopleClouds", get_clouds(request)).received


def get_caller(request: Request) -> Caller:
    """The person behind the request."""
    return caller_of(request.resolved_event.raw_event)


def by_whom(clouds: tasks.Clouds, person: Caller) -> dict[str, Any]:
    """With what a record is changed, by whom and when: arguments that every verb of a change takes."""
    return {"store": clouds.store, "audit": clouds.audit, "actor": person.name, "now": clouds.now()}


WindowKey = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{8}T[0-9]{6}Z-[0-9]{8}T[0-9]{6}Z$", description="Key of a window; left out: the newest"),
]


def window_of(key: str) -> TimeWindow:
    """The window that a key names. Raises `InvalidInputError`."""
    try:
        start, end = (datetime.strptime(part, "%Y%m%dT%H%M%S%z") for part in key.split("-"))
    except ValueError as error:
        raise InvalidInputError("names no time", where="query.window") from error
    return TimeWindow(start=start, end=end)


Clouds = Annotated[tasks.Clouds, Depends(get_clouds)]
Directory = Annotated[ports.Directory, Depends(get_directory)]
IssuerKeys = Annotated[ports.IssuerKeys, Depends(get_issuer_keys)]
Received = Annotated[ports.CaptureWriter, Depends(get_received)]
Person = Annotated[Caller, Depends(get_caller)]
