"""What people ask for: a plan of an erasure, and that exactly this plan is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syndic.changes import AGAIN, finish
from syndic.erasure.identifiers import hashed
from syndic.erasure.keys import erasure_key, partition_of
from syndic.erasure.models import Erasure, ErasureState, Progress
from syndic.erasure.store import APPLY_OFF, entry, read_progress, refuse_held, save
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import CaptureFormat, ColumnRole, ErasureStepRequested, RegisteredModel
from syndic.ports import AuditTrail, EventBus, Record, Store
from syndic.records import get_model, retried

GOOD_FOR: Final = timedelta(days=30)
"""A plan that is older is made again: what was captured since is not in it."""

LOGS: Final = timedelta(days=183)
YOUNG: Final = (
    "younger than six months: providers and deployers of high-risk systems keep logs at least so long "
    "(Regulation (EU) 2024/1689, Art. 19(1), 26(6))"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planned: rows of some persons, or what is older than some days."""

    model_id: str
    reason: str
    identifiers: frozenset[str] = frozenset()
    column: str | None = None
    older_than_days: int | None = None
    reference: str = ""


def ask_plan(
    wish: Wish, *, held: Collection[str], store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Erasure:
    """Have an erasure planned. Asked for again while it is planned, the same is returned.

    Raises:
        NotFoundError: There is no such model.
        InvalidInputError: Neither or both of identifiers and days are given, or the column is not one of the model's.
        ConflictError: Nothing of the model is captured, it is captured in a format that cannot be rewritten, or a
            legal hold is on it.
    """
    if bool(wish.identifiers) is (wish.older_than_days is not None):
        raise InvalidInputError("give identifiers of persons, or older_than_days, and not both", where="identifiers")
    model = get_model(store, wish.model_id)
    _require_captured(model)
    refuse_held(model.id, held)
    column = _column(wish, model)

    def step() -> Erasure:
        newest = store.query(partition_of(model.id), end="~~", descending=True, limit=1).records
        if newest:
            same = _same(newest[0], wish, column, actor=actor, now=now)
            if same is not None:
                finish(erasure_key(same.id), store=store, audit=audit, bus=bus)
                return same
        number = int(newest[0].key.sort) + 1 if newest else 1
        erasure = _asked(f"{model.id}.e{number:08d}", wish, column, actor=actor, now=now)
        progress = Progress(erasure=erasure, wanted=hashed(wish.identifiers, salt=erasure.id))
        told = entry(
            "erasure.plan_asked", erasure, actor=actor, at=now, persons=erasure.persons, reference=erasure.reference
        )
        save(
            progress, None, at=now, store=store, audit=audit, bus=bus, entries=(told,),
            events=(ErasureStepRequested(erasure_id=erasure.id),),
        )  # fmt: skip
        return erasure

    return retried(step, what=f"the erasures of {model.id}")


def ask_apply(
    erasure_id: str,
    plan_sha256: str,
    *,
    allowed: bool,
    held: Collection[str],
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Erasure:
    """Have exactly a plan done. Asked for again it is done once.

    Raises `ConflictError` when erasing is off, the plan is not made, is another one or is too old, or a hold is on it.
    """

    def step() -> Erasure:
        record, progress = read_progress(store, erasure_id)
        erasure = progress.erasure
        if not allowed:
            raise ConflictError(APPLY_OFF)
        if erasure.plan_sha256 is None:
            raise ConflictError(f"erasure {erasure_id} is still being planned")
        if erasure.plan_sha256 != plan_sha256:
            raise ConflictError("this is not the hash of the plan: look at the plan again, then name its plan_sha256")
        if erasure.state in {ErasureState.APPLYING, ErasureState.APPLIED}:
            finish(record.key, store=store, audit=audit, bus=bus)
            return erasure
        refuse_held(erasure.model_id, held)
        if erasure.planned_at is not None and now - erasure.planned_at > GOOD_FOR:
            raise ConflictError(f"the plan is older than {GOOD_FOR.days} days: plan again")
        update = {"state": ErasureState.APPLYING, "applied_by": actor, "apply_asked_at": now, "stopped": None}
        applying = erasure.model_copy(update=update)
        told = entry("erasure.apply_asked", erasure, actor=actor, at=now, plan_sha256=plan_sha256)
        save(
            progress.model_copy(update={"erasure": applying}), record, at=now, store=store, audit=audit, bus=bus,
            entries=(told,), events=(ErasureStepRequested(erasure_id=erasure_id),),
        )  # fmt: skip
        return applying

    return retried(step, what=f"erasure {erasure_id}")


def _require_captured(model: RegisteredModel) -> None:
    capture = None if model.endpoint is None else model.endpoint.capture
    if capture is None:
        raise ConflictError(f"no traffic of {model.id} is captured, so there is nothing to erase")
    if capture.format is not CaptureFormat.SAGEMAKER:
        raise ConflictError(
            f"the captures of {model.id} are Azure's ({capture.format.value}); they are not rewritten: erase there"
        )


def _column(wish: Wish, model: RegisteredModel) -> str | None:
    """The column that names persons: the one given, else the one of row ids; None: the id of the call."""
    schema = model.capture_schema
    if wish.older_than_days is not None:
        return None
    if wish.column is None:
        return next((one.name for one in schema.role(ColumnRole.ROW_ID)), None) if schema else None
    there = [] if schema is None else [one.name for one in (*schema.inputs, *schema.outputs)]
    if wish.column not in there:
        known = ", ".join(there[:20]) or "none: the model has no capture schema"
        raise InvalidInputError(f"{wish.column!r} is no captured column of the model ({known})", where="column")
    return wish.column


def _same(newest: Record, wish: Wish, column: str | None, *, actor: str, now: datetime) -> Erasure | None:
    progress = Progress.model_validate(newest.body)
    erasure = progress.erasure
    again = _asked(erasure.id, wish, column, actor=actor, now=erasure.asked_at)
    same = (
        erasure.state is ErasureState.PLANNING
        and now - erasure.asked_at < AGAIN
        and (again.model_dump(exclude={"found", "sheets"}) == erasure.model_dump(exclude={"found", "sheets"}))
        and hashed(wish.identifiers, salt=erasure.id) == progress.wanted
    )
    return erasure if same else None


def _asked(erasure_id: str, wish: Wish, column: str | None, *, actor: str, now: datetime) -> Erasure:
    days = wish.older_than_days
    return Erasure(
        id=erasure_id,
        model_id=wish.model_id,
        kind="persons" if days is None else "age",
        column=column,
        older_than=None if days is None else now - timedelta(days=days),
        persons=len(wish.identifiers),
        reference=wish.reference,
        reason=wish.reason,
        notices=(YOUNG,) if days is not None and timedelta(days=days) < LOGS else (),
        asked_by=actor,
        asked_at=now,
    )
