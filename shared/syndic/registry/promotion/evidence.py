"""What a promotion to production leaves as evidence: was it tested, and did a second person approve it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registry.models import ApprovalRequest, Decision, GateResult, ModelVersion, RequestState, StageChange
from syndic.registry.promotion.candidate import names_of

KIND: Final = "registry.promotion"
PERIOD: Final = timedelta(days=400)
MOST: Final = 200
_VERBS: Final = {"rollback": "returned"}
_TESTS: Final = ("evaluation_metrics", "evaluation_artefacts", "evidence:")


def promotion_evidence(
    change: StageChange,
    version: ModelVersion,
    result: GateResult,
    request: ApprovalRequest | None,
    earlier: Evidence | None = None,
) -> Evidence:
    """The evidence on how the version in production got there: through the gate, or back by a rollback.

    It is failing when a condition on tests was waived, or when nobody but the author approved: the version's author
    and whoever asked for the approval do not count as a second person. An approval that ran out after the version was
    in production still counts for a return to it; one of other content does not.

    `period` lists the changes of the last 400 days, with those that `earlier` evidence names: an examiner looks at a
    population, not at the newest one.
    """
    authors = version.authors | ({request.requested_by} if request else set())
    rejected = request is not None and request.state is RequestState.REJECTED
    changed = request is not None and request.state is RequestState.WITHDRAWN
    approvers = sorted(
        {vote.actor for vote in request.votes if vote.decision is Decision.APPROVE} - authors
        if request and not (rejected or changed)
        else ()
    )
    waived = [one.name for one in result.conditions if one.waived_by is not None]
    untested = [name for name in waived if name.startswith(_TESTS)]
    wrong = [
        *([f"without {', '.join(untested)} (waived)"] if untested else []),
        *(["although it was changed after its approval was asked for"] if changed else []),
        *([] if approvers or changed else ["without an approver other than its author"]),
    ]
    how = " and ".join(wrong) or f"tested, approved by {', '.join(approvers)}"
    return Evidence(
        kind=KIND,
        model_id=result.model_id,
        status=EvidenceStatus.FAILING if wrong else EvidenceStatus.PASSING,
        summary=f"version {change.version} {_VERBS.get(change.kind, 'went')} to {change.target.value} {how}",
        facts={
            "version": change.version,
            "served_as": sorted(names_of(version)),
            "stage": change.target.value,
            "policy": result.policy,
            "promoted_by": change.by,
            "approvers": list(approvers),
            "tested": not untested,
            "waived": list(waived),
            "period": _period(change, earlier, sound=not wrong, tested=not untested, approved=bool(approvers)),
        },
        source=f"registry/{result.model_id}/stages",
        sha256=sha256_of({"gate": result.model_dump(mode="json"), "change": change.model_dump(mode="json")}),
        produced_at=change.at,
    )


def _period(
    change: StageChange, earlier: Evidence | None, *, sound: bool, tested: bool, approved: bool
) -> list[JsonValue]:
    kept = earlier.facts.get("period", []) if earlier is not None else []
    entry: dict[str, JsonValue] = {
        "version": change.version, "at": change.at.isoformat(), "sound": sound, "tested": tested, "approved": approved,
    }  # fmt: skip
    since = change.at - PERIOD
    past = [
        one
        for one in (kept if isinstance(kept, list) else [])
        if isinstance(one, dict) and not _is_same(one, entry) and datetime.fromisoformat(str(one["at"])) >= since
    ]
    return [*past[1 - MOST :], entry]


def _is_same(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    """Whether two entries are one change, told again by a release that says more of it."""
    return (one["version"], one["at"]) == (other["version"], other["at"])
