"""Erasure of captured rows: plans, what is in them, and that exactly one of them is done."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, StringConstraints

from functions.api.inputs import Clouds, Limit, Person, Token
from syndic.audit.erasure.contents import list_holds
from syndic.erasure.models import Erasure, PlannedObject
from syndic.erasure.store import erasures_page, get_erasure
from syndic.errors import InvalidInputError
from syndic.models import Noun

router = Router()

ErasureId = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}\.e[0-9]{8}$", description="Id of an erasure, such as credit.e00000001"),
]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]


class NewErasure(Noun):
    """What goes: the rows of some persons, or what is older than some days."""

    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")
    identifiers: tuple[Annotated[str, StringConstraints(min_length=1, max_length=512)], ...] = Field(
        default=(), max_length=100, description="of persons, as the column has them; they are not kept"
    )
    column: str | None = Field(
        default=None, max_length=256,
        description="the column that holds them; left out: the column of row ids, else the id of the call",
    )  # fmt: skip
    older_than_days: int | None = Field(default=None, ge=1, le=36_500)
    reference: str = Field(default="", pattern=r"^[A-Za-z0-9._/-]{0,100}$", description="of the request of a person")
    reason: Reason


class PlanToApply(Noun):
    """Which plan is done: the one that was looked at."""

    plan_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="as the plan shows it")


class Erasures(Noun):
    """A page of erasures, the newest first."""

    erasures: tuple[Erasure, ...]
    next_token: str | None = None
    may_apply: bool = Field(description="whether this deployment may erase; plans can always be made")


class PlannedObjects(Noun):
    """Some objects of a plan, in its order."""

    objects: tuple[PlannedObject, ...]
    next_token: str | None = None


@router.get("/erasures", tags=["compliance"])
def list_erasures(
    clouds: Clouds, *, model_id: Annotated[str | None, Query(min_length=1, max_length=128)] = None, limit: Limit = 50,
    token: Token = None,
) -> Erasures:  # fmt: skip
    """Plans of erasures and what was done of them, the newest first."""
    found, next_token = erasures_page(clouds.store, model_id=model_id, limit=limit, token=token)
    return Erasures(erasures=found, next_token=next_token, may_apply=clouds.settings.erase_captures)


@router.post("/erasures", tags=["compliance"], status_code=201)
def plan_erasure(clouds: Clouds, person: Person, wanted: Annotated[NewErasure, Body()]) -> Erasure:
    """Have an erasure planned: nothing is changed. What is found can be read here once it is `planned`."""
    from syndic.erasure.request import Wish, ask_plan  # noqa: PLC0415 - numpy, in the only request that hashes cells

    wish = Wish(
        wanted.model_id, wanted.reason, frozenset(wanted.identifiers), wanted.column, wanted.older_than_days,
        wanted.reference,
    )  # fmt: skip
    return ask_plan(wish, **_common(clouds, person))


@router.get("/erasures/<erasure_id>", tags=["compliance"])
def read_erasure(clouds: Clouds, erasure_id: ErasureId) -> Erasure:
    """An erasure: what its plan found, its hash, and what was done."""
    return get_erasure(clouds.store, erasure_id)


@router.get("/erasures/<erasure_id>/objects", tags=["compliance"])
def read_planned_objects(
    clouds: Clouds, erasure_id: ErasureId, *, limit: Limit = 50, token: Token = None
) -> PlannedObjects:
    """The objects of a plan: which lines of each go, and what stays."""
    from syndic.erasure.apply import planned_objects  # noqa: PLC0415 - numpy, as above

    start = _start(token)
    found = planned_objects(get_erasure(clouds.store, erasure_id), clouds.archive, start=start, most=limit + 1)
    more = str(start + limit) if len(found) > limit else None
    return PlannedObjects(objects=tuple(found[:limit]), next_token=more)


@router.post("/erasures/<erasure_id>/apply", tags=["compliance"])
def apply_erasure(
    clouds: Clouds, person: Person, erasure_id: ErasureId, plan: Annotated[PlanToApply, Body()]
) -> Erasure:
    """Have exactly this plan done. Refused unless the deployer allowed erasing, and while a legal hold is on it."""
    from syndic.erasure.request import ask_apply  # noqa: PLC0415 - numpy, as above

    allowed = clouds.settings.erase_captures
    return ask_apply(erasure_id, plan.plan_sha256, allowed=allowed, **_common(clouds, person))


def _common(clouds: Any, person: Any) -> dict[str, Any]:
    return {
        "held": frozenset(one.subject for one in list_holds(clouds.store)), "store": clouds.store,
        "audit": clouds.audit, "bus": clouds.bus, "actor": person.name, "now": clouds.now(),
    }  # fmt: skip


def _start(token: str | None) -> int:
    if token is None:
        return 0
    if not token.isascii() or not token.isdigit() or len(token) > 9:
        raise InvalidInputError("this page token was not given by a listing", where="query.token")
    return int(token)
