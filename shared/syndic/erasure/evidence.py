"""What the erasures of a model show: what the newest one did, and what all of them together left behind. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.erasure.models import Erasure, ErasureState
from syndic.models import Evidence, EvidenceStatus

KIND: Final = "erasure.run"
NONE: Final = "no erasure of captured rows was made, which does not show that none is owed"


def with_last(erasure: Erasure, known: Sequence[Erasure]) -> tuple[Erasure, ...]:
    """The erasures of a model, the newest first, with one as it is now in place of what is kept of it."""
    return tuple(erasure if one.id == erasure.id else one for one in known)


def erasure_evidence(model_id: str, erasures: Sequence[Erasure], at: datetime) -> Evidence:
    """What is left of what was looked for: passing only when nothing of it can still be there.

    What an erasure left is gone once another one took it: one of what is older than a day on which it lay there
    already, or, of a person, a complete one under the same reference.
    """
    made = sorted(
        (one for one in erasures if one.applied_at is not None), key=lambda one: one.applied_at or one.asked_at
    )
    left = [one for number, one in enumerate(made) if _left(one) and not _taken(one, made[number + 1 :])]
    facts: dict[str, JsonValue] = {
        "recorded": len(made),
        "of_persons": sum(one.kind == "persons" for one in made),
        "left_of_persons": sum(one.kind == "persons" for one in left),
        "left_of_age": sum(one.kind == "age" for one in left),
        **({} if not made else _last(made[-1])),
    }
    return Evidence(
        kind=KIND,
        model_id=model_id,
        status=EvidenceStatus.INCONCLUSIVE if left else EvidenceStatus.PASSING,
        summary=_said(made, left),
        facts=facts,
        source=f"erasure/{made[-1].id}" if made else f"erasures/{model_id}",
        sha256=sha256_of(facts),
        produced_at=at,
    )


def _left(erasure: Erasure) -> dict[str, int]:
    found, done = erasure.found, erasure.done
    counts = {"unreadable": found.unreadable, "unresolved": found.unresolved, "changed": done.changed}
    return {name: number for name, number in counts.items() if number}


def _taken(left: Erasure, later: Sequence[Erasure]) -> bool:
    """Whether one of those that came later took what was left."""
    lay_there = left.older_than if left.kind == "age" else left.asked_at
    for one in later:
        if one.state is not ErasureState.APPLIED or _left(one):
            continue
        if one.kind == "age" and one.older_than is not None and lay_there is not None and one.older_than >= lay_there:
            return True
        if one.kind == left.kind == "persons" and one.reference and one.reference == left.reference:
            return True
    return False


def _last(erasure: Erasure) -> dict[str, JsonValue]:
    stays, done = _left(erasure), erasure.done
    return {
        "erasure_id": erasure.id, "of": erasure.kind, "objects": done.objects, "rows": done.rows, "gone": done.gone,
        "plan_sha256": erasure.plan_sha256, "reference": erasure.reference, "complete": not stays,
        **{name: stays.get(name, 0) for name in ("unreadable", "unresolved", "changed")},
    }  # fmt: skip


def _said(made: Sequence[Erasure], left: Sequence[Erasure]) -> str:
    if not made:
        return NONE
    last = made[-1]
    said = f"{last.done.rows} rows of {last.done.objects} objects are gone"
    if stays := ", ".join(f"{number} {name}" for name, number in _left(last).items()):
        said = f"{said}; of others it is not so: {stays}"
    earlier = sum(one.id != last.id for one in left)
    return said + (f"; what {earlier} before it left was taken by none since" if earlier else "")
