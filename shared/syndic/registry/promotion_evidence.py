"""What a promotion to production leaves as evidence: was it tested, and did a second person approve it."""

from __future__ import annotations

from typing import Final

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registry.models import ApprovalRequest, Decision, GateResult, ModelVersion, StageChange

KIND: Final = "registry.promotion"
_TESTS: Final = ("evaluation_metrics", "evaluation_artefacts", "evidence:")


def promotion_evidence(
    change: StageChange, version: ModelVersion, result: GateResult, request: ApprovalRequest | None
) -> Evidence:
    """The evidence on one promotion through the gate.

    It is failing when a condition on tests was waived, or when nobody but the author approved: the version's author
    and whoever asked for the approval do not count as a second person.
    """
    authors = {version.created_by} | ({request.requested_by} if request else set())
    approvers = sorted(
        {vote.actor for vote in request.votes if vote.decision is Decision.APPROVE} - authors if request else ()
    )
    waived = [one.name for one in result.conditions if one.waived_by is not None]
    untested = [name for name in waived if name.startswith(_TESTS)]
    wrong = [
        *([f"without {', '.join(untested)} (waived)"] if untested else []),
        *([] if approvers else ["without an approver other than its author"]),
    ]
    how = " and ".join(wrong) or f"tested, approved by {', '.join(approvers)}"
    return Evidence(
        kind=KIND,
        model_id=result.model_id,
        status=EvidenceStatus.FAILING if wrong else EvidenceStatus.PASSING,
        summary=f"version {change.version} went to {change.target.value} {how}",
        facts={
            "version": change.version,
            "stage": change.target.value,
            "policy": result.policy,
            "promoted_by": change.by,
            "approvers": list(approvers),
            "tested": not untested,
            "waived": list(waived),
        },
        source=f"registry/{result.model_id}/stages",
        sha256=sha256_of({"gate": result.model_dump(mode="json"), "change": change.model_dump(mode="json")}),
        produced_at=change.at,
    )
