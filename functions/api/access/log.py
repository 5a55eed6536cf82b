"""The access log's edge: after an answer that showed something sensitive, who saw what is kept.

Which routes these are is said in the access table, and nowhere else.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final, cast

from functions import wiring
from functions.api.access.authorization import is_sensitive
from functions.api.access.callers import caller_of
from functions.api.access.roles import READ
from functions.metrics import count
from syndic.audit.reads import SensitiveRead, keep_read
from syndic.errors import SyndicError
from syndic.tasks import clouds as tasks

log = logging.getLogger(__name__)

LONGEST: Final = 200
"""Characters kept of a filter's value."""


def note_read(event: dict[str, Any], method: str, route: str, *, request_id: str, status: int) -> None:
    """Keep that the caller was shown this, if it is sensitive and was shown.

    It is one write on a client of short patience. Its failure is counted and said, and takes nobody's answer away.
    """
    if status >= 400 or not is_sensitive(method, route):
        return
    clouds, caller = cast("tasks.PeopleClouds", wiring.wired()), caller_of(event)
    query = event.get("queryStringParameters") or {}
    read = SensitiveRead(
        at=clouds.now(),
        actor=caller.name,
        role=",".join(sorted(caller.roles & READ)),
        method=method,
        route=route,
        path=str(event["path"]),
        query={str(name)[:LONGEST]: str(value)[:LONGEST] for name, value in query.items() if name != "token"},
        request=request_id,
    )
    try:
        keep_read(clouds.access_log, read, kept_for=timedelta(days=clouds.settings.access_log_days))
    except SyndicError as error:
        count("ReadsNotLogged")
        said = {"actor": read.actor, "path": read.path, "request": request_id, "reason": str(error)}
        log.error("read was not logged", extra=said)  # noqa: TRY400 - the line takes the record's place
