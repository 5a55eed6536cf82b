"""How a model stands by the frameworks in force, as evidence that a gate asks for.

It is read off the newest evaluations when a gate is judged, and so never older than they are: every change of evidence
evaluates, and the daily work does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.ports import Store
from syndic.records import list_statuses
from syndic.registry.models import ApprovalPolicy

KIND: Final = "compliance.run"
SHOWN: Final = 5
"""Requirements that are named."""


def is_asked_by(policy: ApprovalPolicy) -> bool:
    """Whether a policy asks how the model stands, so that its statuses are read."""
    texts = (*policy.conditions.values(), policy.auto_approve or "")
    return KIND in policy.evidence or any(KIND in text for text in texts)


def compliance_run(store: Store, model_id: str, *, now: datetime) -> Evidence | None:
    """How a model stands. None: it was never evaluated.

    Failing while evidence contradicts a blocking requirement in force, passing when every requirement that applies is
    met; between them it is inconclusive, and a policy says whether that is enough.
    """
    statuses = list(list_statuses(store, model_id))
    if not statuses:
        return None
    blocking = [f"{one.framework_id} {requirement}" for one in statuses for requirement in one.blocking]
    left = {one.framework_id: one.applicable - one.met for one in statuses if one.met < one.applicable}
    status = EvidenceStatus.FAILING if blocking else EvidenceStatus.INCONCLUSIVE if left else EvidenceStatus.PASSING
    contradicted = f"evidence contradicts {', '.join(blocking[:SHOWN])}{' and others' * (len(blocking) > SHOWN)}"
    told = ", ".join(f"{number} of {framework}" for framework, number in sorted(left.items()))
    return Evidence(
        kind=KIND,
        model_id=model_id,
        status=status,
        summary="; ".join([contradicted] * bool(blocking) + [f"not met or open: {told}"] * bool(left))
        or "every requirement that applies is met",
        facts={"blocking": len(blocking), "left": sum(left.values()), "frameworks": len(statuses)},
        source="compliance/statuses",
        sha256=sha256_of({one.framework_id: one.inputs_sha256 for one in statuses}),
        produced_at=now,
    )
